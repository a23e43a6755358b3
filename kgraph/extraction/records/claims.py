"""What a row says: a mapping's claims applied to its cells."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Cells
from dataclasses import dataclass

from kgraph.extraction.records.dates import day, interval, iso
from kgraph.extraction.records.mapping import Claim, Condition, Mapping, What, When
from kgraph.extraction.records.naming import Names, SkippedError
from kgraph.model import Entity, Modality, NodeType
from kgraph.ontology.codes import EventCode, UnknownCodeError, cameo_code, plover_code
from kgraph.ontology.relations import relations

_REMEMBERED = 10_000


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

    def read(self, row: Cells[str, str]) -> tuple[list[Said], list[SkippedError]]:
        """What a row says, and why parts of it say nothing; SkippedError where all of it says nothing."""
        found: list[Said] = []
        lost: list[SkippedError] = []
        for reader in self._readers:
            for each, cells in self._rows(reader.claim, row):
                try:
                    found += reader.read(cells, each, lost)
                except SkippedError as reason:
                    lost.append(reason)
        if not found:
            wrong = next((reason for reason in lost if reason.wrong), None)
            raise wrong or (lost[0] if lost else SkippedError("no column says anything"))
        return found, [reason for reason in lost if not reason.chosen]

    def _rows(self, claim: Claim, row: Cells[str, str]) -> Iterator[tuple[str, Cells[str, str]]]:
        if claim.each is None:
            yield "", row
            return
        each = claim.each
        columns = each.columns or [c for c in row if c not in self._own and each.takes(c)]
        cells = dict(row)
        for column in columns:
            value = row.get(column, "")
            if value and (not each.values or value in each.values):
                cells["each.name"], cells["each.value"] = column, value
                yield column, cells


class _Reader:
    """One claim."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self._subjects = Names("subject", claim.subjects)
        self._objects = Names("object", claim.objects)
        self._places = Names("place", claim.place)
        subject, other = (
            tuple(dict.fromkeys(c for who in side for c in who.columns)) for side in (claim.subjects, claim.objects)
        )
        self._columns = subject, claim.relation.columns, other
        self._events: dict[tuple[str | None, ...], EventCode] = {}

    def read(self, row: Cells[str, str], each: str, lost: list[SkippedError]) -> list[Said]:
        claim = self.claim
        if claim.where and (failed := _failed(claim.where, row)):
            value = row.get(failed.column, "")
            raise SkippedError(f"{failed.column} is {value!r}, which the mapping leaves out", chosen=True)
        date = _date(claim, row)
        year = int(date[:4]) if date else None
        event = self._event(row)
        assert event.relation is not None
        one, other = self._subjects.find(row, year, date), self._objects.find(row, year, date)
        lost += (*one.lost, *other.lost)
        columns = self._columns
        subjects, objects = one.entities, other.entities
        if event.inverse:
            subjects, objects, columns = objects, subjects, (columns[2], columns[1], columns[0])
        pairs = [(s, o) for s in subjects for o in objects if (s.type, s.id) != (o.type, o.id)]
        if not pairs:
            raise SkippedError("subject and object are one actor")
        modality = event.modality if claim.modality is Modality.ACTUAL else claim.modality
        confidence = _confidence(claim, row)
        for subject, target in pairs:
            _check(subject, event.relation, target)
        said = [Said(s, event.relation, o, modality, date, confidence, each, columns) for s, o in pairs]
        if claim.place:
            scene = next(e for e in (*subjects, *objects) if e.type is NodeType.EVENT)
            try:
                places = self._places.find(row, year, date)
            except SkippedError as reason:
                lost.append(reason)
                return said
            lost += places.lost
            said += [Said(scene, "locatedIn", p, modality, date, confidence, each, columns) for p in places.entities]
        return said

    def _event(self, row: Cells[str, str]) -> EventCode:
        """What the row's code says; a code is looked up once."""
        key = tuple(map(row.get, self._columns[1]))
        event = self._events.get(key)
        if event is None:
            event = _relation(self.claim.relation, row)
            if len(self._events) < _REMEMBERED:
                self._events[key] = event
        return event


def _failed(alternatives: tuple[tuple[Condition, ...], ...], row: Cells[str, str]) -> Condition | None:
    """A condition that does not hold, of the first alternative; None where all of one hold."""
    failed = None
    for conditions in alternatives:
        wrong = next((c for c in conditions if (row.get(c.column, "") in c.values) != c.wanted), None)
        if wrong is None:
            return None
        failed = failed or wrong
    return failed


def _date(claim: Claim, row: Cells[str, str]) -> str | None:
    try:
        start = _point(claim.date, row)
        end = _point(claim.until, row)
        return interval(start, end) if start and end else start
    except ValueError as error:
        raise SkippedError(str(error), wrong=True) from None


def _point(alternatives: tuple[When, ...], row: Cells[str, str]) -> str | None:
    for when in alternatives:
        cells = [row.get(c, "") if c else "" for c in (when.column or when.year, when.month, when.day)]
        if when.split:
            cells = [cell.split(when.split)[0].strip() for cell in cells]
        first, month, day_of_month = cells
        if first:
            return day(first, when.form) if when.column is not None else iso(first, month, day_of_month)
    return None


def _relation(what: What, row: Cells[str, str]) -> EventCode:
    if what.constant is not None:
        return EventCode("", "", what.constant, "")
    column = what.column or ""
    cell = row.get(column, "")
    if not cell:
        raise SkippedError(f"there is no relation (empty: {column})")
    if what.values is not None:
        if cell not in what.values:
            raise SkippedError(f"unknown code: {cell!r} is no value of {column} that the mapping knows", wrong=True)
        relation = what.values[cell]
        if relation is None:
            raise SkippedError(f"{column} is {cell!r}, which makes no assertion")
        return EventCode(cell, "", relation, "")
    try:
        event = cameo_code(cell) if what.codes == "cameo" else plover_code(cell, row.get(what.mode or "", ""))
    except UnknownCodeError as error:
        raise SkippedError(f"unknown code: {error} ({column})", wrong=True) from None
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
        raise SkippedError(f"{column} is no number", wrong=True) from None
    if not 0 <= value <= 1:
        raise SkippedError(f"{column} is not between 0 and {top:g}", wrong=True)
    return value


def _check(subject: Entity, relation: str, other: Entity) -> None:
    known = relations()[relation]
    if subject.type not in known.domain:
        raise SkippedError(f"{relation} cannot be said of a {subject.type} as subject")
    if other.type not in known.range:
        raise SkippedError(f"{relation} cannot be said of a {other.type} as object")
