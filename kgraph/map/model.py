"""What the map knows of a projected graph: nodes and assertions by number, in an order that is the same at every run.

The rooms around it (layout, importance, story, page) see this form only, so that none depends on how networkx iterates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kgraph.model import Evidence

Documents = Mapping[str, Mapping[str, str]]
"""What is known of documents: id -> title, source, url, date."""

_FOLDING = ("Person", "Group", "Organization")


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: `key` is `Class:id`, `fold` the number of the node it acts for (itself where it acts for nobody)."""

    number: int
    key: str
    label: str
    cls: str
    fold: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An assertion between two nodes, by their numbers; `sources` counts the independent ones."""

    subject: int
    object: int
    relation: str
    label: str
    polarity: str
    group: str
    negated: bool
    modality: str
    speaker: str | None
    date: str | None
    confidence: float
    sources: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class MapModel:
    """The nodes and statements of a map."""

    nodes: tuple[Node, ...]
    statements: tuple[Statement, ...]

    def pairs(self) -> Iterator[tuple[int, int, Statement]]:
        """Each statement with its ends, loops left out."""
        for s in self.statements:
            if s.subject != s.object:
                yield s.subject, s.object, s


def map_model(graph: nx.MultiDiGraph) -> MapModel:
    """The model of a graph from `kgraph.network.project`."""
    keys = sorted(graph)
    number = {key: i for i, key in enumerate(keys)}
    seats = {
        d["principal"]: key
        for key, d in graph.nodes(data=True)
        if d["cls"] in ("State", "Organization") and key.partition(":")[2] == d["principal"]
    }
    nodes = []
    for key in keys:
        data = graph.nodes[key]
        seat = seats.get(data["principal"], key) if data["cls"] in _FOLDING else key
        nodes.append(Node(number[key], key, data["label"], data["cls"], number[seat]))
    statements = [_statement(number[u], number[v], d) for u, v, d in graph.edges(data=True)]
    statements.sort(key=_order)
    return MapModel(tuple(nodes), tuple(statements))


def _statement(subject: int, object: int, data: Mapping[str, Any]) -> Statement:
    evidence = data["evidence"]
    return Statement(
        subject, object, data["relation"], data["label"], data["polarity"], data["plover"] or "TIES", data["negated"],
        data["modality"], data["attributed_to"], data["date"], data["confidence"],
        data.get("sources") or len({e.document for e in evidence}), evidence,
    )  # fmt: skip


def _order(s: Statement) -> tuple[Any, ...]:
    places = [(e.document, e.start) for e in s.evidence]
    return (s.subject, s.object, s.relation, s.date or "", s.modality, s.negated, s.speaker or "", places)
