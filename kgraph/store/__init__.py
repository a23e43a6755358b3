"""Keeping: assertions as RDF in an embedded Oxigraph store, and SPARQL over them."""

from kgraph.store.queries import SavedQuery, saved_queries
from kgraph.store.results import QueryResult, Streamed, format_result, write_result
from kgraph.store.sandbox import Dataset, Limits
from kgraph.store.store import Store

__all__ = [
    "Dataset",
    "Limits",
    "QueryResult",
    "SavedQuery",
    "Store",
    "Streamed",
    "format_result",
    "saved_queries",
    "write_result",
]
