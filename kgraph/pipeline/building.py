"""Building: documents -> assertions -> store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.configuration import text_configuration
from kgraph.documents import Skipped, Tally, read
from kgraph.extraction.records import Account, Mapping
from kgraph.model import Assertion, Document
from kgraph.pipeline.extracting import extracted
from kgraph.pipeline.isolation import InProcess, Isolation, Workers
from kgraph.pipeline.report import Progress, Report
from kgraph.pipeline.seen import Seen
from kgraph.pipeline.storing import Storing
from kgraph.tables import build_tables, find_tables, read_tables, without_tables

if TYPE_CHECKING:
    from kgraph.store import Store


def engine_of(isolation: Isolation | None, min_confidence: float = 0.0) -> InProcess | Workers:
    """Worker processes where they are asked for, else this process."""
    return Workers(isolation, min_confidence) if isolation else InProcess(min_confidence)


def extract(
    sources: Iterable[str | Path],
    *,
    date: dt.date | None = None,
    min_confidence: float = 0.0,
    on_skip: Callable[[Skipped], None] | None = None,
    isolation: Isolation | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
    accounts: list[Account] | None = None,
) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each document of the sources with its assertions; every piece of evidence is checked against its document.

    Rows of tables (see `build_store`) come first; `accounts` gets an account for each table.
    """
    tables, sources = find_tables(sources, mapping)
    texts = without_tables(tables)
    yield from read_tables(tables, mapping, strict=strict, accounts=[] if accounts is None else accounts)
    skip = on_skip or (lambda _: None)
    with engine_of(isolation, min_confidence) as engine:
        yield from extracted(read(sources, date=date, on_skip=skip, only=texts), engine, skip)


def build_store(
    sources: Iterable[str | Path],
    store: Store,
    *,
    date: dt.date | None = None,
    min_confidence: float = 0.0,
    on_document: Progress | None = None,
    on_skip: Callable[[Skipped], None] | None = None,
    isolation: Isolation | None = None,
    text_column: str = "text",
    tally: Tally | None = None,
    only: Callable[[Path], bool] | None = None,
    stop: Callable[[], bool] | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
) -> Report:
    """Extract from the sources into an open store, document by document.

    A document that is stored with the same content, read by the same program with the same ontology, is not read again;
    one whose content changed takes the place of its former text. What was stored when a build was stopped stays. With
    `isolation`, worker processes extract, and the graph is the same; `on_skip` hears at once what the report lists. Of a folder,
    the files are read for which `only` is true. Once `stop` is true, StoppedError is raised between two documents.
    Tables are read by the known format that they have, or by `mapping`; with `strict`, a wrong row raises KgraphError.
    """
    made = text_configuration(min_confidence=min_confidence)
    tables, sources = find_tables(sources, mapping, only)
    if only is not None:
        tables = [table for table in tables if only(table)]
    texts = without_tables(tables, only)
    report = Report()
    report.tables = build_tables(tables, store, mapping, strict=strict, on_document=on_document)
    started = dt.datetime.now(dt.UTC)
    storing = Storing(store, report, on_document)

    def skip(skipped: Skipped) -> None:
        report.skipped.append(skipped)
        if on_skip:
            on_skip(skipped)

    def news(seen: Seen) -> Iterator[Document]:
        for document in read(sources, date=date, on_skip=skip, text_column=text_column, tally=tally, only=texts):
            again = seen.meet(document)
            if again is False:
                skip(Skipped(document.id, "another document of this build has the same id; give each its own"))
                continue
            if storing.meets(document, made, again=bool(again)):
                yield document

    with Seen() as seen, engine_of(isolation, min_confidence) as engine:
        for document, found in extracted(news(seen), engine, skip, stop):
            storing.put(document, found, made)
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
