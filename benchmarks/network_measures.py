"""CPU seconds of each measure on random signed networks, beside networkx and igraph: `python benchmarks/network_measures.py [EDGES...]`.

The exponent is the slope of log seconds over log edges between the smallest and the largest network that ran; what would take
longer than the limit of seconds is left out (-). Ties have a third of negative signs, the mean degree is twenty. Stances are
those of a hundred actors to ever more things, series those of assertions over 24 months, change is that of half the ties.
"""

import math
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from kgraph.model import Assertion, Entity, Evidence, NodeType
from kgraph.network import measures as m
from kgraph.network import undirected
from kgraph.network.change import tie_changes
from kgraph.network.interchange import to_igraph
from kgraph.network.series import dyadic_series
from kgraph.ontology import intensities

LIMIT = 120.0
sizes = [int(x) for x in sys.argv[1:]] or [1_000, 10_000, 100_000]


def network(edges: int) -> nx.DiGraph:
    draw = random.Random(7)
    n = edges // 10
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    left = edges
    while left:
        u, v = draw.randrange(n), draw.randrange(n)
        if u != v:
            left -= not graph.has_edge(u, v)
            graph.add_edge(u, v, weight=draw.choice([1.0, 2.0, -1.5]))
    return graph


def plus(graph: nx.DiGraph) -> nx.Graph:
    return nx.Graph((u, v) for u, v, w in undirected(graph).edges(data="weight") if w > 0)


def turned(graph: nx.DiGraph) -> tuple[nx.DiGraph, nx.DiGraph]:
    """The network, and one in which a quarter of the ties turned and a quarter faded."""
    after = graph.copy()
    for i, (_, _, data) in enumerate(after.edges(data=True)):
        data["weight"] *= (1.0, -1.0, 1.0, 0.5)[i % 4]
    return graph, after


def told(graph: nx.DiGraph) -> nx.MultiDiGraph:
    """As many stances, of a hundred actors to things, each actor to half of the things."""
    draw = random.Random(5)
    out = nx.MultiDiGraph()
    out.add_nodes_from(range(100), cls="State")
    things = graph.number_of_edges() // 50
    for actor in range(100):
        for thing in draw.sample(range(things), things // 2):
            name = f"thing {thing}"
            out.add_node(name, cls="Instrument")
            out.add_edge(actor, name, relation="supports", polarity=draw.choice("+-"), negated=False, plover="SUPPORT")
    return out


def assertions(graph: nx.DiGraph) -> list[Assertion]:
    """As many assertions, each on a day of two years."""
    draw = random.Random(6)
    actors = {n: Entity(f"A{n}", f"Actor {n}", NodeType.STATE) for n in graph}
    return [
        Assertion(actors[u], "aids" if d["weight"] > 0 else "condemns", actors[v], (Evidence("d", 0, 1, "x"),), "text",
                  date=f"{draw.choice((2005, 2006))}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}")
        for u, v, d in graph.edges(data=True)
    ]  # fmt: skip


def frame(graph: nx.DiGraph) -> pd.DataFrame:
    rows = [(a.subject.id, a.object.id, a.date[:7], intensities()[a.relation]) for a in assertions(graph) if a.date]
    return pd.DataFrame(rows, columns=["source", "target", "month", "weight"])


def pivot(rows: pd.DataFrame) -> pd.DataFrame:
    net = rows.pivot_table(index="month", columns=["source", "target"], values="weight", aggfunc="sum", fill_value=0.0)
    return net.ewm(alpha=0.3, adjust=False).mean()


def votes(graph: nx.DiGraph) -> Any:
    return np.random.default_rng(5).integers(-1, 2, (100, graph.number_of_edges() // 50))


PREPARE: dict[str, Callable[[nx.DiGraph], Any]] = {
    "polarisation": lambda g: (g, m.blocs(g, exact=0)), "stance": told, "series": assertions, "change": turned,
}  # fmt: skip
"""What a measure takes where that is not the network; it is made off the clock."""
MEASURES: dict[str, Callable[[Any], Any]] = {
    "signed_degree, strength": m.signed_degree,
    "reciprocity": m.reciprocity,
    "pagerank": m.pagerank,
    "betweenness": m.betweenness,
    "pn_centrality": lambda g: m.pn_centrality(g, "out"),
    "triangles": m.triangles,
    "frustration (heuristic)": lambda g: m.frustration(g, exact=0),
    "blocs (heuristic)": lambda g: m.blocs(g, exact=0),
    "leiden": m.leiden,
    "signed_modularity": lambda g: m.signed_modularity(g, {n: n % 10 for n in g}),
    "mediators": m.mediators,
    "polarisation": lambda x: m.polarisation(*x),
    "stance": lambda g: m.stance_similarity(m.stances(g)),
    "series": dyadic_series,
    "change": lambda x: tie_changes(*x),
}
BASELINES: dict[str, tuple[str, Callable[[nx.DiGraph], Any], Callable[[Any], Any]]] = {
    "signed_degree, strength": ("networkx degree(weight)", lambda g: g, lambda g: dict(g.degree(weight="weight"))),
    "reciprocity": ("networkx overall_reciprocity", lambda g: g, nx.overall_reciprocity),
    "pagerank": ("igraph pagerank", to_igraph, lambda g: g.pagerank()),
    "betweenness": ("igraph betweenness", to_igraph, lambda g: g.betweenness()),
    "triangles": ("networkx triangles", undirected, nx.triangles),
    "leiden": ("networkx louvain", plus, lambda g: nx.community.louvain_communities(g, seed=1)),
    "signed_modularity": ("networkx modularity", plus, lambda g: nx.community.modularity(g, [{n for n in g if n % 10 == k} for k in range(10)])),
    "stance": ("scipy pdist, of a table made before", votes, lambda rows: pdist(rows, "cityblock")),
    "series": ("pandas pivot_table and ewm", frame, pivot),
    "change": ("networkx symmetric_difference, which knows no signs", turned, lambda x: nx.symmetric_difference(*x)),
}  # fmt: skip


def seconds(action: Callable[[Any], Any], graph: Any) -> float:
    start = time.process_time()
    action(graph)
    return time.process_time() - start


networks = {size: network(size) for size in sizes}
print(f"igraph {igraph.__version__}, networkx {nx.__version__}")
print(f"{'measure':26}" + "".join(f"{size:>12,}" for size in sizes) + "  exponent  at the last size")
warm = network(sizes[0])
for name, measure in MEASURES.items():
    prepare = PREPARE.get(name, lambda g: g)
    measure(prepare(warm))
    took: dict[int, float] = {}
    for size, graph in networks.items():
        if took and max(took.values()) * (size / max(took)) ** 1.7 > LIMIT:
            break
        took[size] = seconds(measure, prepare(graph))
    first, last = min(took), max(took)
    exponent = math.log(took[last] / took[first]) / math.log(last / first) if last > first else float("nan")
    cells = "".join(f"{took[size]:12.3f}" if size in took else f"{'-':>12}" for size in sizes)
    beside = ""
    if name in BASELINES:
        other, ready, run = BASELINES[name]
        base = seconds(run, ready(networks[last]))
        beside = f"  {took[last] / base:.2f} times {other} ({base:.3f} s)"
    print(f"{name:26}{cells}{exponent:10.2f}{beside}")
