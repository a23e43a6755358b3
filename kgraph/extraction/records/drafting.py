"""A first mapping for a table of the user's own, from its columns and first rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from kgraph.errors import KgraphError
from kgraph.extraction.records.dates import day
from kgraph.extraction.records.files import READ_ERRORS, members
from kgraph.extraction.records.layout import Layout
from kgraph.extraction.records.loading import FORMS
from kgraph.extraction.records.recognition import recognise_columns
from kgraph.extraction.records.rows import read_rows
from kgraph.ontology.codes import UnknownCodeError, cameo_code, plover, system
from kgraph.ontology.relations import relations

_ROWS = 500
_SYSTEMS = ("iso3", "iso2", "cow", "names")
_SUBJECT = re.compile(
    r"(?i)subject|source|actor_?1|actor|sender|from|initiator|country_?1|state_?1|side_?a|country|state"
)
_OBJECT = re.compile(r"(?i)object|target|actor_?2|recipient|receiver|to|country_?2|state_?2|side_?b|partner|resolution")
_RELATION = re.compile(r"(?i)relation|event|action|cameo|plover|type|verb|vote|code")
_DATE = re.compile(r"(?i)date|day|year|time")
_END = re.compile(r"(?i)(.*_)?(end|until|finish|to|exit|last)(_.*|date|day|year|yr|ed)?")
_CONFIDENCE = re.compile(r"(?i)confidence|certainty|probability|sure")
_PUBLISHER = re.compile(r"(?i)source|publisher|paper|outlet|newspaper")
_URL = re.compile(r"(?i)url|link|sourceurl")
_KINDS = 12
"""A column of so few words, again and again, may be what is done."""


def draft(path: Path) -> str:
    """The mapping's text; KgraphError where the table cannot be read, or its columns have no names."""
    try:
        file = members(path)[0]
        with file.open() as stream:
            table = read_rows(stream, file, Layout())
            columns = table.columns
            rows = [
                cells for _, cells, problem in islice(table.rows, _ROWS) if not problem and len(cells) == len(columns)
            ]
    except (*READ_ERRORS, IndexError) as error:
        raise KgraphError(
            f"{path}: cannot be read as a table ({error}); give CSV, JSON Lines, Excel or Parquet"
        ) from error
    if file.kind == "xml":
        raise KgraphError(f"{path}: a mapping for XML must name the elements that are rows; see docs/data-sets.md")
    if not columns:
        raise KgraphError(f"{path}: the columns have no names; give the table a header")
    known = recognise_columns(columns, rows[0] if rows else (), file)
    cells = {name: [row[i].strip() for row in rows if row[i].strip()] for i, name in enumerate(columns)}
    used: set[str] = set()
    date = _chosen(columns, used, _DATE, cells, _is_date)
    until = date and _chosen([c for c in columns if _END.fullmatch(c)], used, _END, cells, _is_date)
    named = [c for c in columns if _RELATION.search(c)]
    relation = _chosen(columns, used, _RELATION, cells, _is_coded) or _chosen(named, used, _RELATION, cells, _is_kind)
    subject = _chosen(columns, used, _SUBJECT, cells, _codes)
    other = _chosen(columns, used, _OBJECT, cells, _codes)
    relation = relation or _chosen(columns, used, _RELATION, cells, _is_kind_again)
    told = {"publisher": _named(columns, used, _PUBLISHER, cells), "url": _named(columns, used, _URL, cells)}
    lines = [
        f"# A first mapping for {path.name}, from its columns: {', '.join(columns)}.",
        *([f"# Its format is known ({known.title}): `kgraph build` reads it without a mapping."] if known else []),
        "# Look at every line; docs/data-sets.md describes the keys. Try it: kgraph mapping check THIS.yaml TABLE",
        f"mapping: {_quoted(path.name.split('.')[0])}",
        f"title: {_quoted(path.name.split('.')[0])}",
        'missing: ["NA", "-9"]',
        f"evidence: [{', '.join(_quoted(c) for c in columns[:12])}]",
        *(f"{key}: {json.dumps('{' + c + '}', ensure_ascii=False)}" for key, c in told.items() if c),
        *_who("subject", subject, cells),
        *_relation(relation, cells),
        *_who("object", other, cells),
        *(
            [f"date: {{column: {_quoted(date)}{_form(cells[date])}}}"]
            if date
            else ["# date: a column of days or years"]
        ),
        *([f"until: {{column: {_quoted(until)}{_form(cells[until])}}}"] if until else []),
        "# place: where it happened, if the object is an Event",
        _confidence(_chosen([c for c in columns if _CONFIDENCE.fullmatch(c)], used, _CONFIDENCE, cells, _top), cells),
    ]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_][\w .-]*", name) and name.lower() not in ("yes", "no", "on", "off", "null", "true", "false", "y", "n") else json.dumps(name, ensure_ascii=False)  # fmt: skip


def _chosen(columns: Sequence[str], used: set[str], pattern: re.Pattern[str], cells: dict[str, list[str]], fits: object) -> str | None:  # fmt: skip
    """The first column whose name and cells fit, else the first whose cells do."""
    free = [c for c in columns if c not in used and cells[c] and fits(cells[c])]  # type: ignore[operator]
    named = [c for c in free if pattern.fullmatch(c)] or [c for c in free if pattern.search(c)]
    found = next(iter(named or free), None)
    if found:
        used.add(found)
    return found


def _named(columns: Sequence[str], used: set[str], pattern: re.Pattern[str], cells: dict[str, list[str]]) -> str | None:
    """The first column of such a name that nothing else uses."""
    return _chosen([c for c in columns if pattern.fullmatch(c)], used, pattern, cells, bool)


def _top(values: Sequence[str]) -> int | None:
    """The highest value of a column of confidences: 1 or 100."""
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return None
    return next((top for top in (1, 100) if all(0 <= n <= top for n in numbers)), None)


def _confidence(column: str | None, cells: dict[str, list[str]]) -> str:
    return f"confidence: {{column: {_quoted(column)}, of: {_top(cells[column])}}}" if column else "confidence: 1"


def _codes(values: Sequence[str]) -> str | None:
    """The code system that knows most of the cells, if it knows half of them, and names, if some of the rest are."""
    best = max(_SYSTEMS, key=lambda name: len(_known(values, name)))
    known = _known(values, best)
    if len(known) * 2 < len(values):
        return None
    rest = set(values).difference(known)
    return f"[{best}, names]" if best != "names" and _known(rest, "names") else best


def _known(values: Iterable[str], name: str) -> list[str]:
    """The cells that a code system knows."""
    found = []
    for value in values:
        try:
            system(name).find(value)
        except UnknownCodeError:
            continue
        found.append(value)
    return found


def _is_date(values: Sequence[str]) -> bool:
    return _date_form(values) is not None


def _date_form(values: Sequence[str]) -> str | None:
    """The form that fits most of the cells, if it fits half of them; "" for ISO 8601 and its kin."""
    best = max(("", *FORMS), key=lambda form: _fitting(values, form))
    return best if _fitting(values, best) * 2 >= len(values) else None


def _fitting(values: Sequence[str], form: str) -> int:
    count = 0
    for value in values:
        try:
            day(value, form or None)
            count += 1
        except ValueError:
            pass
    return count


def _form(values: Sequence[str]) -> str:
    form = _date_form(values)
    return f", form: {form}" if form else ""


def _is_coded(values: Sequence[str]) -> bool:
    """Are the cells relations of the ontology, PLOVER types, or CAMEO codes?"""
    kinds = {kind for kind, _ in plover()}
    return (
        all(v in relations() for v in values)
        or all(v.upper() in kinds for v in values)
        or all(_is_cameo(v) and len(v) > 2 for v in values)
    )


def _is_kind(values: Sequence[str]) -> bool:
    """Are the cells a few words, again and again?"""
    return len(set(values)) <= _KINDS and not _codes(values) and not _is_date(values)


def _is_kind_again(values: Sequence[str]) -> bool:
    """The same of a column whose name says nothing: words, and fewer of them than rows."""
    return _is_kind(values) and len(set(values)) < len(values) and all(any(c.isalpha() for c in v) for v in values)


def _is_cameo(value: str) -> bool:
    try:
        cameo_code(value)
    except UnknownCodeError:
        return False
    return True


def _relation(column: str | None, cells: dict[str, list[str]]) -> list[str]:
    if column is None:
        return ["relation: supports  # which one? `kgraph ontology` lists them"]
    values = cells[column]
    if all(v.upper() in {kind for kind, _ in plover()} for v in values):
        return [f"relation: {{column: {_quoted(column)}, codes: plover}}"]
    if all(_is_cameo(v) for v in values):
        return [f"relation: {{column: {_quoted(column)}, codes: cameo}}"]
    found = [f"    # cell: relation; nothing where it says nothing. One of {', '.join(list(relations())[:8])}, ..."]
    found += [f"    {json.dumps(v, ensure_ascii=False)}: {_meant(v)}".rstrip() for v in dict.fromkeys(values)]
    return ["relation:", f"  column: {_quoted(column)}", "  values:", *found]


def _meant(cell: str) -> str:
    """The relation that bears the cell's name (`Visit`, `visits`), or ""."""
    known = {key.casefold(): name for name, r in relations().items() for key in (name, r.label)}
    word = cell.casefold()
    return known.get(word) or known.get(word + "s") or ""


def _who(place: str, column: str | None, cells: dict[str, list[str]]) -> list[str]:
    if column is None:
        return [f"{place}: {{is: UN}}  # who? {{column: NAME, codes: iso3}}, or always the same one"]
    codes = _codes(cells[column])
    more = (
        "  # with `type: Organization`, a name that no table knows is a new one" if codes and "names" in codes else ""
    )
    return [f"{place}: {{column: {_quoted(column)}, codes: {codes}}}{more}"]
