"""Blocs and communities: signed blockmodel, signed modularity, Leiden communities, polarisation."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from kgraph.network.interchange import library
from kgraph.network.signed import undirected

EXACT = 14
"""Nodes of a connected part up to which blocs are solved exactly."""
_SECONDS = 30.0

Partition = dict[Hashable, int]


@dataclass(frozen=True, slots=True)
class Blocs:
    """A division into blocs: friends inside, enemies between.

    `bloc` is the number of each node's bloc, 0 the largest; `cost` the weight of the ties that do not fit, `share` the same as
    a share of all weight (None without any); no division costs less than `lower`; `exact` tells whether no better one exists
    (of the ties that decide, see `blocs`).
    """

    bloc: Partition
    cost: float
    share: float | None
    lower: float
    exact: bool

    def members(self) -> list[list[Hashable]]:
        """The nodes of each bloc, by its number."""
        out: list[list[Hashable]] = [[] for _ in set(self.bloc.values())]
        for node, number in self.bloc.items():
            out[number].append(node)
        return out


def blocs(
    graph: nx.Graph, *, weight: str = "weight", exact: int = EXACT, least: float = 0.05, seed: int = 0, bound: bool = True
) -> Blocs:  # fmt: skip
    """Blocs by signed blockmodelling, also called correlation clustering: as many as fit best.

    Definition: the partition that minimises sum of positive weights between blocs + sum of sizes of negative weights within
    (twice the criterion P(C) of Doreian and Mrvar with alpha 1/2). Source: Doreian and Mrvar (1996), "A partitioning approach to
    structural balance", Social Networks 18: 149-168; Davis (1967) for more than two blocs. Exact for connected parts of at
    most `exact` nodes, by integer programming (Grötschel and Wakabayashi 1989); above that, the best of repeated local moves
    and merges, bounded from below by a packing of ++- triangles, of which every division breaks a tie (Bansal, Blum and Chawla
    2004, "Correlation clustering", Machine Learning 56: 89-113): far below the optimum where triangles are few. Directed ties are added up first. A node without friends is a bloc of its own. Of equally
    good divisions one with fewer blocs is given: blocs that have no tie with each other and a common enemy are joined, the
    largest first. Ties of at most `least` of the mean size decide nothing (acts of both signs that nearly cancel out), but count
    in the cost. Cost: exact O(nodes^3) constraints; the heuristic O(edges) a round, its bound O(++- triangles), which is most
    of the time in dense networks: without `bound` it is not looked for, and 0.
    """
    whole = undirected(graph, weight)
    sizes_of_ties = [abs(w) for _, _, w in whole.edges(data=weight) if w]
    total = sum(sizes_of_ties)
    weak = least * total / len(sizes_of_ties) if total else 0.0
    signed = whole.copy()
    signed.remove_edges_from([(u, v) for u, v, w in whole.edges(data=weight) if abs(w) <= weak])
    bloc: Partition = {}
    lower, sure = 0.0, True
    for part in nx.connected_components(signed):
        sub = signed.subgraph(part)
        found = _moves(sub, weight, seed)
        if (heuristic := _cost(sub, found, weight)) > 1e-9:
            solved = _solve(sub, weight) if len(sub) <= exact else None
            found = solved or found
            proven = _cost(sub, found, weight) if solved else _packing(sub, weight) if bound else 0.0
            sure = sure and (solved is not None or heuristic <= proven + 1e-9)
            lower += proven
        shift = len(set(bloc.values()))
        order = {old: i for i, old in enumerate(dict.fromkeys(found.values()), shift)}
        bloc |= {n: order[b] for n, b in found.items()}
    _join_strangers(signed, bloc, weight)
    sizes = Counter(bloc.values())
    first: dict[int, str] = {}
    for node, number in bloc.items():
        first[number] = min(first.get(number, str(node)), str(node))
    rank = {b: i for i, b in enumerate(sorted(sizes, key=lambda b: (-sizes[b], first[b], b)))}
    cost = _cost(whole, bloc, weight)
    return Blocs({n: rank[bloc[n]] for n in graph}, cost, cost / total if total else None, lower, sure)


def _join_strangers(signed: nx.Graph, bloc: Partition, weight: str) -> None:
    """Join blocs without ties between them that have an enemy in common: the enemy of my enemy, at no cost."""
    members: dict[int, list[Hashable]] = {}
    for node, number in bloc.items():
        members.setdefault(number, []).append(node)
    near: dict[int, set[int]] = {b: set() for b in members}
    foes: dict[int, set[int]] = {b: set() for b in members}
    for u, v, w in signed.edges(data=weight):
        a, b = bloc[u], bloc[v]
        if a != b:
            for one, other in ((a, b), (b, a)):
                near[one].add(other)
                if w < 0:
                    foes[one].add(other)
    order = sorted(members, key=lambda b: (-len(members[b]), min(str(n) for n in members[b])))
    for i, one in enumerate(order):
        for other in order[i + 1 :]:
            if one in members and other in members and other not in near[one] and foes[one] & foes[other]:
                for node in members.pop(other):
                    bloc[node] = one
                    members[one].append(node)
                for third in near.pop(other):
                    near[third].discard(other)
                    near[third].add(one)
                    near[one].add(third)
                for third in foes.pop(other):
                    foes[third].discard(other)
                    foes[third].add(one)
                    foes[one].add(third)


def _cost(signed: nx.Graph, bloc: Partition, weight: str) -> float:
    return float(sum(abs(w) for u, v, w in signed.edges(data=weight) if w and (bloc[u] == bloc[v]) != (w > 0)))


def _packing(signed: nx.Graph, weight: str) -> float:
    """A lower bound of the cost: ++- triangles, each charged with what its lightest tie has left, the costliest first.

    Every division breaks a tie of such a triangle, and no tie is charged with more than its weight.
    """
    number = {n: i for i, n in enumerate(sorted(signed, key=str))}
    left = {frozenset((u, v)): abs(w) for u, v, w in signed.edges(data=weight)}
    friends = {n: {o for o, d in near.items() if d[weight] > 0} for n, near in signed.adjacency()}
    found = []
    for u, v, w in signed.edges(data=weight):
        for third in friends[u] & friends[v] if w < 0 else ():
            ties = [frozenset(p) for p in ((u, v), (u, third), (v, third))]
            found.append((min(left[t] for t in ties), sorted(number[n] for n in (u, v, third)), ties))
    bound = 0.0
    for _, _, ties in sorted(found, key=lambda f: (-f[0], f[1])):
        charge = min(left[t] for t in ties)
        bound += charge
        for t in ties:
            left[t] -= charge
    return bound


def _moves(signed: nx.Graph, weight: str, seed: int) -> Partition:
    """The best of several starts: each node to the bloc where it has most friends less enemies, then blocs merge while it helps."""
    generator = np.random.default_rng(seed)
    nodes = sorted(signed, key=str)
    number = {n: i for i, n in enumerate(nodes)}
    ties = [[(number[o], float(d[weight])) for o, d in signed[n].items()] for n in nodes]
    best: list[int] = []
    cost = float("inf")
    for _ in range(1 if len(nodes) < 3 else 5 if len(nodes) <= 1000 else 2):
        bloc = list(range(len(nodes)))
        order = generator.permutation(len(nodes)).tolist()
        for _round in range(20):
            _settle(ties, bloc, order)
            if not _merge(ties, bloc):
                break
        found = sum(abs(w) for i, own in enumerate(ties) for o, w in own if (bloc[i] == bloc[o]) != (w > 0)) / 2
        if found < cost - 1e-12:
            best, cost = bloc, found
        if cost <= 1e-12:
            break
    return {n: best[i] for i, n in enumerate(nodes)}


def _settle(ties: list[list[tuple[int, float]]], bloc: list[int], order: list[int]) -> None:
    """Move nodes while a move lessens the cost; a move makes the neighbours think again."""
    fresh = max(bloc) + 1
    queue = dict.fromkeys(order)
    while queue:
        node = next(iter(queue))
        del queue[node]
        own = bloc[node]
        pull: dict[int, float] = {own: 0.0}
        for other, w in ties[node]:
            pull[bloc[other]] = pull.get(bloc[other], 0.0) + w
        goal = max(pull, key=lambda b: (pull[b], -b))
        if pull[goal] > max(pull[own], 0.0) + 1e-12:
            bloc[node] = goal
        elif pull[own] < -1e-12:
            bloc[node] = fresh
            fresh += 1
        else:
            continue
        queue.update(dict.fromkeys(o for o, _ in ties[node] if bloc[o] != bloc[node]))


def _merge(ties: list[list[tuple[int, float]]], bloc: list[int]) -> bool:
    """Merge the pairs of blocs that have more friendship than enmity between them, the friendliest first, each bloc once."""
    between: dict[tuple[int, int], float] = {}
    for i, own in enumerate(ties):
        for o, w in own:
            if bloc[i] < bloc[o]:
                between[bloc[i], bloc[o]] = between.get((bloc[i], bloc[o]), 0.0) + w
    goal: dict[int, int] = {}
    for a, b in sorted(between, key=lambda p: (-between[p], p)):
        if between[a, b] <= 1e-12:
            break
        if a not in goal and b not in goal:
            goal[a] = goal[b] = a
    bloc[:] = [goal.get(b, b) for b in bloc]
    return bool(goal)


def _solve(signed: nx.Graph, weight: str) -> Partition | None:
    """The optimal partition of a small part: a variable for each pair, transitivity for each triple; None if not solved."""
    nodes = sorted(signed, key=str)
    n = len(nodes)
    pairs = {(i, j): k for k, (i, j) in enumerate((i, j) for i in range(n) for j in range(i + 1, n))}
    costs = np.zeros(len(pairs))
    for (i, j), k in pairs.items():
        if signed.has_edge(nodes[i], nodes[j]):
            costs[k] = -signed[nodes[i]][nodes[j]][weight]
    rows, columns, values = [], [], []
    count = 0
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                ij, ik, jk = pairs[i, j], pairs[i, k], pairs[j, k]
                for plus, minus in (((ij, jk), ik), ((ij, ik), jk), ((ik, jk), ij)):
                    rows += [count] * 3
                    columns += [*plus, minus]
                    values += [1, 1, -1]
                    count += 1
    constraints = []
    if count:
        matrix = sparse.csr_array((values, (rows, columns)), shape=(count, len(pairs)))
        constraints = [LinearConstraint(matrix, ub=np.ones(count))]
    answer = milp(costs, integrality=np.ones(len(pairs)), bounds=Bounds(0, 1), constraints=constraints, options={"time_limit": _SECONDS})  # fmt: skip
    if answer.status != 0:
        return None
    bloc = {node: i for i, node in enumerate(nodes)}
    for (i, j), k in pairs.items():
        if answer.x[k] > 0.5:
            bloc[nodes[j]] = bloc[nodes[i]]
    return bloc


def leiden(graph: nx.Graph, *, weight: str = "weight", resolution: float = 1.0, seed: int = 0) -> Partition:
    """Communities of friends: the Leiden algorithm on the positive ties.

    Definition: the partition found for the modularity Q = sum_c (L_c / m - resolution (d_c / 2m)^2) over positive weights;
    every community is connected. Source: Traag, Waltman and van Eck (2019), "From Louvain to Leiden", Scientific Reports 9:
    5233. Cost: near O(edges). Engine: igraph; raises KgraphError where it is not installed. Community 0 is the largest; a node
    without friends is a community of its own.
    """

    ig = library("igraph")
    nodes = list(graph)
    number = {n: i for i, n in enumerate(nodes)}
    ties = [(number[u], number[v], w) for u, v, w in undirected(graph, weight).edges(data=weight) if w > 0]
    if not ties:
        return {n: i for i, n in enumerate(nodes)}
    friends = ig.Graph(n=len(nodes), edges=[(u, v) for u, v, _ in ties])
    ig.set_random_number_generator(random.Random(seed))
    try:
        found = friends.community_leiden(
            objective_function="modularity", weights=[w for _, _, w in ties], resolution=resolution, n_iterations=-1
        ).membership
    finally:
        ig.set_random_number_generator(random)
    sizes = Counter(found)
    rank = {c: i for i, c in enumerate(sorted(sizes, key=lambda c: (-sizes[c], found.index(c))))}
    return {n: rank[found[i]] for i, n in enumerate(nodes)}


def signed_modularity(graph: nx.Graph, partition: Mapping[Hashable, int], weight: str = "weight") -> float | None:
    """How much more friendship within and enmity between groups there is than chance would give.

    Definition: Q = 1/(2w+ + 2w-) sum_ij (w_ij - (w_i+ w_j+ / 2w+ - w_i- w_j- / 2w-)) delta(c_i, c_j), with w+ and w- the total
    positive and negative weight. Source: Gómez, Jensen and Arenas (2009), "Analysis of community structure in networks of
    correlated data", Physical Review E 80: 016114. Cost: O(edges + groups). Directed ties are added up first; None without
    ties.
    """
    signed = undirected(graph, weight)
    total = {1: 0.0, -1: 0.0}
    inside = 0.0
    strength: dict[int, Counter[int]] = {1: Counter(), -1: Counter()}
    for u, v, w in signed.edges(data=weight):
        if not w:
            continue
        sign = 1 if w > 0 else -1
        total[sign] += abs(w)
        for node in (u, v):
            strength[sign][partition[node]] += abs(w)
        if partition[u] == partition[v]:
            inside += w
    if not total[1] + total[-1]:
        return None
    expected = {s: sum(d * d for d in strength[s].values()) / (4 * total[s]) if total[s] else 0.0 for s in (1, -1)}
    value = float((inside - expected[1] + expected[-1]) / (total[1] + total[-1]))
    return value if abs(value) > 1e-12 else 0.0


@dataclass(frozen=True, slots=True)
class Polarisation:
    """How far a network falls into hostile blocs; a part is None where it has no meaning (no ties, one bloc).

    `fit`: the share of weight that the blocs explain; `bipolarity` (0 to 1): how near the network is to two equal blocs that are
    all hostile to each other; `modularity`: the signed modularity of the blocs; `blocs`: blocs of at least two nodes; `ties`: signed ties.
    """

    fit: float | None
    bipolarity: float | None
    modularity: float | None
    blocs: int
    ties: int


def polarisation(graph: nx.Graph, found: Blocs | None = None, *, weight: str = "weight") -> Polarisation:
    """Polarisation by blocs (those of `blocs`, unless given).

    Definition: bipolarity is Esteban and Ray's index with alpha 1, P = 4 sum_ij p_i^2 p_j d_ij over blocs, where p_i is a bloc's
    share of the nodes with ties and d_ij (0 to 1) the negative weight between two blocs as a share of all weight between them;
    two equal blocs with nothing but enmity give 1. Source: Esteban and Ray (1994), "On the measurement of polarization",
    Econometrica 62: 819-851; compare, for states, Maoz (2006), "Network polarization, network interdependence, and international
    conflict", J. Peace Research 43: 391-411. Cost: that of `blocs`.
    """
    signed = undirected(graph, weight)
    signed.remove_edges_from([(u, v) for u, v, w in signed.edges(data=weight) if not w])
    signed.remove_nodes_from([n for n, d in dict(signed.degree()).items() if not d])
    found = found or blocs(signed, weight=weight, bound=False)
    if not signed:
        return Polarisation(None, None, None, 0, 0)
    sizes = Counter(found.bloc[n] for n in signed)
    hostile: Counter[tuple[int, int]] = Counter()
    between: Counter[tuple[int, int]] = Counter()
    for u, v, w in signed.edges(data=weight):
        a, b = found.bloc[u], found.bloc[v]
        if a != b:
            for pair in ((a, b), (b, a)):
                between[pair] += abs(w)
                hostile[pair] += max(-w, 0.0)
    share = {b: size / len(signed) for b, size in sizes.items()}
    index = 4 * sum(share[a] ** 2 * share[b] * hostile[a, b] / between[a, b] for a, b in between)
    fit = None if found.share is None else 1 - found.share
    several = sum(s > 1 for s in sizes.values())
    quality = signed_modularity(signed, found.bloc, weight)
    return Polarisation(fit, float(index), quality, several, signed.number_of_edges())
