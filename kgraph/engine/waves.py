"""From sources to extracted rows, in waves: each is one Spark job that is written whole or not at all.

A killed driver loses the wave that it was at. Whatever is run again, a document that stands in a whole wave with the
same content and configuration is not extracted again, so each assertion is there once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kgraph.configuration import text_configuration
from kgraph.documents import Skipped
from kgraph.documents.formats import kind_of
from kgraph.engine.merging import merge
from kgraph.engine.session import explained
from kgraph.engine.tables import ROW, Tables
from kgraph.engine.tasks import TABLE, Job, extractor, reader
from kgraph.errors import KgraphError
from kgraph.extraction.records.files import is_always_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming.query import StreamingQuery

WAVE_BYTES = 64 * 2**20
"""A wave holds at most so much for each core of the cluster: what a killed driver costs at most."""
WAVE_FILES = 10_000
_TOLD = 1_000
_FILE = "path string, modificationTime timestamp, length long, content binary"


@dataclass(slots=True)
class SparkReport:
    """What a build on Spark did; `skipped` holds the first thousand, `bad` is their number."""

    documents: int = 0
    unchanged: int = 0
    extracted: int = 0
    assertions: int = 0
    bad: int = 0
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Options:
    """How to read and extract; the meaning is that of `kgraph.pipeline.build_store` and `Isolation`."""

    date: dt.date | None = None
    text_column: str = "text"
    min_confidence: float = 0.0
    seconds: float = 120.0
    memory: int = 0


def build_tables(
    sources: Sequence[str], tables: Tables, options: Options = Options(), *, wave_files: int = WAVE_FILES,
    on_wave: Callable[[SparkReport], None] | None = None,
) -> SparkReport:  # fmt: skip
    """Extract from files and folders (of any file system that Spark reads) into tables, and merge them.

    Raises KgraphError where a source is missing, and where the cluster gives up; what was done by then is kept.
    """
    report = SparkReport()
    with explained():
        tables.clean()
        roots = _roots(tables, sources)
        job = _job(roots, options, uuid.uuid4().hex)
        idle = []
        for paths, size in _waves(tables, roots, wave_files, report):
            files = tables.spark.read.format("binaryFile").load(paths)
            number, fresh = _wave(tables, files, job, _pieces(tables, size), report)
            if not fresh:
                idle.append(number)
            if on_wave:
                on_wave(report)
        # Waves in which nothing was new served to tell documents of this run apart.
        for number in idle:
            tables.drop_wave(number)
        if not tables.is_merged():
            merge(tables)
    return report


def stream_tables(
    source: str, tables: Tables, options: Options = Options(), *, files_at_once: int = WAVE_FILES,
    every: float | None = None, on_wave: Callable[[SparkReport], None] | None = None,
) -> StreamingQuery:  # fmt: skip
    """A running stream over a folder: files that came since its checkpoint are extracted and merged, each once.

    Without `every`, the stream ends when all that is there is read; else it looks again after so many seconds. The
    checkpoint is a folder of the tables, one for each source.
    """
    (root,) = _roots(tables, [source])
    tables.clean()
    files = (
        tables.spark.readStream.format("binaryFile").schema(_FILE).option("recursiveFileLookup", "true")
        .option("maxFilesPerTrigger", files_at_once).load(root)
    )  # fmt: skip

    def take(batch: DataFrame, number: int) -> None:
        report = SparkReport()
        job = _job([root], options, uuid.uuid4().hex)
        readable = batch.filter(_readable())
        size = readable.agg(_sql("sum(length)")).collect()[0][0] or 0
        wave, fresh = _wave(tables, readable, job, _pieces(tables, size), report)
        if not fresh:
            tables.drop_wave(wave)
        if not tables.is_merged():
            merge(tables)
        if on_wave:
            on_wave(report)

    checkpoint = f"{tables.folder}/checkpoint/{uuid.uuid5(uuid.NAMESPACE_URL, root).hex}"
    writer = files.writeStream.foreachBatch(take).option("checkpointLocation", checkpoint)
    timed = writer.trigger(availableNow=True) if every is None else writer.trigger(processingTime=f"{every} seconds")
    return timed.start()


def _job(roots: Iterable[str], options: Options, run: str) -> Job:
    made = text_configuration(min_confidence=options.min_confidence)
    return Job.of(
        roots, made, run, date=options.date, text_column=options.text_column, min_confidence=options.min_confidence,
        seconds=options.seconds, memory=options.memory,
    )  # fmt: skip


def _roots(tables: Tables, sources: Iterable[str]) -> list[str]:
    """The sources as Hadoop writes them, so that a file's path begins with its root."""
    jvm: Any = tables.spark._jvm
    out = []
    for source in sources:
        if source == "-" or source.startswith(("http://", "https://")):
            raise KgraphError(f"{source}: Spark reads files and folders; use --engine local for streams and feeds")
        path = jvm.org.apache.hadoop.fs.Path(source)
        files = path.getFileSystem(tables.spark._jsc.hadoopConfiguration())
        if not files.exists(path):
            raise KgraphError(
                f"{source}: there is no such file or folder for Spark; check the path (file:, hdfs:, s3a:)"
            )
        out.append(str(files.makeQualified(path).toString()))
    return out


def _readable() -> Any:
    from pyspark.sql import functions as f

    return f.udf(lambda path: kind_of(path) is not None, "boolean")("path")


def _waves(
    tables: Tables, roots: Sequence[str], wave_files: int, report: SparkReport
) -> Iterator[tuple[list[str], int]]:
    """The files in the order of one machine, in portions; their size in bytes. Tables of data sets are left out and told."""
    paths: list[str] = []
    size = 0
    most = WAVE_BYTES * tables.spark.sparkContext.defaultParallelism
    for root in roots:
        listed = (
            tables.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(root)
            .select("path", "length").collect()
        )  # fmt: skip
        known = [(p, n) for p, n in listed if p == root or kind_of(p) or is_always_table(p)]
        left_out = [Skipped(p.removeprefix("file:"), TABLE) for p, _ in known if is_always_table(p)]
        report.bad += len(left_out)
        report.skipped += left_out[: _TOLD - len(report.skipped)]
        found = sorted((p.split("/"), n) for p, n in known if not is_always_table(p))
        if not found and left_out:
            raise KgraphError(f"{left_out[0].place}: {TABLE}")
        if not found:
            raise KgraphError(f"{root}: the folder holds no document that kgraph reads")
        for parts, length in found:
            if paths and (size + length > most or len(paths) >= wave_files):
                yield paths, size
                paths, size = [], 0
            paths.append(_escaped("/".join(parts)))
            size += length
    if paths:
        yield paths, size


def _escaped(path: str) -> str:
    """A path that Spark does not take for a pattern."""
    return "".join("\\" + c if c in "\\[]{}*?" else c for c in path)


def _pieces(tables: Tables, size: int) -> int:
    """How many tasks: small enough that a lost one costs little, and enough for all cores."""
    return max(2 * tables.spark.sparkContext.defaultParallelism, size // (4 * 2**20))


def _wave(tables: Tables, files: DataFrame, job: Job, pieces: int, report: SparkReport) -> tuple[int, int]:
    """Read, tell apart, extract and write one wave; returns its number and how many of its documents are new."""
    # One shuffle by id: what follows, windows, joins and extraction, stays within its partitions.
    read = files.select("path", "content").mapInPandas(reader(job), ROW).repartition(pieces, "id")
    rows = _told_apart(tables, read, job, pieces).mapInPandas(extractor(job), ROW)
    number = tables.next_wave()
    rows.write.mode("overwrite").parquet(tables.wave_path(number))
    return number, _count(tables, number, report)


def _told_apart(tables: Tables, read: DataFrame, job: Job, pieces: int) -> DataFrame:
    """Mark what is stored already, what comes twice, and what has an id that another document of this run has.

    What is joined lies in the partitions of `read`, so many by id: Spark's own number may be another, and all would move.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    known = tables.documents(pieces).select("id", "content", "configuration").selectExpr(
        "id", "content AS old_content", "configuration AS old_configuration"
    )  # fmt: skip
    before = tables.extracted().where(f.col("run") == job.run).where("state IN ('fresh', 'unchanged')")
    met = before.select("id", f.col("content").alias("met_content")).repartition(pieces, "id")
    first = Window.partitionBy("id").orderBy(f.col("state") == "bad", "order", "position")
    here = read.withColumn("first_content", f.first("content").over(first)).withColumn(
        "number", f.row_number().over(first)
    )
    joined = here.join(known, "id", "left").join(met, "id", "left")
    original = f.coalesce("met_content", "first_content")
    state = (
        f.when(f.col("state") == "bad", "bad")
        .when(f.col("content") != original, "clash")
        .when(f.col("met_content").isNotNull() | (f.col("number") > 1), "again")
        .when(
            (f.col("content") == f.col("old_content")) & (f.col("configuration") == f.col("old_configuration")),
            "unchanged",
        )
        .otherwise("fresh")
    )
    clash = f.lit("another document of this build has the same id; give each its own")
    told = joined.withColumn("state", state).withColumn(
        "reason", f.when(f.col("state") == "clash", clash).otherwise(f.col("reason"))
    )
    return told.select(*read.columns)


def _count(tables: Tables, number: int, report: SparkReport) -> int:
    """Add a wave to the report; returns how many of its documents are new."""
    rows = tables.spark.read.schema(ROW).parquet(tables.wave_path(number))
    counted = {
        state: (int(documents), int(assertions or 0))
        for state, documents, assertions in rows.groupBy("state")
        .agg(_sql("count(*)"), _sql("sum(coalesce(size(assertions), 0))"))
        .collect()
    }
    fresh, again, same, bad, clash = (
        counted.get(state, (0, 0))[0] for state in ("fresh", "again", "unchanged", "bad", "clash")
    )
    report.documents += fresh + again + same
    report.unchanged += again + same
    report.extracted += fresh
    report.bad += bad + clash
    report.assertions += sum(assertions for _, assertions in counted.values())
    if bad + clash and len(report.skipped) < _TOLD:
        left_out = rows.where("state IN ('bad', 'clash')").orderBy("order", "position")
        for row in left_out.select("id", "reason").limit(_TOLD - len(report.skipped)).collect():
            report.skipped.append(Skipped(row["id"], row["reason"]))
    return fresh


def _sql(expression: str) -> Any:
    from pyspark.sql import functions as f

    return f.expr(expression)
