"""Finding and decoding documents: files, folders, `.gz`, JSON Lines, HTML, standard input."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.documents.cleaning import masthead, without_furniture
from kgraph.errors import KgraphError
from kgraph.model import Document

_TEXT, _HTML, _ROWS = {".txt", ".text", ".md"}, {".html", ".htm", ".xhtml"}, {".jsonl", ".ndjson"}
_KNOWN = _TEXT | _HTML | _ROWS


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out: where it stands, and why."""

    place: str
    reason: str


def read(
    sources: Iterable[str | Path], *, date: dt.date | None = None, on_skip: Callable[[Skipped], None] | None = None
) -> Iterator[Document]:
    """The documents of files, folders and `-` (standard input), in order and streamed.

    `date` is the publication date of documents that do not tell theirs. A bad document inside a folder or a JSON Lines
    file, or one of several sources, goes to `on_skip`; a bad only source raises KgraphError, as a missing one always does.
    """
    named = [str(s) for s in sources]
    for source in named:
        if source != "-" and not Path(source).exists():
            raise KgraphError(f"{source}: there is no such file or folder; check the path")
    skip = on_skip or (lambda _: None)
    for source in named:
        if source == "-":
            yield from _documents("stdin", sys.stdin.buffer.read(), date, skip, alone=len(named) == 1)
        elif Path(source).is_dir():
            files = [p for p in sorted(Path(source).rglob("*")) if p.is_file() and _suffix(p) in _KNOWN]
            if not files:
                raise KgraphError(
                    f"{source}: the folder holds no document (.txt, .md, .html, .jsonl, or these with .gz)"
                )
            for path in files:
                yield from _file(path, date, skip, alone=False)
        else:
            yield from _file(Path(source), date, skip, alone=len(named) == 1)


def is_document(path: Path) -> bool:
    """Does a file's name say that it holds documents?"""
    return _suffix(path) in _KNOWN


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def _file(path: Path, date: dt.date | None, skip: Callable[[Skipped], None], *, alone: bool) -> Iterator[Document]:
    if _suffix(path) in _ROWS:
        try:
            with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as stream:
                yield from _rows(path.name, stream, date, skip)
        except (OSError, EOFError) as error:
            skip(Skipped(str(path), f"cannot be read ({error})"))
        return
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        _bad(str(path), f"cannot be read ({error})", skip, alone)
        return
    yield from _documents(path.name, data, date, skip, alone=alone, place=str(path), kind=_suffix(path))


def _bad(place: str, reason: str, skip: Callable[[Skipped], None], alone: bool) -> None:
    if alone:
        raise KgraphError(f"{place}: {reason}")
    skip(Skipped(place, reason))


def _documents(
    name: str, data: bytes, date: dt.date | None, skip: Callable[[Skipped], None], *, alone: bool,
    place: str | None = None, kind: str = "",
) -> Iterator[Document]:  # fmt: skip
    place = place or name
    text = _decode(data)
    if text is None:
        _bad(place, "is no text in any known encoding; give plain text, HTML or JSON Lines", skip, alone)
        return
    if not kind and text.lstrip().startswith('{"'):
        yield from _rows(name, io.BytesIO(data), date, skip)
        return
    made = (
        _html(name, text, date)
        if kind in _HTML or text.lstrip()[:9].lower() in ("<!doctype", "<html><he")
        else _plain(name, text, date)
    )
    if made is None or not made.text:
        _bad(place, "is empty; give a file with text in it", skip, alone)
        return
    yield made


def _decode(data: bytes) -> str | None:
    """UTF-8 where it is that, else what charset-normalizer finds; None for binary data."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        return str(best).replace("\r\n", "\n").replace("\r", "\n") if best is not None else None


def _plain(name: str, text: str, date: dt.date | None) -> Document:
    found, source = masthead(text)
    return Document(name, without_furniture(text), found or date, source=source)


def _html(name: str, text: str, date: dt.date | None) -> Document | None:
    import trafilatura

    found = trafilatura.bare_extraction(text, include_comments=False, include_tables=False, with_metadata=True)
    if found is None:
        return None
    row = found if isinstance(found, dict) else found.as_dict()
    published = _day(row.get("date"))
    return Document(
        name,
        without_furniture(row.get("text") or ""),
        published or date,
        row.get("title"),
        row.get("sitename"),
        row.get("url"),
    )


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _rows(
    name: str, stream: Iterable[bytes], date: dt.date | None, skip: Callable[[Skipped], None]
) -> Iterator[Document]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError) as error:
            skip(Skipped(place, f"is no JSON ({error})"))
            continue
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
            skip(Skipped(place, 'has no "text"'))
            continue
        if row.get("date") and _day(row["date"]) is None:
            skip(Skipped(place, f"has the date {row['date']!r}, which is not YYYY-MM-DD"))
            continue
        yield Document(
            str(row.get("id") or f"{name}#{number}"), row["text"], _day(row.get("date")) or date,
            row.get("title"), row.get("source"), row.get("url"),
        )  # fmt: skip
