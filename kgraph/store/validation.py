"""Is a store whole? The rules of `ontology/shapes.ttl`, run on all of a store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.ontology.tables import ontology_dir
from kgraph.store.folder import reading
from kgraph.store.sandbox import Limits
from kgraph.store.shapes import rules
from kgraph.store.store import Store

SECONDS = 600.0
"""So long the rules may take."""
_NODES = 1_000_000
"""So many nodes that break rules are found at most."""
_POPULAR = 100
"""An object of more quads than this is popular."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A node that breaks a rule; `message` says what must hold, `warning` that the store is whole all the same."""

    message: str
    node: str
    warning: bool = False


def read_whole(store: Store) -> int:
    """Read all of a store's database, in each order in which it keeps the quads; returns how many there are.

    A query reads few blocks of few tables; a damaged one is noticed only by who reads it, be it years later. Of the SPARQL
    server of a store, the graphs are read once. Raises DamageError where a block is damaged.
    """
    with reading(store.folder):
        if store.folder is None:
            return sum(1 for _ in store.match())
        count, predicates = 0, set()
        graphs = {ox.NamedNode(str(name)) for (name,) in store.query("SELECT ?g { GRAPH ?g {} }").rows}
        subject: Any = None
        for quad in store.match():
            count += 1
            predicates.add(quad.predicate)
            if quad.subject != subject:
                subject = quad.subject
                _read(store.match(subject))
        for graph in (None, *graphs):
            # Each object is read with each of its predicates, one that stands in many quads once.
            popular: set[Any] = set()
            for predicate in predicates:
                last: Any = None
                for quad in store.match(None, predicate, None, graph):
                    if quad.object != last:
                        last = quad.object
                        if last not in popular and _read(store.match(None, None, last, graph)) > _POPULAR:
                            popular.add(last)
        return count


def _read(quads: Iterator[ox.Quad]) -> int:
    return sum(1 for _ in quads)


def violations(store: Store, seconds: float = SECONDS) -> set[Violation]:
    """All violations, found by one query of all rules: a million quads take seconds.

    LimitError where it takes longer than `seconds`: over a damaged block, a query may never end. Of a server, all graphs
    are read into memory: each has numbers and truth values of its own make, and what is stored is what kgraph reads.
    """
    if store.remote:
        copy = ox.Store()
        copy.bulk_extend(store.match())
        store = Store(copy, writable=False)
    known = rules()
    parts = (f"{{ {{ {rule.query} }} BIND({number} AS ?rule) }}" for number, rule in enumerate(known))
    found = store.ask(f"SELECT ?rule ?this {{ {' UNION '.join(parts)} }}", Limits(seconds, rows=_NODES))
    broken = ((known[int(str(number))], str(node)) for number, node in found.rows)
    return {Violation(rule.message, node, rule.warning) for rule, node in broken}


def shacl_violations(store: Store) -> list[Violation]:
    """All violations, found by pyshacl from the same shapes: slow (some 3,000 quads a second), and the standard's own word.

    Raises KgraphError where pyshacl is missing.
    """
    try:
        from pyshacl import validate
    except ImportError as error:
        raise KgraphError("SHACL needs pyshacl; install it with `pip install 'kgraph[ontology]'`") from error
    from rdflib import SH, Graph

    # On Oxigraph pyshacl is three times as fast as on rdflib's own memory.
    data = Graph(store="Oxigraph")
    triples = dict.fromkeys(quad.triple for quad in store.match())
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    data.parse(data=text, format="ox-nt", transactional=False)
    shapes = Graph().parse(str(ontology_dir() / "shapes.ttl"), format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    if not isinstance(report, Graph):
        raise KgraphError(f"pyshacl could not run the shapes ({report!s:.200}); mend ontology/shapes.ttl")
    return sorted(
        {
            Violation(
                str(report.value(result, SH.resultMessage)),
                str(report.value(result, SH.focusNode)),
                report.value(result, SH.resultSeverity) == SH.Warning,
            )
            for result in report.subjects(SH.focusNode, None)
        }
    )
