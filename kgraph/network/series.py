"""Time: series of conflict and cooperation by dyad, smoothed, and any measure period by period."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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

    Periods in which nothing happens have the measure of an empty network. An act that lasts longer counts in each period it
    touches. Empty where nothing has a date.
    """
    counting = [a for a in assertions if selection.admits(a, published)]
    whole = span(counting, published)
    if whole is None:
        return []
    if selection.period:
        whole = Period(max(filter(None, (whole.first, selection.period.first))), min(filter(None, (whole.last, selection.period.last))))  # fmt: skip
    return [
        (p, measure(signed_network(counting, selection=replace(selection, period=p), published=published, **options)))
        for p in whole.steps(step)
    ]


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

    A period without acts counts 0. Cost: O(acts x periods they touch).
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
