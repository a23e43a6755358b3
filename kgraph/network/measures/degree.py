"""Degree and strength by sign, and reciprocity."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import networkx as nx


@dataclass(frozen=True, slots=True)
class SignedDegree:
    """Ties of one node by sign and direction: how many (`degree`) and how heavy (`strength`, all >= 0).

    Of an undirected graph, `in` and `out` are the same.
    """

    positive_out: int = 0
    negative_out: int = 0
    positive_in: int = 0
    negative_in: int = 0
    positive_strength_out: float = 0.0
    negative_strength_out: float = 0.0
    positive_strength_in: float = 0.0
    negative_strength_in: float = 0.0

    @property
    def net_out(self) -> float:
        """What the node does to others: its positive less its negative strength."""
        return self.positive_strength_out - self.negative_strength_out

    @property
    def net_in(self) -> float:
        """What others do to the node."""
        return self.positive_strength_in - self.negative_strength_in


def signed_degree(graph: nx.Graph, weight: str = "weight") -> dict[Hashable, SignedDegree]:
    """Degree and strength of each node by sign and direction.

    Definition: d+(i) is the number of i's ties of positive weight, s+(i) the sum of their weights; d- and s- likewise with the
    sizes of negative weights. Ties of weight 0 and self-loops count nowhere. Source: Everett and Borgatti (2014), "Networks
    containing negative ties", Social Networks 38: 111-120; strength: Barrat et al. (2004), PNAS 101: 3747. Cost: O(edges).
    """
    counts: dict[Hashable, list[float]] = {n: [0.0] * 8 for n in graph}
    for u, v, value in graph.edges(data=weight, default=1.0):
        if u == v or not value:
            continue
        at = 0 if value > 0 else 1
        for node, shift in ((u, 0), (v, 2)) if graph.is_directed() else ((u, 0), (u, 2), (v, 0), (v, 2)):
            counts[node][at + shift] += 1
            counts[node][at + shift + 4] += abs(value)
    return {n: SignedDegree(*(int(c) for c in row[:4]), *row[4:]) for n, row in counts.items()}


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """How far ties of one sign are returned in kind.

    `ties` are directed ties of the sign, `returned` those whose opposite has it too; `share` is returned / ties and `weighted`
    the same by weight; both are None where there is no such tie.
    """

    ties: int
    returned: int
    share: float | None
    weighted: float | None


def reciprocity(graph: nx.DiGraph, sign: int = -1, weight: str = "weight") -> Reciprocity:
    """How far conflict (`sign` -1) or cooperation (1) is returned in kind.

    Definition: share r = L<-> / L, of ties whose opposite exists; weighted r = sum min(w_ij, w_ji) / sum w_ij over the sizes
    of the weights of that sign. Source: Squartini, Picciolo, Ruzzenenti and Garlaschelli (2013), "Reciprocity of weighted
    networks", Scientific Reports 3: 2729. Cost: O(edges). Self-loops count nowhere.
    """
    size = {(u, v): abs(w) for u, v, w in graph.edges(data=weight, default=1.0) if u != v and w * sign > 0}
    returned = sum((v, u) in size for u, v in size)
    total = sum(size.values())
    mutual = sum(min(w, size.get((v, u), 0.0)) for (u, v), w in size.items())
    if not size:
        return Reciprocity(0, 0, None, None)
    return Reciprocity(len(size), returned, returned / len(size), mutual / total)
