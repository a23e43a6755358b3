"""Gold files: whole articles annotated by the rules of docs/model.md, or sentences with one event each.

An article is a JSON object with `id`, `document` (path of the text, relative to the gold file), `date` and `assertions`,
each with `subject`, `subject_principal`, `relation`, `object`, `object_principal`, `object_head` (the lemma of the head
noun of an object that is no actor, else null), `negated`, `modality` and `quote`.

Sentences are JSON Lines: `id`, `text`, `gold`, a list of objects with `source`, `target` (principals) and `code` (a
PLOVER type).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kgraph.documents import read
from kgraph.errors import KgraphError
from kgraph.model import Document
from kgraph.ontology import relations


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One annotated statement. `relation` is None where only the PLOVER type was annotated."""

    doer: str | None
    doer_label: str
    relation: str | None
    plover: str | None
    target: str | None
    target_label: str
    head: str | None = None
    negated: bool = False
    modality: str = "actual"
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """A document with everything it should yield; `whole` tells articles from sentences with one event."""

    document: Document
    items: tuple[GoldItem, ...]
    whole: bool


def load_gold(path: Path) -> list[Gold]:
    """The documents of a gold file, or of all `.json` files in a folder; KgraphError where one cannot be read."""
    if path.is_dir():
        files = sorted(path.glob("*.json"))
        if not files:
            raise KgraphError(f"{path}: there is no gold in this folder; put .json files there or name a file")
        return [gold for file in files for gold in load_gold(file)]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KgraphError(f"{path}: cannot be read as gold ({error}); give a UTF-8 file of JSON") from error
    if path.suffix == ".jsonl":
        return [
            _sentence(_parsed(line, f"{path}:{number}"), f"{path}:{number}")
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    return [_article(_parsed(text, str(path)), path)]


def _parsed(text: str, place: str) -> Mapping[str, object]:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise KgraphError(f"{place}: is no JSON ({error}); see docs/evaluation.md for the form") from error
    if not isinstance(raw, dict):
        raise KgraphError(f"{place}: is no JSON object; see docs/evaluation.md for the form")
    return raw


def _items(raw: Mapping[str, object], name: str, place: str) -> list[Mapping[str, object]]:
    found = raw.get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise KgraphError(f"{place}: `{name}` must be a list of objects; see docs/evaluation.md for the form")
    return found


def _text(item: Mapping[str, object], name: str, place: str, *, needed: bool = True) -> str:
    value = item.get(name)
    if isinstance(value, str) and (value or not needed):
        return value
    if value is None and not needed:
        return ""
    raise KgraphError(f"{place}: `{name}` must be a text; see docs/evaluation.md for the form")


def _sentence(raw: Mapping[str, object], place: str) -> Gold:
    items = []
    for item in _items(raw, "gold", place):
        doer, target = _text(item, "source", place, needed=False), _text(item, "target", place, needed=False)
        if doer and target and doer != target:
            code = {"YIELD": "CONCEDE"}.get(_text(item, "code", place), _text(item, "code", place))
            items.append(GoldItem(doer, doer, None, code, target, target))
    return Gold(Document(_text(raw, "id", place), _text(raw, "text", place)), tuple(items), False)


def _article(raw: Mapping[str, object], path: Path) -> Gold:
    place = str(path)
    day = raw.get("date")
    try:
        date = dt.date.fromisoformat(day) if isinstance(day, str) and day else None
    except ValueError:
        raise KgraphError(f"{place}: `date` {day!r} is no date; write YYYY-MM-DD") from None
    name = raw.get("document")
    source = path.parent / (name if isinstance(name, str) else _text(raw, "id", place) + ".txt")
    documents = list(read([source], date=date))
    if len(documents) != 1:
        raise KgraphError(f"{place}: `document` must name one readable text; {source} gives {len(documents)}")
    items = []
    for number, item in enumerate(_items(raw, "assertions", place), 1):
        where = f"{place}, assertion {number}"
        relation = _text(item, "relation", where)
        if relation not in relations():
            raise KgraphError(f"{where}: there is no relation {relation!r}; ontology/relations.csv has them")
        head = item.get("object_head")
        items.append(
            GoldItem(
                _text(item, "subject_principal", where, needed=False) or None,
                _text(item, "subject", where),
                relation,
                relations()[relation].plover,
                _text(item, "object_principal", where, needed=False) or None,
                _text(item, "object", where),
                head if isinstance(head, str) else None,
                bool(item.get("negated", False)),
                _text(item, "modality", where, needed=False) or "actual",
                _text(item, "quote", where, needed=False),
            )
        )
    return Gold(documents[0], tuple(items), True)
