"""Code systems of the field: which state, organization, role or relation a data set's code means.

The tables are `ontology/codes/*.csv`. What a number means may hang on the year: Correlates of War's 365 is the Soviet
Union in 1950 and Russia in 2000. A code that means nothing raises `UnknownCodeError`; nothing is guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.model import Modality, NodeType
from kgraph.ontology.actors import Actor, actors, names
from kgraph.ontology.relations import relations
from kgraph.ontology.tables import Row, ontology_dir, read_table


class UnknownCodeError(ValueError):
    """A code that its system does not have, or that meant nothing in its year; the message says which."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code of a state or an organization means from `start` to `end` (years; None: without limit)."""

    actor: Actor
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class EventCode:
    """What a code of an event says: its relation (None: nothing that is an assertion), polarity and modality.

    With `inverse`, the second actor does it to the first.
    """

    code: str
    label: str
    relation: str | None
    polarity: str
    modality: Modality = Modality.ACTUAL
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """A role inside a state. `of`: state (its government or an organ of it) or people (they act for nobody)."""

    code: str
    words: tuple[str, ...]
    of: str
    label: str


@dataclass(frozen=True, slots=True)
class System:
    """A named list of codes; upper and lower case are alike."""

    name: str
    meanings: dict[str, tuple[Meaning, ...]]

    def knows(self, code: str) -> bool:
        """Is it a code of any year?"""
        return fold(code) in self.meanings

    def find(self, code: str, year: int | None = None) -> Actor:
        """The actor of a code in a year (without a year, the latest); UnknownCodeError where there is none."""
        known = self.meanings.get(fold(code))
        if known is None and code.isascii() and code.isdigit():
            known = self.meanings.get(str(int(code)))
        if known is None:
            raise UnknownCodeError(f"{code!r} is no code of {self.name}")
        if year is None:
            return known[-1].actor
        for meaning in known:
            if (meaning.start or year) <= year <= (meaning.end or year):
                return meaning.actor
        raise UnknownCodeError(f"{code!r} means nothing in {self.name} in {year}")


def fold(name: str) -> str:
    """A code or name without accents, case and doubled spaces."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


@cache
def states(folder: Path | None = None) -> dict[str, Actor]:
    """All states and organizations that a code can mean, by id: the ontology's, and former states."""
    found = dict(actors(folder))
    for row in _rows("former-states", ("id", "label", "start", "end"), folder):
        start, end = _years(row)
        found.setdefault(row["id"], Actor(row["id"], row["label"], NodeType.STATE, row["id"], None, (), start, end))
    return found


@cache
def system(name: str, folder: Path | None = None) -> System:
    """A code system by its name (`SYSTEMS`); KeyError where there is none, KgraphError where its table is wrong."""
    return System(name, SYSTEMS[name](folder))


@cache
def cameo(folder: Path | None = None) -> dict[str, EventCode]:
    """All CAMEO event codes, roots and leaves, by code."""
    columns = ("code", "label", "relation", "polarity", "modality", "inverse")
    found: dict[str, EventCode] = {}
    for row in _rows("cameo", columns, folder):
        if not row["code"].isdigit() or row["code"] in found:
            raise row.wrong(f"code {row['code']!r} is no number or stands twice", "give each code one row")
        modality = Modality(row.choice("modality", ("", *Modality)) or "actual")
        found[row["code"]] = _event(row, row["code"], row["label"], modality)
    return found


@cache
def plover(folder: Path | None = None) -> dict[tuple[str, str], EventCode]:
    """All PLOVER types with their modes, by (type, mode); the mode is empty for the type by itself."""
    found: dict[tuple[str, str], EventCode] = {}
    for row in _rows("plover", ("type", "mode", "relation", "polarity", "inverse"), folder):
        key = (row["type"], row["mode"])
        if key in found:
            raise row.wrong(f"{row['type']} {row['mode']} stands twice", "give each type and mode one row")
        found[key] = _event(row, row["type"], " ".join(key).strip(), Modality.ACTUAL)
    return found


def plover_code(kind: str, mode: str, folder: Path | None = None) -> EventCode:
    """What a PLOVER type says with a mode; a mode of no row says what the type says. UnknownCodeError for no type."""
    known = plover(folder)
    found = known.get((kind.upper(), mode.lower())) or known.get((kind.upper(), ""))
    if found is None:
        raise UnknownCodeError(f"{kind!r} is no type of PLOVER")
    return found


def cameo_code(code: str, folder: Path | None = None) -> EventCode:
    """What a CAMEO code says, also where a spreadsheet took its leading zero; UnknownCodeError for no code."""
    known = cameo(folder)
    found = known.get(code) or (known.get("0" + code) if code[:1] in "123456789" else None)
    if found is None:
        raise UnknownCodeError(f"{code!r} is no code of CAMEO")
    return found


@cache
def sectors(folder: Path | None = None) -> dict[str, Sector]:
    """Roles by code and by each of their words."""
    found: dict[str, Sector] = {}
    for row in _rows("sectors", ("code", "words", "of", "label"), folder):
        row.choice("of", ("state", "people"))
        sector = Sector(row["code"], row.many("words"), row["of"], row["label"])
        for key in (row["code"], *sector.words):
            found.setdefault(fold(key), sector)
    return found


def _event(row: Row, code: str, label: str, modality: Modality) -> EventCode:
    relation = row.choice("relation", ("", *relations())) or None
    wanted = relations()[relation].polarity if relation else "0"
    if row["polarity"] != wanted:
        raise row.wrong(f"polarity is {row['polarity']!r}", f"write {wanted}, the polarity of {relation or 'speech'}")
    inverse = row.choice("inverse", ("", "yes")) == "yes"
    return EventCode(code, label, relation, row["polarity"], modality, inverse)


def _rows(name: str, columns: tuple[str, ...], folder: Path | None) -> list[Row]:
    return list(read_table((folder or ontology_dir()) / "codes" / f"{name}.csv", columns))


def _years(row: Row) -> tuple[int | None, int | None]:
    for column in ("start", "end"):
        if row[column] and not row[column].isdigit():
            raise row.wrong(f"{column} is {row[column]!r}", "write a year or nothing")
    return int(row["start"]) if row["start"] else None, int(row["end"]) if row["end"] else None


Meanings = dict[str, tuple[Meaning, ...]]


def _by_year(name: str, column: str, folder: Path | None) -> Meanings:
    columns = ("code", "id", "start", "end") if name == "fips" else ("code", "abbreviation", "id", "start", "end")
    found: Meanings = {}
    for row in _rows(name, columns, folder):
        if row["id"] not in states(folder):
            raise row.wrong(f"{row['id']!r} is no known state", "use an ISO code, or add it to former-states.csv")
        meaning = Meaning(states(folder)[row["id"]], *_years(row))
        key = fold(row[column])
        found[key] = (*found.get(key, ()), meaning)
    return found


def _cow_igo(folder: Path | None) -> Meanings:
    """Names of states in one word, as the organization-years of Correlates of War have them for columns."""
    numbers = _by_year("cow", "code", folder)
    found: Meanings = {}
    for name, (meaning, *_) in _names(folder).items():
        own = [told for told in numbers.values() if any(m.actor.id == meaning.actor.id for m in told)]
        if own:
            found.setdefault("".join(c for c in name if c.isalnum()), tuple(m for told in own for m in told))
    for row in _rows("cow-igo-states", ("name", "code"), folder):
        if row["code"] not in numbers:
            raise row.wrong(f"{row['code']!r} is no number of cow.csv", "use the number of the state")
        found[row["name"]] = numbers[row["code"]]
    return found


def _iso3(folder: Path | None) -> Meanings:
    return {fold(a.id): (Meaning(a),) for a in states(folder).values() if a.type is NodeType.STATE}


def _iso_of(attribute: str) -> Callable[[Path | None], Meanings]:
    def table(folder: Path | None) -> Meanings:
        import pycountry

        known = states(folder)
        return {fold(getattr(c, attribute)): (Meaning(known[c.alpha_3]),) for c in pycountry.countries}

    return table


def _iso_numeric(folder: Path | None) -> Meanings:
    table = _iso_of("numeric")(folder)
    return table | {str(int(code)): meaning for code, meaning in table.items()}


def _cameo_countries(folder: Path | None) -> Meanings:
    found = _iso3(folder)
    for row in _rows("cameo-countries", ("code", "id", "label"), folder):
        actor = states(folder)[row["id"]] if row["id"] else _group(row["label"])
        found[fold(row["code"])] = (Meaning(actor),)
    return found


def _group(label: str) -> Actor:
    return Actor(label.lower().replace(" ", "-"), label, NodeType.GROUP, None)


def _organizations(folder: Path | None) -> Meanings:
    found: Meanings = {}
    for row in _rows("cameo-groups", ("code", "id", "label"), folder):
        ident = row["id"]
        own = Actor(ident, row["label"], NodeType.ORGANIZATION, ident)
        found[fold(row["code"])] = (Meaning(states(folder).get(ident, own)),)
    return found


def _names(folder: Path | None) -> Meanings:
    import pycountry

    known = states(folder)
    found: Meanings = {}
    for row in _rows("names", ("name", "id"), folder):
        own = Actor(row["id"], row["name"], NodeType.ORGANIZATION, row["id"])
        found[fold(row["name"])] = (Meaning(known.get(row["id"], own)),)
    pairs = [(n.text, n.actor_id) for n in names(folder) if n.kind == "name"]
    pairs += [(a.label, a.id) for a in known.values()]
    pairs += [
        (text, c.alpha_3) for c in pycountry.countries for key in ("name", "official_name", "common_name")
        if (text := getattr(c, key, None))
    ]  # fmt: skip
    pairs += [(row["label"], row["id"]) for row in _rows("cameo-groups", ("code", "id", "label"), folder)]
    organizations = {m.actor.id: m.actor for (m,) in _organizations(folder).values()}
    for text, ident in pairs:
        actor = known.get(ident) or organizations.get(ident)
        if actor is not None:
            found.setdefault(fold(text), (Meaning(actor),))
    return found


def _igos(folder: Path | None) -> Meanings:
    """The names and acronyms of intergovernmental organizations alone: in a list of these, RSS is no movement in India."""
    own = {a.id for a in actors(folder).values() if a.kind == "intergovernmental"}
    return {name: meanings for name, meanings in _names(folder).items() if meanings[0].actor.id in own}


SYSTEMS: dict[str, Callable[[Path | None], Meanings]] = {
    "iso3": _iso3,
    "iso2": _iso_of("alpha_2"),
    "iso-numeric": _iso_numeric,
    "cow": lambda folder: _by_year("cow", "code", folder),
    "cow-igo": _cow_igo,
    "cow-abbreviation": lambda folder: _by_year("cow", "abbreviation", folder),
    "gw": lambda folder: _by_year("gw", "code", folder),
    "fips": lambda folder: _by_year("fips", "code", folder),
    "cameo": _cameo_countries,
    "cameo-groups": _organizations,
    "igos": _igos,
    "names": _names,
}
"""Code system -> the function that reads it: country systems, CAMEO's actors, and names as data sets write them."""
