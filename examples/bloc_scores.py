"""Cooperation minus conflict for each pair of actors: `python examples/bloc_scores.py articles/`."""

import sys
from collections import Counter

import kgraph

graph = kgraph.build(sys.argv[1:]).network()
score: Counter[tuple[str, str]] = Counter()
for source, target, edge in graph.edges(data=True):
    pair = (graph.nodes[source]["principal"], graph.nodes[target]["principal"])
    if None not in pair and edge["modality"] == "actual" and not edge["negated"]:
        score[pair] += {"+": 1, "-": -1, "0": 0}[edge["polarity"]]
for (source, target), value in score.most_common():
    print(f"{source} -> {target}: {value:+d}")
