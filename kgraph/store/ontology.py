"""The ontology as quads, as every store carries it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kgraph.ontology.relations import relations
from kgraph.store.mapping import iri


def ontology_quads(graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """The relations as OWL object properties with their PLOVER and CAMEO codes."""
    for relation in relations().values():
        node = iri("kg:" + relation.name)
        yield ox.Quad(node, iri("rdf:type"), iri("owl:ObjectProperty"), graph)
        yield ox.Quad(node, iri("rdfs:label"), ox.Literal(relation.label, language="en"), graph)
        yield ox.Quad(node, iri("rdfs:comment"), ox.Literal(relation.definition, language="en"), graph)
        yield ox.Quad(node, iri("kg:polarity"), ox.Literal(relation.polarity), graph)
        if relation.plover:
            yield ox.Quad(node, iri("kg:plover"), ox.Literal(relation.plover), graph)
        for code in relation.cameo:
            yield ox.Quad(node, iri("skos:notation"), ox.Literal(code), graph)
