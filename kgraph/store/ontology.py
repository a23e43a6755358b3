"""The ontology in RDF: the rows of `ontology/*.csv` as OWL and SKOS, beside what only OWL can say (`vocabulary.ttl`).

Every store carries it, less its blank nodes (`ontology_quads`); `kgraph ontology` writes all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import NodeType
from kgraph.ontology.codes import cameo
from kgraph.ontology.plover import plover_types
from kgraph.ontology.relations import Relation, relations
from kgraph.ontology.tables import ontology_dir
from kgraph.store.mapping import A, iri
from kgraph.store.vocabulary import BASE, CODES, PREFIXES

_ACTORS = frozenset(t for t in NodeType if t.is_actor)
_PLOVER = ox.NamedNode("https://github.com/openeventdata/PLOVER")
_CAMEO = ox.NamedNode("https://parusanalytics.com/eventdata/data.dir/cameo.html")
ONTOLOGY = ox.NamedNode(BASE + "ontology")


@cache
def ontology_triples() -> tuple[ox.Triple, ...]:
    """The whole ontology, an OWL 2 DL ontology with two SKOS schemes; KgraphError where a file of it is wrong."""
    found = [*turtle("vocabulary.ttl"), *_plover(), *_cameo()]
    for relation in relations().values():
        found += _relation(relation)
    return tuple(dict.fromkeys(found))


def ontology_quads(graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """The ontology as every store carries it: without blank nodes, which no two stores would name alike.

    What is lost are unions, restrictions and disjointness; the classes of a union stand at the relation as
    `schema:domainIncludes` and `schema:rangeIncludes`.
    """
    for triple in ontology_triples():
        if not isinstance(triple.subject, ox.BlankNode) and not isinstance(triple.object, ox.BlankNode):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def ontology_turtle() -> str:
    """The whole ontology in Turtle."""
    return (ox.serialize(ontology_triples(), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def turtle(name: str) -> list[ox.Triple]:
    """The triples of a Turtle file of the ontology; KgraphError where it cannot be read.

    Blank nodes are named by their order, so that the same file gives the same bytes.
    """
    path = ontology_dir() / name
    named: dict[ox.BlankNode, ox.BlankNode] = {}

    def same(term: Any) -> Any:
        return named.setdefault(term, ox.BlankNode(f"n{len(named)}")) if isinstance(term, ox.BlankNode) else term

    try:
        found = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        return [ox.Triple(same(q.subject), q.predicate, same(q.object)) for q in found]
    except (OSError, SyntaxError) as error:
        raise KgraphError(f"ontology file {name}: {error}; mend it or restore it") from error


@cache
def context() -> dict[str, Any]:
    """The JSON-LD context: the terms of `context.jsonld` and one for each relation."""
    path = ontology_dir() / "context.jsonld"
    try:
        terms: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KgraphError(f"ontology file {path.name}: no JSON-LD context ({error}); mend it or restore it") from error
    return {"@context": terms | {name: {"@id": "kg:" + name, "@type": "@id"} for name in relations()}}


def _relation(relation: Relation) -> Iterator[ox.Triple]:
    node = iri("kg:" + relation.name)
    yield ox.Triple(node, A, iri("owl:ObjectProperty"))
    yield ox.Triple(node, iri("rdfs:subPropertyOf"), iri("kg:relatesTo"))
    yield ox.Triple(node, iri("rdfs:label"), ox.Literal(relation.label, language="en"))
    yield ox.Triple(node, iri("skos:definition"), ox.Literal(relation.definition, language="en"))
    yield ox.Triple(node, iri("kg:polarity"), ox.Literal(relation.polarity))
    if relation.symmetric:
        yield ox.Triple(node, A, iri("owl:SymmetricProperty"))
    for side, classes in (("domain", relation.domain), ("range", relation.range)):
        yield from _union(node, side, classes)
    if relation.plover:
        yield ox.Triple(node, iri("kg:plover"), ox.Literal(relation.plover))
        yield ox.Triple(node, iri("skos:broadMatch"), _concept("plover", relation.plover))
        yield ox.Triple(node, iri("dcterms:source"), _PLOVER)
    for code in relation.cameo:
        yield ox.Triple(node, iri("skos:closeMatch"), _concept("cameo", code))


def _union(node: ox.NamedNode, side: str, classes: Iterable[NodeType]) -> Iterator[ox.Triple]:
    """The domain or range of a relation: one class, or the union of several."""
    own = set(classes)
    for kind in sorted(own):
        yield ox.Triple(node, iri(f"schema:{side}Includes"), iri("kg:" + kind))
    names = ["Actor", *sorted(own - _ACTORS)] if own >= _ACTORS else sorted(own)
    if len(names) == 1:
        yield ox.Triple(node, iri("rdfs:" + side), iri("kg:" + names[0]))
        return
    label = f"{node.value.rpartition('#')[2]}-{side}"
    whole, cells = ox.BlankNode(label), [ox.BlankNode(f"{label}-{n}") for n in range(len(names))]
    yield ox.Triple(node, iri("rdfs:" + side), whole)
    yield ox.Triple(whole, A, iri("owl:Class"))
    yield ox.Triple(whole, iri("owl:unionOf"), cells[0])
    following: list[ox.NamedNode | ox.BlankNode] = [*cells[1:], iri("rdf:nil")]
    for name, cell, rest in zip(names, cells, following, strict=True):
        yield ox.Triple(cell, iri("rdf:first"), iri("kg:" + name))
        yield ox.Triple(cell, iri("rdf:rest"), rest)


def _plover() -> Iterator[ox.Triple]:
    yield from _scheme("plover", "PLOVER event types", _PLOVER)
    for kind in plover_types().values():
        yield from _described("plover", kind.code, kind.label, kind.definition)
        yield ox.Triple(_concept("plover", kind.code), iri("kg:quad"), ox.Literal(kind.quad))


def _cameo() -> Iterator[ox.Triple]:
    yield from _scheme("cameo", "CAMEO event codes", _CAMEO)
    known = cameo()
    for event in known.values():
        broader = next((event.code[:n] for n in range(len(event.code) - 1, 1, -1) if event.code[:n] in known), None)
        yield from _described("cameo", event.code, event.label, "", broader)


def _scheme(name: str, title: str, source: ox.NamedNode) -> Iterator[ox.Triple]:
    scheme = ox.NamedNode(CODES + name)
    yield ox.Triple(scheme, A, iri("skos:ConceptScheme"))
    yield ox.Triple(scheme, iri("skos:prefLabel"), ox.Literal(title, language="en"))
    yield ox.Triple(scheme, iri("dcterms:source"), source)


def _described(scheme: str, code: str, label: str, definition: str, broader: str | None = None) -> Iterator[ox.Triple]:
    node = _concept(scheme, code)
    yield ox.Triple(node, A, iri("skos:Concept"))
    yield ox.Triple(node, iri("skos:notation"), ox.Literal(code))
    yield ox.Triple(node, iri("skos:prefLabel"), ox.Literal(label, language="en"))
    if definition:
        yield ox.Triple(node, iri("skos:definition"), ox.Literal(definition, language="en"))
    yield ox.Triple(node, iri("skos:inScheme"), ox.NamedNode(CODES + scheme))
    if broader:
        yield ox.Triple(node, iri("skos:broader"), _concept(scheme, broader))
    else:
        yield ox.Triple(node, iri("skos:topConceptOf"), ox.NamedNode(CODES + scheme))


def _concept(scheme: str, code: str) -> ox.NamedNode:
    return ox.NamedNode(f"{CODES}{scheme}/{code}")
