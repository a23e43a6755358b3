"""Assertions, documents and entities as quads, in the shape of `docs/model.md`.

What one document says is told by its mentions (one piece of evidence for one assertion, with the exact record of what
was said) and by the forms of the entities that it names. Statement nodes, entities and edges are derived from these.

What is new with its document is written as lines of N-Quads, which the database parses in bulk: an object for each quad
costs as much as storing it. What is merged with what is stored is made of quads.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from operator import itemgetter
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
)  # fmt: skip

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


# Made once: `json.dumps` with options would make an encoder for every call. Looking for circles, of which there are none,
# would take twice the time.
as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_sorted_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True).encode


def _hash(*parts: object) -> str:
    return hashlib.sha256(as_json(parts).encode()).hexdigest()[:20]


def _template(graph: ox.NamedNode, *told: str) -> Callable[..., str]:
    """A function that writes lines of N-Quads in a graph, all of one subject: of its IRI and the fields, in their order.

    Each of `told` is a predicate and an object, with prefixed names of our vocabulary, and with fields in braces:
    `<{field}>` for an IRI (of `kgraph.store.vocabulary`, which lets nothing break out), `{field}` for a whole term.
    """

    def line(one: str) -> str:
        whole = re.sub(r"\b(\w+):(\w+|\{\w+\})", lambda found: f"<{PREFIXES[found[1]]}{found[2]}>", one)
        return f"<{{node}}> {whole} {graph} .\n"

    text = "".join(map(line, told))
    fields = re.findall(r"\{(\w+)\}", text)
    pick = itemgetter(*map(list(dict.fromkeys(fields)).index, fields))
    # Five times as fast as `str.format` with names.
    pattern = re.sub(r"\{\w+\}", "%s", text)
    return lambda *values: pattern % pick(values)


def escaped(text: str) -> str:
    """A text as a literal of N-Quads: the one way in which text comes into lines."""
    return str(ox.Literal(text))


def quads_of(lines: str) -> list[ox.Quad]:
    """The quads of lines of N-Quads."""
    return list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))


def lines_of(quads: Iterable[ox.Quad]) -> str:
    """Quads as lines of N-Quads."""
    return "".join([f"{quad} .\n" for quad in quads])


def assertion_id(a: Assertion) -> str:
    """A hash of what an assertion says: the same fact from another document has the same id."""
    speaker = (a.attributed_to.type, a.attributed_to.id) if a.attributed_to else None
    said = [a.subject.type, a.subject.id, a.relation, a.object.type, a.object.id]
    return _hash(*said, a.negated, a.modality, speaker, a.date)


def entity_node(entity: Entity) -> ox.NamedNode:
    """The node of an entity."""
    return ox.NamedNode(entity_iri(entity.type.value, entity.id))


@lru_cache(4096)
def _date(value: str) -> ox.Literal:
    """A date, a month or a year."""
    return literal(value, _DATE_TYPES[len(value)])


def literal(value: str, datatype: str | None = None) -> ox.Literal:
    """A literal, of an XSD datatype where one is named."""
    return ox.Literal(value, datatype=iri("xsd:" + datatype)) if datatype else ox.Literal(value)


@lru_cache(4096)
def form_of(entity: Entity) -> tuple[str, str]:
    """The IRI and the record of one way in which a document tells an entity."""
    record = as_json(
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
    return FORM + hashlib.sha256(record.encode()).hexdigest()[:20], record


def form_quads(node: ox.NamedNode, record: str, entity: ox.NamedNode) -> Iterator[ox.Quad]:
    """A form, and the entity whose form it is."""
    yield ox.Quad(node, iri("kg:formOf"), entity, LEDGER)
    yield ox.Quad(node, iri("kg:record"), ox.Literal(record), LEDGER)


def preferred(label: str) -> tuple[bool, int, str]:
    """The order of an entity's labels: the longest of at most 60 characters, then the first in the alphabet."""
    return len(label) > 60, -len(label), label


def entity_quads(node: ox.NamedNode, records: Iterable[str]) -> Iterator[ox.Quad]:
    """What is known of an entity from all its forms.

    One `rdfs:label`: the preferred of its own (not of those that were decided to be the same); the others are
    `skos:altLabel`. The rest is united.
    """
    forms = [json.loads(r) for r in records]
    kind, ident = entity_key(node.value)
    own = {f[2] for f in forms if (f[0], f[1]) == (kind, ident)}
    labels = sorted({f[2] for f in forms}, key=lambda text: (text not in own, preferred(text)))
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


_DOCUMENT = _template(CORPUS, "rdf:type kg:Document")
_FACTS = {
    name: _template(CORPUS, f"dcterms:{name} {{value}}")
    for name in ("identifier", "title", "publisher", "source", "date")
}
_PART_OF = _template(CORPUS, "dcterms:isPartOf <{value}>")
_PUBLISHED = _template(CORPUS, "prov:wasAttributedTo <{value}>")


def document_lines(node: str, document: Document) -> str:
    """What is known of a document."""
    facts = {"identifier": document.id, "title": document.title, "publisher": document.source, "source": document.url}
    out = [_DOCUMENT(node)]
    out += [_FACTS[name](node, escaped(value)) for name, value in facts.items() if value]
    if document.date:
        out.append(_FACTS["date"](node, _date(document.date.isoformat())))
    if document.part_of:
        out.append(_PART_OF(node, document_iri(document.part_of)))
    if document.source:
        out.append(_PUBLISHED(node, source_iri(document.source)))
    return "".join(out)


CONTENT = _template(CORPUS, 'kg:contentHash "{value}"')
"""The hash of a document's content."""
SIGNATURE = _template(LEDGER, 'kg:minHash "{value}"')
"""The MinHash of a document."""
USED = _template(CORPUS, "prov:used <{document}>")
"""That a run read a document."""
TELLS = _template(LEDGER, "kg:tells <{form}>")
"""That a document tells an entity in a form."""


def source_quads(name: str) -> Iterator[ox.Quad]:
    """A publisher."""
    node = ox.NamedNode(source_iri(name))
    yield ox.Quad(node, A, iri("prov:Agent"), CORPUS)
    yield ox.Quad(node, iri("rdfs:label"), ox.Literal(name), CORPUS)


_STATEMENT = _template(
    CORPUS, "rdf:type kg:Assertion", "rdf:subject <{subject}>", "rdf:predicate <{predicate}>", "rdf:object <{object}>",
    'kg:negated "{negated}"^^xsd:boolean', "kg:modality kg:{modality}", "kg:confidence {confidence}",
    'kg:independentSources "1"^^xsd:integer',
)  # fmt: skip
_SPEAKER = _template(CORPUS, "kg:attributedTo <{value}>")
_DATE = _template(CORPUS, "kg:date {value}")
_INTERVAL = _template(CORPUS, "kg:interval {value}")
_STATES = _template(LEDGER, "kg:states <{edge}>")


def statement_lines(node: str, a: Assertion) -> str:
    """An assertion's statement node, with the confidence and the number of sources that it has at first."""
    subject, value = (entity_iri(e.type.value, e.id) for e in (a.subject, a.object))
    out = _STATEMENT(
        node, subject, iri("kg:" + a.relation).value, value, "true" if a.negated else "false", a.modality.value,
        confidence(a.confidence),
    )  # fmt: skip
    if (speaker := a.attributed_to) is not None:
        out += _SPEAKER(node, entity_iri(speaker.type.value, speaker.id))
    if a.date is not None:
        first, *rest = a.date.split("/")
        out += _DATE(node, _date(first))
        if rest:
            out += _INTERVAL(node, escaped(a.date))
    if has_edge(a):
        out += _STATES(node, EDGE + _hash(subject, a.relation, value))
    return out


def has_edge(a: Assertion) -> bool:
    """Is the assertion affirmed and actual, and so told by a plain triple as well?"""
    return not a.negated and a.modality is Modality.ACTUAL


def edge_quad(a: Assertion) -> ox.Quad:
    """The plain triple of an affirmed and actual assertion."""
    return ox.Quad(entity_node(a.subject), iri("kg:" + a.relation), entity_node(a.object), EDGES)


def mention_of(said: Assertion, evidence: Evidence) -> tuple[str, str]:
    """The IRI and the record of one piece of evidence for an assertion."""
    own = said if len(said.evidence) == 1 else replace(said, evidence=(evidence,))
    record = _sorted_json(assertion_to_dict(own))
    return MENTION + hashlib.sha256(record.encode()).hexdigest()[:20], record


_MENTION = _template(
    MENTIONS, "rdf:type kg:Mention", "kg:mentionOf <{statement}>", "kg:mentionIn <{document}>",
    "kg:mentionConfidence {confidence}", "kg:extractor {extractor}", "kg:record {record}",
)  # fmt: skip
_SPAN = _template(
    CORPUS, "rdf:type nif:Sentence", 'nif:beginIndex "{start}"^^xsd:integer', 'nif:endIndex "{end}"^^xsd:integer',
    "nif:anchorOf {text}", "nif:referenceContext <{document}>",
)  # fmt: skip
EVIDENCE = _template(CORPUS, "kg:evidence <{span}>")
"""That a sentence says an assertion."""
DERIVED = _template(CORPUS, "prov:wasDerivedFrom <{document}>")
"""That a document says an assertion."""
GENERATED = _template(CORPUS, "prov:wasGeneratedBy <{activity}>")
"""That an assertion comes from a run."""


def mention_lines(node: str, record: str, statement: str, said: Assertion, evidence: Evidence) -> str:
    """One piece of evidence for an assertion, with the record of exactly what was said and marked."""
    return _MENTION(
        node, statement, document_iri(evidence.document), confidence(said.confidence), escaped(said.extractor),
        escaped(record),
    )  # fmt: skip


def span_lines(node: str, evidence: Evidence) -> str:
    """A sentence with its offsets, in NIF."""
    return _SPAN(
        node, evidence.start, evidence.end, escaped(evidence.text), document_iri(evidence.document)
    )  # fmt: skip


@lru_cache(2048)
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
