"""Merging: the tables that follow from what the documents say, in Spark SQL.

The rules are those of the store (`kgraph.store.writer`, `kgraph.store.mapping`): an assertion is one row whatever the
number of documents, its confidence is the best, an entity has one label, an edge is what is affirmed and actual.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kgraph.engine.tables import Tables
from kgraph.store.independence import Testimony, independent
from kgraph.store.vocabulary import document_iri

if TYPE_CHECKING:
    import pyarrow as pa

_ENTITY = (
    "struct<id: string, label: string, type: string, principal: string, head: string, targets: array<string>, "
    "concerns: array<string>, iri: string>"
)
_RECORD = (
    f"struct<subject: {_ENTITY}, relation: string, object: {_ENTITY}, negated: boolean, modality: string, "
    f"attributed_to: {_ENTITY}, date: string, confidence: double, extractor: string, "
    "evidence: array<struct<document: string, start: int, `end`: int, text: string>>>"
)
_MENTIONS = f"""
SELECT statement, e.document, e.start, e.`end`, e.text AS sentence, a.subject, a.relation, a.object, a.negated,
       a.modality, a.attributed_to, a.date, a.confidence, a.extractor, minhash, document_date,
       coalesce(substr(a.date, 1, 7), substr(document_date, 1, 7), 'undated') AS period
FROM (SELECT statement, a, minhash, document_date, explode(a.evidence) AS e
      FROM (SELECT s.statement AS statement, from_json(s.record, '{_RECORD}') AS a, minhash, document_date
            FROM (SELECT explode(assertions) AS s, minhash, date AS document_date FROM new_rows)))
"""
_STATEMENTS = """
SELECT statement, any_value(relation) AS relation,
       any_value(subject.type) AS subject_type, any_value(subject.id) AS subject,
       any_value(object.type) AS object_type, any_value(object.id) AS object,
       any_value(negated) AS negated, any_value(modality) AS modality,
       any_value(attributed_to.type) AS speaker_type, any_value(attributed_to.id) AS speaker,
       any_value(date) AS date, max(round(confidence, 3)) AS confidence,
       count(DISTINCT document, start, `end`) AS mentions, count(DISTINCT document) AS documents, min(period) AS period
FROM new_mentions GROUP BY statement
"""
_ENTITIES = """
SELECT type, id, min_by(label, struct(char_length(label) > 60, -char_length(label), label)) AS label,
       array_sort(collect_set(label)) AS labels, array_sort(collect_set(principal)) AS principals,
       array_sort(collect_set(head)) AS heads, array_sort(array_distinct(flatten(collect_list(targets)))) AS targets,
       array_sort(array_distinct(flatten(collect_list(concerns)))) AS concerns, array_sort(collect_set(iri)) AS iris
FROM (SELECT e.* FROM (SELECT explode(array(subject, object, attributed_to)) AS e FROM new_mentions) WHERE e IS NOT NULL)
GROUP BY type, id
"""
_EDGES = """
SELECT DISTINCT subject_type, subject, relation, object_type, object
FROM new_statements WHERE NOT negated AND modality = 'actual'
"""
_SEVERAL = """
SELECT statement, collect_list(struct(document, start, sentence, minhash)) AS said
FROM new_mentions GROUP BY statement HAVING min(document) != max(document)
"""
"""What several documents say: whatever one document alone says has one source, and Python is not asked."""
_COUNTED = "statement string, sources int"


def merge(tables: Tables) -> None:
    """Derive all tables anew from the waves; they become current together, or not at all."""
    spark = tables.spark
    number = tables.merged() + 1

    def write(name: str, sql: str, by: str | None = None) -> None:
        # What is partitioned comes together first: without it each task writes a file of its own into each folder.
        frame = spark.sql(f"SELECT /*+ REBALANCE({by}) */ * FROM ({sql})" if by else sql)
        writer = frame.write.mode("overwrite")
        (writer.partitionBy(by) if by else writer).parquet(tables.merge_path(number, name))
        spark.read.schema(frame.schema).parquet(tables.merge_path(number, name)).createOrReplaceTempView(f"new_{name}")

    waves = tables.stamps()
    tables.documents().createOrReplaceTempView("new_rows")
    write(
        "documents",
        "SELECT id, date, title, source, url, content, configuration, size(assertions) AS assertions FROM new_rows",
    )
    write("mentions", _MENTIONS, by="period")
    spark.sql(_SEVERAL).mapInArrow(_counted, _COUNTED).createOrReplaceTempView("new_sources")
    write(
        "statements",
        f"SELECT s.*, coalesce(c.sources, 1) AS sources FROM ({_STATEMENTS}) s LEFT JOIN new_sources c USING (statement)",
        by="period",
    )
    write("entities", _ENTITIES)
    write("edges", _EDGES)
    tables.set_merged(number, waves)


def _counted(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """For `mapInArrow`: the number of independent sources of each statement; see `kgraph.store.independence`."""
    import pyarrow as pa

    for batch in batches:
        counts = []
        for said in batch.column("said"):
            found = dict(_testimonies(said.as_py()))
            counts.append(len(independent([found[key] for key in sorted(found)])))
        yield pa.RecordBatch.from_arrays(
            [batch.column("statement"), pa.array(counts, pa.int32())], names=["statement", "sources"]
        )


def _testimonies(rows: list[Any]) -> Iterator[tuple[tuple[str, int], Testimony]]:
    for row in rows:
        document, start = document_iri(row["document"]), int(row["start"])
        yield (document, start), Testimony(document, start, row["sentence"], row["minhash"])
