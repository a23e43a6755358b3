"""The store: a folder with an Oxigraph database and a marker file that says what it is, or graphs on a SPARQL server."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity
from kgraph.serialization import assertion_from_dict
from kgraph.store.changes import Changes, recover
from kgraph.store.folder import DATABASE, SCHEMA, open_database, prepare, writing
from kgraph.store.identity import (
    FILE,
    Decision,
    Identity,
    key_of,
    read_decisions,
    replacements,
    write_decisions,
)
from kgraph.store.mapping import ENTITIES, LEDGER, assertion_id, entity_node, iri
from kgraph.store.ontology import ontology_quads
from kgraph.store.provenance import Configuration
from kgraph.store.remote import Remote
from kgraph.store.results import QueryResult, result_of, result_of_parts
from kgraph.store.safety import checked
from kgraph.store.sandbox import Dataset, Limits, ask, run
from kgraph.store.vocabulary import ASSERTION, GRAPH, PREFIXES, document_iri
from kgraph.store.writer import Writer, canonical_assertion, content_hash

_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_FACTS = {"dcterms:title": "title", "dcterms:publisher": "source", "dcterms:source": "url", "dcterms:date": "date"}
_GENERATION = "generation"
_ASSEMBLED = 1_000
"""So many assertions are read at once."""
_BATCH = 20_000
"""So many changed quads are kept in memory before they are written at once."""


class Store:
    """Assertions on disk (or in memory, with no path), open for one process. Use as a context manager."""

    def __init__(self, database: ox.Store | Remote, folder: Path | None = None, *, writable: bool = True) -> None:
        self._database = database
        self._folder = folder
        self._writable = writable
        self._half = False
        self._prepared = False
        self._changes = Changes(database)
        self._writer = Writer(self._changes, Identity.stored(self.match))
        self._told: dict[str, Entity] = {}
        self._memory: list[Decision] = []

    @classmethod
    def open(cls, path: str | Path | None, *, create: bool = False) -> Store:
        """Open the store in a folder; with `create`, make one in a new or empty folder.

        A folder that cannot be written is opened for reading. Raises KgraphError where the folder is missing, is
        something else, has another schema, is damaged, or is held by a process. The address of a SPARQL server
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
            database, writable = open_database(folder)
            store = cls(database, folder, writable=writable)
        if store._writable:
            with writing(store._folder):
                if recover(database):
                    store._renew()
                store._prepare()
        return store

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
                self._changes.write()
                self._told.clear()

    def generation(self) -> str:
        """A word that changes with every change of the store; what is derived from the store can be kept by it."""
        self.checkpoint()
        if self._folder is None:
            return ""
        try:
            return (self._folder / _GENERATION).read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def _renew(self) -> None:
        # Before the change, not after it: a process killed in between makes work, not mistakes.
        if self._folder is not None:
            (self._folder / _GENERATION).write_text(uuid.uuid4().hex, encoding="ascii")

    @property
    def writable(self) -> bool:
        """Can this store be changed?"""
        return self._writable

    def remove(self, document: str) -> None:
        """Take out a document and all that rests on it alone; KgraphError where it is not stored."""
        if not self.holds(document):
            raise KgraphError(f"the store has no document {document!r}; `kgraph query --saved documents` lists them")
        with self._all_or_none():
            self._writer.remove(document)
        self.settle()

    def settle(self) -> None:
        """Count anew the independent sources of assertions whose evidence changed; builds end with it."""
        self.checkpoint()
        unsettled = [q.subject for q in self._database.quads_for_pattern(None, iri("kg:unsettled"), None, None)]
        rest = iter(sorted(unsettled, key=str))
        while batch := list(islice(rest, _ASSEMBLED)):
            if self._changes.remote:
                self._writer.expect_testimonies(batch)
            for statement in batch:
                self._writer.settle(statement)  # type: ignore[arg-type]
            if self._changes.size >= _BATCH:
                self.checkpoint()
        self.checkpoint()

    def current(self, document: Document, made: Configuration) -> bool:
        """Is this document stored with the same content, read by the same configuration?"""
        node = ox.NamedNode(document_iri(document.id))
        same = ox.Literal(content_hash(document))
        return self._changes.holds(node, iri("kg:contentHash"), same) and self._changes.holds(
            made.node, iri("prov:used"), node
        )

    def _need_writable(self) -> None:
        if not self._writable:
            raise KgraphError(f"{self._folder}: the folder cannot be written; choose a writable one")
        if isinstance(self._database, Remote) and not self._prepared:
            self._database.begin(SCHEMA)
            self._prepare()

    def _all_or_none(self) -> _AllOrNone:
        self._need_writable()
        return _AllOrNone(self, self._changes)

    def assertions(self) -> Iterator[Assertion]:
        """Every assertion with all its evidence, ordered by its id."""
        self.checkpoint()
        links = [(q.object, q.subject) for q in self._database.quads_for_pattern(None, iri("kg:mentionOf"), None, None)]
        links.sort(key=lambda link: (str(link[0]), str(link[1])))
        groups = ([mention for _, mention in group] for _, group in groupby(links, key=lambda link: link[0]))
        while batch := list(islice(groups, _ASSEMBLED)):
            records = self._records([mention for group in batch for mention in group])
            for group in batch:
                yield self._assembled([records[mention] for mention in group])

    def _records(self, mentions: Sequence[Any]) -> dict[Any, str]:
        predicate = iri("kg:record")
        if isinstance(self._database, Remote):
            found = self._database.of(mentions, predicate)
        else:
            found = (q for m in mentions for q in self._database.quads_for_pattern(m, predicate, None, None))
        return {q.subject: str(getattr(q.object, "value", "")) for q in found}

    def assertion(self, node: str) -> Assertion:
        """The assertion of this IRI with all its evidence; KgraphError where there is none."""
        found = self._database.quads_for_pattern(None, iri("kg:mentionOf"), ox.NamedNode(node), None)
        mentions = [q.subject for q in found]
        if not mentions:
            raise KgraphError(f"the store has no assertion {node}")
        return self._assembled(list(self._records(mentions).values()))

    def _assembled(self, records: Sequence[str]) -> Assertion:
        told = [canonical_assertion(assertion_from_dict(json.loads(r)), self._merged) for r in sorted(records)]
        evidence = {(e.document, e.start, e.end): e for a in told for e in a.evidence}
        best = max(a.confidence for a in told)
        return replace(told[0], evidence=tuple(evidence[k] for k in sorted(evidence)), confidence=best)

    def _merged(self, entity: Entity) -> Entity:
        """The entity that was decided to be meant, as all its documents tell it."""
        key = key_of(own := self._writer.identity(entity))
        if key not in self._writer.identity.members:
            return own
        if key not in self._told:
            node = entity_node(own)
            known: dict[str, list[str]] = {}
            for quad in self._database.quads_for_pattern(node, None, None, ENTITIES):
                known.setdefault(quad.predicate.value, []).append(str(getattr(quad.object, "value", "")))

            def many(name: str) -> list[str]:
                return sorted(known.get(iri(name).value, ()))

            self._told[key] = Entity(
                own.id, next(iter(many("rdfs:label")), own.label), own.type, next(iter(many("kg:principal")), None),
                next(iter(many("kg:head")), None), tuple(many("kg:target")), tuple(many("kg:concern")),
                next(iter(many("owl:sameAs")), None),
            )  # fmt: skip
        return self._told[key]

    def decisions(self) -> list[Decision]:
        """The decisions on who is who, in the order of deciding; see `kgraph.store.identity`."""
        return list(self._memory) if self._file is None else read_decisions(self._file)

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
        if isinstance(self._database, Remote) and self._file is None:
            # Without a file at hand, what others decided stands.
            return
        identity = Identity(replacements(decisions))
        if identity.replaced != self._writer.identity.replaced:
            with self._all_or_none():
                self._writer.identify(identity, self.match(None, iri("kg:record"), None, LEDGER))

    def independent_sources(self) -> Callable[[Assertion], int]:
        """A function that tells how many independent sources say an assertion, as counted at its call; 1 at least."""
        self.checkpoint()
        found = self._database.quads_for_pattern(None, iri("kg:independentSources"), None, None)
        counts = {str(getattr(q.subject, "value", "")): int(getattr(q.object, "value", "1")) for q in found}
        return lambda a: counts.get(ASSERTION + assertion_id(a), 1)

    def documents(self) -> dict[str, dict[str, str]]:
        """What is known of each document: id -> title, source (publisher), url, date."""
        self.checkpoint()
        known = self._database.quads_for_pattern(None, iri("dcterms:identifier"), None, None)
        names = {q.subject: str(getattr(q.object, "value", "")) for q in known}
        out: dict[str, dict[str, str]] = {name: {} for name in sorted(names.values())}
        for predicate, key in _FACTS.items():
            for quad in self._database.quads_for_pattern(None, iri(predicate), None, None):
                if quad.subject in names:
                    out[names[quad.subject]][key] = str(getattr(quad.object, "value", ""))
        return out

    def document(self, document_id: str) -> dict[str, str]:
        """What is known of one document: title, source (publisher), url, date."""
        node = ox.NamedNode(document_iri(document_id))
        return {
            key: str(getattr(found.object, "value", ""))
            for predicate, key in _FACTS.items()
            for found in self._changes.match(node, iri(predicate))
        }

    def holds(self, document_id: str) -> bool:
        """Is a document of this id stored?"""
        return self._changes.holds(ox.NamedNode(document_iri(document_id)))

    def match(
        self, subject: object = None, predicate: object = None, value: object = None, graph: object = None
    ) -> Iterator[ox.Quad]:
        """The quads of a pattern, as they are written."""
        return iter(self._database.quads_for_pattern(subject, predicate, value, graph))  # type: ignore[arg-type]

    def query(self, sparql: str) -> QueryResult:
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query over all graphs; prefixes are declared already.

        Raises KgraphError for updates, SERVICE, FROM and syntax errors. There is no time limit: see `ask`.
        """
        self.checkpoint()
        if isinstance(self._database, Remote):
            return result_of_parts(self._database.parts(checked(sparql)))
        return result_of(self._database.query(checked(sparql), use_default_graph_as_union=True))

    def ask(
        self,
        sparql: str,
        limits: Limits | None = None,
        *,
        dataset: Dataset | None = None,
        cancelled: threading.Event | None = None,
    ) -> QueryResult:
        """Like `query`, for the queries of strangers: stopped at the limits of time, memory and rows.

        Over all graphs, or those of a `dataset`. Raises LimitError where a limit of time or memory is reached or
        `cancelled` is set; at the limit of rows, the result is `truncated`. A store in memory knows no limits.
        """
        text = checked(sparql)
        self.checkpoint()
        if isinstance(self._database, Remote):
            return result_of_parts(self._database.parts(text, limits or Limits(), dataset, cancelled))
        if self._folder is None:
            return result_of(ask(self._database, text, dataset))
        return result_of_parts(run(self._folder / DATABASE, text, limits or Limits(), dataset, cancelled))

    def export(self, stream: IO[bytes], form: str) -> None:
        """Write all quads as nquads (sorted), trig, turtle or jsonld; the same store gives the same bytes."""
        if form not in _FORMATS:
            raise KgraphError(f"there is no export format {form!r}; use one of {', '.join(sorted(_FORMATS))}")
        self.checkpoint()
        quads = sorted(self._database, key=str)
        if form == "turtle":
            triples = sorted({q.triple for q in quads}, key=str)
            ox.serialize(triples, stream, _FORMATS[form], prefixes=PREFIXES)
        elif form == "nquads":
            ox.serialize(quads, stream, _FORMATS[form])
        else:
            ox.serialize(quads, stream, _FORMATS[form], prefixes=PREFIXES)


class _AllOrNone:
    """What is put inside is written at the end, or forgotten where it went wrong."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store, self._changes = store, changes

    def __enter__(self) -> None:
        # What earlier documents changed is theirs: it is written first, so that trouble here cannot take it along.
        self._store.checkpoint()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._changes.forget()
        self._store.checkpoint()
