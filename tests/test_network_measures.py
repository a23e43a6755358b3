"""The measures, each against a published worked example, another implementation, or a search through all possibilities."""

from itertools import combinations, permutations, product
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import KgraphError
from kgraph.network import undirected
from kgraph.network.change import actor_changes, tie_changes
from kgraph.network.measures import (
    Blocs,
    betweenness,
    blocs,
    frustration,
    leiden,
    mediators,
    pagerank,
    pn_centrality,
    polarisation,
    reciprocity,
    signed_degree,
    signed_modularity,
    triangles,
)

# The example network of Everett and Borgatti (2014); the values are those that R's signnet prints for it in its vignette "Centrality".
EVERETT_BORGATTI = """
 0  1  0  1  0  0  0 -1 -1  0
 1  0  1 -1  1 -1 -1  0  0  0
 0  1  0  1 -1  0  0  0 -1  0
 1 -1  1  0  1 -1 -1  0  0  0
 0  1 -1  1  0  1  0 -1  0 -1
 0 -1  0 -1  1  0  1  0  1 -1
 0 -1  0 -1  0  1  0  1 -1  1
-1  0  0  0 -1  0  1  0  1  0
-1  0 -1  0  0  1 -1  1  0  1
 0  0  0  0 -1 -1  1  0  1  0
"""
SIGNNET = [0.9009747, 0.8613482, 0.9076997, 0.8613482, 0.8410658, 0.8496558, 0.8617321, 0.9015909, 0.8509848, 0.9072930]


@st.composite
def signed_graphs(draw: Any, largest: int = 7, directed: bool = False) -> nx.Graph:
    n = draw(st.integers(0, largest))
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(n))
    pairs = list(permutations(range(n), 2) if directed else combinations(range(n), 2))
    for (u, v), w in zip(pairs, draw(st.lists(st.sampled_from([0, 0, 1, -1, 2.5, -3]), min_size=len(pairs), max_size=len(pairs))), strict=True):  # fmt: skip
        if w:
            graph.add_edge(u, v, weight=w)
    return graph


def random_signed(n: int, p: float, seed: int) -> nx.Graph:
    graph = nx.gnp_random_graph(n, p, seed=seed)
    generator = np.random.default_rng(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(generator.choice([-1, 1]))
    return graph


def complete(n: int, sign: float) -> nx.Graph:
    graph = nx.complete_graph(n)
    nx.set_edge_attributes(graph, sign, "weight")
    return graph


EMPTY = [nx.Graph(), nx.empty_graph(3), nx.Graph([(0, 0, {"weight": 1.0})])]


@pytest.mark.parametrize("graph", EMPTY)
def test_nothing_is_a_defined_value(graph: nx.Graph) -> None:
    assert triangles(graph).share is None
    assert frustration(graph).index == 0
    assert frustration(graph).balance is None
    assert blocs(graph).share is None
    assert signed_modularity(graph, blocs(graph).bloc) is None
    assert polarisation(graph).bipolarity is None
    assert reciprocity(nx.DiGraph(graph)).share is None
    assert all(m.share is None for m in mediators(graph).values())
    assert set(pn_centrality(graph).values()) <= {1.0}
    assert set(leiden(graph)) == set(graph)
    assert set(pagerank(graph)) == set(betweenness(graph)) == set(graph) == set(signed_degree(graph))


def test_signed_degree_is_that_of_the_matrix() -> None:
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(0, 1, 2.0), (1, 0, -3.0), (0, 2, -1.0), (2, 2, 9.0), (2, 1, 0.0)])
    found = signed_degree(graph)
    a = nx.to_numpy_array(graph, nodelist=[0, 1, 2], weight="weight")
    np.fill_diagonal(a, 0)
    for i in range(3):
        assert found[i].positive_strength_out == a[i].clip(0).sum()
        assert found[i].negative_strength_in == (-a[:, i]).clip(0).sum()
        assert found[i].net_out == a[i].sum()
        assert (found[i].positive_in, found[i].negative_out) == ((a[:, i] > 0).sum(), (a[i] < 0).sum())


def test_reciprocity_is_that_of_igraph() -> None:
    igraph = pytest.importorskip("igraph")
    graph = nx.gnp_random_graph(40, 0.1, seed=2, directed=True)
    nx.set_edge_attributes(graph, -1.0, "weight")
    found = reciprocity(graph)
    assert found.share == pytest.approx(igraph.Graph.from_networkx(graph).reciprocity())
    assert found.weighted == pytest.approx(found.share)
    assert reciprocity(graph, sign=1).ties == 0
    # By hand: sizes 4 and 1 are returned with 1 each, 5 is not: (1 + 1) / (4 + 1 + 5).
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(0, 1, -4.0), (1, 0, -1.0), (0, 2, -5.0), (2, 0, 3.0)])
    assert reciprocity(graph).weighted == pytest.approx(0.2)


def test_pagerank_is_that_of_igraph() -> None:
    igraph = pytest.importorskip("igraph")
    graph = random_signed(50, 0.1, 1)
    other = igraph.Graph.from_networkx(graph).pagerank(damping=0.85)
    assert list(pagerank(graph).values()) == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize("directed", [False, True])
def test_betweenness_is_the_same_by_both_engines(directed: bool) -> None:
    pytest.importorskip("igraph")
    graph = nx.gnp_random_graph(40, 0.08, seed=3, directed=directed)
    assert betweenness(graph, "igraph") == pytest.approx(betweenness(graph, "networkx"))
    with pytest.raises(KgraphError, match="no engine"):
        betweenness(graph, "magic")


def test_pn_centrality_is_that_of_signnet() -> None:
    rows = [[int(x) for x in line.split()] for line in EVERETT_BORGATTI.strip().splitlines()]
    graph = nx.from_numpy_array(np.array(rows))
    assert list(pn_centrality(graph).values()) == pytest.approx(SIGNNET, abs=5e-8)
    # A symmetric directed network is the undirected one in either direction.
    both = nx.DiGraph(graph)
    assert list(pn_centrality(both, "in").values()) == pytest.approx(SIGNNET, abs=5e-8)
    with pytest.raises(KgraphError, match="no mode"):
        pn_centrality(both)


@settings(deadline=None, max_examples=60)
@given(signed_graphs(8))
def test_triangles_are_those_counted_one_by_one(graph: nx.Graph) -> None:
    counts = dict.fromkeys((3, 2, 1, 0), 0)
    for trio in combinations(graph, 3):
        if all(graph.has_edge(a, b) for a, b in combinations(trio, 2)):
            counts[sum(graph[a][b]["weight"] > 0 for a, b in combinations(trio, 2))] += 1
    found = triangles(graph)
    assert (found.ppp, found.ppn, found.pnn, found.nnn) == tuple(counts.values())


@settings(deadline=None, max_examples=60)
@given(signed_graphs(7))
def test_frustration_is_the_least_of_all_divisions(graph: nx.Graph) -> None:
    nodes = list(graph)
    least = min(
        (sum((s[nodes.index(u)] == s[nodes.index(v)]) != (w > 0) for u, v, w in graph.edges(data="weight")) for s in product((0, 1), repeat=len(nodes))),
        default=0,
    )  # fmt: skip
    found = frustration(graph)
    assert (found.index, found.lower, found.exact) == (least, least, True)
    bounds = frustration(graph, exact=0)
    assert bounds.lower <= least <= bounds.index


def test_frustration_blames_the_lightest_tie() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("A", "B", -9.0), ("B", "C", -3.0), ("A", "C", -0.1)])
    assert frustration(graph).ties == (("A", "C"),)


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7, 10])
def test_frustration_of_all_enemies_is_the_published_formula(n: int) -> None:
    # Of a complete graph of enemies it is floor((n-1)^2 / 4): the smaller halves' pairs (Harary 1959; Petersdorf 1966).
    assert frustration(complete(n, -1)).index == (n - 1) ** 2 // 4


def test_a_balanced_network_has_no_frustration_at_any_size() -> None:
    graph = nx.gnp_random_graph(300, 0.05, seed=4)
    for u, v, data in graph.edges(data=True):
        data["weight"] = 1.0 if (u < 150) == (v < 150) else -1.0
    found = frustration(graph)
    assert (found.index, found.exact, found.balance) == (0, True, 1.0)
    assert blocs(graph).cost == 0
    assert len(blocs(graph).members()) == 2


def partitions(items: list[Any]) -> Any:
    if not items:
        yield []
        return
    first, *rest = items
    for smaller in partitions(rest):
        for i, group in enumerate(smaller):
            yield [*smaller[:i], [first, *group], *smaller[i + 1 :]]
        yield [[first], *smaller]


@settings(deadline=None, max_examples=40)
@given(signed_graphs(6))
def test_blocs_are_the_best_of_all_partitions(graph: nx.Graph) -> None:
    def cost(groups: list[list[int]]) -> float:
        of = {n: i for i, g in enumerate(groups) for n in g}
        return sum(abs(w) for u, v, w in graph.edges(data="weight") if (of[u] == of[v]) != (w > 0))

    least = min(cost(groups) for groups in partitions(list(graph)))
    found = blocs(graph)
    assert found.exact
    assert found.cost == pytest.approx(least)
    assert cost(found.members()) == pytest.approx(least)
    assert found.lower <= least + 1e-9
    bounds = blocs(graph, exact=0)
    assert bounds.lower <= least + 1e-9
    assert bounds.cost >= least - 1e-9


def test_the_bound_of_blocs_is_met_where_triangles_share_no_tie() -> None:
    graph = nx.Graph()
    for i in range(10):  # ten ++- triangles round one actor: each costs its lightest tie
        graph.add_weighted_edges_from([("X", f"a{i}", 2.0), ("X", f"b{i}", 3.0), (f"a{i}", f"b{i}", -1.0)])
    found = blocs(graph, exact=0)
    assert (found.cost, found.lower, found.exact) == (10.0, 10.0, True)
    # The wheel of enemies round a common friend: each spoke is in two triangles and charged once.
    wheel = nx.wheel_graph(6)
    for u, v, data in wheel.edges(data=True):
        data["weight"] = 1.0 if 0 in (u, v) else -1.0
    assert blocs(wheel, exact=0).lower == 2.0
    assert blocs(wheel).cost == 3.0


def test_ties_that_nearly_cancel_out_decide_no_bloc() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("A", "X", -9.0), ("B", "X", -9.0), ("A", "B", -0.1)])
    found = blocs(graph)
    assert found.bloc["A"] == found.bloc["B"]
    assert found.cost == pytest.approx(0.1)
    assert blocs(graph, least=0).bloc["A"] != blocs(graph, least=0).bloc["B"]


def test_leiden_finds_the_known_optimum_of_the_karate_club() -> None:
    pytest.importorskip("igraph")
    graph = nx.karate_club_graph()
    nx.set_edge_attributes(graph, 1.0, "weight")
    found = leiden(graph)
    groups = [{n for n in found if found[n] == c} for c in set(found.values())]
    # The optimum is known to be 0.41979 (Brandes et al. 2008, IEEE TKDE 20: 172-188).
    assert nx.community.modularity(graph, groups) == pytest.approx(0.41979, abs=1e-5)
    assert leiden(graph) == found


@settings(deadline=None, max_examples=40)
@given(signed_graphs(7))
def test_signed_modularity_is_made_of_those_of_networkx(graph: nx.Graph) -> None:
    partition = {n: n % 3 for n in graph}
    groups = [{n for n in graph if partition[n] == c} for c in range(3)]
    layers = {}
    for sign in (1, -1):
        layer = nx.Graph()
        layer.add_nodes_from(graph)
        layer.add_weighted_edges_from((u, v, abs(w)) for u, v, w in graph.edges(data="weight") if w * sign > 0)
        total = layer.size("weight")
        layers[sign] = (total, nx.community.modularity(layer, [g for g in groups if g]) if total else 0.0)
    whole = layers[1][0] + layers[-1][0]
    found = signed_modularity(graph, partition)
    if not whole:
        assert found is None
    else:
        assert found == pytest.approx((layers[1][0] * layers[1][1] - layers[-1][0] * layers[-1][1]) / whole)


def test_signed_modularity_is_that_of_leidenalg() -> None:
    leidenalg = pytest.importorskip("leidenalg")
    igraph = pytest.importorskip("igraph")
    graph = random_signed(30, 0.3, 5)
    partition = {n: n % 4 for n in graph}
    qualities = []
    for sign in (1, -1):
        edges = [(u, v) for u, v, w in graph.edges(data="weight") if w * sign > 0]
        layer = igraph.Graph(n=30, edges=edges)
        member = leidenalg.ModularityVertexPartition(layer, initial_membership=list(partition.values()))
        qualities.append((len(edges), member.quality()))
    (m, q), (k, p) = qualities
    assert signed_modularity(graph, partition) == pytest.approx((m * q - k * p) / (m + k))


def test_polarisation_of_two_equal_camps_is_one() -> None:
    graph = complete(4, 1.0)
    graph = nx.disjoint_union(graph, graph)
    graph.add_edges_from(((u, v) for u in range(4) for v in range(4, 8)), weight=-1.0)
    found = polarisation(graph)
    assert (found.fit, found.bipolarity, found.blocs) == (1.0, pytest.approx(1.0), 2)
    # Esteban and Ray's index of shares 1/4 and 3/4 at distance 1: 4 (1/16 * 3/4 + 9/16 * 1/4).
    uneven = nx.complete_graph(4)
    for u, v, data in uneven.edges(data=True):
        data["weight"] = -1.0 if 0 in (u, v) else 1.0
    assert polarisation(uneven).bipolarity == pytest.approx(4 * (1 / 16 * 3 / 4 + 9 / 16 * 1 / 4))
    assert polarisation(complete(5, 1.0)).bipolarity == 0


@settings(deadline=None, max_examples=60)
@given(signed_graphs(7), st.lists(st.integers(0, 3), min_size=7, max_size=7))
def test_polarisation_is_that_of_the_matrices(graph: nx.Graph, camps: list[int]) -> None:
    # Esteban and Ray's P = K sum_i sum_j p_i^(1 + alpha) p_j d_ij with K 4 and alpha 1, by the matrix of membership.
    graph.remove_nodes_from(list(nx.isolates(graph)))
    nodes = list(graph)
    camp = {n: camps[n] for n in nodes}
    found = polarisation(graph, Blocs(camp, 0.0, 0.25 if nodes else None, 0.0, True))
    if not nodes:
        assert (found.fit, found.bipolarity, found.modularity) == (None, None, None)
        return
    member = np.array([[camp[n] == c for c in range(4)] for n in nodes], dtype=float)
    a = nx.to_numpy_array(graph, nodelist=nodes)
    enmity, weight = member.T @ np.maximum(-a, 0) @ member, member.T @ np.abs(a) @ member
    d = np.divide(enmity, weight, out=np.zeros_like(enmity), where=weight > 0)
    np.fill_diagonal(d, 0)
    p = member.mean(axis=0)
    assert found.bipolarity == pytest.approx(4 * (p**2) @ d @ p)
    assert found.blocs == (member.sum(axis=0) > 1).sum()
    assert (found.fit, found.ties) == (0.75, np.count_nonzero(a) // 2)
    assert found.modularity == pytest.approx(signed_modularity(graph, camp))


@pytest.mark.parametrize("n", [2, 3, 7])
def test_polarisation_of_two_hostile_camps_is_the_closed_form(n: int) -> None:
    # Two camps of shares p and 1 - p at distance 1 give 4 p (1 - p), greatest for halves (Esteban and Ray 1994).
    graph = complete(10, 1.0)
    for u, v, data in graph.edges(data=True):
        data["weight"] = 1.0 if (u < n) == (v < n) else -1.0
    assert polarisation(graph).bipolarity == pytest.approx(4 * n / 10 * (1 - n / 10))


@settings(deadline=None, max_examples=60)
@given(signed_graphs(6, directed=True), signed_graphs(6, directed=True))
def test_changes_are_those_of_the_matrices(before: nx.DiGraph, after: nx.DiGraph) -> None:
    nodes = sorted({*before, *after})
    old, new = (np.zeros((len(nodes), len(nodes))) for _ in range(2))
    for matrix, graph in ((old, before), (new, after)):
        for u, v, w in graph.edges(data="weight"):
            matrix[u, v] = w
    where = {
        "turned": np.sign(old) * np.sign(new) == -1, "new": (old == 0) & (new != 0), "gone": (old != 0) & (new == 0),
        "warmer": (np.sign(old) == np.sign(new)) & (new > old), "colder": (np.sign(old) == np.sign(new)) & (new < old),
    }  # fmt: skip
    found = tie_changes(before, after)
    for kind, mask in where.items():
        ties = {(int(u), int(v)): (old[u, v], new[u, v]) for u, v in np.argwhere(mask)}
        assert {(c.source, c.target): (c.before, c.after) for c in found if c.kind == kind} == ties
    assert len(found) == sum(int(mask.sum()) for mask in where.values())
    out, into = (new - old).sum(axis=1), (new - old).sum(axis=0)
    moved = {c.actor: c.shift for c in actor_changes(before, after)}
    assert moved == {n: pytest.approx(abs(out[n]) + abs(into[n])) for n in nodes if out[n] or into[n]}


@settings(deadline=None, max_examples=40)
@given(signed_graphs(7))
def test_mediators_are_those_found_one_by_one(graph: nx.Graph) -> None:
    sides = {n: n % 2 for n in graph}
    found = mediators(graph, sides)

    def sign(a: int, b: int) -> float:
        return graph[a][b]["weight"] if graph.has_edge(a, b) else 0

    for v in graph:
        others = [(a, b) for a, b in combinations(sorted(set(graph) - {v}, key=str), 2) if sign(a, b) < 0]
        pairs = [(a, b) for a, b in others if sign(v, a) > 0 and sign(v, b) > 0]
        assert set(found[v].pairs) == set(pairs)
        assert found[v].share == (len(pairs) / len(others) if others else None)
        assert found[v].across == sum(sides[a] != sides[b] for a, b in pairs)


@settings(deadline=None, max_examples=30)
@given(signed_graphs(5, directed=True))
def test_undirected_adds_up_both_directions(graph: nx.DiGraph) -> None:
    a = nx.to_numpy_array(graph, nodelist=sorted(graph)) if graph else np.zeros((0, 0))
    found = undirected(graph)
    for u, v, w in found.edges(data="weight"):
        assert w == a[u, v] + a[v, u]
    assert all(found.has_edge(u, v) for u, v in graph.edges())
