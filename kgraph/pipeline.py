"""The verbs strung together: documents -> assertions -> store -> network -> map."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kgraph.configuration import text_configuration
from kgraph.documents import Skipped, read
from kgraph.extraction.records import Account, Mapping
from kgraph.extraction.text import extract_many
from kgraph.model import Assertion, Document
from kgraph.tables import build_tables, find_tables, read_tables

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.map import MapOptions, Written
    from kgraph.network import Corpus
    from kgraph.store import QueryResult, Store

Progress = Callable[[Document, int], None]


@dataclass(slots=True)
class Report:
    """What a build did.

    `documents` were read, and of these `unchanged` were stored already as they are and `replaced` took the place of a
    former text; `assertions` were extracted and stored; `skipped` tells what was left out and why; `tables` holds the
    account of each table.
    """

    documents: int = 0
    unchanged: int = 0
    replaced: int = 0
    assertions: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    tables: list[Account] = field(default_factory=list)


def extract(
    sources: Iterable[str | Path],
    *,
    date: dt.date | None = None,
    min_confidence: float = 0.0,
    on_skip: Callable[[Skipped], None] | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
    accounts: list[Account] | None = None,
) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each document of the sources with its assertions; every piece of evidence is checked against its document.

    Rows of tables (see `build_store`) come first; `accounts` gets an account for each table.
    """
    tables, sources = find_tables(sources, mapping)
    yield from read_tables(tables, mapping, strict=strict, accounts=[] if accounts is None else accounts)
    if sources:
        yield from _extracted(read(sources, date=date, on_skip=on_skip), min_confidence)


def _extracted(documents: Iterable[Document], min_confidence: float) -> Iterator[tuple[Document, list[Assertion]]]:
    for document, found in extract_many(documents, min_confidence=min_confidence):
        for assertion in found:
            for evidence in assertion.evidence:
                evidence.verify(document)
        yield document, found


def build_store(
    sources: Iterable[str | Path],
    store: Store,
    *,
    date: dt.date | None = None,
    min_confidence: float = 0.0,
    on_document: Progress | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
) -> Report:
    """Extract from the sources into an open store, document by document.

    A document that is stored with the same content, read by the same program with the same ontology, is not read again;
    one whose content changed takes the place of its former text. What was stored when a build was stopped stays. Tables
    are read by the known format that they have, or by `mapping`; with `strict`, a wrong row raises KgraphError.
    """
    made = text_configuration(min_confidence=min_confidence)
    tables, sources = find_tables(sources, mapping)
    report = Report()
    report.tables = build_tables(tables, store, mapping, strict=strict, on_document=on_document)
    started = dt.datetime.now(dt.UTC)
    seen: dict[str, bytes] = {}

    def news() -> Iterator[Document]:
        for document in read(sources, date=date, on_skip=report.skipped.append) if sources else ():
            content = hashlib.blake2b(document.text.encode(), digest_size=8).digest()
            again = document.id in seen
            if seen.setdefault(document.id, content) != content:
                report.skipped.append(
                    Skipped(document.id, "another document of this build has the same id; give each its own")
                )
                continue
            report.documents += 1
            if again or store.current(document, made):
                report.unchanged += 1
                if on_document:
                    on_document(document, 0)
            else:
                yield document

    for document, found in _extracted(news(), min_confidence):
        report.replaced += store.holds(document.id)
        store.put(document, found, made)
        report.assertions += len(found)
        if on_document:
            on_document(document, len(found))
    store.settle()
    store.log_run(
        {
            "started": started.isoformat(timespec="seconds"), "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "configuration": made.key, "sources": [*map(str, tables), *sources], "documents": report.documents,
            "unchanged": report.unchanged, "replaced": report.replaced, "skipped": len(report.skipped),
            "assertions": report.assertions,
        }
    )  # fmt: skip
    return report


class Graph:
    """A knowledge graph in a store: ask it, project it, show it. Use as a context manager where the store is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def assertions(self) -> Iterator[Assertion]:
        """Every assertion, ordered by its id."""
        return self._store.assertions()

    def query(self, sparql: str) -> QueryResult:
        """The answer to a SPARQL query; see `kgraph.store.Store.query`."""
        return self._store.query(sparql)

    def network(self) -> nx.MultiDiGraph:
        """The projection into networkx (`kgraph.network.project`); each edge has `sources`, its independent sources."""
        from kgraph.network import project
        from kgraph.network.projection import node_key

        count = self._store.independent_sources()
        assertions = list(self._store.assertions())
        graph = project(assertions)
        beside: Counter[tuple[str, str]] = Counter()
        for a in assertions:
            ends = node_key(a.subject), node_key(a.object)
            graph.edges[(*ends, beside[ends])]["sources"] = count(a)
            beside[ends] += 1
        return graph

    def corpus(self) -> Corpus:
        """The assertions with their documents and independent sources, as the measures take them; see `kgraph.network`."""
        from kgraph.network import Corpus

        return Corpus(tuple(self._store.assertions()), self._store.documents(), self._store.independent_sources())

    def map(self, path: str | Path, options: MapOptions | None = None) -> Written:
        """Write the HTML map; see `kgraph.map.write_map`."""
        from kgraph.map import write_map

        return write_map(self.network(), path, options, documents=self._store.documents())


def build(sources: Iterable[str | Path], *, store: str | Path | None = None, date: dt.date | None = None) -> Graph:
    """Build a graph from files and folders, in memory or into the store folder given."""
    from kgraph.store import Store

    opened = Store.open(store, create=True)
    build_store(sources, opened, date=date)
    return Graph(opened)
