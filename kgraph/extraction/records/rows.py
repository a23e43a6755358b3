"""Rows of tables with their line numbers: CSV and its kin, JSON Lines, XML, Excel, Parquet; one row in memory at a time."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from kgraph.errors import KgraphError
from kgraph.extraction.records.files import READ_ERRORS, TableFile, check_archive
from kgraph.extraction.records.layout import Layout

Row = tuple[int, list[str], str]
"""Line number, cells, and "" or the reason why the row cannot be read (then there are no cells)."""
_LINE = 2**20
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"PAR1",
    b"SQLite",
)
_HEAD = 200
BLANK = "is a blank line"
"""The reason of a row that is none."""


@dataclass(slots=True)
class Table:
    """An opened table: its columns, in order (a table without a header: () until a layout names them), its rows, and a
    `note` on what stands beside it in the file."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    note: str = ""


Source = Callable[[IO[bytes], TableFile, Layout], Table]


def read_rows(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    """The table in a stream; KgraphError where the file is none.

    Rows are streamed: an error of the disk or the archive that comes later is raised by the iteration.
    """
    kind = (file.kind if file.is_binary else layout.kind or file.kind) or "csv"
    return _SOURCES[kind](stream, file, layout)


def _csv(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    head = stream.peek(4096)[:4096] if hasattr(stream, "peek") else b""
    coding = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    start = head.split(b"\n", 1)[0]  # bytes of zero further on are the trouble of their rows
    if coding is None and (head.startswith(_BINARY) or start.count(0) > max(2, len(start) // 100)):
        raise KgraphError(f"{file.name}: is no table in text, whatever its name; give CSV, or name it by its kind")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise KgraphError(f"{file.name}: is a web page or XML, whatever its name; fetch the table itself")
    lines = _Lines(stream, coding, layout.encoding)
    delimiter = layout.delimiter or _delimiter(head.decode("utf-8", "replace"))
    quoting = csv.QUOTE_NONE if layout.quote == "none" else csv.QUOTE_MINIMAL
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    rows = _csv_rows(reader, lines)
    first = next(rows, None)
    while first is not None and first[2] == BLANK:
        first = next(rows, None)
    if first is None:
        raise KgraphError(f"{file.name}: is empty; give a file with rows in it")
    if first[2]:
        raise KgraphError(f"{file.name}: its first line {first[2]}; give CSV in UTF-8")
    names = _header(first[1], layout)
    return Table(names or (), rows if names else _with(first, rows))


def _with(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _header(cells: list[str], layout: Layout) -> tuple[str, ...] | None:
    """The columns that the first row names, or None where it is a row of values."""
    names = tuple(c.strip() for c in cells)
    if layout.header is not None:
        return names if layout.header else None
    if layout.columns:
        known = {c.casefold() for c in layout.columns}
        return names if sum(n.casefold() in known for n in names) * 2 > len(names) else None
    return names


class _Lines:
    """Decoded lines; those that cannot be decoded are kept aside with their number."""

    def __init__(self, stream: IO[bytes], coding: str | None, fallback: str | None) -> None:
        self.number = 0
        self.bad: list[Row] = []
        self._fallback = fallback
        self._stream = stream
        self._wide = coding

    def __iter__(self) -> Iterator[str]:
        if self._wide:
            import io

            for line in io.TextIOWrapper(self._stream, encoding=self._wide, errors="replace", newline=""):
                self.number += 1
                yield line
            return
        while data := self._stream.readline(_LINE):
            self.number += 1
            if self.number == 1:
                data = data.removeprefix(b"\xef\xbb\xbf")
            if len(data) == _LINE and not data.endswith(b"\n"):
                while len(more := self._stream.readline(_LINE)) == _LINE and not more.endswith(b"\n"):
                    pass
                self.bad.append((self.number, [], "is longer than a million characters"))
                continue
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                text = self._second(data)
                if text is None:
                    reason = "is not UTF-8; name the file's encoding in a mapping (table: encoding: cp1252)"
                    self.bad.append((self.number, [], reason))
                    continue
                yield text

    def _second(self, data: bytes) -> str | None:
        try:
            return data.decode(self._fallback) if self._fallback else None
        except (UnicodeDecodeError, LookupError):
            return None


def _csv_rows(reader: Any, lines: _Lines) -> Iterator[Row]:
    while True:
        seen = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            yield from _aside(lines)
            yield lines.number, [], "has a cell that is too long, or a quote that is never closed"
            continue
        yield from _aside(lines)
        start = lines.number - (reader.line_num - seen) + 1
        yield (start, cells, "") if cells else (start, [], BLANK)
    yield from _aside(lines)


def _aside(lines: _Lines) -> list[Row]:
    found, lines.bad = lines.bad, []
    return found


def _delimiter(head: str) -> str:
    """What separates the cells of the first line: a tab, a semicolon, a bar or a comma."""
    first = head.split("\n", 1)[0]
    return max("\t;|,", key=lambda mark: (first.count(mark), mark == ","))


def _jsonl(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    lines = _Lines(stream, None, layout.encoding)
    start: list[tuple[int, dict[str, str], str]] = []
    rows = _objects(lines)
    broken: Exception | None = None
    held = 0
    try:
        for row in rows:
            start.append(row)
            held += sum(map(len, row[1].values()))
            if len(start) >= _HEAD or held > _LINE:
                break
    except (KgraphError, *READ_ERRORS) as error:
        broken = error  # the rows before the break are read first
    if not start:
        raise broken or KgraphError(f"{file.name}: is empty; give a file with rows in it")
    if all(problem for _, _, problem in start):
        raise KgraphError(f"{file.name}: line {start[0][0]} {start[0][2]}; give JSON Lines, one object a line")
    columns = layout.columns or tuple(dict.fromkeys(key for _, cells, _ in start for key in cells))

    def all_rows() -> Iterator[Row]:
        for source in (iter(start), rows):
            for number, cells, problem in source:
                yield number, [cells.get(c, "") for c in columns] if not problem else [], problem
        if broken:
            raise broken

    return Table(columns, all_rows())


def _objects(lines: _Lines) -> Iterator[tuple[int, dict[str, str], str]]:
    for line in lines:
        for number, _, reason in _aside(lines):
            yield number, {}, reason
        if not line.strip():
            yield lines.number, {}, BLANK
            continue
        try:
            value = json.loads(line)
            cells = flat(value) if isinstance(value, dict) else None
        except (ValueError, RecursionError) as error:
            yield lines.number, {}, f"is no JSON ({str(error).split(':')[0]})"
            continue
        yield (lines.number, cells, "") if cells is not None else (lines.number, {}, "is no JSON object")
    for number, _, reason in _aside(lines):
        yield number, {}, reason


def flat(value: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """An object's values as text, by dotted names; several values of one name are joined by `; `."""
    found: dict[str, str] = {}
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict):
            found |= flat(item, name + ".")
        elif isinstance(item, list):
            found[name] = "; ".join(text(x) for x in item if not isinstance(x, dict | list))
        else:
            found[name] = text(item)
    return found


def text(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, days in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ("" if value != value else repr(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def _xml(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    from lxml import etree

    tags = layout.rows or ("row",)
    columns = layout.columns

    def rows() -> Iterator[Row]:
        count = line = 0
        try:
            found = etree.iterparse(
                stream, events=("end",), tag=[f"{{*}}{t}" for t in tags], resolve_entities=False, no_network=True, huge_tree=False
            )  # fmt: skip
            for _, element in found:
                count, line = count + 1, element.sourceline or 0
                cells = element_cells(element)
                yield line, [cells.get(c, "") for c in columns], ""
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            where = error.lineno or line
            yield where, [], "breaks the XML; nothing after it could be read"

    return Table(columns, rows())


def element_cells(element: Any) -> dict[str, str]:
    """An XML element's values by dotted path, attributes as `path@name`; `tag` is its own name. Namespaces are left out."""
    found: dict[str, list[str]] = {"tag": [_local(element.tag)]}

    def walk(node: Any, path: str) -> None:
        for name, value in node.attrib.items():
            found.setdefault(f"{path}@{_local(name)}", []).append(value)
        content = (node.text or "").strip()
        if content and path:
            found.setdefault(path, []).append(content)
        for child in node:
            if isinstance(child.tag, str):
                walk(child, f"{path}.{_local(child.tag)}" if path else _local(child.tag))

    walk(element, "")
    return {name: "; ".join(dict.fromkeys(values)) for name, values in found.items()}


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _excel(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise KgraphError(f"{file.name}: Excel needs one more package; pip install 'kgraph[tables]'") from error
    import io

    data = io.BytesIO(stream.read())
    try:
        if file.suffix != ".xls":
            check_archive(data, file.name)
        book = CalamineWorkbook.from_filelike(data)
        sheet = book.get_sheet_by_name(layout.sheet) if layout.sheet else book.get_sheet_by_index(0)
    except (CalamineError, *READ_ERRORS, IndexError) as error:
        raise KgraphError(f"{file.name}: is no workbook, or has no such sheet ({error}); save it as .xlsx") from error
    start = (sheet.start or (0, 0))[0] + 1
    found = enumerate(([text(c) for c in cells] for cells in sheet.iter_rows()), start)
    first = next(found, None)
    if first is None:
        raise KgraphError(f"{file.name}: is empty; give a sheet with rows in it")
    names = _header(first[1], layout)

    def rows() -> Iterator[Row]:
        if not names:
            yield first[0], first[1], ""
        for number, cells in found:
            yield (number, cells, "") if any(cells) else (number, [], BLANK)

    others = [name for name in book.sheet_names if name != sheet.name]
    note = f"sheets that were not read: {', '.join(others)}; name one in a mapping (table: sheet)" if others else ""
    return Table(names or (), rows(), note)


def _parquet(stream: IO[bytes], file: TableFile, layout: Layout) -> Table:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise KgraphError(f"{file.name}: Parquet needs one more package; pip install 'kgraph[tables]'") from error
    try:
        opened = pq.ParquetFile(stream if stream.seekable() else pa.BufferReader(stream.read()))
    except (pa.ArrowException, *READ_ERRORS) as error:
        raise KgraphError(f"{file.name}: is no Parquet file ({str(error).split('.')[0]})") from error

    def rows() -> Iterator[Row]:
        number = 0
        for batch in opened.iter_batches(batch_size=5_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, [text(c) for c in cells], ""

    return Table(tuple(opened.schema_arrow.names), rows())


_SOURCES: dict[str, Source] = {"csv": _csv, "jsonl": _jsonl, "xml": _xml, "excel": _excel, "parquet": _parquet}
