"""What a small corpus leaves uncertain: the bootstrap over documents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

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
    leaves nothing to resample: all intervals are then empty. The statistic must need nothing but `weight`. Cost: replicates times the statistic.
    """
    value = dict(statistic(dyads(graph)))
    sampler = _Sampler(graph)
    seen: dict[Hashable, list[float]] = {key: [] for key in value}
    if sampler.documents < 2 or replicates < 1:
        return {key: Interval(v, None, None, 1.0) for key, v in value.items()}
    generator = np.random.default_rng(seed)
    for _ in range(replicates):
        drawn = generator.integers(0, sampler.documents, sampler.documents)
        for key, number in statistic(sampler.network(drawn)).items():
            if number is not None:
                seen.setdefault(key, []).append(float(number))
    ends = [(1 - level) / 2, (1 + level) / 2]
    out = {}
    for key, numbers in seen.items():
        low, high = (float(q) for q in np.quantile(numbers, ends)) if numbers else (None, None)
        mean = sum(numbers) / len(numbers) if numbers else None
        out[key] = Interval(value.get(key), low, high, len(numbers) / replicates, mean)
    return out


class _Sampler:
    """The acts as arrays, so that a replicate costs a few sums."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        acts = [(u, v, float(d["weight"]), sorted({e.document for e in d["evidence"]})) for u, v, d in graph.edges(data=True) if u != v]  # fmt: skip
        self._pairs = list(dict.fromkeys((u, v) for u, v, _, _ in acts))
        pair = {p: i for i, p in enumerate(self._pairs)}
        document = {name: i for i, name in enumerate(sorted({d for *_, own in acts for d in own}))}
        self.documents = len(document)
        self._pair = np.array([pair[u, v] for u, v, _, _ in acts], dtype=np.int64)
        self._weight = np.array([w for _, _, w, _ in acts])
        self._act = np.array([i for i, (*_, own) in enumerate(acts) for _ in own], dtype=np.int64)
        self._document = np.array([document[d] for *_, own in acts for d in own], dtype=np.int64)
        self._size = np.array([len(own) for *_, own in acts], dtype=np.int64)

    def network(self, drawn: NDArray[np.int64]) -> nx.DiGraph:
        """The signed network (`weight` alone) of the documents drawn, each by its number and as often as it was drawn."""
        draws = np.bincount(drawn, minlength=self.documents)
        times = np.bincount(self._act, weights=draws[self._document], minlength=len(self._size)) / self._size
        sums = np.bincount(self._pair, weights=self._weight * times, minlength=len(self._pairs)).tolist()
        there = np.bincount(self._pair, weights=times, minlength=len(self._pairs)).tolist()
        out = nx.DiGraph()
        out.add_weighted_edges_from((*p, w) for p, w, t in zip(self._pairs, sums, there, strict=True) if t)
        return out
