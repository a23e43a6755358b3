"""What the store says of one IRI: its triples for programs, its assertions for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kgraph.model import Assertion, Entity, Evidence
from kgraph.ontology import relations
from kgraph.store import Store
from kgraph.store.mapping import iri
from kgraph.store.vocabulary import BASE, document_iri, entity_iri

PAGE = 50
_STATEMENTS = 1_000
"""So many assertions about a resource are among its triples at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence, with the role that it carries, if any."""

    text: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """An assertion as a page shows it; `link` and the rest are paths of the server."""

    link: str
    assertion: Assertion
    relation: str
    polarity: str
    sources: str


def iri_of_path(path: str) -> str:
    """The IRI that a path of the server stands for, percent-encoded as all our IRIs are."""
    return BASE + "/".join(quote(unquote(part), safe="") for part in path.lstrip("/").split("/"))


def path_of(node: str) -> str | None:
    """The path of the server for an IRI of ours; None for others."""
    return "/" + node.removeprefix(BASE) if node.startswith(BASE) else None


def entity_path(entity: Entity) -> str:
    """The path of an entity's page."""
    return "/" + entity_iri(entity.type.value, entity.id).removeprefix(BASE)


def document_path(ident: str) -> str:
    """The path of a document's page."""
    return "/" + document_iri(ident).removeprefix(BASE)


def known(store: Store, node: str) -> bool:
    """Does the store say anything of this IRI?"""
    return next(store.match(ox.NamedNode(node)), None) is not None


def replacement(store: Store, node: str) -> str | None:
    """The IRI that stands for this one since two entities were decided to be the same."""
    for quad in store.match(ox.NamedNode(node), iri("dcterms:isReplacedBy")):
        return text(quad.object)
    return None


def text(term: Any) -> str:
    """A term as plain text."""
    return str(getattr(term, "value", term))


def triples(store: Store, node: str) -> list[ox.Triple]:
    """The triples of a resource, with those of the assertions about it and of their sentences."""
    subject = ox.NamedNode(node)
    found: dict[ox.Triple, None] = {q.triple: None for q in store.match(subject)}
    about = [
        q.subject
        for predicate in ("rdf:subject", "rdf:object", "kg:attributedTo", "prov:wasDerivedFrom")
        for q in store.match(None, iri(predicate), subject)
    ]
    for statement in list(dict.fromkeys(about))[:_STATEMENTS]:
        found |= {q.triple: None for q in store.match(statement)}
    spans = [t.object for t in found if t.predicate == iri("kg:evidence")]
    for span in dict.fromkeys(spans):
        found |= {q.triple: None for q in store.match(span)}
    return sorted(found, key=str)


def facts(store: Store, node: str) -> dict[str, list[str]]:
    """What is said of a resource: predicate -> values, as IRIs and plain text, sorted."""
    out: dict[str, set[str]] = {}
    for quad in store.match(ox.NamedNode(node)):
        out.setdefault(quad.predicate.value, set()).add(text(quad.object))
    return {predicate: sorted(values) for predicate, values in sorted(out.items())}


def lines_about(store: Store, node: str, page: int) -> tuple[list[Line], int]:
    """A page of the assertions in which an entity is subject, object or speaker, the latest first, and how many there are."""
    pattern = f"{{ ?a rdf:subject|rdf:object|kg:attributedTo {ox.NamedNode(node)} ; kg:confidence ?c }}"
    rows = store.query(
        f"SELECT DISTINCT ?a ?date ?c {{ {pattern} OPTIONAL {{ ?a kg:date ?date }} }} "
        f"ORDER BY DESC(STR(?date)) DESC(?c) ?a LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"
    ).rows
    ((count,),) = store.query(f"SELECT (COUNT(DISTINCT ?a) AS ?n) {pattern}").rows
    return [line(store, str(row[0])) for row in rows], int(count or 0)


def lines_of(store: Store, document: str, page: int) -> tuple[list[tuple[Evidence, list[Line]]], int]:
    """A page of the sentences of a document that say something, in their order, each with its assertions; and how many."""
    node = ox.NamedNode(document_iri(document))
    pattern = f"{{ ?e nif:referenceContext {node} ; nif:beginIndex ?start ; nif:endIndex ?end ; nif:anchorOf ?text }}"
    spans = store.query(
        f"SELECT ?e ?start ?end ?text {pattern} ORDER BY ?start ?end LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"
    ).rows
    ((count,),) = store.query(f"SELECT (COUNT(*) AS ?n) {pattern}").rows
    out = []
    for span, start, end, words in spans:
        statements = sorted(text(q.subject) for q in store.match(None, iri("kg:evidence"), ox.NamedNode(str(span))))
        evidence = Evidence(document, int(start or 0), int(end or 0), str(words))
        out.append((evidence, [line(store, s) for s in statements]))
    return out, int(count or 0)


def line(store: Store, statement: str) -> Line:
    """An assertion as a page shows it."""
    assertion = store.assertion(statement)
    relation = relations()[assertion.relation]
    sources = [text(q.object) for q in store.match(ox.NamedNode(statement), iri("kg:independentSources"))]
    return Line(str(path_of(statement)), assertion, relation.label, relation.polarity, next(iter(sources), "1"))


def pieces(evidence: Evidence) -> list[Piece]:
    """A sentence cut at its marks; of two marks on one spot the wider counts."""
    out, last = [], evidence.start
    for mark in sorted(evidence.marks, key=lambda m: (m.start, -m.end)):
        if mark.start >= last:
            out.append(Piece(evidence.text[last - evidence.start : mark.start - evidence.start], None))
            out.append(Piece(evidence.text[mark.start - evidence.start : mark.end - evidence.start], mark.role.value))
            last = mark.end
    return [p for p in (*out, Piece(evidence.text[last - evidence.start :], None)) if p.text]
