"""Mediators: who stands between parties that are hostile to each other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from kgraph.network.signed import undirected


@dataclass(frozen=True, slots=True)
class Mediator:
    """A node's place between enemies.

    `pairs`: the hostile pairs both of which are its friends; `share`: their number as a share of all hostile pairs that do not
    hold the node (None where there is none); `across`: how many of them lie in two different blocs.
    """

    pairs: tuple[tuple[Hashable, Hashable], ...]
    share: float | None
    across: int


def mediators(
    graph: nx.Graph, blocs: Mapping[Hashable, int] | None = None, weight: str = "weight"
) -> dict[Hashable, Mediator]:
    """Who could mediate: nodes with friendly ties to both sides of a hostile tie.

    Definition: m(v) = |{ {a,b} : w_ab < 0, w_va > 0, w_vb > 0 }|; the middle of an unbalanced ++- triangle, which balance theory
    presses to take sides or to reconcile them. Source: Simmel's tertius (1908), made exact by Gould and Fernandez (1989),
    "Structures of mediation", Sociological Methodology 19: 89-126 (a broker between two groups is their liaison or itinerant).
    Directed ties are added up first. Cost: O(sum of squared positive degrees).
    """
    signed = undirected(graph, weight)
    friends = {n: [o for o, d in signed[n].items() if d[weight] > 0] for n in signed}
    hostile = {frozenset((u, v)) for u, v, w in signed.edges(data=weight) if w < 0}
    enemies = {n: sum(d[weight] < 0 for d in signed[n].values()) for n in signed}
    out: dict[Hashable, Mediator] = {}
    for node in signed:
        pairs = tuple(
            (a, b) for a, b in combinations(sorted(friends[node], key=str), 2) if frozenset((a, b)) in hostile
        )
        others = len(hostile) - enemies[node]
        across = sum(blocs[a] != blocs[b] for a, b in pairs) if blocs else 0
        out[node] = Mediator(pairs, len(pairs) / others if others else None, across)
    return out
