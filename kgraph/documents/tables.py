"""Parquet files with a row for each article."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.documents.decoding import day
from kgraph.documents.source import Source
from kgraph.errors import KgraphError
from kgraph.model import Document

_KNOWN = ("id", "date", "title", "source", "url")


def read_parquet(source: Source) -> Iterator[Document]:
    """The articles of a Parquet file: its text column, and where there are such columns id, date, title, source, url."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise KgraphError(f"{source.place}: Parquet needs pyarrow; pip install 'kgraph[scale]'") from error
    column = source.reading.text_column
    number = 0
    try:
        table = pq.ParquetFile(source.stream)
        if column not in table.schema_arrow.names:
            yield from source.bad(
                f"has no column {column!r}; name the column of the text with --text-column (there are "
                f"{', '.join(table.schema_arrow.names)})"
            )
            return
        wanted = [column, *(k for k in _KNOWN if k in table.schema_arrow.names and k != column)]
        for batch in table.iter_batches(batch_size=256, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                made = _document(source, number, row, column)
                if made is not None:
                    yield made
    except (pa.ArrowException, OSError) as error:
        first = " ".join(str(error).split())[:160]
        yield from source.bad(f"is no whole Parquet file ({first}); write it again")


def _document(source: Source, number: int, row: dict[str, object], column: str) -> Document | None:
    text = row[column]
    if not isinstance(text, str) or not text.strip():
        source.skip(f", row {number}", f"has no {column!r}")
        return None
    if row.get("date") and day(row["date"]) is None:
        source.skip(f", row {number}", f"has the date {row['date']!r}, which is not YYYY-MM-DD")
        return None
    title, publisher, url = (str(row[k]) if row.get(k) else None for k in ("title", "source", "url"))
    ident = str(row.get("id") or f"{source.name}#{number}")
    return Document(ident, text, day(row.get("date")) or source.reading.date, title, publisher, url)
