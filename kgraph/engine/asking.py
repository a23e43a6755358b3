"""Saved queries over the merged tables: `queries/*.sql` are forms of the store's saved queries with the same answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kgraph.engine.session import explained
from kgraph.engine.tables import MERGED, Tables
from kgraph.errors import KgraphError
from kgraph.ontology import relations
from kgraph.store import QueryResult, saved_queries
from kgraph.store.vocabulary import entity_iri

_TOLD = """
SELECT s.statement, s.subject_type, s.subject AS subject_id, es.label AS subject, s.relation AS relation_id,
       r.label AS relation, s.object_type, s.object AS object_id, eo.label AS object, s.negated, s.modality,
       said.label AS said_by, split(s.date, '/')[0] AS date, s.confidence, s.sources, m.document, m.sentence
FROM statements s
JOIN mentions m ON m.statement = s.statement
JOIN relations r ON r.name = s.relation
JOIN entities es ON es.type = s.subject_type AND es.id = s.subject
JOIN entities eo ON eo.type = s.object_type AND eo.id = s.object
LEFT JOIN entities said ON said.type = s.speaker_type AND said.id = s.speaker
"""
_WHENS = """
SELECT DISTINCT statement, explode(CASE WHEN size(days) = 0 THEN array('') ELSE days END) AS when
FROM (SELECT statement, collect_set(coalesce(split(date, '/')[0], document_date)) AS days FROM mentions GROUP BY statement)
"""


@cache
def sql_forms() -> dict[str, str]:
    """The SQL of each saved query that has an SQL form."""
    return {p.stem: p.read_text(encoding="utf-8") for p in sorted((Path(__file__).parent / "queries").glob("*.sql"))}


def register(tables: Tables) -> None:
    """Make the tables known to SQL: the merged ones, `relations`, `told` (statements with labels and sentences), `whens`, `nodes`."""
    from pyspark.sql import functions as f

    spark = tables.spark
    for name in MERGED:
        tables.table(name).createOrReplaceTempView(name)
    known = [(r.name, r.label, r.plover, r.quad, r.polarity) for r in relations().values()]
    spark.createDataFrame(
        known, "name string, label string, plover string, quad string, polarity string"
    ).createOrReplaceTempView("relations")
    spark.sql(_TOLD).createOrReplaceTempView("told")
    node = f.udf(lambda kind, ident: entity_iri(kind, ident), "string")("type", "id")
    spark.table("entities").select("type", "id", "label", node.alias("node")).createOrReplaceTempView("nodes")
    spark.sql(_WHENS).createOrReplaceTempView("whens")


def ask(tables: Tables, name: str, parameters: dict[str, str] | None = None, *, rows: int = 100_000) -> QueryResult:
    """The answer to a saved query over registered tables, at most so many rows.

    Raises KgraphError where it has no SQL form or no such parameter.
    """
    forms = sql_forms()
    if name not in forms:
        raise KgraphError(f"the saved query {name!r} has no SQL form; these have one: {', '.join(forms)}")
    wanted = saved_queries()[name].parameters
    unknown = set(parameters or ()) - set(wanted)
    if unknown:
        raise KgraphError(
            f"query {name} has no parameter {sorted(unknown)[0]!r}; it has {', '.join(sorted(wanted)) or 'none'}"
        )
    with explained():
        answer = tables.spark.sql(forms[name], args=dict.fromkeys(wanted, "") | (parameters or {}))
        found = answer.limit(rows + 1).collect()
    terms = tuple(tuple(_term(value) for value in row) for row in found[:rows])
    return QueryResult(tuple(answer.columns), terms, truncated=len(found) > rows)


def _term(value: Any) -> Any:
    return None if value is None else ox.Literal(value)
