"""Factuality: is it said to be so, may it be so, is it demanded; who says it; when.

The clause chain above a predicate is walked once; each governing verb is an operator of `lexicon/operators.csv`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.quotations import Quotations
from kgraph.model import Modality
from kgraph.ontology.lexicon import lexicon

_NEGATORS = frozenset(
    {"not", "n't", "n’t", "never", "no", "neither", "nor", "without", "hardly", "scarcely", "nobody", "none"}
)
_POSSIBLE = frozenset({"may", "might", "could", "can"})
_PLANNED = frozenset({"will", "'ll", "’ll", "shall", "would", "wo"})
_REQUESTED = frozenset({"should", "must", "ought"})
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ABBREVIATED = {m[:3]: n for n, m in enumerate(_MONTHS, 1)} | {"sept": 9}


@dataclass(slots=True)
class Factuality:
    """How a predicate is presented. `speaker` holds the head tokens of who says it."""

    negated: bool = False
    modality: Modality = Modality.ACTUAL
    speaker: tuple[int, ...] = ()


_RANK = {Modality.ACTUAL: 0, Modality.PLANNED: 1, Modality.POSSIBLE: 2, Modality.REQUESTED: 3, Modality.DENIED: 4}


def factuality(
    parse: Parse, token: int, light: int | None = None, quotations: Quotations | None = None
) -> Factuality:
    """Negation, modality and speaker of the predicate at a token; who says it may stand outside its sentence's clauses."""
    out = Factuality()
    anchor = light if light is not None else token
    _local(parse, anchor, out)
    if anchor != token:
        out.negated ^= any(parse.lower[c] in ("no",) for c in parse.children[token])
    operators = lexicon().operators
    node = anchor
    for _ in range(8):
        up, dep = parse.head[node], parse.dep[node]
        if up == node:
            break
        if parse.pos[up] in ("VERB", "AUX"):
            lemma = parse.lemma[up]
            kind = operators.get(lemma)
            clausal = dep in ("ccomp", "xcomp", "pcomp", "csubj") or (dep == "prep" and node != anchor)
            if clausal and kind == "speech" and dep in ("ccomp", "pcomp", "prep"):
                if not out.speaker:
                    out.speaker = tuple(arguments(parse, up).subjects)
            elif dep == "ccomp" and kind == "requested" and lemma in ("tell",):
                out.speaker = out.speaker or tuple(arguments(parse, up).subjects)
            elif clausal and kind in ("planned", "possible", "requested", "denied"):
                _raise(out, Modality(kind))
            elif clausal and kind == "negated":
                out.negated = not out.negated
            if clausal and kind != "speech":
                # negation and modality of the governing verb reach the clause ("did not agree to sign", "may seek to join")
                upper = Factuality()
                _local(parse, up, upper)
                out.negated ^= upper.negated
                _raise(out, upper.modality)
        elif parse.pos[up] in ("NOUN", "PROPN") and dep in ("acl",) and parse.tag[node] in ("VB",):
            _raise(out, Modality.PLANNED)
        if dep == "advcl" and any(parse.lower[c] in ("if", "unless") for c in parse.kids(node, "mark")):
            _raise(out, Modality.POSSIBLE)
        node = up
    if not out.speaker and quotations is not None and (speaker := quotations.speaker(token)) is not None:
        out.speaker = (speaker,)
    return out


def _raise(out: Factuality, modality: Modality) -> None:
    if _RANK[modality] > _RANK[out.modality]:
        out.modality = modality


def _local(parse: Parse, verb: int, out: Factuality) -> None:
    for c in parse.children[verb]:
        lower = parse.lower[c]
        if parse.dep[c] == "neg" or (parse.dep[c] in ("advmod", "det", "preconj") and lower in _NEGATORS):
            out.negated = True
        elif parse.dep[c] == "aux":
            if lower in _POSSIBLE:
                _raise(out, Modality.POSSIBLE)
            elif lower in _PLANNED:
                _raise(out, Modality.PLANNED)
            elif lower in _REQUESTED:
                _raise(out, Modality.REQUESTED)
        elif parse.dep[c] in ("nsubj", "nsubjpass", "dobj") and any(
            parse.lower[d] in ("no", "neither") for d in parse.children[c]
        ):
            out.negated = True
        elif parse.dep[c] == "mark" and lower == "if":
            _raise(out, Modality.POSSIBLE)
    if parse.dep[verb] == "pcomp" and parse.lower[parse.head[verb]] == "without":
        out.negated = True
    if (
        parse.dep[verb] == "conj"
        and parse.pos[parse.head[verb]] in ("VERB", "AUX")
        and not any(parse.dep[c] in ("aux", "nsubj") for c in parse.children[verb])
    ):
        upper = Factuality()
        for c in parse.children[parse.head[verb]]:
            if parse.dep[c] == "aux" and parse.lower[c] in _PLANNED | _POSSIBLE | _REQUESTED:
                _local(parse, parse.head[verb], upper)
        _raise(out, upper.modality)


_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_PHRASE = re.compile(r"\b(last|this|next|earlier this|later this|past)\s+(week|month|year)\b", re.I)
_DAY = re.compile(
    r"\b(?:(?P<m1>[A-Z][a-z]{2,8})\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?|"
    r"(?P<d2>\d{1,2})\s+(?P<m2>[A-Z][a-z]{2,8})(?:,?\s+(?P<y2>(?:19|20)\d\d))?|"
    r"(?P<m3>January|February|March|April|May|June|July|August|September|October|November|December)\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)|"
    r"[Ii]n\s+(?P<y4>(?:19|20)\d\d))\b"
)


def date_of(parse: Parse, token: int, published: dt.date | None, *, ahead: bool = False) -> str | None:
    """The date of the act as ISO 8601 (day, month, year or interval), from the predicate's own clause, else None.

    `ahead` is for acts still to come: a bare weekday is then the next one, otherwise the last one.
    """
    inside = _clause(parse, token)
    low, high = min(inside), max(inside)
    text = parse.text[parse.start[low] : parse.end[high]]
    match = _DAY.search(text)
    if match:
        found = _absolute(match, published)
        if found:
            return found
    if published is None:
        return None
    for t in sorted(inside, key=lambda t: abs(t - token)):
        lower = parse.lower[t]
        if lower in _RELATIVE:
            return (published + dt.timedelta(days=_RELATIVE[lower])).isoformat()
        if lower in _WEEKDAYS and parse.words[t][0].isupper():
            coming = ahead or (t > 0 and parse.lower[t - 1] == "next")
            days = (published.weekday() - _WEEKDAYS.index(lower)) % 7
            return (published + dt.timedelta(days=7 - days if coming and days else -days)).isoformat()
    phrase = _PHRASE.search(text)
    return _interval(phrase[1].lower(), phrase[2].lower(), published) if phrase else None


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


def _absolute(match: re.Match[str], published: dt.date | None) -> str | None:
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
    if year is None:
        if published is None:
            return None
        year = str(published.year - (month > published.month + 6))
    try:
        return dt.date(int(year), month, day).isoformat()
    except ValueError:
        return None


def _interval(which: str, unit: str, day: dt.date) -> str:
    step = -1 if which in ("last", "past") else 1 if which == "next" else 0
    if unit == "year":
        return str(day.year + step)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02d}"
    sunday = day - dt.timedelta(days=(day.weekday() + 1) % 7) + dt.timedelta(weeks=step)
    return f"{sunday.isoformat()}/{(sunday + dt.timedelta(days=6)).isoformat()}"
