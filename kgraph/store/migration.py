"""Stores of an older schema: what they hold is put into a new database, which takes the old one's place at the end."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Document
from kgraph.serialization import assertion_from_dict
from kgraph.store.folder import DATABASE, MARKER, SCHEMA, mark, open_database, schema_of, writing
from kgraph.store.store import Store
from kgraph.store.vocabulary import KG


def migrate(folder: Path) -> str:
    """Bring the store in a folder to the present schema; returns one sentence on what was done.

    From schema 1, assertions and documents are taken over; the next build reads the documents anew, for schema 1 did
    not tell by which program they were read. The old database stays until the new one is whole.
    """
    if not (folder / MARKER).is_file():
        raise KgraphError(f"{folder}: there is no store; make one with `kgraph build SOURCE --store {folder}`")
    found = schema_of(folder)
    if found == SCHEMA:
        return f"{folder} has schema {SCHEMA} already; nothing to do"
    if found > SCHEMA:
        raise KgraphError(f"{folder}: the store has schema {found}, this kgraph reads {SCHEMA}; use a newer kgraph")
    place, new, old = (folder / (DATABASE + end) for end in ("", ".new", ".old"))
    with writing(folder):
        if not old.exists():
            shutil.rmtree(new, ignore_errors=True)
            _copy(folder, new)
            place.rename(old)
        # The old one aside means that the new one is whole; a process killed from here on goes on here.
        if not place.exists():
            new.rename(place)
        mark(folder)
        shutil.rmtree(old)
    return f"{folder} was brought from schema {found} to {SCHEMA}; the next build reads its documents anew"


def _copy(folder: Path, new: Path) -> None:
    database, _ = open_database(folder)
    records: dict[str, list[str]] = defaultdict(list)
    for quad in database.quads_for_pattern(None, ox.NamedNode(KG + "record"), None, None):
        record = str(getattr(quad.object, "value", ""))
        records[json.loads(record)["evidence"][0]["document"]].append(record)
    known = Store(database).documents()
    fresh = Store(ox.Store(str(new)))
    for name in sorted({*records, *known}):
        facts = known.get(name, {})
        date = dt.date.fromisoformat(facts["date"]) if "date" in facts else None
        document = Document(name, "", date, facts.get("title"), facts.get("source"), facts.get("url"))
        fresh.add([assertion_from_dict(json.loads(r)) for r in sorted(records[name])], document)
    fresh.close()
