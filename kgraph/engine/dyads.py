"""Networks from tables: who acts how towards whom by period, principals for networkx, all entities for igraph.

Spark SQL counts; what comes to this machine has a row for each pair, however many documents say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.engine.session import explained
from kgraph.engine.tables import Tables
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    import igraph
    import networkx as nx
    import pyarrow as pa
    from pyspark.sql import DataFrame

PERIODS = {"day": 10, "month": 7, "year": 4}
"""The lengths of a period, as characters of an ISO date."""
_DYADS = """
WITH actors AS (
  SELECT type, id, CASE WHEN type IN ('State', 'Organization') THEN id ELSE principals[0] END AS principal FROM entities
  WHERE type IN ('State', 'Organization', 'Person', 'Group')
), dated AS (
  SELECT statement, min(coalesce(split(date, '/')[0], document_date)) AS day FROM mentions GROUP BY statement
)
SELECT coalesce(substr(d.day, 1, {length}), 'undated') AS period, a.principal AS source, b.principal AS target,
       s.relation, r.quad, r.polarity, count(*) AS statements, sum(s.mentions) AS mentions, sum(s.sources) AS sources
FROM statements s JOIN dated d ON d.statement = s.statement JOIN relations r ON r.name = s.relation
JOIN actors a ON a.type = s.subject_type AND a.id = s.subject
JOIN actors b ON b.type = s.object_type AND b.id = s.object
WHERE NOT s.negated AND s.modality = 'actual' AND r.quad IS NOT NULL AND a.principal IS NOT NULL
  AND b.principal IS NOT NULL AND a.principal != b.principal
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4
"""


def dyads(tables: Tables, period: str = "month") -> DataFrame:
    """Over registered tables, a row for each period, source, target and relation of what is affirmed and actual, between different principals.

    `statements`, `mentions` and independent `sources` are counted. Undated statements take the first date of their
    documents. `period` is day, month or year (KgraphError for another).
    """
    if period not in PERIODS:
        raise KgraphError(f"there is no period {period!r}; use one of {', '.join(PERIODS)}")
    return tables.spark.sql(_DYADS.format(length=PERIODS[period]))


def dyad_network(tables: Tables) -> nx.DiGraph:
    """The principals as a directed graph for `kgraph.network`'s measures, small whatever the size of the corpus.

    An edge has `weight`, the balance of friendly and hostile statements (each counts +1, 0 or -1 by its relation's
    polarity), and `statements`, their number.
    """
    import networkx as nx

    graph = nx.DiGraph()
    with explained():
        rows = dyads(tables, "year").groupBy("source", "target", "polarity").sum("statements").collect()
    for source, target, polarity, statements in sorted(tuple(r) for r in rows):
        known = graph.get_edge_data(source, target, {"weight": 0, "statements": 0})
        sign = {"+": 1, "-": -1}.get(polarity, 0)
        graph.add_edge(
            source, target, weight=known["weight"] + sign * statements, statements=known["statements"] + statements
        )
    return graph


_PAIRS = """
SELECT concat(subject_type, ':', subject) AS source, concat(object_type, ':', object) AS target, count(*) AS statements
FROM statements WHERE NOT negated AND modality = 'actual' GROUP BY 1, 2 ORDER BY 1, 2
"""


def entity_network(tables: Tables) -> igraph.Graph:
    """All entities as a directed igraph graph: a vertex is named `Type:id`, an edge counts the `statements` of a pair.

    Of registered tables; what is affirmed and actual. It must fit into this machine's memory: docs/scale.md has sizes.
    """
    with explained():
        return graph_of(tables.spark.sql(_PAIRS).toArrow())


def graph_of(pairs: pa.Table) -> igraph.Graph:
    """The graph of a table with the columns source, target and statements."""
    import numpy as np
    import pyarrow as pa

    from kgraph.network.interchange import library

    ends = pa.chunked_array([*pairs["source"].chunks, *pairs["target"].chunks], pa.string())
    coded = ends.combine_chunks().dictionary_encode()
    codes = np.asarray(coded.indices)
    graph = library("igraph").Graph(
        n=len(coded.dictionary), edges=np.stack([codes[: len(pairs)], codes[len(pairs) :]], axis=1), directed=True
    )
    graph.vs["name"] = coded.dictionary.to_pylist()
    graph.es["statements"] = pairs["statements"].to_pylist()
    return graph
