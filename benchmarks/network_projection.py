"""CPU seconds to project N assertions over those networkx needs to add the same edges: `python benchmarks/network_projection.py [N]`."""

import random
import sys
import time

import networkx as nx

from kgraph.model import Assertion, Entity, Evidence, NodeType
from kgraph.network import DEEDS, Weighting, project, signed_network
from kgraph.ontology import relations

n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
draw = random.Random(1)
actors = [Entity(f"A{i}", f"Actor {i}", NodeType.STATE) for i in range(max(200, n // 100))]
names = [r for r in relations().values() if not r.structural]
assertions = [
    Assertion(draw.choice(actors), draw.choice(names).name, draw.choice(actors), (Evidence(f"d{i % 5000}", 0, 1, "x"),), "text", date="2006-07-09")
    for i in range(n)
]  # fmt: skip
rows = [(u, v, dict(d)) for u, v, d in project(assertions).edges(data=True)]


def seconds(action: object) -> float:
    start = time.process_time()
    action()  # type: ignore[operator]
    return time.process_time() - start


def bare() -> None:
    graph = nx.MultiDiGraph()
    for u, v, data in rows:
        graph.add_edge(u, v, **data)


ratios: dict[str, list[float]] = {}
for _ in range(3):
    base = seconds(bare)
    timed = {
        "project": seconds(lambda: project(assertions)),
        "project deeds, weighted": seconds(lambda: project(assertions, selection=DEEDS, weighting=Weighting(), things=False)),
        "signed_network": seconds(lambda: signed_network(assertions)),
    }  # fmt: skip
    print(f"networkx adds {n} edges in {base:.2f} s; " + ", ".join(f"{k} {v:.2f} s" for k, v in timed.items()))
    for key, value in timed.items():
        ratios.setdefault(key, []).append(value / base)
for key, values in ratios.items():
    print(f"{key:26} {sorted(values)[1]:.2f} times networkx (median of {len(values)})")
