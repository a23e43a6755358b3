"""The verbs strung together: documents -> assertions -> store -> network -> map.

`build_store` is the one way into a store; `Isolation` says how many worker processes extract and what a document may
cost. On a cluster, `kgraph.engine` does the same work with Spark.
"""

from kgraph.pipeline.building import build_store, extract
from kgraph.pipeline.extracting import StoppedError
from kgraph.pipeline.graph import Graph, build
from kgraph.pipeline.isolation import Isolation, cores, fair_memory
from kgraph.pipeline.report import Progress, Report
from kgraph.pipeline.watching import watch

__all__ = [
    "Graph",
    "Isolation",
    "Progress",
    "Report",
    "StoppedError",
    "build",
    "build_store",
    "cores",
    "extract",
    "fair_memory",
    "watch",
]
