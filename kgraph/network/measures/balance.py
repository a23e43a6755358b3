"""Structural balance: triangles by sign, and the line index of frustration."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from kgraph.network.signed import undirected

EXACT = 40
"""Nodes of a connected part up to which frustration is solved exactly."""
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Triangles:
    """Triangles by the signs of their three ties; `share` of balanced ones is None where there is no triangle."""

    ppp: int
    ppn: int
    pnn: int
    nnn: int

    @property
    def total(self) -> int:
        """All triangles."""
        return self.ppp + self.ppn + self.pnn + self.nnn

    @property
    def share(self) -> float | None:
        """The share of balanced triangles."""
        return (self.ppp + self.pnn) / self.total if self.total else None


def triangles(graph: nx.Graph, weight: str = "weight") -> Triangles:
    """The triangles of a signed network: +++ and +-- are balanced, ++- and --- are not.

    Definition: with P and N the matrices of positive and negative ties, +++ is tr(P^3)/6, ++- tr(P^2 N)/2, +-- tr(P N^2)/2,
    --- tr(N^3)/6; directed ties are added up to undirected ones first (`undirected`). Source: Heider (1946), J. Psychology 21;
    Cartwright and Harary (1956), Psychological Review 63: 277-293. Cost: O(sum of squared degrees).
    """
    _, p, n = _matrices(graph, weight)

    def trace(a: sparse.csr_array, b: sparse.csr_array) -> int:
        return int((a @ a).multiply(b).sum())

    return Triangles(trace(p, p) // 6, trace(p, n) // 2, trace(n, p) // 2, trace(n, n) // 6)


def _matrices(graph: nx.Graph, weight: str) -> tuple[list[Hashable], sparse.csr_array, sparse.csr_array]:
    nodes = list(graph)
    number = {node: i for i, node in enumerate(nodes)}
    simple = undirected(graph, weight)
    parts = []
    for sign in (1, -1):
        pairs = [(number[u], number[v]) for u, v, w in simple.edges(data=weight) if w * sign > 0]
        rows, columns = [a for p in pairs for a in p], [b for p in pairs for b in reversed(p)]
        ones = np.ones(len(rows), dtype=np.int64)
        parts.append(sparse.csr_array((ones, (rows, columns)), shape=(len(nodes), len(nodes)), dtype=np.int64))
    return nodes, parts[0], parts[1]


@dataclass(frozen=True, slots=True)
class Frustration:
    """The least number of ties against which two camps must be drawn.

    `index` is exact where `exact`, else an upper bound, with `lower` the proven lower bound. `camps` is the camp (0 or 1) of
    each node in the best division found, `ties` the frustrated ties, `edges` the number of signed ties.
    """

    index: int
    lower: int
    exact: bool
    camps: dict[Hashable, int]
    ties: tuple[tuple[Hashable, Hashable], ...]
    edges: int

    @property
    def balance(self) -> float | None:
        """1 - 2 L / m: 1 is balanced; None of a graph without ties."""
        return 1 - 2 * self.index / self.edges if self.edges else None


def frustration(graph: nx.Graph, *, weight: str = "weight", exact: int = EXACT, seed: int = 0) -> Frustration:
    """The line index of balance (frustration index): ties to take away until two camps explain all signs.

    Definition: L = min over divisions into two camps of the positive ties between and the negative ties within. Exact for
    connected parts of at most `exact` nodes, by mixed integer programming (Aref, Mason and Wilson 2020, "A modeling and
    computational study of the frustration index in signed networks", Networks 75: 95-110) with scipy's HiGHS; above that,
    the best of repeated steepest descents (a node changes camp while that helps), bounded from below by a packing of
    edge-disjoint unbalanced triangles. Of equally good divisions an exact one has the lightest frustrated ties. Normalised
    `balance`: Aref and Wilson (2018), J. Complex Networks 6: 566-595. Directed ties are added up first. Cost:
    exponential in the worst case (100 nodes: seconds); the heuristic O(edges) a start.
    """
    signed = nx.Graph()
    signed.add_nodes_from(graph)
    signed.add_edges_from(
        (u, v, {"sign": 1 if w > 0 else -1, "size": abs(w)})
        for u, v, w in undirected(graph, weight).edges(data=weight)
        if w
    )
    camps: dict[Hashable, int] = {}
    lower, sure = 0, True
    for part in nx.connected_components(signed):
        sub = signed.subgraph(part)
        divided = descent(sub, seed=seed)
        cost = len(_frustrated(sub, divided))
        bound = _packing(sub)
        if cost and len(sub) <= exact:
            divided, proven = _solve(sub, divided)
            bound = max(bound, proven)
            sure = sure and bound == len(_frustrated(sub, divided))
        elif cost > bound:
            sure = False
        lower += bound
        camps |= divided
    ties = tuple(_frustrated(signed, camps))
    return Frustration(len(ties), lower, sure, {n: camps[n] for n in graph}, ties, signed.number_of_edges())


def _frustrated(signed: nx.Graph, camps: dict[Hashable, int]) -> list[tuple[Hashable, Hashable]]:
    return [(u, v) for u, v, s in signed.edges(data="sign") if (camps[u] == camps[v]) != (s > 0)]


def descent(signed: nx.Graph, *, starts: int = 10, seed: int = 0) -> dict[Hashable, int]:
    """A good division into two camps: the best of several steepest descents, the first from a spanning tree."""
    generator = np.random.default_rng(seed)
    nodes = sorted(signed, key=str)
    best: dict[Hashable, int] = {}
    cost = None
    for start in range(starts if len(nodes) > 2 else 1):
        camps = (
            _tree(signed, nodes[0])
            if start == 0
            else dict(zip(nodes, generator.integers(0, 2, len(nodes)).tolist(), strict=True))
        )
        _descend(signed, camps)
        found = len(_frustrated(signed, camps))
        if cost is None or found < cost:
            best, cost = camps, found
        if not cost:
            break
    return best


def _tree(signed: nx.Graph, root: Hashable) -> dict[Hashable, int]:
    camps = {root: 0}
    for u, v in nx.bfs_edges(signed, root):
        camps[v] = camps[u] if signed[u][v]["sign"] > 0 else 1 - camps[u]
    return camps


def _descend(signed: nx.Graph, camps: dict[Hashable, int]) -> None:
    """Turn nodes while a turn lessens the cost; each turn looks only at the node's neighbours."""

    def gain(node: Hashable) -> int:
        return sum(1 if (camps[node] == camps[o]) != (d["sign"] > 0) else -1 for o, d in signed[node].items())

    queue = dict.fromkeys(sorted(signed, key=str))
    while queue:
        node = next(iter(queue))
        del queue[node]
        if gain(node) > 0:
            camps[node] = 1 - camps[node]
            queue.update(dict.fromkeys(signed[node]))


def _unbalanced(signed: nx.Graph) -> Iterable[tuple[Hashable, Hashable, Hashable]]:
    rank = {n: i for i, n in enumerate(sorted(signed, key=str))}
    for u, v, s in signed.edges(data="sign"):
        for w in signed[u].keys() & signed[v].keys():
            if rank[w] > rank[u] and rank[w] > rank[v] and s * signed[u][w]["sign"] * signed[v][w]["sign"] < 0:
                yield u, v, w


def _packing(signed: nx.Graph) -> int:
    """Edge-disjoint unbalanced triangles: each needs a frustrated tie of its own."""
    used: set[frozenset[Hashable]] = set()
    count = 0
    for u, v, w in sorted(_unbalanced(signed), key=str):
        ties = {frozenset((u, v)), frozenset((u, w)), frozenset((v, w))}
        if not ties & used:
            used |= ties
            count += 1
    return count


def _solve(signed: nx.Graph, known: dict[Hashable, int]) -> tuple[dict[Hashable, int], int]:
    """The best division of a connected part and the proven lower bound; the known one where the time is up."""
    nodes = sorted(signed, key=lambda n: (-signed.degree(n), str(n)))
    number = {n: i for i, n in enumerate(nodes)}
    edges = {frozenset((u, v)): i for i, (u, v) in enumerate(signed.edges(), len(nodes))}
    rows: list[dict[int, float]] = []
    least: list[float] = []
    for u, v, s in signed.edges(data="sign"):
        f, a, b = edges[frozenset((u, v))], number[u], number[v]
        rows += [{f: 1, a: -1, b: s}, {f: 1, a: 1, b: -s}]
        least += [0, 0] if s > 0 else [-1, 1]
    for u, v, w in _unbalanced(signed):
        rows.append({edges[frozenset(p)]: 1 for p in ((u, v), (u, w), (v, w))})
        least.append(1)
    size = len(nodes) + len(edges)
    matrix = sparse.lil_array((len(rows) + 1, size))
    for i, row in enumerate(rows):
        for j, value in row.items():
            matrix[i, j] = value
    # The count decides: all sizes together add less than one half to it, and choose the lightest ties among equal counts.
    sizes = np.array([d for _, _, d in signed.edges(data="size")])
    costs = np.r_[np.zeros(len(nodes)), 1 + 0.49 * sizes / sizes.sum()]
    matrix[len(rows), len(nodes) :] = -1
    least.append(-len(_frustrated(signed, known)))
    upper = np.ones(size)
    upper[0] = 0  # the camps have no names: the first node's is 0
    answer = milp(
        costs, integrality=np.r_[np.ones(len(nodes)), np.zeros(len(edges))], bounds=Bounds(np.zeros(size), upper),
        constraints=LinearConstraint(sparse.csr_array(matrix), lb=np.array(least, dtype=float)), options={"time_limit": _SECONDS},
    )  # fmt: skip
    bound = 0 if answer.mip_dual_bound is None else math.ceil(answer.mip_dual_bound - 0.5)
    if answer.x is None:
        return known, bound
    return {n: round(answer.x[number[n]]) for n in nodes}, bound
