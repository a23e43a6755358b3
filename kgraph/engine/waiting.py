"""Telling that the cluster gives nothing to work on: Spark's driver waits for executors without end, and its log is off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FIRST, AGAIN, LOOK = 60.0, 600.0, 5.0
"""Seconds of waiting after which it is told, after which it is told again, and between two looks."""


@contextmanager
def telling(spark: SparkSession, tell: Callable[[str], None]) -> Iterator[None]:
    """While this runs, `tell` hears a sentence when there is work and no executor has been there for a minute."""
    ended = threading.Event()
    thread = threading.Thread(target=_look, args=(spark, tell, ended), name="kgraph-waiting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _look(spark: SparkSession, tell: Callable[[str], None], ended: threading.Event) -> None:
    tracker: Any = spark.sparkContext._jsc.sc().statusTracker()
    waited, due = 0.0, FIRST
    while not ended.wait(LOOK):
        try:
            # The driver counts itself among the executors.
            idle = len(tracker.getActiveStageIds()) > 0 and len(tracker.getExecutorInfos()) <= 1
        except Py4JError:
            return
        waited, due = (waited + LOOK, due) if idle else (0.0, FIRST)
        if waited >= due:
            due += AGAIN
            tell(
                f"waiting: the cluster gave no executor for {waited:.0f} s; it may be full, have no worker with the cores and "
                "the memory asked for (--spark-conf spark.executor.memory=..., spark.executor.cores=...), or have forgotten "
                "this build: then end it and run the same command again"
            )
