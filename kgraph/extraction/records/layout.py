"""How a table is laid out: what its file does not say by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """`kind` is csv, jsonl, xml, excel or parquet (None: as the file's name tells).

    `columns` are the names of a table without a header, `widths` the numbers of columns that it may have (the first so
    many of the names); `header` is None where the first row tells by its names. `encoding` serves lines that are not
    UTF-8; `rows` are the names of the XML elements that are rows.
    """

    kind: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    encoding: str | None = None
    rows: tuple[str, ...] = ()
    sheet: str | None = None
