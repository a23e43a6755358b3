"""Reading the ontology's CSV files, with the file and the line in every complaint.

CSV is the one form of `ontology/`: one row is one fact, it opens in a spreadsheet, two versions compare line by line,
and the standard library gives the line number of each row.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import KgraphError


def ontology_dir() -> Path:
    """The folder of the ontology: `$KGRAPH_ONTOLOGY`, else the one in the package, else the checkout's."""
    named = os.environ.get("KGRAPH_ONTOLOGY")
    if named:
        if not Path(named).is_dir():
            raise KgraphError(
                f"KGRAPH_ONTOLOGY names {named}, which is no folder; unset it or name a copy of ontology/"
            )
        return Path(named)
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "ontology"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an ontology file; `row["column"]` is its text, stripped."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that holds several, separated by `|`."""
        return tuple(part.strip() for part in self.cells[column].split("|") if part.strip())

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """The cell's text; KgraphError where it is none of the allowed ones."""
        value = self.cells[column]
        if value not in allowed:
            raise self.wrong(f"{column} is {value!r}", f"use one of {', '.join(sorted(allowed))}")
        return value

    def wrong(self, what: str, mend: str) -> KgraphError:
        """The complaint about this row."""
        return KgraphError(f"ontology file {self.file}, line {self.line}: {what}; {mend}")


def read_table(path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The rows of a CSV file that has exactly these columns; lines that begin with `#` are comments.

    Raises KgraphError where the file is missing, is not UTF-8, or where its header or a row does not fit.
    """
    try:
        handle = path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise KgraphError(f"ontology file {path} cannot be read ({error.strerror}); restore it") from error
    with handle:
        try:
            reader = csv.reader(handle)
            header: list[str] | None = None
            for record in reader:
                if not record or record[0].startswith("#"):
                    continue
                if header is None:
                    header = record
                    if set(header) != set(columns):
                        raise KgraphError(
                            f"ontology file {path.name}, line {reader.line_num}: the columns are {','.join(header)}; "
                            f"they must be {','.join(columns)}"
                        )
                    continue
                if len(record) != len(header):
                    raise KgraphError(
                        f"ontology file {path.name}, line {reader.line_num}: {len(record)} cells where the header has "
                        f"{len(header)}; put text with commas between double quotes"
                    )
                cells = {name: cell.strip() for name, cell in zip(header, record, strict=True)}
                yield Row(path.name, reader.line_num, cells)
        except (UnicodeDecodeError, csv.Error) as error:
            raise KgraphError(f"ontology file {path.name} is no UTF-8 CSV ({error}); save it as one") from error
