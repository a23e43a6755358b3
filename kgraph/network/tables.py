"""Tables of figures: rows with named columns, as text, CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kgraph.errors import KgraphError

FORMATS = ("table", "csv", "json", "parquet")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures with a name, a title and the notes a reader needs; a cell that has no value is None.

    `below` names the columns that hold sentences, separated by " | "; as text they stand in full below their row.
    """

    name: str
    title: str
    rows: Sequence[Mapping[str, Any]]
    notes: Sequence[str] = field(default_factory=tuple)
    below: Sequence[str] = field(default_factory=tuple)

    @property
    def columns(self) -> list[str]:
        """The names of all columns, in the order in which they first appear."""
        return list(dict.fromkeys(name for row in self.rows for name in row))


def as_text(table: Table, limit: int | None = None) -> str:
    """The table for a terminal: numbers to three digits, a dash for no value, long cells cut, `limit` rows at most."""
    names = [n for n in table.columns if n not in table.below]
    rows = list(table.rows if limit is None else table.rows[:limit])
    cells = [[_cell(row.get(n))[:60] for n in names] for row in rows]
    numbers = [all(isinstance(row.get(n), int | float | None) for row in rows) for n in names]
    widths = [max([len(n), *(len(row[i]) for row in cells)]) for i, n in enumerate(names)]

    def line(row: Sequence[str]) -> str:
        return "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, numbers, strict=True)).rstrip()

    out = [table.title]
    out += [line(names), line(["-" * w for w in widths])] if rows else ["(nothing)"]
    for row, told in zip(rows, cells, strict=True):
        out.append(line(told))
        for column in table.below:
            out += [f"    {column}: {_plain(s)}" for s in str(row.get(column) or "").split(" | ") if s]
    if len(rows) < len(table.rows):
        out.append(f"({len(table.rows) - len(rows)} more rows; see all with --format csv, or --limit)")
    return "\n".join([*out, *(f"note: {n}" for n in table.notes)])


def as_csv(table: Table) -> str:
    """The table as CSV with a header; no value is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in table.rows)
    return out.getvalue()


def as_json(tables: Sequence[Table]) -> str:
    """Tables as a JSON object: name -> title, notes and rows; no value is null, and NaN cannot stand."""
    whole = {t.name: {"title": t.title, "notes": list(t.notes), "rows": [dict(r) for r in t.rows]} for t in tables}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_parquet(table: Table) -> bytes:
    """The table as a Parquet file; KgraphError where pyarrow is not installed."""
    from kgraph.network.interchange import library

    library("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [row.get(name) for row in table.rows] for name in table.columns}
    out = io.BytesIO()
    try:
        pq.write_table(pa.table(columns), out)
    except pa.ArrowInvalid as error:
        raise KgraphError(f"the table {table.name} does not fit Parquet ({error}); use csv") from error
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:.3g}"
    return _plain(str(value))


def _plain(text: str) -> str:
    """Text for a terminal: one line, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
