"""How large an entity network one machine's igraph takes: `python benchmarks/scale_network.py [--edges 1000000 10000000]`.

A generated table of pairs (a tenth as many entities as edges, chosen with a long tail, as in news) goes the way of
`kgraph.engine.dyads.entity_network` after Spark's part of it. Printed are processor seconds and the peak of memory.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from kgraph.engine.dyads import graph_of


def pairs(edges: int) -> pa.Table:
    """So many pairs with a count."""
    lot = np.random.default_rng(7)
    entities = edges // 10
    ends = (entities * lot.random((2, edges)) ** 3).astype(np.int64)
    names = pa.array([f"Event:an-event-of-number-{i}" for i in range(entities)])
    source, target = (names.take(pa.array(e)) for e in ends)
    return pa.table({"source": source, "target": target, "statements": lot.integers(1, 9, edges)})


def timed(label: str, run: Callable[[], Any]) -> Any:
    """Run, and print what it cost."""
    began, spent = time.perf_counter(), time.process_time()
    out = run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"  {label:34} {time.process_time() - spent:8.1f} CPU s {time.perf_counter() - began:8.1f} s   peak {peak:5.1f} GB",
        flush=True,
    )
    return out


def measure(edges: int) -> None:
    """Measure a network of so many edges, step by step."""
    print(
        f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: {edges:,} edges, {edges // 10:,} entities"
    )
    table = timed("the table of pairs", lambda: pairs(edges))
    graph = timed("graph_of", lambda: graph_of(table))
    timed("weak components", lambda: graph.connected_components(mode="weak"))
    timed("PageRank", lambda: graph.pagerank(weights="statements"))
    folded = timed(
        "undirected, folded", lambda: graph.as_undirected(mode="collapse", combine_edges={"statements": "sum"})
    )
    timed("k-cores", folded.coreness)
    timed(
        "Leiden communities",
        lambda: folded.community_leiden(objective_function="modularity", weights="statements", n_iterations=2),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--edges", type=int, nargs="+", default=[1_000_000, 10_000_000])
    for edges in parser.parse_args().edges:
        measure(edges)


if __name__ == "__main__":
    main()
