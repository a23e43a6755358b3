"""Time: series of conflict and cooperation by dyad, smoothed, and any measure period by period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import networkx as nx

from kgraph.errors import KgraphError
from kgraph.model import Assertion
from kgraph.network.period import Period, period_of
from kgraph.network.projection import signed_network
from kgraph.network.selection import DEEDS, Selection

Result = TypeVar("Result")


def smoothed(values: Sequence[float], alpha: float = 0.3) -> list[float]:
    """A series, exponentially smoothed.

    Definition: s_0 = x_0, s_t = alpha x_t + (1 - alpha) s_(t-1). Source: Brown (1959), "Statistical Forecasting for Inventory
    Control"; for conflict-cooperation series, Goldstein and Freeman (1990), "Three-Way Street". Cost: O(n). Raises
    KgraphError where alpha is not in 0..1 (0 left out).
    """
    if not 0 < alpha <= 1:
        raise KgraphError(f"alpha is {alpha}; give a number above 0, up to 1")
    out: list[float] = []
    for value in values:
        out.append(value if not out else alpha * value + (1 - alpha) * out[-1])
    return out


def span(assertions: Iterable[Assertion], published: Mapping[str, str] | None = None) -> Period | None:
    """From the first to the last day on which anything happens; None where nothing has a date."""
    found = [p for a in assertions if (p := period_of(a, published)) and p.first and p.last]
    if not found:
        return None
    return Period(min(p.first for p in found if p.first), max(p.last for p in found if p.last))


def by_period(
    assertions: Sequence[Assertion], measure: Callable[[nx.DiGraph], Result], *, step: str = "month",
    selection: Selection = DEEDS, published: Mapping[str, str] | None = None, **options: Any,
) -> list[tuple[Period, Result]]:  # fmt: skip
    """A measure of the signed network of each day, week, month, quarter or year (`signed_network` takes the options).

    Periods in which nothing happens have the measure of an empty network. An act that lasts longer than a period, or of which
    only the month or year is known, is spread over its days: each period gets its share of the weight. Empty where nothing
    has a date. Cost: O(acts + periods) besides the measure.
    """
    dated = [
        (a, p) for a in assertions if selection.admits(a, published) and (p := period_of(a, published)) is not None
    ]
    if not dated:
        return []
    ends = [(p.first, p.last) for _, p in dated if p.first and p.last]
    within = selection.period or Period(None, None)
    first, last = min(a for a, _ in ends), max(b for _, b in ends)
    whole = Period(max(first, within.first or first), min(last, within.last or last))
    steps = list(whole.steps(step))
    begins = [p.first for p in steps if p.first]
    buckets: list[list[tuple[Assertion, float]]] = [[] for _ in steps]
    for a, p in dated:
        at = max(0, bisect_right(begins, p.first or first) - 1)
        while at < len(steps) and p.meets(steps[at]):
            buckets[at].append((a, p.share(steps[at])))
            at += 1
    timeless = replace(selection, period=None)
    out = []
    for p, bucket in zip(steps, buckets, strict=True):
        shares = {id(a): share for a, share in bucket}
        network = signed_network(
            [a for a, _ in bucket], selection=timeless, published=published, factor=partial(_share, shares), **options
        )
        out.append((p, measure(network)))
    return out


def _share(shares: Mapping[int, float], assertion: Assertion) -> float:
    return shares[id(assertion)]


@dataclass(frozen=True, slots=True)
class DyadSeries:
    """One dyad over time: a value for each period; `smooth` is the smoothed net."""

    source: Hashable
    target: Hashable
    periods: tuple[Period, ...]
    cooperation: tuple[float, ...]
    conflict: tuple[float, ...]
    smooth: tuple[float, ...]

    @property
    def net(self) -> tuple[float, ...]:
        """Cooperation less conflict."""
        return tuple(a - b for a, b in zip(self.cooperation, self.conflict, strict=True))


def dyadic_series(
    assertions: Sequence[Assertion], *, step: str = "month", alpha: float = 0.3, selection: Selection = DEEDS,
    published: Mapping[str, str] | None = None, **options: Any,
) -> list[DyadSeries]:  # fmt: skip
    """The series of cooperation, conflict and smoothed net (`smoothed`) of each dyad, the one with most acts first.

    A period without acts counts 0; acts are spread as in `by_period`. Cost: O(acts + dyads x periods).
    """
    networks = by_period(assertions, lambda g: g, step=step, selection=selection, published=published, **options)
    periods = tuple(p for p, _ in networks)
    pairs: dict[tuple[Hashable, Hashable], int] = {}
    for _, network in networks:
        for u, v, data in network.edges(data=True):
            pairs[u, v] = pairs.get((u, v), 0) + len(data["acts"])
    out = []
    for u, v in sorted(pairs, key=lambda p: (-pairs[p], str(p))):
        told = [(g[u][v]["cooperation"], g[u][v]["conflict"]) if g.has_edge(u, v) else (0.0, 0.0) for _, g in networks]
        plus, minus = tuple(a for a, _ in told), tuple(b for _, b in told)
        out.append(DyadSeries(u, v, periods, plus, minus, tuple(smoothed([a - b for a, b in told], alpha))))
    return out
