"""Who can act: states, organizations, and the people who hold their offices.

States and their ISO 3166-1 codes come from pycountry; `ontology/actors/states.csv` adds what it lacks (adjectives, capitals,
seats of government, cities), `places.csv` the cities of GeoNames. Organizations and office holders are data of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.model import NodeType
from kgraph.ontology.tables import Row, ontology_dir, read_table

_STATE_COLUMNS = ("id", "names", "adjectives", "demonyms", "capitals", "seats", "bodies", "cities")
_HISTORICAL_COLUMNS = ("id", "label", "names", "adjectives", "start", "end")
_ORG_COLUMNS = ("id", "label", "kind", "names", "adjectives", "part_of", "principal", "members", "wikidata")
_OFFICE_COLUMNS = ("person", "aliases", "office", "of", "start", "end", "gender")
_KINDS = ("intergovernmental", "state body", "armed group", "party", "company", "society")
_LEADERS = frozenset(
    {
        "president",
        "prime minister",
        "chancellor",
        "king",
        "queen",
        "emperor",
        "emir",
        "leader",
        "secretary-general",
        "pope",
        "premier",
    }
)
_WIKIDATA = "http://www.wikidata.org/entity/"
_DATE = re.compile(r"^\d{4}(-\d\d){0,2}$")
_NOT_IN_ISO = {"XKX": "Kosovo"}


@dataclass(frozen=True, slots=True)
class Actor:
    """A State or an Organization. `principal` is whom it acts for (itself, as a rule); `members` are ids of states.

    `start` and `end` are the years of a state that is no more; `kind` is that of an organization ("armed group").
    """

    id: str
    label: str
    type: NodeType
    principal: str | None
    iri: str | None = None
    members: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write an actor. `kind`: name, adjective, demonym, capital, seat, body, city or place.

    A body is a seat whose name other states have for theirs ("Supreme Court"), a place a town that only a good context makes
    one ("Lincoln").
    """

    text: str
    actor_id: str
    kind: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """Who held an office of a state or organization, from `start` to `end` (ISO 8601, None: open). `relation`: leads or actsFor."""

    person: str
    aliases: tuple[str, ...]
    office: str
    of: str
    relation: str
    start: str | None
    end: str | None
    gender: str


@cache
def _tables(folder: Path | None = None) -> tuple[dict[str, Actor], tuple[Name, ...]]:
    import pycountry

    root = (folder or ontology_dir()) / "actors"
    iso = {c.alpha_3: getattr(c, "common_name", c.name) for c in pycountry.countries} | _NOT_IN_ISO
    items = {row["id"]: _WIKIDATA + row["wikidata"] for row in read_table(root / "wikidata.csv", ("id", "wikidata"))}
    found: dict[str, Actor] = {}
    names: list[Name] = []
    for row in read_table(root / "states.csv", _STATE_COLUMNS):
        if row["id"] not in iso or row["id"] in found:
            raise row.wrong(f"{row['id']!r} is no ISO 3166-1 alpha-3 code, or stands twice", "use each code once")
        label = row.many("names")[0] if row["names"] else iso[row["id"]]
        found[row["id"]] = Actor(row["id"], label, NodeType.STATE, row["id"], items.get(row["id"]))
        names += _state_names(row)
    for row in read_table(root / "historical.csv", _HISTORICAL_COLUMNS):
        if not row["id"] or row["id"] in found:
            raise row.wrong(f"{row['id']!r} is empty or stands twice", "use the code that ISO withdrew, once")
        if not (row["start"].isdigit() and row["end"].isdigit()):
            raise row.wrong(f"the years are {row['start']!r} to {row['end']!r}", "write two years")
        years = (int(row["start"]), int(row["end"]))
        item = items.get(row["id"])
        found[row["id"]] = Actor(row["id"], row["label"], NodeType.STATE, row["id"], item, (), *years)
        names += [Name(text, row["id"], "name") for text in row.many("names")]
        names += [Name(text, row["id"], "adjective") for text in row.many("adjectives")]
        names += [Name(text + "s", row["id"], "demonym") for text in row.many("adjectives")]
    for code, label in iso.items():
        if code not in found:
            found[code] = Actor(code, label, NodeType.STATE, code, items.get(code))
            names.append(Name(label, code, "name"))
    for row in read_table(root / "organizations.csv", _ORG_COLUMNS):
        if not row["id"] or row["id"] in found:
            raise row.wrong(f"organization {row['id']!r} is empty or stands twice", "give each one its own id")
        row.choice("kind", _KINDS)
        for member in (*row.many("members"), *row.many("principal")):
            if member not in found:
                raise row.wrong(f"{member!r} is no known actor", "use ISO 3166-1 alpha-3 codes")
        iri = _WIKIDATA + row["wikidata"] if row["wikidata"] else None
        found[row["id"]] = Actor(
            row["id"], row["label"], NodeType.ORGANIZATION, row["principal"] or row["id"], iri, row.many("members"),
            kind=row["kind"],
        )  # fmt: skip
        names += [Name(text, row["id"], "name") for text in row.many("names")]
        names += [Name(text, row["id"], "adjective") for text in row.many("adjectives")]
    for row in read_table(root / "places.csv", ("state", "cities", "regions")):
        if row["state"] in iso:
            names += [Name(text, row["state"], "place") for text in (*row.many("cities"), *row.many("regions"))]
    return found, tuple(dict.fromkeys(names))


def _state_names(row: Row) -> list[Name]:
    out = [Name(text, row["id"], "name") for text in row.many("names")]
    for text in row.many("adjectives"):
        out.append(Name(text, row["id"], "adjective"))
        if text[-1] in "ni" and " " not in text.removeprefix("South ").removeprefix("North "):
            out.append(Name(text + "s", row["id"], "demonym"))
    out += [Name(text, row["id"], "demonym") for text in row.many("demonyms")]
    out += [Name(text, row["id"], "capital") for text in row.many("capitals")]
    out += [Name(text, row["id"], "seat") for text in row.many("seats")]
    out += [Name(text, row["id"], "body") for text in row.many("bodies")]
    out += [Name(text, row["id"], "city") for text in row.many("cities")]
    return out


def actors(folder: Path | None = None) -> dict[str, Actor]:
    """All states and organizations by id; KgraphError where a row of the ontology is wrong."""
    return _tables(folder)[0]


def names(folder: Path | None = None) -> tuple[Name, ...]:
    """All names of all actors."""
    return _tables(folder)[1]


@cache
def blockers(folder: Path | None = None) -> tuple[str, ...]:
    """Phrases that hold a name and do not mean that actor: "South China Sea"."""
    path = (folder or ontology_dir()) / "actors" / "blockers.csv"
    return tuple(row["phrase"] for row in read_table(path, ("phrase",)))


_FAMILY_FIRST = frozenset({"CHN", "TWN", "HKG", "KOR", "PRK", "SGP", "MAC"})
_WESTERN = frozenset({"Carrie", "Donald", "Chris", "Joseph", "George", "John", "Paul", "Tony", "Vivian", "Kevin"})


def surname(holder: OfficeHolder) -> str:
    """The part of an office holder's name that stands for him: the first in East Asia, the last elsewhere."""
    words = holder.person.removesuffix(" Jr.").split()
    if holder.of in _FAMILY_FIRST and len(words) > 1 and len(words[0]) <= 6 and words[0] not in _WESTERN:
        return words[0]
    last = words[-1].removeprefix("al-")
    return last if len(words) < 3 or words[-2] not in ("de", "van", "von", "da", "bin") else f"{words[-2]} {last}"


@cache
def spellings(folder: Path | None = None) -> dict[str, str]:
    """Other spellings of a word in names -> the one that the tables use: "Mohamed" -> "Mohammed"."""
    path = (folder or ontology_dir()) / "actors" / "spellings.csv"
    return {other: row["form"] for row in read_table(path, ("form", "others")) for other in row.many("others")}


@cache
def common_surnames(folder: Path | None = None) -> frozenset[str]:
    """Surnames of office holders that many others bear: alone they name nobody."""
    path = (folder or ontology_dir()) / "actors" / "surnames.csv"
    return frozenset(name for row in read_table(path, ("common",)) for name in row.many("common"))


@cache
def office_holders(folder: Path | None = None) -> tuple[OfficeHolder, ...]:
    """Everybody in `offices.csv`; KgraphError where a row names an unknown actor or a date that is none."""
    known = actors(folder)
    found: list[OfficeHolder] = []
    for row in read_table((folder or ontology_dir()) / "actors" / "offices.csv", _OFFICE_COLUMNS):
        if row["of"] not in known:
            raise row.wrong(f"{row['of']!r} is no known actor", "use an id of states.csv or organizations.csv")
        for column in ("start", "end"):
            if row[column] and not _DATE.match(row[column]):
                raise row.wrong(f"{column} is {row[column]!r}", "write YYYY, YYYY-MM or YYYY-MM-DD")
        relation = "leads" if row["office"] in _LEADERS else "actsFor"
        found.append(
            OfficeHolder(
                row["person"], row.many("aliases"), row["office"], row["of"], relation,
                row["start"] or None, row["end"] or None, row["gender"],
            )
        )  # fmt: skip
    return tuple(found)
