"""A Spark session, and what can be wrong with it as one sentence."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*,4]"
"""Spark on this machine alone; a task that lost its worker is tried four times."""
_OURS = {
    "spark.sql.execution.arrow.maxBytesPerBatch": "64m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "64",
    "spark.sql.streaming.schemaInference": "false",
    "spark.ui.showConsoleProgress": "false",
}
_SPARING = "-XX:TieredStopAtLevel=1"
"""The driver's Java plans, and on this machine alone hands to Python what is to be done: its best compiler costs more than it saves."""
_PATIENCE = 5.0


@contextmanager
def open_session(
    master: str | None = None, *, name: str = "kgraph", conf: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """A session on the cluster at `master` (`spark://host:7077`, `yarn`, `k8s://...`), stopped at the end.

    None takes the cluster that spark-submit chose, and this machine outside of spark-submit. `conf` are Spark's own
    settings. Raises KgraphError where there is no pyspark, no Java, or nobody answers at the address.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise KgraphError("--engine spark needs pyspark; pip install 'kgraph[spark]'") from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        found = f"JAVA_HOME is {home}, where there is none; " if home else ""
        raise KgraphError(
            f"--engine spark needs Java 17 or later; {found}install it (apt install openjdk-17-jre-headless) or set JAVA_HOME"
        )
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if master is None and not submitted:
        master = LOCAL
    if master is not None:
        _reach(master)
    # The workers' Python is this one, unless somebody says otherwise: on a cluster, the one in the archive. Spark itself
    # reads its setting only in spark-submit.
    if wanted := (conf or {}).get("spark.pyspark.python"):
        os.environ["PYSPARK_PYTHON"] = wanted
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(name)
    if master is not None:
        builder = builder.master(master)
    for key, value in {**_OURS, **_java(submitted), **_local(master), **(conf or {})}.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise KgraphError(
                "Java ended as it started; see that it is Java 17 or later, and that --spark-conf has no wrong option for it"
            ) from error
        raise KgraphError(
            f"Spark cannot start on {master or 'the cluster'} ({_said(error)}); check --master and --spark-conf"
        ) from error
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def explained() -> Iterator[None]:
    """Trouble on the cluster as one sentence."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        text = str(error)
        ours = re.findall(r"KgraphError: (.+)", text)
        if ours:
            raise KgraphError(ours[-1].strip()) from error
        if "No space left on device" in text:
            raise KgraphError(
                "a disk of the cluster is full; free space and run the same command again: what was done is kept"
            ) from error
        if missing := re.search(
            r"ModuleNotFoundError: No module named '([\w.]+)'|(\w+) >= \S+ must be installed", text
        ):
            raise KgraphError(
                f"a worker's Python has no {(missing[1] or missing[2]).lower()}; send the environment with --spark-conf "
                "spark.archives=environment.tar.gz#environment --spark-conf spark.pyspark.python=./environment/bin/python"
            ) from error
        if damaged := re.search(
            r"reading file (?:file:/*(?=/))?((\S+/(?:extracted/wave=\d+|merged))/\S+\.parquet)", text
        ):
            raise KgraphError(
                f"{damaged[1]}: this file of the tables is damaged; remove the folder {damaged[2]} and run the same "
                "build again, which makes it anew"
            ) from error
        raise KgraphError(
            f"Spark gave up ({_said(error)}); mend that and run the same command again: what was done is kept"
        ) from error


def _reach(master: str) -> None:
    if not re.match(r"(local(\[.*\])?|yarn|k8s://.+|spark://.+|mesos://.+|local-cluster\[.*\])$", master):
        raise KgraphError(f"--master {master} is no master; write spark://HOST:7077, yarn, k8s://ADDRESS or local[4]")
    if not master.startswith("spark://"):
        return
    problems = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
            return
        except (OSError, ValueError) as error:
            problems.append(str(error))
    raise KgraphError(
        f"--master {master}: no Spark master answers there ({problems[0]}); start it, or check host and port"
    )


def _java(submitted: bool) -> dict[str, str]:
    """The driver's log off, from the first line, and a sparing Java; where spark-submit started it, only the log from now on."""
    if submitted:
        return {"spark.log.level": "OFF"}
    log = Path(__file__).with_name("log4j2.properties").as_uri()
    return {"spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log} {_SPARING}"}


def _local(master: str | None) -> dict[str, str]:
    """On this machine alone nothing needs to be reached from outside."""
    if master is None or not master.startswith("local"):
        return {}
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}


def _said(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith("Caused by:")]
    return (causes[-1].removeprefix("Caused by: ") if causes else lines[0] if lines else type(error).__name__)[:240]
