"""Who bears a name: the holders of offices, by full name, by surname, and by date."""

from __future__ import annotations

import datetime as dt
from functools import cache

from kgraph.extraction.text.mentions import plain_name
from kgraph.model import NodeType
from kgraph.ontology.actors import OfficeHolder, actors, office_holders, surname


def holder_of(name: str, date: dt.date | None, given: str | None) -> OfficeHolder | None:
    """Who of the office holders bears a name: one of the state that the text gives, one in office on the date, else the only
    person of that name, in the last office that he held."""
    parts = plain_name(name).split()
    found = _holders().get(" ".join(parts)) or (_holders().get(f"{parts[0]} {parts[-1]}", ()) if len(parts) > 2 else ())
    if date is not None:
        # Nobody serves an organization before his time; a statesman to come is of his state by now.
        found = tuple(h for h in found if _of_state(h) or (h.start or "") <= date.isoformat())
    of_state = [h for h in found if h.of == given or actors()[h.of].principal == given]
    if given is not None and " " not in name and not of_state:
        return None
    if date is not None:
        day = date.isoformat()
        for group in (of_state, found):
            now = [h for h in group if (h.start or "") <= day <= ((h.end or "9999") + "-99")]
            if now:
                return now[0]
    if of_state:
        return of_state[-1]
    if len({h.person for h in found}) == 1:
        return max(found, key=lambda h: h.start or "")
    states = {actors()[h.of].principal for h in found}
    return found[-1] if len(states) == 1 else None


def _of_state(holder: OfficeHolder) -> bool:
    return actors()[holder.of].type is NodeType.STATE


def gender_of(name: str) -> str:
    """m or f where the table of office holders knows a person, else empty."""
    return next((h.gender for h in _holders().get(plain_name(name), ()) if h.person == name), "")


@cache
def _holders() -> dict[str, tuple[OfficeHolder, ...]]:
    table: dict[str, list[OfficeHolder]] = {}
    for holder in office_holders():
        last = surname(holder)
        for name in {holder.person, *holder.aliases, last, last.split()[-1]}:
            table.setdefault(plain_name(name), []).append(holder)
    return {name: tuple(found) for name, found in table.items()}
