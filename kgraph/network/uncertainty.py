"""What a small corpus leaves uncertain: the bootstrap over documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from kgraph.network.projection import dyads

SMALL = 30
"""Documents below which a corpus is called small."""

Statistic = Callable[[nx.DiGraph], Mapping[Hashable, float | None]]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the percentile interval and the mean of its bootstrap; these are None where no replicate has a value.

    `present` is the share of replicates in which it has one: an actor told of by one document out of three is missing from
    many.
    """

    value: float | None
    low: float | None
    high: float | None
    present: float
    mean: float | None = None


def bootstrap(
    graph: nx.MultiDiGraph, statistic: Statistic, *, replicates: int = 200, level: float = 0.95, seed: int = 0
) -> dict[Hashable, Interval]:
    """Intervals for each value of a statistic of the signed network, by resampling documents.

    The input is a projection of actors with weights. Definition: documents are drawn with replacement, as many as there are;
    an act's weight is multiplied by the draws of its documents over their number; the interval is between the percentiles
    (1 - level)/2 and (1 + level)/2 of the replicates. Source: Efron (1979), Annals of Statistics 7: 1-26; resampling whole
    documents keeps what one document says together (cluster bootstrap, Davison and Hinkley 1997, section 3.8). One document
    leaves nothing to resample: all intervals are then empty. Cost: replicates times the statistic.
    """
    value = dict(statistic(dyads(graph)))
    documents = sorted({e.document for _, _, d in graph.edges(data=True) for e in d["evidence"]})
    seen: dict[Hashable, list[float]] = {key: [] for key in value}
    if len(documents) < 2 or replicates < 1:
        return {key: Interval(v, None, None, 1.0) for key, v in value.items()}
    generator = np.random.default_rng(seed)
    told = [(u, v, d, [e.document for e in d["evidence"]]) for u, v, d in graph.edges(data=True)]
    for _ in range(replicates):
        drawn = Counter(documents[i] for i in generator.integers(0, len(documents), len(documents)))
        sample = nx.MultiDiGraph()
        for u, v, data, own in told:
            times = sum(drawn[d] for d in own) / len(own)
            if times:
                sample.add_node(u, **graph.nodes[u])
                sample.add_node(v, **graph.nodes[v])
                sample.add_edge(u, v, **{**data, "weight": data["weight"] * times})
        for key, number in statistic(dyads(sample)).items():
            if number is not None:
                seen.setdefault(key, []).append(float(number))
    ends = [(1 - level) / 2, (1 + level) / 2]
    out = {}
    for key, numbers in seen.items():
        low, high = (float(q) for q in np.quantile(numbers, ends)) if numbers else (None, None)
        mean = sum(numbers) / len(numbers) if numbers else None
        out[key] = Interval(value.get(key), low, high, len(numbers) / replicates, mean)
    return out
