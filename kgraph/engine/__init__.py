"""The same build on a Spark cluster: sources -> documents -> assertions as Parquet -> merged tables -> the store.

A folder of tables (`Tables`) takes the place of the store until `load` fills one from it. All that decides what is read
and said is the code of the other rooms; here stands only what spreads it over machines.
"""

from kgraph.engine.loading import load
from kgraph.engine.merging import merge
from kgraph.engine.session import open_session
from kgraph.engine.tables import Tables
from kgraph.engine.waves import SparkReport, build_tables, stream_tables

__all__ = ["SparkReport", "Tables", "build_tables", "load", "merge", "open_session", "stream_tables"]
