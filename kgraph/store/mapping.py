"""Assertion -> quads -> assertion, in the shape of `docs/model.md`: one statement node, shared evidence nodes, derived edges."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kgraph.model import Assertion, Document, Entity, Modality
from kgraph.store.vocabulary import ASSERTION, ENTITY, GRAPH, KG, PREFIXES, document_iri, entity_iri, span_iri

if TYPE_CHECKING:
    import pyoxigraph as ox

_RDF, _XSD, _RDFS, _PROV, _NIF, _DCT = (PREFIXES[p] for p in ("rdf", "xsd", "rdfs", "prov", "nif", "dcterms"))
_DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def assertion_id(a: Assertion) -> str:
    """A hash of what an assertion says: the same fact from another document has the same id."""
    speaker = (a.attributed_to.type, a.attributed_to.id) if a.attributed_to else None
    said = [
        a.subject.type,
        a.subject.id,
        a.relation,
        a.object.type,
        a.object.id,
        a.negated,
        a.modality,
        speaker,
        a.date,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:20]


def _node(entity: Entity) -> ox.NamedNode:
    import pyoxigraph as ox

    return ox.NamedNode(entity_iri(entity.type.value, entity.id))


def _literal(value: str, datatype: str | None = None) -> ox.Literal:
    import pyoxigraph as ox

    return ox.Literal(value, datatype=ox.NamedNode(_XSD + datatype)) if datatype else ox.Literal(value)


def entity_quads(entity: Entity) -> Iterator[ox.Quad]:
    """What is known of an entity itself."""
    import pyoxigraph as ox

    node, graph = _node(entity), ox.NamedNode(GRAPH + "entities")

    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(node, ox.NamedNode(predicate), value, graph)

    yield quad(_RDF + "type", ox.NamedNode(KG + entity.type.value))
    yield quad(KG + "id", _literal(entity.id))
    yield quad(_RDFS + "label", _literal(entity.label))
    if entity.principal is not None:
        yield quad(KG + "principal", _literal(entity.principal))
    if entity.head is not None:
        yield quad(KG + "head", _literal(entity.head))
    for target in entity.targets:
        yield quad(KG + "target", _literal(target))
    for concern in entity.concerns:
        yield quad(KG + "concern", _literal(concern))
    if entity.iri is not None and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", entity.iri):
        yield quad(PREFIXES["owl"] + "sameAs", ox.NamedNode(entity.iri))


def document_quads(document: Document) -> Iterator[ox.Quad]:
    """What is known of a document."""
    import pyoxigraph as ox

    node, graph = ox.NamedNode(document_iri(document.id)), ox.NamedNode(GRAPH + "corpus")
    facts = {"identifier": document.id, "title": document.title, "publisher": document.source, "source": document.url}
    yield ox.Quad(node, ox.NamedNode(_RDF + "type"), ox.NamedNode(KG + "Document"), graph)
    for name, value in facts.items():
        if value:
            yield ox.Quad(node, ox.NamedNode(_DCT + name), _literal(value), graph)
    if document.date:
        yield ox.Quad(node, ox.NamedNode(_DCT + "date"), _literal(document.date.isoformat(), "date"), graph)


def assertion_quads(a: Assertion, confidence: float) -> Iterator[ox.Quad]:
    """An assertion with its entities, its evidence, and its edge where it is affirmed and actual.

    `confidence` is the best of all that say the same.

    The entities as this assertion tells them, and the exact evidence, also stand as one JSON literal (`kg:record`):
    labels differ between documents, and a statement must give back exactly what was said.
    """
    import pyoxigraph as ox

    from kgraph.serialization import assertion_to_dict

    node, graph = ox.NamedNode(ASSERTION + assertion_id(a)), ox.NamedNode(GRAPH + "corpus")

    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(node, ox.NamedNode(predicate), value, graph)

    for entity in (a.subject, a.object, a.attributed_to):
        if entity is not None:
            yield from entity_quads(entity)
    yield quad(_RDF + "type", ox.NamedNode(KG + "Assertion"))
    yield quad(_RDF + "subject", _node(a.subject))
    yield quad(_RDF + "predicate", ox.NamedNode(KG + a.relation))
    yield quad(_RDF + "object", _node(a.object))
    yield quad(KG + "negated", _literal("true" if a.negated else "false", "boolean"))
    yield quad(KG + "modality", ox.NamedNode(KG + a.modality.value))
    if a.attributed_to is not None:
        yield quad(KG + "attributedTo", _node(a.attributed_to))
    if a.date is not None:
        if "/" in a.date:
            yield quad(KG + "interval", _literal(a.date))
        yield quad(KG + "date", _literal(a.date.split("/")[0], _DATE_TYPES[len(a.date.split("/")[0])]))
    for n, evidence in enumerate(a.evidence):
        span = ox.NamedNode(span_iri(evidence.document, evidence.start, evidence.end))
        yield quad(KG + "evidence", span)
        yield quad(_PROV + "wasDerivedFrom", ox.NamedNode(document_iri(evidence.document)))
        for predicate, value in (
            (_RDF + "type", ox.NamedNode(_NIF + "Sentence")),
            (_NIF + "beginIndex", _literal(str(evidence.start), "integer")),
            (_NIF + "endIndex", _literal(str(evidence.end), "integer")),
            (_NIF + "anchorOf", _literal(evidence.text)),
            (_NIF + "referenceContext", ox.NamedNode(document_iri(evidence.document))),
        ):
            yield ox.Quad(span, ox.NamedNode(predicate), value, graph)
        data = assertion_to_dict(a)
        data["evidence"] = [data["evidence"][n]]
        yield quad(KG + "record", _literal(json.dumps(data, ensure_ascii=False, sort_keys=True)))
    yield quad(KG + "confidence", _literal(f"{confidence:.3f}", "decimal"))
    if not a.negated and a.modality is Modality.ACTUAL:
        yield ox.Quad(_node(a.subject), ox.NamedNode(KG + a.relation), _node(a.object), ox.NamedNode(GRAPH + "edges"))


def compact(iri: str) -> str:
    """An IRI as a prefixed name where a prefix fits, for people to read."""
    if iri.startswith(ENTITY):
        return unquote(iri.removeprefix(ENTITY))
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{unquote(iri.removeprefix(namespace))}"
    return iri
