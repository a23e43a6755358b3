"""CPU seconds of each measure on random signed networks, beside networkx and igraph: `python benchmarks/network_measures.py [EDGES...]`.

The exponent is the slope of log seconds over log edges between the smallest and the largest network that ran; what would take
longer than the limit of seconds is left out (-). Ties have a third of negative signs, the mean degree is twenty.
"""

import math
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import igraph
import networkx as nx

from kgraph.network import measures as m
from kgraph.network import undirected
from kgraph.network.interchange import to_igraph

LIMIT = 120.0
sizes = [int(x) for x in sys.argv[1:]] or [1_000, 10_000, 100_000]


def network(edges: int) -> nx.DiGraph:
    draw = random.Random(7)
    n = edges // 10
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    while graph.number_of_edges() < edges:
        u, v = draw.randrange(n), draw.randrange(n)
        if u != v:
            graph.add_edge(u, v, weight=draw.choice([1.0, 2.0, -1.5]))
    return graph


def plus(graph: nx.DiGraph) -> nx.Graph:
    return nx.Graph((u, v) for u, v, w in undirected(graph).edges(data="weight") if w > 0)


MEASURES: dict[str, Callable[[nx.DiGraph], Any]] = {
    "signed_degree": m.signed_degree,
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
}
BASELINES: dict[str, tuple[str, Callable[[nx.DiGraph], Any], Callable[[Any], Any]]] = {
    "signed_degree": ("networkx degree(weight)", lambda g: g, lambda g: dict(g.degree(weight="weight"))),
    "reciprocity": ("networkx overall_reciprocity", lambda g: g, nx.overall_reciprocity),
    "pagerank": ("igraph pagerank", to_igraph, lambda g: g.pagerank()),
    "betweenness": ("igraph betweenness", to_igraph, lambda g: g.betweenness()),
    "triangles": ("networkx triangles", undirected, nx.triangles),
    "leiden": ("networkx louvain", plus, lambda g: nx.community.louvain_communities(g, seed=1)),
    "signed_modularity": ("networkx modularity", plus, lambda g: nx.community.modularity(g, [{n for n in g if n % 10 == k} for k in range(10)])),
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
    measure(warm)
    took: dict[int, float] = {}
    for size, graph in networks.items():
        if took and max(took.values()) * (size / max(took)) ** 1.7 > LIMIT:
            break
        took[size] = seconds(measure, graph)
    first, last = min(took), max(took)
    exponent = math.log(took[last] / took[first]) / math.log(last / first) if last > first else float("nan")
    cells = "".join(f"{took[size]:12.3f}" if size in took else f"{'-':>12}" for size in sizes)
    beside = ""
    if name in BASELINES:
        other, prepare, run = BASELINES[name]
        base = seconds(run, prepare(networks[last]))
        beside = f"  {took[last] / base:.2f} times {other} ({base:.3f} s)"
    print(f"{name:26}{cells}{exponent:10.2f}{beside}")
