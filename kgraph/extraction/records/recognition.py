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
from kgraph.extraction.records.loading import known_formats
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.rows import Table, read_rows

_LINES = 8
"""So many lines of JSON tell the columns."""
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
    if file.is_binary:
        cells = _first(table := read_rows(stream, file, Layout()))
        stream.seek(0)
        return recognise_columns(table.columns, cells, file)
    head = beginning(stream)
    if file.kind == "xml":
        return _by_root(head)
    if file.kind == "jsonl":
        head = b"\n".join(head.split(b"\n", _LINES)[:_LINES])
    table = read_rows(io.BufferedReader(io.BytesIO(head)), file, Layout())
    return recognise_columns(table.columns, _first(table), file)


def _first(table: Table) -> list[str]:
    return next((row for _, row, problem in table.rows if not problem), [])


def holds_known_format(path: Path) -> bool:
    """Has a file, or a member of a zip archive, a known format? It is opened once, and only its beginning is read."""
    if path.suffix.lower() != ARCHIVE:
        file = TableFile(path, path.name)
        with file.open() as stream:
            return _is_known(file, stream)
    with unzipped(path) as archive:
        files = sorted(tables_of(archive, path, path.name), key=lambda file: file.suffix not in ALWAYS_TABLES)
        return any(_member_is_known(file, archive) for file in files[:_LOOKED])


def _member_is_known(file: TableFile, archive: ZipFile) -> bool:
    with file.open(archive) as stream:
        return _is_known(file, stream)


def _is_known(file: TableFile, stream: IO[bytes]) -> bool:
    if file.suffix == ".txt" and beginning(stream).split(b"\n", 1)[0].count(b"\t") <= _TABS:
        return False
    return recognise(file, stream) is not None


def recognise_columns(columns: Sequence[str], cells: Sequence[str], file: TableFile) -> Mapping | None:
    """The mapping that fits a header, or a first row where there is no header; of several, the one that asks for most."""
    header = {c.strip().casefold() for c in columns}
    found: list[tuple[int, Mapping]] = []
    kind = file.kind
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
