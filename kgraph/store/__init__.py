"""Keeping: assertions as RDF in an embedded Oxigraph store, and SPARQL over them."""

from kgraph.store.forms import FORMS, format_result, write_answer
from kgraph.store.queries import SavedQuery, saved_queries
from kgraph.store.results import Answer, QueryResult
from kgraph.store.sandbox import Dataset, Limits
from kgraph.store.store import Store

__all__ = [
    "FORMS",
    "Answer",
    "Dataset",
    "Limits",
    "QueryResult",
    "SavedQuery",
    "Store",
    "format_result",
    "saved_queries",
    "write_answer",
]
