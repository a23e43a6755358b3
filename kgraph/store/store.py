"""The store: a folder with an Oxigraph database and a marker file that says what it is, or graphs on a SPARQL server."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import unquote

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document
from kgraph.store.changes import is_half_written, recover
from kgraph.store.folder import (
    DATABASE,
    GENERATION,
    HELD,
    SCHEMA,
    HeldError,
    damage,
    first_line,
    is_damage,
    open_database,
    prepare,
    reading,
    writing,
)
from kgraph.store.identity import (
    FILE,
    Decision,
    Identity,
    read_decisions,
    replacements,
    write_decisions,
)
from kgraph.store.mapping import CORPUS, LEDGER, iri
from kgraph.store.ontology import ontology_quads
from kgraph.store.provenance import Configuration
from kgraph.store.publication import publish, published, store_of, withdraw
from kgraph.store.reading import Reading
from kgraph.store.remote import Remote
from kgraph.store.vocabulary import DOCUMENT, GRAPH, document_iri
from kgraph.store.writer import Writer, content_hash

_LOG = logging.getLogger(__name__)
_SETTLED = 1_000
"""So many assertions are settled at once."""
_BATCH = 240_000
"""So many changed quads are kept in memory before they are written at once."""
_COUNTS = 10_000
"""So many changed counts of sources: they are quads with removals, which take ten times the memory of new lines."""


class Store(Reading):
    """Assertions on disk (or in memory, with no path), open for one process. Use as a context manager."""

    def __init__(self, database: ox.Store | Remote, folder: Path | None = None, *, writable: bool = True) -> None:
        super().__init__(database, folder)
        self._writable = writable
        self._half = False
        self._prepared = False
        self._memory: list[Decision] = []
        self._reading: IO[bytes] | None = None

    @classmethod
    def open(cls, path: str | Path | None, *, create: bool = False) -> Store:
        """Open the store in a folder; with `create`, make one in a new or empty folder.

        A folder that cannot be written is opened for reading; so is, without `create`, the state in which another process
        found the store that it holds. Raises KgraphError where the folder is missing, is something else, has another
        schema, is damaged, or is held by a process and shows no state. The address of a SPARQL server
        (http or https) is a store, too; on a server nothing is written before something is put, decided or removed.
        """
        if isinstance(path, str) and path.startswith(("http://", "https://")):
            return cls._at(path, create)
        if path is None:
            database = ox.Store()
            store = cls(database)
        else:
            folder = Path(path)
            prepare(folder, create=create)
            try:
                database, writable = open_database(folder)
            except HeldError:
                shown = None if create else cls._shown(folder)
                if shown is None:
                    raise
                return shown
            with reading(folder):
                store = cls(database, folder, writable=writable)
        if store._writable:
            with writing(store._folder):
                if recover(database):
                    store._renew()
                store._prepare()
            if store._folder is not None:
                publish(database, store._folder)
        elif is_half_written(database):
            raise KgraphError(f"{path}: a build was stopped in the middle of writing; open the store once where it can be written: any command mends it")  # fmt: skip
        return store

    @classmethod
    def _shown(cls, folder: Path) -> Store | None:
        """The state that the holder of a store shows; it does so a moment after it took the store."""
        for _ in range(20):
            found = published(folder)
            if found is not None:
                state, lock = found
                with reading(folder):
                    store = cls(ox.Store.read_only(str(state / DATABASE)), state, writable=False)
                store._reading = lock
                _LOG.warning("%s: another process holds the store; what is read is its state before", folder)
                return store
            time.sleep(0.1)
        return None

    @classmethod
    def _at(cls, url: str, create: bool) -> Store:
        remote = Remote(url)
        found = remote.schema()
        if found is None and not create:
            raise KgraphError(f"{url}: there is no store; make one with `kgraph build SOURCE --store {url}`")
        if found not in (None, SCHEMA):
            raise KgraphError(
                f"{url}: the store has schema {found}, this kgraph reads {SCHEMA}; use the kgraph that wrote it"
            )
        return cls(remote)

    def _prepare(self) -> None:
        """Bring the graph in line with the ontology and the decisions as they are now."""
        self._prepared = True
        self._describe_ontology()
        self._identify(self.decisions())
        self.settle()

    def _describe_ontology(self) -> None:
        graph = ox.NamedNode(GRAPH + "ontology")
        new = dict.fromkeys(ontology_quads(graph))
        old = dict.fromkeys(self._database.quads_for_pattern(None, None, None, graph))
        self._changes.remove(q for q in old if q not in new)
        self._changes.add(q for q in new if q not in old)
        self.checkpoint()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if is_damage(error):
            assert error is not None
            raise damage(self._folder, first_line(error)) from error

    @property
    def folder(self) -> Path | None:
        """The folder of the store; None for one in memory."""
        return self._folder

    def close(self) -> None:
        """Write what is pending and let the folder go."""
        try:
            if self._writable:
                with writing(self._folder):
                    if self._half:
                        self._changes.forget()
                    self.checkpoint()
                    self._database.flush()
        finally:
            if self._writable and self._folder is not None:
                withdraw(self._folder)
            if self._reading is not None:
                self._reading.close()
            if isinstance(self._database, Remote):
                self._database.close()
            del self._database, self._changes, self._writer

    def log_run(self, told: dict[str, object]) -> None:
        """Append a line to `runs.jsonl` in the store's folder: when which build did what."""
        if self._folder is not None:
            with writing(self._folder), (self._folder / "runs.jsonl").open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(told, ensure_ascii=False) + "\n")

    def add(self, assertions: Iterable[Assertion], document: Document | None = None) -> int:
        """Store assertions, with the document that they rest on, all or none; returns how many were given.

        They stand beside what the document said before; `put` stands in its place.
        """
        with self._all_or_none():
            if document:
                self._writer.describe(document)
            count = self._writer.add(assertions)
        self.settle()
        return count

    def put(self, document: Document, assertions: Iterable[Assertion], made: Configuration | None = None) -> None:
        """Store a document and what it says, in place of what it said before; see `checkpoint`.

        Documents are kept in memory until there are enough of them and then written at once: never half a document.
        """
        self._need_writable()
        said = list(assertions)
        # An interrupt between here and the end leaves half a document in memory, which must never be written.
        self._half = True
        self._writer.put(document, said, made)
        self._half = False
        if self._changes.size >= _BATCH:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Write all documents that were put."""
        if not self._changes.size:
            self._changes.forget()
        else:
            with writing(self._folder):
                self._renew()
                try:
                    self._changes.write()
                except KgraphError:
                    # A server's journal knows the rest of a change that failed; it is not to be begun again at closing.
                    self._writer.forget()
                    raise
                self._told.clear()

    def generation(self) -> str:
        """A word that changes with every change of the store; what is derived from the store can be kept by it."""
        self.checkpoint()
        if self._folder is None:
            return ""
        try:
            return (self._folder / GENERATION).read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def _renew(self) -> None:
        # Before the change, not after it: a process killed in between makes work, not mistakes.
        if self._folder is not None:
            (self._folder / GENERATION).write_text(uuid.uuid4().hex, encoding="ascii")

    @property
    def writable(self) -> bool:
        """Can this store be changed?"""
        return self._writable

    def remove(self, document: str) -> None:
        """Take out a document, or all rows of a table, with all that rests on it alone; KgraphError where it is not stored."""
        gone = [document] if self.holds(document) else list(self.rows_of(document))
        if not gone:
            raise KgraphError(f"the store has no document {document!r}; `kgraph query --saved documents` lists them")
        self.remove_all(gone)

    def remove_all(self, documents: Sequence[str]) -> None:
        """Take out documents that are stored; each goes whole, or not at all."""
        self._need_writable()
        self.checkpoint()
        for document in documents:
            self._half = True
            self._writer.remove(document)
            self._half = False
            if self._changes.size >= _BATCH:
                self.checkpoint()
        self.settle()

    def rows_of(self, table: str) -> Iterator[str]:
        """The ids of the documents that are rows of a table."""
        self.checkpoint()
        links = self._database.quads_for_pattern(None, iri("dcterms:isPartOf"), ox.NamedNode(document_iri(table)), None)
        return (unquote(q.subject.value.removeprefix(DOCUMENT)) for q in links)  # type: ignore[union-attr]

    def settle(self) -> None:
        """Count anew the independent sources of assertions whose evidence changed; builds end with it."""
        self.checkpoint()
        # A database's iterator sees the state in which it was made, and memory stays flat; a server's answer does not.
        unsettled = self._database.quads_for_pattern(None, iri("kg:unsettled"), None, None)
        rest = (q.subject for q in (list(unsettled) if self._changes.remote else unsettled))
        while batch := list(islice(rest, _SETTLED)):
            if self._changes.remote:
                self._writer.expect_testimonies(batch)
            for statement in batch:
                self._writer.settle(statement)  # type: ignore[arg-type]
            if self._changes.size >= _COUNTS:
                self.checkpoint()
        self.checkpoint()

    def current(self, document: Document, made: Configuration) -> bool:
        """Is this document stored with the same content, read by the same configuration?"""
        node = ox.NamedNode(document_iri(document.id))
        same = ox.Literal(content_hash(document))
        told = (ox.Quad(node, iri("kg:contentHash"), same, CORPUS), ox.Quad(made.node, iri("prov:used"), node, CORPUS))
        return all(quad in self._changes for quad in told)

    def _need_writable(self) -> None:
        if self._reading is not None:
            raise HeldError(f"{store_of(self._folder)}: {HELD}")
        if not self._writable:
            raise KgraphError(f"{self._folder}: the folder cannot be written; free space or choose a writable one")
        if isinstance(self._database, Remote) and not self._prepared:
            self._database.begin(SCHEMA)
            self._writer.identity = Identity.stored(self.match)
            self._prepare()

    def _all_or_none(self) -> _AllOrNone:
        self._need_writable()
        return _AllOrNone(self, self._writer)

    def decisions(self) -> list[Decision]:
        """The decisions on who is who, in the order of deciding; without a file, those that the graph was built with."""
        if self._file is not None and self._file.exists():
            return read_decisions(self._file)
        return list(self._memory) or self._writer.identity.decisions()

    @property
    def _file(self) -> Path | None:
        """Where decisions are kept: in the folder; for a server, where `KGRAPH_DECISIONS` says."""
        if isinstance(self._database, Remote):
            return Path(os.environ["KGRAPH_DECISIONS"]) if os.environ.get("KGRAPH_DECISIONS") else None
        return None if self._folder is None else self._folder / FILE

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Add decisions and bring the graph in line with them; KgraphError, and nothing done, where they contradict."""
        self._need_writable()
        told = [*self.decisions(), *decisions]
        replacements(told)
        if self._file is not None:
            write_decisions(self._file, told)
        elif isinstance(self._database, Remote):
            raise KgraphError("decisions on a server's store need a file; name one in KGRAPH_DECISIONS")
        else:
            self._memory = told
        self._identify(told)
        self.settle()

    def _identify(self, decisions: list[Decision]) -> None:
        identity = Identity(replacements(decisions))
        if identity.replaced != self._writer.identity.replaced:
            with self._all_or_none():
                self._writer.identify(identity, self.match(None, iri("kg:record"), None, LEDGER))


class _AllOrNone:
    """What is put inside is written at the end, or forgotten where it went wrong."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store, self._writer = store, writer

    def __enter__(self) -> None:
        # What earlier documents changed is theirs: it is written first, so that trouble here cannot take it along.
        self._store.checkpoint()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._writer.forget()
        self._store.checkpoint()
