"""A row as a document: its text shows the columns that matter, so that every assertion rests on words that can be read.

One row is one document, `table.csv#12` for line 12, with the text `GDELT 2.0 | EventCode: 112 | ...`. A claim that each
of several columns makes has a document of its own for each, `table.csv#12.NATO`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Cells
from functools import cache

from kgraph.extraction.records.claims import Claims, Said
from kgraph.extraction.records.loading import known_formats
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.naming import SkippedError, fill
from kgraph.model import Assertion, Document, Evidence, Mark, Role

NAME = "records"
_BETWEEN = " | "


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(cell: str) -> str:
    """A cell on one line, without the bar that separates cells and without what no text can hold."""
    if not cell.isprintable():
        cell = _CONTROL.sub(" ", cell)
    elif "|" not in cell and "  " not in cell and cell == cell.strip(" "):
        return cell  # nearly all: the space of ASCII is the only one that is printable
    return " ".join(cell.split()).replace("|", "¦")


class RowReader:
    """Reads the rows of one table by a mapping."""

    def __init__(self, mapping: Mapping, columns: tuple[str, ...], table: str) -> None:
        self._mapping = mapping
        self._table = table
        self._claims = _claims(mapping)
        places = {name.casefold(): i for i, name in reversed(list(enumerate(columns)))}
        wanted = mapping.columns
        shown = [(name, places[name.casefold()]) for name in wanted if name.casefold() in places]
        each = {c for claim in mapping.claims if claim.each for c in claim.each.columns}
        others = (
            [(plain(c), i) for i, c in enumerate(columns) if c.strip() and c not in wanted] if _open(mapping) else []
        )
        hidden = [(c, places[c.casefold()]) for c in each if c.casefold() in places and c not in wanted] + others
        self._cells = (*shown, *hidden)
        self._labels = tuple((name, f"{name}: ") for name, _ in shown)

    def read(self, line: int, cells: list[str]) -> tuple[list[tuple[Document, list[Assertion]]], list[SkippedError]]:
        """The documents of a row with what they say, and why parts of it say nothing; SkippedError where all of it does."""
        missing = self._mapping.missing
        row: dict[str, str] = {}
        for name, at in self._cells:
            cell = cells[at]
            if cell and cell not in missing:
                cell = plain(cell)
                if cell and cell not in missing:
                    row[name] = cell
        said, lost = self._claims.read(row)
        return [self._document(line, row, each, part) for each, part in _grouped(said)], lost

    def _document(
        self, line: int, row: Cells[str, str], each: str, said: list[Said]
    ) -> tuple[Document, list[Assertion]]:
        mapping = self._mapping
        labels = (*self._labels, (each, f"{each}: ")) if each else self._labels
        text, spans = _written(mapping.title, labels, row)
        document = Document(
            f"{self._table}#{line}" + (f".{each}" if each else ""), text,
            source=(fill(mapping.publisher, row) if mapping.publisher else "") or mapping.title,
            url=(fill(mapping.url, row) if mapping.url else "") or None, part_of=self._table,
        )  # fmt: skip
        return document, _assertions(document, said, spans)


def extract(document: Document) -> Iterator[Assertion]:
    """The assertions of a row's document of a known format, from its text alone: the extractor `records`."""
    title, *parts = document.text.split(_BETWEEN)
    mapping = next((m for m in known_formats().values() if m.title == title), None)
    if mapping is None:
        return
    row: dict[str, str] = {}
    spans: dict[str, tuple[int, int]] = {}
    at = len(title)
    for part in parts:
        name, _, cell = part.partition(": ")
        at += len(_BETWEEN) + len(part)
        row[name], spans[name] = cell, (at - len(cell), at)
    said, _ = _claims(mapping).read(row)
    yield from _assertions(document, said, spans)


@cache
def _claims(mapping: Mapping) -> Claims:
    return Claims(mapping)


def _open(mapping: Mapping) -> bool:
    return any(claim.each is not None and not claim.each.columns for claim in mapping.claims)


def _grouped(said: Iterable[Said]) -> Iterator[tuple[str, list[Said]]]:
    groups: dict[str, list[Said]] = {}
    for one in said:
        groups.setdefault(one.each, []).append(one)
    yield from groups.items()


def _written(
    title: str, labels: Iterable[tuple[str, str]], row: Cells[str, str]
) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text of a row, and where in it the cell of each column stands."""
    parts = [title]
    spans: dict[str, tuple[int, int]] = {}
    at = len(title) + len(_BETWEEN)
    for name, label in labels:
        if name in row:
            part = label + row[name]
            parts.append(part)
            spans[name] = (at + len(label), at + len(part))
            at += len(part) + len(_BETWEEN)
    return _BETWEEN.join(parts), spans


def _assertions(document: Document, said: Iterable[Said], spans: Cells[str, tuple[int, int]]) -> list[Assertion]:
    found = []
    for one in said:
        marks = []
        for role, columns in zip((Role.SUBJECT, Role.RELATION, Role.OBJECT), one.columns, strict=True):
            for column in columns:
                if column in ("each.name", "each.value"):
                    column = one.each
                if column in spans:
                    marks.append(Mark(role, *spans[column]))
                    break
        evidence = Evidence.cut(document, 0, len(document.text), tuple(marks))
        found.append(
            Assertion(
                one.subject, one.relation, one.object, (evidence,), NAME,
                modality=one.modality, date=one.date, confidence=one.confidence,
            )
        )  # fmt: skip
    return found
