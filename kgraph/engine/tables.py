"""The folder of tables: which waves are whole, which merge is current, which schema it has.

    TABLES/kgraph-tables.json        schema version, the number of the current merge, and the waves that it was made of
    TABLES/extracted/wave=000001/    a row for each document met, with what it says; whole once it holds _SUCCESS
    TABLES/merged/000003/...         the tables that merging derives: documents, mentions, statements, entities, edges

Paths may be of any file system that Spark reads (file, hdfs, s3a, abfss): Hadoop's own interface is used.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = 1
MARKER = "kgraph-tables.json"
MERGED = ("documents", "mentions", "statements", "entities", "edges")
ROW = (
    "place string, position long, order string, id string, text string, date string, title string, source string, "
    "url string, content string, state string, reason string, run string, configuration string, minhash string, "
    "assertions array<struct<statement: string, record: string>>"
)
"""The columns of `extracted`. `state` is fresh, unchanged, again (met in this run already), clash (an id that another
document of this run has) or bad."""


class Tables:
    """The tables in a folder; with `create`, a new or empty folder becomes one.

    Raises KgraphError where the folder is missing, is something else, or has another schema.
    """

    def __init__(self, spark: SparkSession, folder: str, *, create: bool = False) -> None:
        self.spark = spark
        jvm: Any = spark._jvm
        self._path = jvm.org.apache.hadoop.fs.Path
        self._fs = self._path(folder).getFileSystem(spark._jsc.hadoopConfiguration())
        self.folder = str(self._fs.makeQualified(self._path(folder)).toString())
        self._check(folder, create=create)

    def _check(self, folder: str, *, create: bool) -> None:
        if self._exists(MARKER + ".part") and not self._exists(MARKER):
            self._fs.rename(self._at(MARKER + ".part"), self._at(MARKER))
        if self._exists(MARKER):
            found = self._marker()["kgraph_tables"]
            if found != SCHEMA:
                mend = (
                    "build them anew elsewhere" if isinstance(found, int) and found < SCHEMA else "use a newer kgraph"
                )
                raise KgraphError(f"{folder}: the tables have schema {found}, this kgraph reads {SCHEMA}; {mend}")
            return
        if self._exists("") and self._names(""):
            raise KgraphError(f"{folder}: this is no folder of kgraph tables; name another folder with --tables")
        if not create:
            raise KgraphError(
                f"{folder}: there are no tables; make them with `kgraph build SOURCE --engine spark --tables {folder}`"
            )
        self._mark(0, {})

    def _mark(self, merged: int, waves: dict[str, int]) -> None:
        text = json.dumps({"kgraph_tables": SCHEMA, "merged": merged, "waves": waves}) + "\n"
        part, whole = self._at(MARKER + ".part"), self._at(MARKER)
        try:
            stream = self._fs.create(part, True)
            stream.write(bytearray(text.encode()))
            stream.close()
            # Not every file system renames over a file; between the two steps `.part` holds the truth.
            self._fs.delete(whole, False)
            self._fs.rename(part, whole)
        except Exception as error:
            raise KgraphError(
                f"{self.folder}: the tables cannot be written; choose a writable folder with space"
            ) from error

    def _at(self, name: str) -> Any:
        return self._path(f"{self.folder}/{name}" if name else self.folder)

    def _exists(self, name: str) -> bool:
        return bool(self._fs.exists(self._at(name)))

    def _names(self, name: str) -> list[str]:
        return (
            sorted(str(s.getPath().getName()) for s in self._fs.listStatus(self._at(name)))
            if self._exists(name)
            else []
        )

    def _marker(self) -> dict[str, Any]:
        """What the marker file says."""
        from py4j.protocol import Py4JError

        place = self._at(MARKER)
        try:
            stream = self._fs.open(place)
            text = bytes(stream.readNBytes(self._fs.getFileStatus(place).getLen())).decode()
            stream.close()
            told = json.loads(text)
            return {
                "kgraph_tables": told["kgraph_tables"],
                "merged": int(told.get("merged", 0)),
                "waves": told.get("waves"),
            }
        except (Py4JError, AttributeError, ValueError, KeyError, TypeError) as error:
            raise KgraphError(
                f"{self.folder}/{MARKER}: the marker file is damaged; build the tables anew elsewhere"
            ) from error

    def waves(self) -> list[int]:
        """The numbers of the whole waves."""
        names = [n for n in self._names("extracted") if n.startswith("wave=")]
        return [int(n[5:]) for n in names if self._exists(f"extracted/{n}/_SUCCESS")]

    def clean(self) -> None:
        """Remove what a killed build left half written."""
        whole = set(self.waves())
        for name in self._names("extracted"):
            if name.startswith("wave=") and int(name[5:]) not in whole:
                self._fs.delete(self._at(f"extracted/{name}"), True)
        current = self.merged()
        for name in self._names("merged"):
            if int(name) != current:
                self._fs.delete(self._at(f"merged/{name}"), True)

    def wave_path(self, number: int) -> str:
        """Where a wave stands."""
        return f"{self.folder}/extracted/wave={number:06d}"

    def next_wave(self) -> int:
        """The number of the wave to be written."""
        return max(self.waves(), default=0) + 1

    def drop_wave(self, number: int) -> None:
        """Remove a wave that brought nothing new."""
        self._fs.delete(self._path(self.wave_path(number)), True)

    def extracted(self) -> DataFrame:
        """All rows of the whole waves, with the number of their wave."""
        from pyspark.sql import functions as f

        paths = [self.wave_path(n) for n in self.waves()]
        if not paths:
            return self.spark.createDataFrame([], ROW + ", wave int")
        rows = self.spark.read.schema(ROW).parquet(*paths)
        number = f.regexp_extract(f.input_file_name(), r"/wave=(\d+)/", 1).cast("int")
        return rows.withColumn("wave", number)

    def documents(self, partitions: int | None = None) -> DataFrame:
        """The newest state of each document, as it was extracted; in so many partitions by id, where they are given."""
        from pyspark.sql import Window
        from pyspark.sql import functions as f

        newest = Window.partitionBy("id").orderBy(f.desc("wave"))
        fresh = self.extracted().where("state = 'fresh'")
        if partitions:
            fresh = fresh.repartition(partitions, "id")
        return fresh.withColumn("_rank", f.row_number().over(newest)).where("_rank = 1").drop("_rank")

    def merged(self) -> int:
        """The number of the current merge; 0 before the first, and where its folder was removed."""
        number: int = self._marker()["merged"]
        return number if number and self._exists(f"merged/{number:06d}") else 0

    def merge_path(self, number: int, table: str) -> str:
        """Where a merged table stands."""
        return f"{self.folder}/merged/{number:06d}/{table}"

    def stamps(self) -> dict[str, int]:
        """The whole waves by number, with the time at which each was done."""
        done = {n: self._fs.getFileStatus(self._at(f"extracted/wave={n:06d}/_SUCCESS")) for n in self.waves()}
        return {str(n): int(status.getModificationTime()) for n, status in done.items()}

    def is_merged(self) -> bool:
        """Was the current merge made of all the waves there are? Not so where a build was killed before it had merged."""
        return bool(self.merged()) and self._marker()["waves"] == self.stamps()

    def set_merged(self, number: int, waves: dict[str, int]) -> None:
        """From now on this merge, made of waves with these `stamps`, is the current one."""
        self._mark(number, waves)
        self.clean()

    def table(self, name: str) -> DataFrame:
        """A merged table; KgraphError where nothing was merged yet."""
        current = self.merged()
        if not current:
            raise KgraphError(
                f"{self.folder}: nothing is merged yet; run `kgraph build SOURCE --engine spark --tables ...` to its end"
            )
        return self.spark.read.parquet(self.merge_path(current, name))
