"""Which documents a build has met: on disk, so that memory does not grow with the corpus."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType

from kgraph.model import Document


class Seen:
    """The ids met so far, each with a hash of its first text. Use as a context manager."""

    def __init__(self) -> None:
        # An empty name is a private database in memory that moves to a temporary file as it grows.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, text BLOB) WITHOUT ROWID")

    def meet(self, document: Document) -> bool | None:
        """None for a new id, True for one met with the same text, False for one met with another."""
        ident, text = (hashlib.blake2b(t.encode(), digest_size=16).digest() for t in (document.id, document.text))
        known = self._database.execute("SELECT text FROM seen WHERE id = ?", (ident,)).fetchone()
        if known is None:
            self._database.execute("INSERT INTO seen VALUES (?, ?)", (ident, text))
            return None
        return bool(known[0] == text)

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
