"""Whom a row means: cells become entities through code systems, values, roles and templates."""

from __future__ import annotations

import re
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from functools import cache

from kgraph.extraction.records.dates import day
from kgraph.extraction.records.mapping import SLOT, Template, Who
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import Actor, OfficeHolder, office_holders
from kgraph.ontology.codes import UnknownCodeError, fold, sectors, states, system
from kgraph.ontology.slugs import slug

_INSIDE = re.compile(r"^(?P<role>[^()]+?) \((?P<state>.+)\)$")
_LISTED = re.compile("[,;]")
_GOVERNMENT = "government of "
_REMEMBERED = 10_000
_WORDS = 3
"""A name holds at most so many parts between separators."""


class SkippedError(ValueError):
    """A row, or a part of it, that makes no assertion; the message is the reason, the same for all rows alike.

    `wrong` says that it should have made one: a code that means nothing, a date that is none. `chosen` says that the
    mapping leaves it out by a condition.
    """

    def __init__(self, reason: str, *, wrong: bool = False, chosen: bool = False) -> None:
        super().__init__(reason)
        self.wrong = wrong
        self.chosen = chosen


def fill(template: Template, row: Cells[str, str]) -> str:
    """The template with the row's cells; "" where one of them is empty."""
    if any(not row.get(c) for c in template.needed):
        return ""
    return " ".join(SLOT.sub(lambda slot: row.get(slot[1], ""), template.text).split())


@dataclass(frozen=True, slots=True)
class Found:
    """The entities that a row names, and what it names beside them that cannot be resolved."""

    entities: tuple[Entity, ...]
    lost: tuple[SkippedError, ...] = ()


class Names:
    """Resolves the alternatives of one place of a claim; what was resolved before is remembered."""

    def __init__(self, place: str, alternatives: tuple[Who, ...]) -> None:
        self._place = place
        # Each with the columns that it reads, and whether the day matters: a name may be a holder of an office.
        self._alternatives = [(who, who.columns, "names" in who.codes) for who in alternatives]
        self._known: list[dict[tuple[object, ...], Found]] = [{} for _ in alternatives]

    def find(self, row: Cells[str, str], year: int | None, date: str | None) -> Found:
        """Whom a row names; SkippedError where it names nobody, or only by codes that mean nothing."""
        for (who, columns, dated), known in zip(self._alternatives, self._known, strict=True):
            key = (date if dated else year, *map(row.get, columns))
            found = known.get(key)
            if found is None:
                found = _entities(who, row, _year_of(who, row) if who.year else year, date)
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[key] = found
            if found.entities:
                return found
            if found.lost:
                # A fresh one: what is raised again and again would drag all its tracebacks along.
                first = found.lost[0]
                raise SkippedError(str(first), wrong=first.wrong, chosen=first.chosen)
        empty = dict.fromkeys(c for _, columns, _ in self._alternatives for c in columns)
        raise SkippedError(f"there is no {self._place} (empty: {', '.join(empty)})")


def _year_of(who: Who, row: Cells[str, str]) -> int | None:
    cell = row.get(who.year or "", "")
    if not cell:
        return None
    try:
        return int(day(cell, None)[:4])
    except ValueError as error:
        raise SkippedError(f"{error} ({who.year})", wrong=True) from None


def _entities(who: Who, row: Cells[str, str], year: int | None, date: str | None) -> Found:
    if who.constant is not None:
        return Found((of_actor(states()[who.constant]),))
    cell = row.get(who.column, "") if who.column else ""
    if who.column and not cell:
        return Found(())
    found: dict[Entity, None] = {}
    lost: list[SkippedError] = []
    for part in _parts(who, cell):
        try:
            entity = _entity(who, part, row, year, date)
        except SkippedError as error:
            lost.append(error.with_traceback(None))
        else:
            if entity is not None:
                found[entity] = None
    return Found(tuple(found), tuple(lost))


def _parts(who: Who, cell: str) -> list[str]:
    """The several of a cell; a name that holds the separator itself stays whole: `Korea, South`."""
    if not who.split:
        return [cell]
    parts = [part.strip() for part in cell.split(who.split) if part.strip()]
    whole: list[str] = []
    while parts:
        lengths = range(min(len(parts), _WORDS), 1, -1)
        known = next(
            (n for n in lengths if any(system(c).knows(f"{who.split} ".join(parts[:n])) for c in who.codes)), 1
        )
        whole.append(f"{who.split} ".join(parts[:known]))
        del parts[:known]
    return whole


def _entity(who: Who, cell: str, row: Cells[str, str], year: int | None, date: str | None) -> Entity | None:
    if who.values is not None:
        if cell in who.values:
            ident = who.values[cell]
            if ident is None:
                raise SkippedError(f"{who.column} is {cell!r}, which makes no assertion")
            return _in_role(of_actor(states()[ident]), who, row)
        if not who.codes and not who.kind:
            raise SkippedError(f"unknown code: {cell!r} is no value of {who.column} that the mapping knows", wrong=True)
    if who.codes:
        try:
            return _in_role(_coded(who, cell, year, date), who, row)
        except UnknownCodeError as error:
            if who.optional:
                return None
            if who.kind is None and who.kind_of is None:
                raise SkippedError(f"unknown code: {error} ({who.column})", wrong=True) from None
    return _made(who, cell, row)


def _coded(who: Who, cell: str, year: int | None, date: str | None) -> Entity:
    problem: UnknownCodeError | None = None
    for name in who.codes:
        try:
            return named(cell, year, date) if name == "names" else of_actor(system(name).find(cell, year))
        except UnknownCodeError as error:
            problem = problem or error
    if problem is None:
        raise UnknownCodeError(f"{cell!r} is no code")
    raise problem


def named(cell: str, year: int | None = None, date: str | None = None) -> Entity:
    """The entity of a name: a state, an organization, an office holder, `Government of X`, `Military (X)`.

    Raises UnknownCodeError for a name that no table knows.
    """
    try:
        return of_actor(system("names").find(cell, year))
    except UnknownCodeError as error:
        lower = fold(cell)
        if lower.startswith(_GOVERNMENT):
            return of_actor(system("names").find(cell[len(_GOVERNMENT) :], year))
        inside = _INSIDE.match(cell)
        if inside and fold(inside["role"]) in sectors():
            return role_in(of_actor(system("names").find(inside["state"], year)), inside["role"])
        holder = _holder(cell, date)
        if holder is None:
            raise error
        return Entity(slug(holder.person), holder.person, NodeType.PERSON, holder.of)


@cache
def _holders() -> dict[str, tuple[OfficeHolder, ...]]:
    table: dict[str, list[OfficeHolder]] = {}
    for holder in office_holders():
        for name in {holder.person, *(a for a in holder.aliases if " " in a)}:
            table.setdefault(fold(name), []).append(holder)
    return {name: tuple(found) for name, found in table.items()}


def _holder(name: str, date: str | None) -> OfficeHolder | None:
    """Who bears this full name: in office on the day, or the only person of that name."""
    found = _holders().get(fold(name), ())
    if date is not None:
        today = date.split("/")[0]
        now = [h for h in found if (h.start or "") <= today <= (h.end or "9999") + "-99"]
        if len({h.person for h in now}) == 1:
            return now[0]
    return found[-1] if len({h.person for h in found}) == 1 else None


def _in_role(entity: Entity, who: Who, row: Cells[str, str]) -> Entity:
    role = next((row[c] for c in who.roles if row.get(c)), None)
    return entity if role is None or entity.type is not NodeType.STATE else role_in(entity, role)


def role_in(state: Entity, role: str) -> Entity:
    """A role inside a state: the state itself for its organs, else the group of people; SkippedError for no known role."""
    known = [found for word in _LISTED.split(role) if (found := sectors().get(fold(word)))]
    if not known:
        raise SkippedError(f"unknown code: {role!r} is no role or sector", wrong=True)
    sector = known[0]
    if sector.of == "state":
        return state
    label = f"{sector.label} of {state.label}"
    return Entity(slug(label), label, NodeType.GROUP)


def _made(who: Who, cell: str, row: Cells[str, str]) -> Entity | None:
    kind = who.kind
    if who.kind_of is not None:
        column, kinds = who.kind_of
        told = row.get(column, "")
        if told not in kinds:
            raise SkippedError(f"{column} is {told!r}, which is no kind of actor")
        kind = kinds[told]
    if kind is None:
        return None
    filled = {**row, who.column: cell} if who.column else row
    label = fill(who.label, filled) if who.label else cell
    if who.invert and label.count(",") == 1:
        family, given = label.split(",")
        label = f"{given.strip()} {family.strip()}"
    ident = fill(who.ident, filled) if who.ident else slug(label) if label else ""
    if not ident:
        return None
    issues = tuple(issue for column, issue in who.concerns if row.get(column, "") in ("1", "TRUE", "True", "true"))
    return Entity(ident, label or ident, kind, head=who.head, concerns=issues)


@cache
def of_actor(actor: Actor) -> Entity:
    """The entity of an actor of the ontology, as the text extractor makes it."""
    return Entity(actor.id, actor.label, actor.type, actor.principal, iri=actor.iri)
