"""The commands that work on a cluster: `kgraph build --engine spark`, `load`, `dyads`, `query --engine spark`."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.commands.keeping import StorePlace
from kgraph.commands.logging import Log
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from kgraph.engine import SparkReport, Tables
    from kgraph.engine.waves import Options
    from kgraph.store import QueryResult

Master = Annotated[
    str | None,
    typer.Option("--master", help="The Spark master; this machine where left out. Example: --master spark://host:7077"),
]
SparkConf = Annotated[
    list[str] | None,
    typer.Option(
        "--spark-conf", help="A setting of Spark; may be given again. Example: --spark-conf spark.executor.memory=8g"
    ),
]
TablesFolder = Annotated[
    str, typer.Argument(help="The folder of tables. Example: hdfs:///news/tables", metavar="TABLES")
]


def build_on_spark(
    sources: list[str], folder: str, store: str | None, master: str | None, conf: list[str] | None, options: Options,
    log: Log, *, wave_files: int, stream: bool, every: float | None,
) -> None:  # fmt: skip
    """Build tables, once or as a stream, and fill a store from them where one is named."""
    from kgraph.engine import build_tables
    from kgraph.store import Store

    if stream and len(sources) != 1:
        raise KgraphError("a stream reads one folder; name one source, or leave --stream and --watch away")
    if store is not None:
        Store.open(store, create=True).close()
    with _tables(folder, master, conf, log, create=True) as tables:
        try:
            if stream:
                _stream(sources[0], tables, store, options, log, wave_files, every)
                return
            report = build_tables(sources, tables, options, wave_files=wave_files, on_wave=lambda r: _progress(log, r))
            _finished(log, report, tables, store)
        except KeyboardInterrupt:
            log.event("stopped", "stopped; whole waves are kept, and the same command goes on from here", signal=2)
            raise typer.Exit(130) from None
        if not report.documents:
            raise KgraphError("no document could be read; see the reasons above")


def _stream(
    source: str, tables: Tables, store: str | None, options: Options, log: Log, wave_files: int, every: float | None
) -> None:
    from kgraph.engine import stream_tables

    stream_tables(
        source, tables, options, files_at_once=wave_files, every=every,
        on_wave=lambda report: _finished(log, report, tables, store),
    ).awaitTermination()  # fmt: skip


def _progress(log: Log, report: SparkReport) -> None:
    log.event(
        "progress", f"{report.documents} documents, {report.assertions} assertions, {report.bad} errors",
        documents=report.documents, assertions=report.assertions, errors=report.bad,
    )  # fmt: skip


def _finished(log: Log, report: SparkReport, tables: Tables, store: str | None) -> None:
    for skipped in report.skipped:
        log.skipped(skipped)
    log.done(
        f"{report.documents} documents read ({report.unchanged} unchanged), {report.bad} skipped, "
        f"{report.assertions} assertions extracted into {tables.folder}",
        documents=report.documents, unchanged=report.unchanged, skipped=report.bad, assertions=report.assertions,
    )  # fmt: skip
    if store is not None:
        _load(tables, store, log)


def _load(tables: Tables, store: str, log: Log) -> None:
    from kgraph.documents import Tally
    from kgraph.engine import load as loaded
    from kgraph.store import Store

    with Store.open(store, create=True) as opened, log.progress(Tally(0)):
        report = loaded(tables, opened, on_document=log.document)
    log.done(
        f"{report.documents} documents loaded ({report.unchanged} unchanged, {report.replaced} replaced), "
        f"{report.assertions} assertions added in {store}",
        documents=report.documents, unchanged=report.unchanged, replaced=report.replaced, assertions=report.assertions,
    )  # fmt: skip


def load(
    tables: TablesFolder,
    store: StorePlace,
    master: Master = None, spark_conf: SparkConf = None,
) -> None:  # fmt: skip
    """Fill a store from the tables of a build on Spark. Example: kgraph load hdfs:///news/tables --store graph"""
    log = Log()
    with _tables(tables, master, spark_conf, log) as opened:
        _load(opened, store, log)


def dyads(
    tables: TablesFolder,
    output: Annotated[str, typer.Option("--output", "-o", help="The folder of Parquet files to write. Example: -o dyads")],
    period: Annotated[str, typer.Option("--period", help="day, month or year. Example: --period year")] = "month",
    master: Master = None, spark_conf: SparkConf = None,
) -> None:  # fmt: skip
    """Count on Spark who acts how towards whom, by period. Example: kgraph dyads hdfs:///news/tables -o dyads"""
    from kgraph.engine.asking import register
    from kgraph.engine.dyads import dyads as counted

    with _tables(tables, master, spark_conf, Log()) as opened:
        register(opened)
        counted(opened, period).coalesce(1).write.mode("overwrite").parquet(output)
    typer.echo(f"{output} written")


def ask_spark(
    folder: str | None, name: str | None, parameters: dict[str, str], master: str | None, rows: int
) -> QueryResult:
    """The answer to a saved query over tables."""
    from kgraph.engine.asking import ask, register

    if folder is None or name is None:
        raise KgraphError("--engine spark answers saved queries over tables; write --tables FOLDER --saved NAME")
    with _tables(folder, master, None, Log()) as tables:
        register(tables)
        return ask(tables, name, parameters, rows=rows)


@contextlib.contextmanager
def _tables(
    folder: str, master: str | None, conf: list[str] | None, log: Log, *, create: bool = False
) -> Iterator[Tables]:
    from kgraph.engine import Tables, open_session
    from kgraph.engine.session import explained
    from kgraph.engine.waiting import telling

    if any("=" not in c for c in conf or ()):
        raise KgraphError("--spark-conf is KEY=VALUE, for example --spark-conf spark.executor.memory=8g")
    # pyspark logs a traceback of each call that Ctrl-C ends; what went wrong is raised as well.
    logging.getLogger().addHandler(logging.NullHandler())
    with open_session(master, conf=dict(c.split("=", 1) for c in conf or ())) as spark, explained():
        waiting = telling(spark, lambda text: log.event("waiting", text, reason=text))
        with contextlib.nullcontext() if str(spark.sparkContext.master).startswith("local") else waiting:
            yield Tables(spark, folder, create=create)
