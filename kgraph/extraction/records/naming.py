"""Whom a row means: cells become entities through code systems, values, roles and templates."""

from __future__ import annotations

import re
from collections.abc import Mapping as Cells
from dataclasses import replace
from functools import cache

from kgraph.extraction.records.mapping import SLOT, Template, Who
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import Actor, OfficeHolder, office_holders
from kgraph.ontology.codes import UnknownCodeError, fold, sectors, states, system
from kgraph.ontology.slugs import slug

_INSIDE = re.compile(r"^(?P<role>[^()]+?) \((?P<state>.+)\)$")
_GOVERNMENT = "government of "


class SkippedError(ValueError):
    """A row, or a part of it, that makes no assertion; the message is the reason, the same for all rows alike."""


def fill(template: Template, row: Cells[str, str]) -> str:
    """The template with the row's cells; "" where one of them is empty."""
    if any(not row.get(c) for c in template.columns):
        return ""
    return SLOT.sub(lambda slot: row[slot[1]], template.text)


class Names:
    """Resolves the alternatives of one place of a claim; what was resolved before is remembered."""

    def __init__(self, place: str, alternatives: tuple[Who, ...]) -> None:
        self._place = place
        self._alternatives = alternatives
        self._known: dict[tuple[object, ...], tuple[Entity, ...]] = {}

    def find(self, row: Cells[str, str], year: int | None, date: str | None) -> tuple[Entity, ...]:
        """The entities that a row names; SkippedError where it names none, or by a code that means nothing."""
        for number, who in enumerate(self._alternatives):
            key = (number, year, date if "names" in who.codes else None, *(row.get(c, "") for c in who.columns))
            found = self._known.get(key)
            if found is None:
                found = _entities(who, row, year, date)
                if len(self._known) > 50_000:
                    self._known.clear()
                self._known[key] = found
            if found:
                return found
        columns = dict.fromkeys(c for who in self._alternatives for c in who.columns)
        raise SkippedError(f"there is no {self._place} (empty: {', '.join(columns)})")


def _entities(who: Who, row: Cells[str, str], year: int | None, date: str | None) -> tuple[Entity, ...]:
    if who.constant is not None:
        return (of_actor(states()[who.constant]),)
    cell = row.get(who.column, "") if who.column else ""
    if who.column and not cell:
        return ()
    cells = [part.strip() for part in cell.split(who.split) if part.strip()] if who.split else [cell]
    found = [_entity(who, part, row, year, date) for part in cells]
    return tuple(dict.fromkeys(e for e in found if e is not None))


def _entity(who: Who, cell: str, row: Cells[str, str], year: int | None, date: str | None) -> Entity | None:
    if who.values is not None:
        if cell in who.values:
            ident = who.values[cell]
            if ident is None:
                raise SkippedError(f"{who.column} is {cell!r}, which makes no assertion")
            return _in_role(of_actor(states()[ident]), who, row)
        if not who.codes and not who.kind:
            raise SkippedError(f"{who.column} is {cell!r}, which the mapping does not know")
    if who.codes:
        try:
            return _in_role(_coded(who, cell, year, date), who, row)
        except UnknownCodeError as error:
            if who.kind is None and who.kind_of is None:
                raise SkippedError(f"unknown code: {error} ({who.column})") from None
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
        day = date.split("/")[0]
        now = [h for h in found if (h.start or "") <= day <= (h.end or "9999") + "-99"]
        if len({h.person for h in now}) == 1:
            return now[0]
    return found[-1] if len({h.person for h in found}) == 1 else None


def _in_role(entity: Entity, who: Who, row: Cells[str, str]) -> Entity:
    role = next((row[c] for c in who.roles if row.get(c)), None)
    return entity if role is None or entity.type is not NodeType.STATE else role_in(entity, role)


def role_in(state: Entity, role: str) -> Entity:
    """A role inside a state: the state itself for its organs, else the group of people; SkippedError for no known role."""
    sector = sectors().get(fold(role))
    if sector is None:
        raise SkippedError(f"unknown code: {role!r} is no role or sector")
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
    filled = row if not who.column else _with_cell(row, who.column, cell)
    ident = fill(who.ident, filled) if who.ident else cell
    label = (fill(who.label, filled) if who.label else "") or cell or ident
    if not ident or not label:
        return None
    issues = tuple(issue for column, issue in who.concerns if row.get(column, "") in ("1", "TRUE", "True", "true"))
    # An id of a code (`un-QDi.001`) stays as it is; a name becomes a slug, as the text extractor makes it.
    made = Entity(ident if who.ident else slug(ident), label, kind, head=who.head, concerns=issues, targets=who.targets)
    return made if kind is not NodeType.ORGANIZATION else replace(made, principal=made.id)


def _with_cell(row: Cells[str, str], column: str, cell: str) -> dict[str, str]:
    return {**row, column: cell}


@cache
def of_actor(actor: Actor) -> Entity:
    """The entity of an actor of the ontology, as the text extractor makes it."""
    return Entity(actor.id, actor.label, actor.type, actor.principal, iri=actor.iri)
