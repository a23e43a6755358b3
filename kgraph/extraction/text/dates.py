"""Dates: when an act was, as ISO 8601, resolved against the day on which the text was published.

A day is `2009-06-08`, a month `2009-05`, a year `2008`, a week or a decade the interval `2009-05-31/2009-06-06`; weeks run
from Sunday to Saturday, as American newspapers count them. A date belongs to the clause that it stands in; what is told
beside that clause in one breath ("met on Monday and agreed", "met on Monday to agree") shares it.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import lexicon

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_ABBREVIATED = {m[:3]: n for n, m in enumerate(_MONTHS, 1)}
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NUMBERS = {word: n for n, word in enumerate(("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)} | {"an": 1, "one": 1}  # fmt: skip
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_PHRASE = re.compile(r"\b(last|this|next|earlier this|later this|past)\s+(week|month|year)\b", re.I)
_AGO = re.compile(r"\b(\w+)\s+(day|week|month|year)s?\s+(?:ago|earlier)\b", re.I)
_LONE_MONTH = re.compile(
    rf"\b(?P<which>[Ii]n|[Ll]ast|[Nn]ext|[Tt]his|[Ss]ince)\s+(?:late\s+|early\s+|mid-)?(?P<month>{_MONTH})\b(?!\s+\d)"
)
_DECADE = re.compile(r"\bthe\s+((?:19|20)\d)0s\b")
_YEARS = re.compile(r"\b(?:between|from)\s+((?:19|20)\d\d)\s+(?:and|to|until|through)\s+((?:19|20)\d\d)\b", re.I)
_DAY = re.compile(
    r"\b(?:(?P<m1>[A-Z][a-z]{2,8})\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?|"
    r"(?P<d2>\d{1,2})\s+(?P<m2>[A-Z][a-z]{2,8})(?:,?\s+(?P<y2>(?:19|20)\d\d))?|"
    rf"(?P<m3>{_MONTH})\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)|"
    r"[Ii]n\s+(?P<y4>(?:19|20)\d\d))\b"
)
_UP_TO = re.compile(r"\s+(?:to|until|through|and)\s+$")
_AWAITED = frozenset({"expect", "schedule", "set", "due", "plan", "poise", "slate"})
"""What is said of acts to come: the date beside these words is the act's."""
_APART = frozenset({"after", "before", "since", "until", "following", "over", "of", "from", "despite", "for"})
"""What stands behind these prepositions happened at its own time."""
_CUES = frozenset({*_WEEKDAYS, *_MONTHS, *_RELATIVE, "week", "month", "year", "ago", "earlier"})
"""A sentence without a number and without any of these names no date."""
_WHEN = frozenset({"when", "as"})
_HOURS = frozenset({"morning", "noon", "afternoon", "evening", "night", "dawn"})
_STEPS = 4  # how far an act looks for a date that it shares


@dataclass(frozen=True, slots=True)
class _Date:
    """The words of a date: the first token, and the one whose head lies outside; their meaning for what is done and for what is to come."""

    first: int
    token: int
    done: str | None
    ahead: str | None


def date_of(parse: Parse, token: int, published: dt.date | None, *, ahead: bool = False) -> str | None:
    """The date of the act as ISO 8601 (day, month, year or interval), from the predicate's own clause, else None.

    `ahead` is for acts still to come: a bare weekday or month is then the next one, otherwise the last one.
    """
    dates = list(_dates(parse, parse.sent[token], published))
    home = [_home(parse, d) for d in dates]
    place: int | None = token
    for _ in range(_STEPS if dates else 0):
        if place is None:
            break
        here = [d for d, at in zip(dates, home, strict=True) if at == place]
        if parse.dep[place] in ("relcl", "advcl"):
            here += [d for d in dates if d.token == parse.head[place]]  # "on April 10, when ships prevented"
        for found in sorted(here, key=lambda d: abs(d.token - token)):
            meaning = found.ahead if ahead else found.done
            if meaning is not None:
                return meaning
        place = _shared(parse, place)
    return None


def _home(parse: Parse, date: _Date) -> int | None:
    """The predicate that a date belongs to: the verb, participle or event noun whose phrase it stands in."""
    if "since" in parse.lower[max(date.first - 1, 0) : date.first + 1]:
        return None  # how long it has been so, not when it was done
    t = date.token
    own = parse.dep[t] in ("poss", "compound", "nmod", "amod")  # "Saturday's protest"
    while parse.head[t] != t:
        t = parse.head[t]
        pos = parse.pos[t]
        if parse.lower[t] in _HOURS:
            continue  # "yesterday evening"
        if own and pos in ("NOUN", "PROPN"):
            return t
        if pos in ("VERB", "AUX") or (pos == "ADJ" and parse.dep[t] == "amod"):
            return t
        if pos == "NOUN" and parse.lower[parse.head[t]] in _APART and lexicon().heads.get(parse.lemma[t]) == "Event":
            return t  # "after the assassination in 2021"
    return t


def _shared(parse: Parse, place: int) -> int | None:
    """The predicate whose date one without a date of its own shares."""
    up, dep, pos = parse.head[place], parse.dep[place], parse.pos[place]
    if up == place:
        return _when(parse, place)
    if pos not in ("VERB", "AUX"):
        if pos == "ADP" and parse.lower[place] in _APART:
            return None
        return up if dep not in ("relcl", "acl") else None
    bare = not parse.kids(place, "nsubj", "nsubjpass", "mark")
    upper = lexicon().operators.get(parse.lemma[up])
    if dep == "conj" and bare and parse.pos[up] in ("VERB", "AUX"):
        modal = any(parse.dep[c] == "aux" and parse.tag[c] == "MD" for c in parse.children[place])
        return None if modal or any(parse.lower[c] == "but" for c in parse.kids(up, "cc") if c < place) else up
    if dep == "advcl" and bare and (parse.tag[place] in ("VBG", "VBN") or upper is None):
        return up
    if dep in ("xcomp", "ccomp") and bare and (upper is None or parse.lemma[up] in _AWAITED):
        return up
    if dep == "pcomp" and parse.lower[up] == "by":
        return parse.head[up]
    return _when(parse, place)


def _when(parse: Parse, place: int) -> int | None:
    """The clause of "when" that hangs from a predicate: it tells its date."""
    clauses = parse.kids(place, "advcl")
    return next((c for c in clauses if any(parse.lower[a] in _WHEN for a in parse.kids(c, "advmod", "mark"))), None)


def _dates(parse: Parse, sentence: int, published: dt.date | None) -> Iterator[_Date]:
    """The dates named in a sentence; without a day of publication those that need none."""
    first, last = parse.sentences[sentence]
    words = parse.lower[first:last]
    numbers = any(w[0].isdigit() for w in words)
    if not numbers and _CUES.isdisjoint(words):
        return
    offset = parse.start[first]
    text = parse.text[offset : parse.end[last - 1]]

    def date(match: re.Match[str], done: str | None, ahead: str | None) -> _Date:
        low = bisect_right(parse.start, offset + match.start()) - 1
        high = bisect_right(parse.start, offset + match.end() - 1)
        return _Date(
            low, next(t for t in range(low, high) if not low <= parse.head[t] < high or parse.head[t] == t), done, ahead
        )

    if numbers:
        for m in _YEARS.finditer(text):
            yield date(m, f"{m[1]}/{m[2]}", f"{m[1]}/{m[2]}")
        days = list(_DAY.finditer(text))
        for n, m in enumerate(days):
            until = next((d for d in days[n + 1 : n + 2] if _UP_TO.fullmatch(text, m.end(), d.start())), None)
            done, ahead = (_span(m, until, published, coming) for coming in (False, True))
            yield date(m, done, ahead)
        for m in _DECADE.finditer(text):
            yield date(m, f"{m[1]}0/{m[1]}9", f"{m[1]}0/{m[1]}9")
    if published is None:
        return
    for t, lower in enumerate(words, first):
        if lower in _RELATIVE:
            day = (published + dt.timedelta(days=_RELATIVE[lower])).isoformat()
            yield _Date(t, t, day, day)
        elif lower in _WEEKDAYS and parse.words[t][0].isupper():
            next_one = _weekday(lower, published, True)
            coming = t > 0 and parse.lower[t - 1] == "next"
            yield _Date(t, t, next_one if coming else _weekday(lower, published, False), next_one)
    for m in _PHRASE.finditer(text):
        step = {"last": -1, "past": -1, "next": 1}.get(m[1].lower(), 0)
        span = _interval(step, m[2].lower(), published)
        yield date(m, span, span)
    for m in _AGO.finditer(text):
        number = int(m[1]) if m[1].isdigit() else _NUMBERS.get(m[1].lower())
        if number is not None:
            span = _interval(-number, m[2].lower(), published)
            yield date(m, span, span)
    for m in _LONE_MONTH.finditer(text):
        month, which = _ABBREVIATED[m["month"][:3].lower()], m["which"].lower()
        done, ahead = (
            f"{_year(month, published, coming or which == 'next', whole=which == 'last')}-{month:02d}"
            for coming in (False, which != "last")
        )
        yield date(m, done, ahead)


def _span(match: re.Match[str], until: re.Match[str] | None, published: dt.date | None, ahead: bool) -> str | None:
    """A day, month or year, or the interval from it to another one."""
    found = _absolute(match, published, ahead)
    end = _absolute(until, published, ahead) if until is not None else None
    return f"{found}/{end}" if found is not None and end is not None and found < end else found


def _weekday(name: str, published: dt.date, ahead: bool) -> str:
    days = (published.weekday() - _WEEKDAYS.index(name)) % 7
    return (published + dt.timedelta(days=7 - days if ahead and days else -days)).isoformat()


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
