"""Which known format a table has, from its first rows, its width and its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import PurePosixPath

from kgraph.errors import KgraphError
from kgraph.extraction.records.files import READ_ERRORS, TableFile
from kgraph.extraction.records.layout import Layout
from kgraph.extraction.records.loading import known_formats
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.rows import read_rows

_HEAD = 200_000


def recognise(file: TableFile) -> Mapping | None:
    """The mapping of the known format that a table has; None where it is of none.

    Raises KgraphError where a file that must be a table by its name is none.
    """
    if file.kind == "xml":
        return _by_root(file)
    try:
        with file.open() as stream:
            table = read_rows(stream, file, Layout())
            cells = next((row for _, row, problem in table.rows if not problem), [])
    except READ_ERRORS as error:
        raise KgraphError(f"{file.name}: cannot be read ({error}); fetch it again") from error
    return recognise_columns(table.columns, cells, file)


def recognise_columns(columns: Sequence[str], cells: Sequence[str], file: TableFile) -> Mapping | None:
    """The mapping that fits a header, or a first row where there is no header; of several, the one that asks for most."""
    header = {c.strip().casefold() for c in columns}
    found: list[tuple[int, Mapping]] = []
    for mapping in known_formats().values():
        sign, layout = mapping.sign, mapping.layout
        if layout.kind not in (None, file.kind) or not _named(mapping, file):
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


def _by_root(file: TableFile) -> Mapping | None:
    try:
        with file.open() as stream:
            head = stream.read(_HEAD)
    except READ_ERRORS as error:
        raise KgraphError(f"{file.name}: cannot be read ({error}); fetch it again") from error
    match = re.search(rb"<(?:\w+:)?([A-Za-z_][\w.-]*)[\s>/]", re.sub(rb"<[?!].*?>", b"", head, flags=re.DOTALL))
    root = match[1].decode() if match else ""
    return next((m for m in known_formats().values() if m.sign.root == root), None)
