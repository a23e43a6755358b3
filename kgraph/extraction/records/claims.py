"""What a row says: a mapping's claims applied to its cells."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Cells
from dataclasses import dataclass

from kgraph.extraction.records.dates import day, interval, iso
from kgraph.extraction.records.mapping import Claim, Mapping, What, When
from kgraph.extraction.records.naming import Names, SkippedError
from kgraph.model import Entity, Modality, NodeType
from kgraph.ontology.codes import EventCode, UnknownCodeError, cameo_code, plover_code
from kgraph.ontology.relations import relations


@dataclass(frozen=True, slots=True)
class Said:
    """One assertion of a row, less its evidence. `each` is the column of a claim that several columns make, else "".

    `columns` are those that carry subject, relation and object.
    """

    subject: Entity
    relation: str
    object: Entity
    modality: Modality
    date: str | None
    confidence: float
    each: str
    columns: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class Claims:
    """The claims of one mapping, ready to be read from rows."""

    def __init__(self, mapping: Mapping) -> None:
        self._own = frozenset(mapping.columns)
        self._readers = [_Reader(claim) for claim in mapping.claims]

    def read(self, row: Cells[str, str]) -> tuple[list[Said], tuple[str, ...]]:
        """What a row says, and why parts of it say nothing; SkippedError where all of it says nothing."""
        found: list[Said] = []
        left_out: list[str] = []
        for reader in self._readers:
            for each, cells in self._rows(reader.claim, row):
                try:
                    found.extend(reader.read(cells, each))
                except SkippedError as reason:
                    left_out.append(str(reason))
        if not found:
            raise SkippedError(left_out[0] if left_out else "no column says anything")
        return found, tuple(left_out)

    def _rows(self, claim: Claim, row: Cells[str, str]) -> Iterator[tuple[str, Cells[str, str]]]:
        if claim.each is None:
            yield "", row
            return
        each = claim.each
        columns = each.columns or [c for c in row if c not in self._own and c not in each.all_but]
        for column in columns:
            value = row.get(column, "")
            if value and (not each.values or value in each.values):
                yield column, {**row, "each.name": column, "each.value": value}


class _Reader:
    """One claim."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self._subjects = Names("subject", claim.subjects)
        self._objects = Names("object", claim.objects)
        self._places = Names("place", claim.place)
        self._columns = tuple(
            tuple(dict.fromkeys(c for who in side for c in who.columns)) for side in (claim.subjects, claim.objects)
        )

    def read(self, row: Cells[str, str], each: str) -> Iterator[Said]:
        claim = self.claim
        for condition in claim.where:
            value = row.get(condition.column, "")
            if (value in condition.values) != condition.wanted:
                raise SkippedError(f"{condition.column} is {value!r}, which the mapping leaves out")
        date = _date(claim, row)
        year = int(date[:4]) if date else None
        event = _relation(claim.relation, row)
        assert event.relation is not None
        subjects, objects = self._subjects.find(row, year, date), self._objects.find(row, year, date)
        modality = event.modality if claim.modality is Modality.ACTUAL else claim.modality
        confidence = _confidence(claim, row)
        columns = (self._columns[0], claim.relation.columns, self._columns[1])
        if event.inverse:
            subjects, objects, columns = objects, subjects, (columns[2], columns[1], columns[0])
        one_actor = False
        count = 0
        for subject in subjects:
            for other in objects:
                if (subject.type, subject.id) == (other.type, other.id):
                    one_actor = True
                    continue
                _check(subject, event.relation, other)
                yield Said(subject, event.relation, other, modality, date, confidence, each, columns)
                count += 1
        if one_actor and not count:
            raise SkippedError("subject and object are one actor")
        if claim.place:
            scene = next(e for e in (*subjects, *objects) if e.type is NodeType.EVENT)
            for place in self._places.find(row, year, date):
                yield Said(scene, "locatedIn", place, modality, date, confidence, each, columns)


def _date(claim: Claim, row: Cells[str, str]) -> str | None:
    try:
        start = _point(claim.date, row)
        end = _point(claim.until, row)
        return interval(start, end) if start and end else start
    except ValueError as error:
        raise SkippedError(str(error)) from None


def _point(when: When | None, row: Cells[str, str]) -> str | None:
    if when is None:
        return None
    if when.column is not None:
        cell = row.get(when.column, "")
        return day(cell, when.form) if cell else None
    year, month, day_of_month = (row.get(c, "") if c else "" for c in (when.year, when.month, when.day))
    return iso(year, month, day_of_month) if year else None


def _relation(what: What, row: Cells[str, str]) -> EventCode:
    if what.constant is not None:
        return EventCode("", "", what.constant, "")
    column = what.column or ""
    cell = row.get(column, "")
    if not cell:
        raise SkippedError(f"there is no relation (empty: {column})")
    if what.values is not None:
        if cell not in what.values:
            raise SkippedError(f"unknown code: {cell!r} is no value of {column} that the mapping knows")
        relation = what.values[cell]
        if relation is None:
            raise SkippedError(f"{column} is {cell!r}, which makes no assertion")
        return EventCode(cell, "", relation, "")
    try:
        event = cameo_code(cell) if what.codes == "cameo" else plover_code(cell, row.get(what.mode or "", ""))
    except UnknownCodeError as error:
        raise SkippedError(f"unknown code: {error} ({column})") from None
    if event.relation is None:
        raise SkippedError(f"{column} is {event.code}, {event.label}, which is speech alone")
    return event


def _confidence(claim: Claim, row: Cells[str, str]) -> float:
    if not isinstance(claim.confidence, tuple):
        return claim.confidence
    column, top = claim.confidence
    try:
        value = float(row.get(column, "")) / top
    except ValueError:
        raise SkippedError(f"{column} is no number") from None
    if not 0 <= value <= 1:
        raise SkippedError(f"{column} is not between 0 and {top:g}")
    return value


def _check(subject: Entity, relation: str, other: Entity) -> None:
    known = relations()[relation]
    if subject.type not in known.domain:
        raise SkippedError(f"{relation} cannot be said of a {subject.type} as subject")
    if other.type not in known.range:
        raise SkippedError(f"{relation} cannot be said of a {other.type} as object")
