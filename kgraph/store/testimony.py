"""Why the graph says a thing: each sentence with its document, extractor and confidence, and how many sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Evidence
from kgraph.ontology.actors import names
from kgraph.ontology.relations import relations
from kgraph.serialization import assertion_from_dict
from kgraph.store.independence import independent
from kgraph.store.mapping import ENTITIES, iri
from kgraph.store.store import Store
from kgraph.store.vocabulary import document_iri
from kgraph.store.writer import testimonies

_NAMES = ("kg:id", "rdfs:label", "skos:altLabel")
_OWN = ("name", "adjective", "demonym", "capital", "seat")
"""The kinds of names that mean an actor without any context."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One piece of evidence: where it stands, who found it, and the number of the independent source it belongs to.

    `document` holds what is known of the document (title, source, url, date), `source` counts from 1; `copy` is True
    where an earlier witness of the same source says the same.
    """

    evidence: Evidence
    extractor: str
    confidence: float
    document: dict[str, str]
    source: int
    copy: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An assertion with all its witnesses; `sources` is the number of independent ones."""

    node: str
    assertion: Assertion
    witnesses: tuple[Witness, ...]
    sources: int


def why(store: Store, subject: str, relation: str, object: str) -> list[Account]:
    """What the store holds of subject, relation and object (ids, names or parts of names, upper or lower case alike), surest first.

    Raises KgraphError where a name or the relation is unknown, or where nothing is said.
    """
    known = {key.casefold(): r.name for r in relations().values() for key in (r.name, r.label)}
    if relation.casefold() not in known:
        raise KgraphError(f"there is no relation {relation!r}; `kgraph ontology` lists them, for example opposes")
    name = known[relation.casefold()]
    found = store.query(
        f"SELECT ?a {{ VALUES ?s {{ {_values(entities(store, subject, parts=True))} }} VALUES ?o {{ {_values(entities(store, object, parts=True))} }} "
        f"?a rdf:subject ?s ; rdf:predicate kg:{name} ; rdf:object ?o }}"
    )
    accounts = [account(store, str(row[0])) for row in found.rows]
    if not accounts:
        raise KgraphError(
            f"the store does not say that {subject} {name} {object}; `kgraph show` prints what it says of them"
        )
    return sorted(accounts, key=lambda x: (-x.sources, -x.assertion.confidence, x.node))


def account(store: Store, node: str) -> Account:
    """The account of the assertion of this IRI."""
    statement = ox.NamedNode(node)
    groups = independent(testimonies(store.match, statement))
    places = [(t.document, t.start) for t in testimonies(store.match, statement)]
    number = {places[i]: n for n, group in enumerate(groups, 1) for i in group}
    first = {places[group[0]] for group in groups}
    witnesses = []
    for said in mentions(store, statement):
        (evidence,) = said.evidence
        place = (document_iri(evidence.document), evidence.start)
        facts = store.document(evidence.document)
        witnesses.append(
            Witness(evidence, said.extractor, said.confidence, facts, number.get(place, 0), place not in first)
        )
    witnesses.sort(key=lambda w: (w.source, w.copy, w.evidence.document, w.evidence.start))
    return Account(node, store.assertion(node), tuple(witnesses), len(groups))


def mentions(store: Store, statement: ox.NamedNode) -> list[Assertion]:
    """The records of an assertion, each with its one piece of evidence, as the documents tell them."""
    records = sorted(
        str(getattr(record.object, "value", ""))
        for link in store.match(None, iri("kg:mentionOf"), statement)
        for record in store.match(link.subject, iri("kg:record"))
    )
    return [assertion_from_dict(json.loads(r)) for r in records]


def about(store: Store, nodes: Iterable[str]) -> list[Assertion]:
    """What is said of or by these entities (IRIs), in the order of the documents' ids and places in their text."""
    found = store.query(
        f"SELECT DISTINCT ?a {{ VALUES ?e {{ {_values(nodes)} }} ?a rdf:subject|rdf:object|kg:attributedTo ?e }}"
    )
    told = [store.assertion(str(row[0])) for row in found.rows]
    return sorted(told, key=lambda a: (a.evidence[0].document, a.evidence[0].start, a.relation, a.object.label))


def entities(store: Store, name: str, *, parts: bool = False) -> list[str]:
    """The IRIs of the entities of this id or label, or of the actor that the ontology knows by it; KgraphError where there is none.

    With `parts`, those whose label holds the words of the name in this order, where nothing has all of it for a name.
    """
    found = _called(store, name)
    if not found:
        others = {n.actor_id for n in names() if n.kind in _OWN and n.text.casefold() == name.casefold()}
        found = {node for actor in others for node in _called(store, actor)}
    if not found and parts and (words := _words(name)):
        found = {node for node, label in _labels(store) if words in _words(label)}
    if not found:
        raise KgraphError(f"the store knows no {name!r}; `kgraph search` finds names and sentences")
    return sorted(found)


def _called(store: Store, name: str) -> set[str]:
    exact = {
        q.subject.value
        for predicate in _NAMES
        for q in store.match(None, iri(predicate), ox.Literal(name), ENTITIES)
        if isinstance(q.subject, ox.NamedNode)
    }
    wanted = name.casefold()
    return exact or {node for node, label in _labels(store) if label.casefold() == wanted}


def _labels(store: Store) -> Iterator[tuple[str, str]]:
    for predicate in _NAMES:
        for q in store.match(None, iri(predicate), None, ENTITIES):
            if isinstance(q.subject, ox.NamedNode):
                yield q.subject.value, str(getattr(q.object, "value", ""))


def _words(text: str) -> str:
    """The words of a text, each between blanks: a text holds those of another in order where this holds the other's."""
    found = re.findall(r"\w+", text.casefold())
    return f" {' '.join(found)} " if found else ""


def _values(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(i)) for i in iris)
