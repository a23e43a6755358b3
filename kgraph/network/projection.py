"""Assertions -> networkx graph, its fold by principal, and its files for other programs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import networkx as nx

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Entity
from kgraph.ontology.relations import relations


def node_key(entity: Entity) -> str:
    """The key of an entity's node: `Class:id`."""
    return f"{entity.type.value}:{entity.id}"


def project(assertions: Iterable[Assertion]) -> nx.MultiDiGraph:
    """A directed multigraph: one node an entity, one edge an assertion.

    Nodes have `label`, `cls`, `principal`, `head`. Edges have `relation`, `label`, `polarity`, `plover`, `negated`, `modality`,
    `date`, `confidence`, `documents` (how many), `attributed_to` (a label or None) and `evidence` (a tuple of `Evidence`).
    """
    graph = nx.MultiDiGraph()
    known = relations()
    for a in assertions:
        for entity in (a.subject, a.object):
            key = node_key(entity)
            if key not in graph:
                graph.add_node(
                    key, label=entity.label, cls=entity.type.value, principal=entity.principal, head=entity.head
                )
        relation = known[a.relation]
        graph.add_edge(
            node_key(a.subject), node_key(a.object), relation=a.relation, label=relation.label, polarity=relation.polarity,
            plover=relation.plover, negated=a.negated, modality=a.modality.value, date=a.date, confidence=a.confidence,
            documents=len({e.document for e in a.evidence}), evidence=a.evidence,
            attributed_to=a.attributed_to.label if a.attributed_to else None,
        )  # fmt: skip
    return graph


def fold(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph with every person, group and body folded into the state or organization that it acts for."""
    out = nx.MultiDiGraph()
    place: dict[str, str] = {}
    states = {d["principal"]: n for n, d in graph.nodes(data=True) if d["cls"] in ("State", "Organization")}
    for node, data in graph.nodes(data=True):
        folds = data["cls"] in ("Person", "Group") and data["principal"] in states
        place[node] = states[data["principal"]] if folds else node
        if not folds:
            out.add_node(node, **data)
    for u, v, data in graph.edges(data=True):
        if place[u] != place[v]:
            out.add_edge(place[u], place[v], **data)
    return out


def write_graph(graph: nx.MultiDiGraph, path: str | Path, form: str) -> None:
    """Write GraphML or GEXF; evidence becomes its sentences, None an empty text. The old file is replaced at once or stays."""
    plain = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **{k: _legal(v) for k, v in data.items()})
    for u, v, data in graph.edges(data=True):
        scalars = {k: _legal(x) for k, x in data.items() if k != "evidence"}
        plain.add_edge(u, v, **scalars, sentences=_legal(" | ".join(e.text for e in data["evidence"])))
    writers = {"graphml": nx.write_graphml, "gexf": nx.write_gexf}
    if form not in writers:
        raise KgraphError(f"there is no graph format {form!r}; use graphml or gexf")
    target = Path(path)
    temporary = target.with_name(target.name + ".part")
    try:
        writers[form](plain, str(temporary))
        os.replace(temporary, target)
    except OSError as error:
        raise KgraphError(f"{target}: cannot be written ({error.strerror}); choose a writable path") from error


def _legal(value: object) -> object:
    """XML has no None and no control characters."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable() or c in "\t\n")
    return value
