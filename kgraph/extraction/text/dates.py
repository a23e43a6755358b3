"""Dates: when an act was, as ISO 8601, resolved against the day on which the text was published.

A day is `2009-06-08`, a month `2009-05`, a year `2008`, a week or a decade the interval `2009-05-31/2009-06-06`; weeks run
from Sunday to Saturday, as American newspapers count them.
"""

from __future__ import annotations

import datetime as dt
import re

from kgraph.extraction.text.parse import Parse

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_ABBREVIATED = {m[:3]: n for n, m in enumerate(_MONTHS, 1)}
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NUMBERS = {word: n for n, word in enumerate(("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)} | {"an": 1, "one": 1}  # fmt: skip
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_PHRASE = re.compile(r"\b(last|this|next|earlier this|later this|past)\s+(week|month|year)\b", re.I)
_AGO = re.compile(r"\b(\w+)\s+(day|week|month|year)s?\s+(?:ago|earlier)\b", re.I)
_LONE_MONTH = re.compile(
    rf"\b(?P<which>[Ii]n|[Ll]ast|[Nn]ext|[Ss]ince|[Tt]his)\s+(?:late\s+|early\s+|mid-)?(?P<month>{_MONTH})\b(?!\s+\d)"
)
_DECADE = re.compile(r"\bthe\s+((?:19|20)\d)0s\b")
_DAY = re.compile(
    r"\b(?:(?P<m1>[A-Z][a-z]{2,8})\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?|"
    r"(?P<d2>\d{1,2})\s+(?P<m2>[A-Z][a-z]{2,8})(?:,?\s+(?P<y2>(?:19|20)\d\d))?|"
    rf"(?P<m3>{_MONTH})\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)|"
    r"[Ii]n\s+(?P<y4>(?:19|20)\d\d))\b"
)


def date_of(parse: Parse, token: int, published: dt.date | None, *, ahead: bool = False) -> str | None:
    """The date of the act as ISO 8601 (day, month, year or interval), from the predicate's own clause, else None.

    `ahead` is for acts still to come: a bare weekday or month is then the next one, otherwise the last one.
    """
    inside = _clause(parse, token)
    low, high = min(inside), max(inside)
    text = parse.text[parse.start[low] : parse.end[high]]
    match = _DAY.search(text)
    found = _absolute(match, published, ahead) if match else None
    if found is None and (decade := _DECADE.search(text)):
        found = f"{decade[1]}0/{decade[1]}9"
    if found is not None or published is None:
        return found
    for t in sorted(inside, key=lambda t: abs(t - token)):
        lower = parse.lower[t]
        if lower in _RELATIVE:
            return (published + dt.timedelta(days=_RELATIVE[lower])).isoformat()
        if lower in _WEEKDAYS and parse.words[t][0].isupper():
            coming = ahead or (t > 0 and parse.lower[t - 1] == "next")
            days = (published.weekday() - _WEEKDAYS.index(lower)) % 7
            return (published + dt.timedelta(days=7 - days if coming and days else -days)).isoformat()
    if phrase := _PHRASE.search(text):
        step = {"last": -1, "past": -1, "next": 1}.get(phrase[1].lower(), 0)
        return _interval(step, phrase[2].lower(), published)
    if ago := _AGO.search(text):
        number = int(ago[1]) if ago[1].isdigit() else _NUMBERS.get(ago[1].lower())
        return _interval(-number, ago[2].lower(), published) if number is not None else None
    if lone := _LONE_MONTH.search(text):
        month, which = _ABBREVIATED[lone["month"][:3].lower()], lone["which"].lower()
        return f"{_year(month, published, ahead or which == 'next', whole=which == 'last')}-{month:02d}"
    return None


def _clause(parse: Parse, token: int) -> list[int]:
    """The tokens of the predicate's clause: its own subtree without embedded clauses of other predicates."""
    top = token
    while parse.pos[top] not in ("VERB", "AUX") and parse.head[top] != top:
        top = parse.head[top]
    out, stack = [], [top]
    while stack:
        t = stack.pop()
        out.append(t)
        stack.extend(
            c for c in parse.children[t] if parse.dep[c] not in ("ccomp", "relcl", "conj", "parataxis") or c == token
        )
    return out


def _absolute(match: re.Match[str], published: dt.date | None, ahead: bool) -> str | None:
    g = match.groupdict()
    if g["y4"]:
        return g["y4"]
    month = _ABBREVIATED.get((g["m1"] or g["m2"] or g["m3"] or "")[:3].lower())
    if month is None:
        return None
    if g["m3"]:
        return f"{g['y3']}-{month:02d}"
    day = int(g["d1"] or g["d2"])
    year = g["y1"] or g["y2"]
    if year is None and published is None:
        return None
    try:
        if year is not None:
            return dt.date(int(year), month, day).isoformat()
        assert published is not None
        found = dt.date(published.year, month, day)
        if ahead and found < published:
            found = found.replace(year=published.year + 1)
        elif not ahead and found > published:
            found = found.replace(year=published.year - 1)
        return found.isoformat()
    except ValueError:  # the 31st of June, or a number that is no day
        return None


def _year(month: int, published: dt.date, ahead: bool, *, whole: bool = False) -> int:
    """The year of a month named alone: of the last one or, `ahead`, of the next; with `whole` not the running month."""
    if ahead:
        return published.year + (month < published.month)
    return published.year - (month > published.month or (whole and month == published.month))


def _interval(step: int, unit: str, day: dt.date) -> str:
    """The day, week, month or year so many steps from that of `day`."""
    if unit == "day":
        return (day + dt.timedelta(days=step)).isoformat()
    if unit == "year":
        return str(day.year + step)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02d}"
    sunday = day - dt.timedelta(days=(day.weekday() + 1) % 7) + dt.timedelta(weeks=step)
    return f"{sunday.isoformat()}/{(sunday + dt.timedelta(days=6)).isoformat()}"
