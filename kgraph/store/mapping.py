"""Assertions, documents and entities as quads, in the shape of `docs/model.md`.

What one document says is told by its mentions (one piece of evidence for one assertion, with the exact record of what
was said) and by the forms of the entities that it names. Statement nodes, entities and edges are derived from these.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from urllib.parse import unquote

import pyoxigraph as ox

from kgraph.model import Assertion, Document, Entity, Evidence, Modality
from kgraph.serialization import assertion_to_dict
from kgraph.store.vocabulary import (
    EDGE,
    ENTITY,
    FORM,
    GRAPH,
    MENTION,
    PREFIXES,
    document_iri,
    entity_iri,
    source_iri,
    span_iri,
)  # fmt: skip

_XSD, _NIF, _DCT = (PREFIXES[p] for p in ("xsd", "nif", "dcterms"))
_DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


@cache
def iri(prefixed: str) -> ox.NamedNode:
    """The node of a prefixed name of our vocabulary, such as `kg:mentionOf`."""
    prefix, name = prefixed.split(":", 1)
    return ox.NamedNode(PREFIXES[prefix] + name)


A = iri("rdf:type")
CORPUS, ENTITIES, EDGES, MENTIONS, LEDGER = (
    ox.NamedNode(GRAPH + name) for name in ("corpus", "entities", "edges", "mentions", "ledger")
)


# Made once: `json.dumps` with options would make an encoder for every call.
_json = json.JSONEncoder(ensure_ascii=False).encode
_sorted_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _hash(*parts: object) -> str:
    return hashlib.sha256(_json(parts).encode()).hexdigest()[:20]


def assertion_id(a: Assertion) -> str:
    """A hash of what an assertion says: the same fact from another document has the same id."""
    speaker = (a.attributed_to.type, a.attributed_to.id) if a.attributed_to else None
    said = [a.subject.type, a.subject.id, a.relation, a.object.type, a.object.id]
    return _hash(*said, a.negated, a.modality, speaker, a.date)


def entity_node(entity: Entity) -> ox.NamedNode:
    """The node of an entity."""
    return ox.NamedNode(entity_iri(entity.type.value, entity.id))


def literal(value: str, datatype: str | None = None) -> ox.Literal:
    """A literal, of an XSD datatype where one is named."""
    return ox.Literal(value, datatype=iri("xsd:" + datatype)) if datatype else ox.Literal(value)


@lru_cache(4096)
def form_of(entity: Entity) -> tuple[ox.NamedNode, str]:
    """The node and the record of one way in which a document tells an entity."""
    record = _json(
        [
            entity.type,
            entity.id,
            entity.label,
            entity.principal,
            entity.head,
            entity.targets,
            entity.concerns,
            entity.iri,
        ]
    )
    return ox.NamedNode(FORM + hashlib.sha256(record.encode()).hexdigest()[:20]), record


def form_quads(node: ox.NamedNode, record: str, entity: ox.NamedNode) -> Iterator[ox.Quad]:
    """A form, and the entity whose form it is."""
    yield ox.Quad(node, iri("kg:formOf"), entity, LEDGER)
    yield ox.Quad(node, iri("kg:record"), ox.Literal(record), LEDGER)


def entity_quads(node: ox.NamedNode, records: Iterable[str]) -> Iterator[ox.Quad]:
    """What is known of an entity from all its forms.

    One `rdfs:label`: the longest of at most 60 characters, then the first in the alphabet; the others are
    `skos:altLabel`. The rest is united.
    """
    forms = [json.loads(r) for r in records]
    kind, ident = entity_key(node.value)
    labels = sorted({f[2] for f in forms}, key=lambda text: (len(text) > 60, -len(text), text))
    said: dict[tuple[str, ox.NamedNode | ox.Literal], None] = {
        ("rdf:type", iri("kg:" + kind)): None,
        ("kg:id", ox.Literal(ident)): None,
        ("rdfs:label", ox.Literal(labels[0])): None,
    }
    for label in labels[1:]:
        said["skos:altLabel", ox.Literal(label)] = None
    for _, _, _, principal, head, targets, concerns, same in forms:
        if principal is not None:
            said["kg:principal", ox.Literal(principal)] = None
        if head is not None:
            said["kg:head", ox.Literal(head)] = None
        for target in targets:
            said["kg:target", ox.Literal(target)] = None
        for concern in concerns:
            said["kg:concern", ox.Literal(concern)] = None
        if same is not None and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", same):
            said["owl:sameAs", ox.NamedNode(same)] = None
    for predicate, value in said:
        yield ox.Quad(node, iri(predicate), value, ENTITIES)


def entity_key(value: str) -> tuple[str, str]:
    """Class and id of an entity's IRI."""
    kind, ident = value.removeprefix(ENTITY).split("/", 1)
    return kind, unquote(ident)


def document_quads(document: Document) -> Iterator[ox.Quad]:
    """What is known of a document, and its publisher as an agent."""
    node = ox.NamedNode(document_iri(document.id))
    facts = {"identifier": document.id, "title": document.title, "publisher": document.source, "source": document.url}
    yield ox.Quad(node, A, iri("kg:Document"), CORPUS)
    for name, value in facts.items():
        if value:
            yield ox.Quad(node, iri("dcterms:" + name), ox.Literal(value), CORPUS)
    if document.date:
        yield ox.Quad(node, iri("dcterms:date"), literal(document.date.isoformat(), "date"), CORPUS)
    if document.part_of:
        yield ox.Quad(node, iri("dcterms:isPartOf"), ox.NamedNode(document_iri(document.part_of)), CORPUS)
    if document.source:
        source = ox.NamedNode(source_iri(document.source))
        yield ox.Quad(node, iri("prov:wasAttributedTo"), source, CORPUS)


def source_quads(name: str) -> Iterator[ox.Quad]:
    """A publisher."""
    node = ox.NamedNode(source_iri(name))
    yield ox.Quad(node, A, iri("prov:Agent"), CORPUS)
    yield ox.Quad(node, iri("rdfs:label"), ox.Literal(name), CORPUS)


def statement_quads(node: ox.NamedNode, a: Assertion) -> Iterator[ox.Quad]:
    """An assertion's statement node, less what hangs on its mentions."""
    subject, predicate, value = entity_node(a.subject), iri("kg:" + a.relation), entity_node(a.object)
    yield ox.Quad(node, A, iri("kg:Assertion"), CORPUS)
    yield ox.Quad(node, iri("rdf:subject"), subject, CORPUS)
    yield ox.Quad(node, iri("rdf:predicate"), predicate, CORPUS)
    yield ox.Quad(node, iri("rdf:object"), value, CORPUS)
    yield ox.Quad(node, iri("kg:negated"), literal("true" if a.negated else "false", "boolean"), CORPUS)
    yield ox.Quad(node, iri("kg:modality"), iri("kg:" + a.modality.value), CORPUS)
    if a.attributed_to is not None:
        yield ox.Quad(node, iri("kg:attributedTo"), entity_node(a.attributed_to), CORPUS)
    if a.date is not None:
        first, *rest = a.date.split("/")
        yield ox.Quad(node, iri("kg:date"), literal(first, _DATE_TYPES[len(first)]), CORPUS)
        if rest:
            yield ox.Quad(node, iri("kg:interval"), ox.Literal(a.date), CORPUS)
    if has_edge(a):
        edge = ox.NamedNode(EDGE + _hash(subject.value, a.relation, value.value))
        yield ox.Quad(node, iri("kg:states"), edge, LEDGER)


def has_edge(a: Assertion) -> bool:
    """Is the assertion affirmed and actual, and so told by a plain triple as well?"""
    return not a.negated and a.modality is Modality.ACTUAL


def edge_quad(a: Assertion) -> ox.Quad:
    """The plain triple of an affirmed and actual assertion."""
    return ox.Quad(entity_node(a.subject), iri("kg:" + a.relation), entity_node(a.object), EDGES)


def mention_of(said: Assertion, evidence: Evidence) -> tuple[ox.NamedNode, str]:
    """The node and the record of one piece of evidence for an assertion."""
    own = said if len(said.evidence) == 1 else replace(said, evidence=(evidence,))
    record = _sorted_json(assertion_to_dict(own))
    return ox.NamedNode(MENTION + hashlib.sha256(record.encode()).hexdigest()[:20]), record


def mention_quads(
    node: ox.NamedNode, record: str, statement: ox.NamedNode, said: Assertion, evidence: Evidence
) -> Iterator[ox.Quad]:
    """One piece of evidence for an assertion, with the record of exactly what was said and marked."""
    yield ox.Quad(node, A, iri("kg:Mention"), MENTIONS)
    yield ox.Quad(node, iri("kg:mentionOf"), statement, MENTIONS)
    yield ox.Quad(node, iri("kg:mentionIn"), ox.NamedNode(document_iri(evidence.document)), MENTIONS)
    yield ox.Quad(node, iri("kg:mentionConfidence"), confidence(said.confidence), MENTIONS)
    yield ox.Quad(node, iri("kg:extractor"), ox.Literal(said.extractor), MENTIONS)
    yield ox.Quad(node, iri("kg:record"), ox.Literal(record), MENTIONS)


def evidence_quads(statement: ox.NamedNode, evidence: Evidence) -> Iterator[ox.Quad]:
    """The links from an assertion to its sentence and document."""
    span = ox.NamedNode(span_iri(evidence.document, evidence.start, evidence.end))
    yield ox.Quad(statement, iri("kg:evidence"), span, CORPUS)
    yield ox.Quad(statement, iri("prov:wasDerivedFrom"), ox.NamedNode(document_iri(evidence.document)), CORPUS)


def span_quads(evidence: Evidence) -> Iterator[ox.Quad]:
    """A sentence with its offsets, in NIF."""
    span = ox.NamedNode(span_iri(evidence.document, evidence.start, evidence.end))
    yield ox.Quad(span, A, iri("nif:Sentence"), CORPUS)
    yield ox.Quad(span, iri("nif:beginIndex"), literal(str(evidence.start), "integer"), CORPUS)
    yield ox.Quad(span, iri("nif:endIndex"), literal(str(evidence.end), "integer"), CORPUS)
    yield ox.Quad(span, iri("nif:anchorOf"), ox.Literal(evidence.text), CORPUS)
    yield ox.Quad(span, iri("nif:referenceContext"), ox.NamedNode(document_iri(evidence.document)), CORPUS)


def confidence(value: float) -> ox.Literal:
    """A confidence as xsd:decimal with at most three digits.

    In the canonical form, as all numbers here: the database gives back no other, and what is to be removed must be what
    was added.
    """
    return literal(f"{value:.3f}".rstrip("0").rstrip("."), "decimal")


def compact(value: str) -> str:
    """An IRI as a prefixed name where a prefix fits, for people to read."""
    if value.startswith(ENTITY):
        return unquote(value.removeprefix(ENTITY))
    for prefix, namespace in PREFIXES.items():
        if value.startswith(namespace):
            return f"{prefix}:{unquote(value.removeprefix(namespace))}"
    return value
