"""`kgraph build`: documents into a store, on the cores of this machine or on Spark, once or for weeks."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.commands.clusters import Master, SparkConf, build_on_spark
from kgraph.commands.logging import Log
from kgraph.commands.records import Strict, TableMapping, mapping_of
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from kgraph.extraction.records import Mapping
    from kgraph.pipeline import Isolation, Report

Sources = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, archives, feeds' addresses, or - for standard input. Example: articles/ news.jsonl.gz",
        metavar="SOURCE...",
    ),
]


def build(
    sources: Sources,
    store: Annotated[
        str | None,
        typer.Option("--store", help="The store: a folder, or the address of a SPARQL server. Example: --store graph"),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Publication date of documents that tell none. Example: --date 2006-07-10"),
    ] = None,
    min_confidence: Annotated[
        float,
        typer.Option("--min-confidence", help="Leave out what is less sure (0 to 1). Example: --min-confidence 0.5"),
    ] = 0.0,
    text_column: Annotated[
        str,
        typer.Option(
            "--text-column", help="The column of the text in JSON Lines and Parquet. Example: --text-column body"
        ),
    ] = "text",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="Worker processes; 0 is one for each core. Example: --jobs 2")
    ] = 0,
    document_timeout: Annotated[
        float,
        typer.Option(
            "--document-timeout", min=0.1, help="Seconds that one document may take. Example: --document-timeout 30"
        ),
    ] = 120.0,
    worker_memory: Annotated[
        int,
        typer.Option(
            "--worker-memory",
            min=0,
            help="Megabytes that one worker may take; 0 is a fair share. Example: --worker-memory 3000",
        ),
    ] = 0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay up and build what is new or changed. Example: --watch --every 600")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", min=0.1, help="Seconds between two looks of --watch. Example: --every 600")
    ] = 60.0,
    log_format: Annotated[
        str, typer.Option("--log-format", help="text, or json for machines. Example: --log-format json")
    ] = "text",
    mapping: TableMapping = None,
    strict: Strict = False,
    engine: Annotated[
        str, typer.Option("--engine", help="local, or spark for a cluster. Example: --engine spark")
    ] = "local",
    tables: Annotated[
        str | None, typer.Option("--tables", help="Where Spark keeps its tables. Example: --tables hdfs:///news/tables")
    ] = None,
    master: Master = None,
    spark_conf: SparkConf = None,
    wave_files: Annotated[
        int,
        typer.Option(
            "--wave-files",
            min=1,
            help="On Spark: files in one wave, which is kept whole or lost. Example: --wave-files 500",
        ),
    ] = 10_000,
    stream: Annotated[
        bool, typer.Option("--stream", help="On Spark: read what came since the stream's checkpoint. Example: --stream")
    ] = False,
) -> None:
    """Read documents, extract assertions, store them. Example: kgraph build articles/ --store graph --date 2006-07-10"""
    from kgraph.pipeline import Isolation, cores, fair_memory

    day = day_of(date)
    log = Log(log_format)
    if engine not in ("local", "spark"):
        raise KgraphError(f"there is no engine {engine!r}; use local or spark")
    if engine == "spark":
        from kgraph.engine.waves import Options

        if tables is None:
            raise KgraphError(
                "--engine spark needs a folder for its tables, which all machines see; name it with --tables"
            )
        if mapping is not None or strict:
            raise KgraphError(
                "Spark reads articles, not tables; build tables with --mapping and --strict without --engine spark"
            )
        options = Options(day, text_column, min_confidence, document_timeout, worker_memory * 10**6)
        build_on_spark(
            sources,
            tables,
            store,
            master,
            spark_conf,
            options,
            log,
            wave_files=wave_files,
            stream=stream or watch,
            every=every if watch else None,
        )
        return
    if store is None:
        raise KgraphError("no store is named; say where to keep the graph with --store FOLDER")
    if tables or master or spark_conf or stream:
        raise KgraphError("--tables, --master, --spark-conf and --stream belong to Spark; add --engine spark")
    jobs = jobs or cores()
    isolation = Isolation(jobs, document_timeout, worker_memory * 10**6 or fair_memory(jobs))
    job = _Job(sources, store, day, min_confidence, text_column, isolation, log, mapping_of(mapping), strict)
    with _stopping() as stop:
        if watch:
            job.watch(stop, every)
        else:
            job.run(stop)


class _Job:
    def __init__(
        self, sources: list[str], store: str, date: dt.date | None, min_confidence: float, text_column: str,
        isolation: Isolation, log: Log, mapping: Mapping | None, strict: bool,
    ) -> None:  # fmt: skip
        self._sources, self._store, self._date = sources, store, date
        self._min_confidence, self._text_column = min_confidence, text_column
        self._isolation, self._log = isolation, log
        self._mapping, self._strict = mapping, strict

    def run(self, stop: _Stop) -> None:
        """Build once."""
        from kgraph.pipeline import StoppedError

        try:
            report = self._build(stop, None)
        except StoppedError:
            self._stopped(stop)
            raise typer.Exit(128 + stop.signal) from None
        if not report.documents and not any(account.kept for account in report.tables):
            raise KgraphError("no document could be read; see the reasons above")

    def watch(self, stop: _Stop, every: float) -> None:
        """Build again and again; being told to stop is the ordinary end of it."""
        from kgraph.documents.reading import check
        from kgraph.pipeline import StoppedError, watch
        from kgraph.store import Store

        if "-" in self._sources:
            raise KgraphError("--watch cannot look at standard input; name a folder or a feed")
        check(self._sources)
        Store.open(self._store, create=True).close()
        self._log.event("watching", f"watching {', '.join(self._sources)}; Ctrl-C ends it", sources=self._sources)
        with suppress(StoppedError):
            watch(self._sources, lambda only: self._build(stop, only), lambda: stop.wait(every), self._failed)
        self._stopped(stop)

    def _failed(self, error: KgraphError) -> None:
        self._log.event("failed", f"kgraph: {error} (trying again)", error=str(error))

    def _stopped(self, stop: _Stop) -> None:
        text = "stopped; what was done is stored, and the same command goes on from here"
        self._log.event("stopped", text, signal=stop.signal, **self._log.figures())

    def _build(self, stop: _Stop, only: Callable[[Path], bool] | None) -> Report:
        from kgraph.documents import Tally, size_of
        from kgraph.documents.reading import check
        from kgraph.pipeline import build_store
        from kgraph.store import Store

        check(self._sources)
        log = self._log
        tally = Tally(0 if only else size_of(s for s in self._sources if s == "-" or Path(s).exists()))
        with Store.open(self._store, create=True) as opened, log.progress(tally):
            report = build_store(
                self._sources, opened, date=self._date, min_confidence=self._min_confidence,
                text_column=self._text_column, isolation=self._isolation, tally=tally, only=only, stop=stop.asked,
                on_document=log.document, on_skip=log.skipped, mapping=self._mapping, strict=self._strict,
            )  # fmt: skip
            entities = opened.query("SELECT (COUNT(DISTINCT ?e) AS ?n) { GRAPH g:entities { ?e kg:id ?id } }").rows[0][
                0
            ]
        for line in (line for account in report.tables for line in account.lines()):
            log.event("table", line, account=line)
        added = report.assertions + sum(account.added for account in report.tables)
        log.done(
            f"{report.documents} document{'' if report.documents == 1 else 's'} read ({report.unchanged} unchanged, {report.replaced} replaced), {len(report.skipped)} skipped, "
            f"{added} assertions added, {entities} entities in {self._store}",
            documents=report.documents, unchanged=report.unchanged, replaced=report.replaced, skipped=len(report.skipped),
            assertions=added, entities=int(str(entities)),
        )  # fmt: skip
        return report


class _Stop:
    """A wish to stop: the number of the signal that told it, or 0."""

    def __init__(self) -> None:
        self.signal = 0
        self._event = threading.Event()

    def ask(self, number: int) -> None:
        self.signal = number
        self._event.set()

    def asked(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait; False where it was asked to stop."""
        return not self._event.wait(seconds)


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Ctrl-C and SIGTERM ask to stop; a second one ends at once."""
    stop = _Stop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in signals}

    def ask(number: int, _: object) -> None:
        stop.ask(number)
        for each in signals:
            signal.signal(each, before[each])

    for number in signals:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number in signals:
            signal.signal(number, before[number])


def day_of(text: str | None) -> dt.date | None:
    """The day that --date names; KgraphError where it is none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise KgraphError(f"--date {text} is no date; write YYYY-MM-DD") from None
