"""Tables as documents with what they say, row by row, with the account of every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from kgraph.errors import KgraphError
from kgraph.extraction.records.account import Account
from kgraph.extraction.records.documents import RowReader
from kgraph.extraction.records.files import READ_ERRORS, TableFile
from kgraph.extraction.records.loading import complaint, known_formats
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.naming import SkippedError
from kgraph.extraction.records.rows import BLANK, Row, read_rows
from kgraph.model import Assertion, Document

Said = tuple[int, list[tuple[Document, list[Assertion]]]]
"""The line of a row that was kept, and its documents with what they say."""


def read_table(
    stream: IO[bytes], file: TableFile, mapping: Mapping, account: Account, *, strict: bool = False
) -> Iterator[Said]:
    """The kept rows of an opened table, streamed; every row is counted in `account`.

    A row that makes no assertion is skipped with its reason. With `strict`, the first one that is wrong raises
    KgraphError; rows that the mapping leaves out on purpose are not wrong. So does a mapping of the user's that does not
    fit the columns. A table that breaks off ends the reading; `account.problem` says where.
    """
    account.format = mapping.title
    last = 0
    try:
        table = read_rows(stream, file, mapping.layout)
        columns = table.columns
        rows = table.rows
        if table.note:
            account.notes.append(table.note)
        if not columns:
            columns, rows = _named(mapping, rows, file)
        if (
            mapping not in known_formats().values()
            and mapping.layout.kind != "xml"
            and (wrong := complaint(mapping, columns, file.name))
        ):
            raise wrong
        reader = RowReader(mapping, columns, file.name)
        for line, cells, problem in rows:
            last = line
            try:
                if problem:
                    raise SkippedError(problem, wrong=problem != BLANK)
                if len(cells) != len(columns):
                    raise SkippedError(f"has {len(cells)} columns where the table has {len(columns)}", wrong=True)
                said, lost = reader.read(line, cells)
            except SkippedError as reason:
                account.skip(line, str(reason))
                _stop(strict, [reason], file, line)
                continue
            _stop(strict, lost, file, line)
            account.keep(line, map(str, lost))
            account.assertions += sum(len(found) for _, found in said)
            yield line, said
    except READ_ERRORS as error:
        account.problem = f"breaks off after line {last} ({error}); what came before it is kept"


def _stop(strict: bool, reasons: list[SkippedError], file: TableFile, line: int) -> None:
    wrong = next((reason for reason in reasons if reason.wrong), None) if strict else None
    if wrong is not None:
        raise KgraphError(f"{file.name}, line {line}: {wrong}; mend the row, or build without --strict")


def _named(mapping: Mapping, rows: Iterator[Row], file: TableFile) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns of a table without a header, by the width of its first row that can be read, and all its rows."""
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if not row[2]:
            width = len(row[1])
            known = mapping.layout.widths or (len(mapping.layout.columns),)
            if not mapping.layout.columns:
                raise KgraphError(f"{file.name}: has no header; name its columns in the mapping (table: columns)")
            columns = mapping.layout.columns[: width if width in known else max(known)]
            return columns, _after(held, rows)
    return mapping.layout.columns, iter(held)


def _after(held: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from held
    yield from rows
