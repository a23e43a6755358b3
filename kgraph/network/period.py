"""Periods of time, and which of them an assertion falls into."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kgraph.errors import KgraphError
from kgraph.model import Assertion

_PART = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
STEPS = ("day", "week", "month", "quarter", "year")
"""The lengths into which a span of time can be cut."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From a first to a last day, both inside; an end that is None is open."""

    first: dt.date | None
    last: dt.date | None

    @classmethod
    def parse(cls, text: str) -> Period:
        """A period of `A..B`, `A..`, `..B` or `A`, where A and B are days, months or years (`2006-06..2006-08`).

        Raises KgraphError where the text is no such thing, or where it ends before it begins.
        """
        begin, dots, end = text.strip().partition("..")
        try:
            first = _first(begin) if begin else None
            last = _last(end if dots else begin) if (end or not dots) else None
        except ValueError:
            raise KgraphError(
                f"{text!r} is no period; write for example 2006-06..2006-08, 2006 or 2006-07-04.."
            ) from None
        if first and last and last < first:
            raise KgraphError(f"the period {text!r} ends before it begins; put the earlier date first")
        return cls(first, last)

    def meets(self, other: Period) -> bool:
        """Have the two periods a day in common?"""
        return not (
            (self.last and other.first and self.last < other.first)
            or (self.first and other.last and other.last < self.first)
        )

    def share(self, other: Period) -> float:
        """The share of this period's days that lie in another one; 1 where either of its ends is open and they meet."""
        if not self.meets(other):
            return 0.0
        if not self.first or not self.last:
            return 1.0
        first, last = max(self.first, other.first or self.first), min(self.last, other.last or self.last)
        return ((last - first).days + 1) / ((self.last - self.first).days + 1)

    def steps(self, step: str) -> Iterator[Period]:
        """The calendar days, weeks (from Monday), months, quarters or years that a closed period touches.

        Raises KgraphError where the step is unknown or an end is open.
        """
        if step not in STEPS:
            raise KgraphError(f"there is no step {step!r}; use one of {', '.join(STEPS)}")
        if not self.first or not self.last:
            raise KgraphError(f"the period {self} has no end; give both days")
        day = _begin(self.first, step)
        while day <= self.last:
            after = _after(day, step)
            yield Period(day, after - dt.timedelta(days=1))
            day = after

    def __str__(self) -> str:
        if self.first and self.first == self.last:
            return self.first.isoformat()
        if self.first and self.last and self.first.day == 1 and _last(f"{self.last:%Y-%m}") == self.last:
            if (self.first.month, self.last.month) == (1, 12) and self.first.year == self.last.year:
                return f"{self.first:%Y}"
            if self.first.replace(day=1) == self.last.replace(day=1):
                return f"{self.first:%Y-%m}"
        return f"{self.first.isoformat() if self.first else ''}..{self.last.isoformat() if self.last else ''}"


def period_of(assertion: Assertion, published: Mapping[str, str] | None = None) -> Period | None:
    """When an assertion's act took place: its own date, else the earliest day of publication of its documents, else None.

    `published` is document id -> ISO 8601 date. Taking the day of the report for that of the act is what event data do
    where the text tells none.
    """
    if assertion.date:
        begin, _, end = assertion.date.partition("/")
        try:
            return Period(_first(begin), _last(end or begin))
        except ValueError:
            return None
    days = [day for e in assertion.evidence if published and (day := published.get(e.document))]
    if not days:
        return None
    try:
        return Period(_first(min(days)), _last(min(days)))
    except ValueError:
        return None


def _first(text: str) -> dt.date:
    if not _PART.match(text):
        raise ValueError(text)
    return dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)


def _last(text: str) -> dt.date:
    day = _first(text)
    if len(text) == 4:
        return day.replace(month=12, day=31)
    return day.replace(day=monthrange(day.year, day.month)[1]) if len(text) == 7 else day


def _begin(day: dt.date, step: str) -> dt.date:
    if step == "week":
        return day - dt.timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    if step == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _after(day: dt.date, step: str) -> dt.date:
    if step in ("day", "week"):
        return day + dt.timedelta(days=7 if step == "week" else 1)
    months = day.month - 1 + {"month": 1, "quarter": 3, "year": 12}[step]
    return day.replace(year=day.year + months // 12, month=months % 12 + 1)
