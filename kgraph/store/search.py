"""Full-text search over names and sentences, by SQLite's FTS5 beside the database.

The index is derived: it is made anew when the store changed since. Where the folder cannot be written it is made in memory.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from kgraph.errors import KgraphError
from kgraph.store.folder import first_line
from kgraph.store.mapping import iri
from kgraph.store.store import Store

_FILE = "search.sqlite"


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: `kind` is "name" or "sentence", `iri` the entity's or the sentence's, `place` the class and id (`State:JPN`) or the document.

    `marked` is the text with the words found between \\x02 and \\x03.
    """

    kind: str
    iri: str
    place: str
    text: str
    marked: str


def search(store: Store, words: str, *, limit: int = 20) -> list[Hit]:
    """Names first, then sentences, best first (BM25). Words stand for themselves and their inflections, "…" for a phrase."""
    terms = [phrase or word for phrase, word in re.findall(r'"([^"]*)"|(\S+)', words)]
    terms = [t.replace('"', " ").strip() for t in terms if re.search(r"\w", t)]
    if not terms:
        raise KgraphError("the search has no word in it; give one, for example 'missile test'")
    # Every term is a quoted string of FTS5: no operator of its query language is left.
    query = " ".join(f'"{t}"' for t in terms)
    try:
        return _found(_index(store), query, limit)
    except sqlite3.Error:
        # A damaged index is no loss: it is made anew.
        _forget(store)
    try:
        return _found(_index(store), query, limit)
    except sqlite3.Error as error:
        raise KgraphError(f"the search failed ({first_line(error)}); use plain words") from error


def _found(index: sqlite3.Connection, query: str, limit: int) -> list[Hit]:
    with closing(index):
        rows = index.execute(
            "SELECT kind, iri, place, text, highlight(found, 3, char(2), char(3)) FROM found WHERE found MATCH ? "
            "ORDER BY kind, rank, iri LIMIT ?",
            (f"text : ({query})", limit),
        ).fetchall()
    return [Hit(*row) for row in rows]


def _index(store: Store) -> sqlite3.Connection:
    generation = store.generation()
    place = str(store.folder / _FILE) if store.folder is not None and store.writable else ":memory:"
    try:
        return _filled(place, store, generation)
    except sqlite3.Error:
        # Nor is one that cannot be written.
        _forget(store)
        return _filled(":memory:", store, generation)


def _forget(store: Store) -> None:
    if store.folder is not None and store.writable:
        (store.folder / _FILE).unlink(missing_ok=True)


def _filled(place: str, store: Store, generation: str) -> sqlite3.Connection:
    index = sqlite3.connect(place)
    index.execute("CREATE TABLE IF NOT EXISTS made_of (generation TEXT)")
    if index.execute("SELECT generation FROM made_of").fetchall() == [(generation,)] and place != ":memory:":
        return index
    with index:
        index.execute("DROP TABLE IF EXISTS found")
        index.execute(
            "CREATE VIRTUAL TABLE found USING fts5(kind UNINDEXED, iri UNINDEXED, place UNINDEXED, text, "
            "tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        index.executemany("INSERT INTO found VALUES (?, ?, ?, ?)", _texts(store))
        index.execute("DELETE FROM made_of")
        index.execute("INSERT INTO made_of VALUES (?)", (generation,))
    return index


def _texts(store: Store) -> Iterator[tuple[str, str, str, str]]:
    from urllib.parse import unquote

    from kgraph.store.mapping import ENTITIES, entity_key
    from kgraph.store.vocabulary import DOCUMENT

    for predicate in ("rdfs:label", "skos:altLabel"):
        for quad in store.match(None, iri(predicate), None, ENTITIES):
            own = str(getattr(quad.subject, "value", ""))
            yield "name", own, ":".join(entity_key(own)), str(getattr(quad.object, "value", ""))
    for quad in store.match(None, iri("nif:anchorOf")):
        own = str(getattr(quad.subject, "value", ""))
        document = unquote(own.removeprefix(DOCUMENT).rpartition("#")[0])
        yield "sentence", own, document, str(getattr(quad.object, "value", ""))
