"""Which known format a table has, from its first rows, its width and its name."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZipFile

from kgraph.errors import KgraphError
from kgraph.extraction.records.files import (
    ALWAYS_TABLES,
    ARCHIVE,
    READ_ERRORS,
    TableFile,
    beginning,
    tables_of,
    unzipped,
)
from kgraph.extraction.records.layout import Layout
from kgraph.extraction.records.loading import complaint, known_formats
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.rows import Table, read_rows

_LINES = 8
"""So many lines of JSON tell the columns."""
_TEXT = "text"
"""The key of an article in JSON Lines and Parquet."""
_TABS = 2
"""A text whose first line has more tabs may be a table."""
_LOOKED = 1_000
"""So many members of an archive are looked into, those first that are tables by their names."""


def recognise(file: TableFile, stream: IO[bytes] | None = None) -> Mapping | None:
    """The mapping of the known format that a table has; None where it is of none.

    An open `stream` stands at its beginning afterwards as before. Raises KgraphError where a file that must be a table by
    its name is none.
    """
    try:
        if stream is None:
            with file.open() as opened:
                return _recognised(file, opened)
        return _recognised(file, stream)
    except READ_ERRORS as error:
        raise KgraphError(f"{file.name}: cannot be read ({error}); fetch it again") from error


def _recognised(file: TableFile, stream: IO[bytes]) -> Mapping | None:
    if file.kind == "xml":
        return _by_root(beginning(stream))
    return recognise_columns(*_first_rows(stream, file, Layout()), file)


def _first_rows(stream: IO[bytes], file: TableFile, layout: Layout) -> tuple[tuple[str, ...], list[str]]:
    """The columns of a table and its first row that can be read, by its beginning alone where the kind allows."""
    if file.is_binary:
        table = read_rows(stream, file, layout)
        found = table.columns, _first(table)
        stream.seek(0)
        return found
    head = beginning(stream)
    if (layout.kind or file.kind) == "jsonl":
        head = b"\n".join(head.split(b"\n", _LINES)[:_LINES])
    table = read_rows(io.BufferedReader(io.BytesIO(head)), file, layout)
    return table.columns, _first(table)


def _first(table: Table) -> list[str]:
    return next((row for _, row, problem in table.rows if not problem), [])


def misfit(mapping: Mapping, file: TableFile, stream: IO[bytes]) -> KgraphError | None:
    """Why a mapping cannot be one of an open table, by the columns or their number; None where it can."""
    layout = mapping.layout
    if "xml" in (layout.kind, file.kind):
        return (
            None
            if layout.kind == file.kind
            else KgraphError(f"{file.name}: is {file.kind}, and mapping {mapping.name} is not")
        )
    try:
        columns, cells = _first_rows(stream, file, layout)
    except (KgraphError, *READ_ERRORS) as error:
        return error if isinstance(error, KgraphError) else KgraphError(f"{file.name}: cannot be read ({error})")
    if columns:
        return complaint(mapping, columns, file.name)
    widths = layout.widths or (len(layout.columns),)
    if len(cells) in widths:
        return None
    return KgraphError(f"{file.name}: has {len(cells)} columns, and mapping {mapping.name} names {widths[0]}")


def is_known(path: Path, mapping: Mapping | None = None) -> bool:
    """Has a file, or a member of a zip archive, a known format, or that of a mapping?

    It is opened once, and only its beginning is read. Beside a mapping, JSON Lines and Parquet without a text are tables
    as well: the mapping has a mistake, which its account tells.
    """
    if path.suffix.lower() != ARCHIVE:
        file = TableFile(path, path.name)
        with file.open() as stream:
            return _is_known(file, stream, mapping)
    with unzipped(path) as archive:
        files = sorted(tables_of(archive, path, path.name), key=lambda file: file.suffix not in ALWAYS_TABLES)
        return any(_member_is_known(file, archive, mapping) for file in files[:_LOOKED])


def _member_is_known(file: TableFile, archive: ZipFile, mapping: Mapping | None) -> bool:
    with file.open(archive) as stream:
        return _is_known(file, stream, mapping)


def _is_known(file: TableFile, stream: IO[bytes], mapping: Mapping | None) -> bool:
    if mapping is not None and (misfit(mapping, file, stream) is None or _has_no_text(file, stream)):
        return True
    if file.suffix == ".txt" and beginning(stream).split(b"\n", 1)[0].count(b"\t") <= _TABS:
        return False
    return recognise(file, stream) is not None


def _has_no_text(file: TableFile, stream: IO[bytes]) -> bool:
    return file.kind in ("jsonl", "parquet") and _TEXT not in _first_rows(stream, file, Layout())[0]


def recognise_columns(columns: Sequence[str], cells: Sequence[str], file: TableFile) -> Mapping | None:
    """The mapping that fits a header, or a first row where there is no header; of several, the one that asks for most."""
    header = {c.strip().casefold() for c in columns}
    found: list[tuple[int, Mapping]] = []
    kind = "csv" if file.is_binary else file.kind  # what is published in text is kept in workbooks and Parquet as well
    for mapping in known_formats().values():
        sign, layout = mapping.sign, mapping.layout
        if layout.kind not in (None, kind) or not _named(mapping, file):
            continue
        if sign.columns and all(c.casefold() in header for c in sign.columns):
            found.append((len(sign.columns), mapping))
        elif sign.first and not layout.header and any(_fits(mapping, row) for row in (columns, cells)):
            found.append((len(sign.first), mapping))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _named(mapping: Mapping, file: TableFile) -> bool:
    name = PurePosixPath(file.name).name.lower()
    return not mapping.sign.names or any(fnmatch(name, pattern.lower()) for pattern in mapping.sign.names)


def _fits(mapping: Mapping, cells: Sequence[str]) -> bool:
    patterns = mapping.sign.first
    if mapping.layout.widths and len(cells) not in mapping.layout.widths:
        return False
    return len(cells) >= len(patterns) and all(
        re.fullmatch(p, c.strip()) for p, c in zip(patterns, cells, strict=False)
    )


def _by_root(head: bytes) -> Mapping | None:
    match = re.search(rb"<(?:\w+:)?([A-Za-z_][\w.-]*)[\s>/]", re.sub(rb"<[?!].*?>", b"", head, flags=re.DOTALL))
    root = match[1].decode() if match else ""
    return next((m for m in known_formats().values() if m.sign.root == root), None)
