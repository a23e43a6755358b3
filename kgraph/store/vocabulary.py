"""IRIs: the namespaces of the graph, and how ids become IRIs (percent-encoded, so that no id can break out)."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

BASE = "https://kgraph.example/"
KG = BASE + "ontology#"
ENTITY = BASE + "entity/"
DOCUMENT = BASE + "document/"
ASSERTION = BASE + "assertion/"
MENTION = BASE + "mention/"
FORM = BASE + "form/"
EDGE = BASE + "edge/"
SOURCE = BASE + "source/"
ACTIVITY = BASE + "activity/"
AGENT = BASE + "agent/"
GRAPH = BASE + "graph/"
CODES = BASE + "codes/"
GRAPHS = tuple(
    GRAPH + name for name in ("corpus", "entities", "edges", "mentions", "ledger", "provenance", "ontology", "identity")
)
"""All graphs that a store has."""

PREFIXES = {
    "kg": KG,
    "state": ENTITY + "State/",
    "org": ENTITY + "Organization/",
    "person": ENTITY + "Person/",
    "doc": DOCUMENT,
    "g": GRAPH,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
}


@lru_cache(4096)
def entity_iri(kind: str, ident: str) -> str:
    """The IRI of an entity of a class."""
    return f"{ENTITY}{kind}/{quote(ident, safe='')}"


@lru_cache(4096)
def document_iri(ident: str) -> str:
    """The IRI of a document."""
    return DOCUMENT + quote(ident, safe="")


def source_iri(name: str) -> str:
    """The IRI of a publisher."""
    return SOURCE + quote(name, safe="")


def span_iri(document: str, start: int, end: int) -> str:
    """The IRI of a stretch of a document (RFC 5147 character range)."""
    return f"{document_iri(document)}#char={start},{end}"
