"""Which nodes matter most, and which keep together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import networkx as nx

from kgraph.map.model import MapModel

MEASURE = "PageRank over relations weighted by independent sources"
"""The measure by which a large map chooses the nodes it opens with, in words for the reader."""

_SEED = 7
_FRIENDSHIP = {"+": 1.0, "0": 0.4, "-": 0.0}
_SMALLEST = 3


def importance(model: MapModel) -> list[float]:
    """The PageRank (Brin and Page 1998) of each node in the undirected graph, weighted by independent sources."""
    graph = nx.Graph()
    graph.add_nodes_from(n.number for n in model.nodes)
    for u, v, s in model.pairs():
        _add(graph, u, v, float(s.sources))
    rank = nx.pagerank(graph) if graph else {}
    return [float(rank[n.number]) for n in model.nodes]


def sizes(model: MapModel, ranks: Sequence[float]) -> list[int]:
    """The radius in pixels at which each node is drawn: its area grows with its importance, actors are larger than things."""
    top = max(ranks, default=1.0)
    return [
        round((8 + 15 * math.sqrt(rank / top)) * (1.15 if n.cls in ("State", "Organization") else 0.8))
        for n, rank in zip(model.nodes, ranks, strict=True)
    ]


def communities(model: MapModel) -> list[list[int]]:
    """Groups of nodes on good terms, largest first: Louvain (Blondel et al. 2008), seeded, hostile statements left out.

    Groups of fewer than three are none.
    """
    graph = nx.Graph()
    graph.add_nodes_from(n.number for n in model.nodes)
    for u, v, s in model.pairs():
        weight = _FRIENDSHIP[s.polarity] * (0.0 if s.negated else 1.0)
        if weight:
            _add(graph, u, v, weight)
    if not graph.number_of_edges():
        return []
    found = [sorted(c) for c in nx.community.louvain_communities(graph, seed=_SEED) if len(c) >= _SMALLEST]
    return sorted(found, key=lambda c: (-len(c), c))


def _add(graph: nx.Graph, u: int, v: int, weight: float) -> None:
    if graph.has_edge(u, v):
        graph[u][v]["weight"] += weight
    else:
        graph.add_edge(u, v, weight=weight)
