"""Dates of cells, in ISO 8601; an impossible one raises ValueError with its cause."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ].*)?$")
_PACKED = re.compile(r"(\d{4})(\d\d)?(\d\d)?$")
_SLASHED = re.compile(r"(\d\d?)([/.])(\d\d?)\2(\d{4})(?:[T ].*)?$")
_PARTS = {"YYYY": 1, "YYYYMM": 2, "YYYYMMDD": 3}


@lru_cache(maxsize=50_000)
def day(cell: str, form: str | None) -> str:
    """The date of one cell in a form of `loading.FORMS`, or in ISO 8601, YYYYMMDD or YYYY."""
    year, month, day_of_month = _parts(cell, form)
    try:
        return iso(year, month, day_of_month)
    except ValueError:
        raise ValueError(f"the date {cell!r} is no day of the calendar") from None


def _parts(cell: str, form: str | None) -> tuple[str, str, str]:
    if form in ("DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY"):
        match = _SLASHED.match(cell)
        if not match:
            raise ValueError(f"the date {cell!r} is not {form}")
        first, second = match[1], match[3]
        return (match[4], first, second) if form == "MM/DD/YYYY" else (match[4], second, first)
    match = _PACKED.match(cell) if form in _PARTS or "-" not in cell[:5] else None
    match = match or (None if form in _PARTS else _ISO.match(cell))
    if not match or (form in _PARTS and sum(part is not None for part in match.groups()) != _PARTS[form]):
        raise ValueError(f"the date {cell!r} is not {form or 'YYYY-MM-DD, YYYYMMDD or YYYY'}")
    return match[1], match[2] or "", match[3] or ""


@lru_cache(maxsize=50_000)
def iso(year: str, month: str, day_of_month: str) -> str:
    """The date of a year, and of a month and a day where they are known ("" or 0 where not)."""
    told = "-".join(part for part in (year, month, day_of_month) if part)
    try:
        y, m, d = int(float(year)), int(float(month or 0)), int(float(day_of_month or 0))
        if not 1000 <= y <= 2999:
            raise ValueError
        if m <= 0:
            return f"{y:04d}"
        if d <= 0:
            return dt.date(y, m, 1).isoformat()[:7]
        return dt.date(y, m, d).isoformat()
    except (ValueError, OverflowError):
        raise ValueError(f"the date {told!r} is no day of the calendar") from None


def interval(start: str, end: str) -> str:
    """Two dates as an interval, or one where they are the same; ValueError where the end comes first."""
    if end == start:
        return start
    shared = min(len(start), len(end))
    if end[:shared] < start[:shared]:
        raise ValueError(f"the end {end} lies before the start {start}")
    return f"{start}/{end}"
