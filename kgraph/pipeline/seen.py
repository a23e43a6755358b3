"""Which documents a build has met: on disk, so that memory does not grow with the corpus."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType

from kgraph.errors import KgraphError
from kgraph.model import Document
from kgraph.store.writer import content_hash


class Seen:
    """The ids met so far, each with the content of its first document. Use as a context manager."""

    def __init__(self) -> None:
        # An empty name is a private database in memory that moves to a temporary file as it grows.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID")

    def meet(self, document: Document) -> bool | None:
        """None for a new id, True for one met with the same text and facts, False for one met with others."""
        ident, content = hashlib.blake2b(document.id.encode(), digest_size=16).hexdigest(), content_hash(document)
        try:
            known = self._database.execute("SELECT content FROM seen WHERE id = ?", (ident,)).fetchone()
            if known is None:
                self._database.execute("INSERT INTO seen VALUES (?, ?)", (ident, content))
        except sqlite3.OperationalError as error:
            raise KgraphError(
                f"the folder for temporary files is full ({error}); free space, or set TMPDIR to another"
            ) from error
        return None if known is None else bool(known[0] == content)

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
