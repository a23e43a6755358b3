"""Finding and opening documents: files, folders, archives, tables, feeds, standard input."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from kgraph.documents.feeds import fetched, is_address
from kgraph.documents.formats import READERS, kind_of
from kgraph.documents.source import Counted, Reading, Skipped, Source, Tally
from kgraph.errors import KgraphError
from kgraph.model import Document


def read(
    sources: Iterable[str | Path], *, date: dt.date | None = None, on_skip: Callable[[Skipped], None] | None = None,
    text_column: str = "text", tally: Tally | None = None, only: Callable[[Path], bool] | None = None,
) -> Iterator[Document]:  # fmt: skip
    """The documents of files, folders, feeds' addresses and `-` (standard input), in order and streamed.

    `date` is the publication date of documents that do not tell theirs, `text_column` the column of a table that holds
    the text. A bad document inside a folder, an archive or a JSON Lines file, or one of several sources, goes to
    `on_skip`; a bad only source raises KgraphError, as a missing one always does. `tally` is kept up to date. Of the
    files in folders, those are read for which `only` is true; a folder may be empty then.
    """
    named = [str(s) for s in sources]
    check(named)
    reading = Reading(date, on_skip or (lambda _: None), text_column, tally or Tally())
    for source in named:
        alone = len(named) == 1
        if source == "-":
            yield from documents_of(Source("stdin", "stdin", sys.stdin.buffer, reading, alone))
        elif is_address(source):
            yield from _feed(source, reading, alone=alone and only is None)
        elif Path(source).is_dir():
            found = False
            for path in files_of(source):
                found = True
                if only is None or only(path):
                    yield from read_file(path, reading, name=path.relative_to(source).as_posix())
            if not found and only is None:
                raise KgraphError(
                    f"{source}: the folder holds no document (.txt, .md, .html, .jsonl, these with .gz, .zip, .tar.gz, "
                    ".warc.gz, .parquet, .rss, .atom)"
                )
        elif only is None or only(Path(source)):
            yield from read_file(Path(source), reading, alone=alone)


def check(sources: Iterable[str]) -> None:
    """Raise KgraphError for the first source that is not there."""
    for source in sources:
        if source != "-" and not is_address(source) and not Path(source).exists():
            raise KgraphError(f"{source}: there is no such file or folder; check the path")


def is_document(path: Path) -> bool:
    """Does a file's name say that it holds documents?"""
    return kind_of(path.name) is not None


def files_of(folder: str | Path) -> Iterator[Path]:
    """The documents' files of a folder and the folders in it, in the order of their names, one folder in memory at a time."""
    with os.scandir(folder) as entries:
        listed = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, deeper in listed:
        path = Path(folder, name)
        if deeper:
            yield from files_of(path)
        elif kind_of(name) and path.is_file():
            yield path


def size_of(sources: Iterable[str | Path]) -> int:
    """The bytes that the files of all sources hold; 0 where a source is a stream."""
    total = 0
    for source in map(str, sources):
        if source == "-" or is_address(source):
            return 0
        total += sum(p.stat().st_size for p in (files_of(source) if Path(source).is_dir() else [Path(source)]))
    return total


def read_file(path: Path, reading: Reading, *, name: str | None = None, alone: bool = False) -> Iterator[Document]:
    """The documents of one file; `name` is its id (its own name, where none is given)."""
    name = name or path.name
    try:
        with io.BufferedReader(Counted(path, reading.tally), 2**17) as stream:
            yield from documents_of(Source(name, str(path), stream, reading, alone))
    except OSError as error:
        yield from Source(name, str(path), io.BytesIO(), reading, alone).bad(f"cannot be read ({error})")


def _feed(address: str, reading: Reading, *, alone: bool) -> Iterator[Document]:
    try:
        data = fetched(address)
    except KgraphError as error:
        if alone:
            raise
        reading.on_skip(Skipped(address, str(error).removeprefix(address + ": ")))
        return
    yield from documents_of(Source(address, address, io.BytesIO(data), reading, alone), kind="feed")


def documents_of(source: Source, kind: str | None = None) -> Iterator[Document]:
    """The documents of an opened source, by the kind that its name tells."""
    kind = kind or kind_of(source.name) or kind_of(source.place) or ""
    opened = source
    try:
        if source.name.lower().endswith(".gz") and kind in ("text", "html", "rows", "feed"):
            unpacked: IO[bytes] = gzip.GzipFile(fileobj=source.stream)  # type: ignore[assignment]
            opened = Source(source.name, source.place, unpacked, source.reading, source.alone)
        for document in READERS[kind](opened):
            opened.given += 1
            yield document
    except (OSError, EOFError, zlib.error) as error:
        # One broken file must not stop a million others; what came before the break is read.
        yield from opened.bad(f"cannot be read ({error})")
