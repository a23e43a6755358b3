"""The kinds of files, told by their names, and the reader of each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

from kgraph.documents.archives import read_tar, read_warc, read_zip
from kgraph.documents.decoding import MAX_BYTES, day, decoded, html_document, is_html, plain_document
from kgraph.documents.feeds import read_feed
from kgraph.documents.source import Source
from kgraph.documents.tables import read_parquet
from kgraph.model import Document

_KINDS = {
    "text": (".txt", ".text", ".md"),
    "html": (".html", ".htm", ".xhtml"),
    "rows": (".jsonl", ".ndjson"),
    "feed": (".rss", ".atom"),
}
_ARCHIVES = {
    "tar": (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"),
    "zip": (".zip",),
    "warc": (".warc", ".warc.gz"),
    "parquet": (".parquet",),
}


def kind_of(name: str) -> str | None:
    """The kind of a file of this name; None for one that holds no documents."""
    name = name.lower()
    for kind, endings in _ARCHIVES.items():
        if name.endswith(endings):
            return kind
    plain = name.removesuffix(".gz")
    return next((kind for kind, endings in _KINDS.items() if plain.endswith(endings)), None)


def read_text(source: Source) -> Iterator[Document]:
    """One text or web page; JSON Lines where a stream without a telling name begins like it."""
    data = source.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield from source.bad(f"is larger than {MAX_BYTES >> 20} MB; split it, or give it as JSON Lines")
        return
    text = decoded(data)
    if text is None:
        yield from source.bad("is no text in any known encoding; give plain text, HTML or JSON Lines")
        return
    kind = kind_of(source.name)
    if kind is None and text.lstrip().startswith('{"'):
        yield from read_rows(Source(source.name, source.place, io.BytesIO(data), source.reading, source.alone))
        return
    date = source.reading.date
    made = (
        html_document(source.name, text, date)
        if kind == "html" or is_html(text)
        else plain_document(source.name, text, date)
    )
    if made is None or not made.text:
        yield from source.bad("is empty; give a file with text in it")
        return
    yield made


def read_rows(source: Source) -> Iterator[Document]:
    """JSON Lines, an article a row: text, and where known id, date, title, source, url."""
    column = source.reading.text_column
    number = 0
    while line := source.stream.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            source.skip(f", line {number}", f"is longer than {MAX_BYTES >> 20} MB; split it")
            while line and not line.endswith(b"\n"):
                line = source.stream.readline(MAX_BYTES)
            continue
        if not line.strip():
            continue
        place = f", line {number}"
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            source.skip(place, f"is no JSON ({error})")
            continue
        if not isinstance(row, dict) or not isinstance(row.get(column), str) or not row[column].strip():
            source.skip(place, f'has no "{column}"')
            continue
        if row.get("date") and day(row["date"]) is None:
            source.skip(place, f"has the date {row['date']!r}, which is not YYYY-MM-DD")
            continue
        yield Document(
            str(row.get("id") or f"{source.name}#{number}"), row[column], day(row.get("date")) or source.reading.date,
            row.get("title"), row.get("source"), row.get("url"),
        )  # fmt: skip


def _member(source: Source) -> Iterator[Document]:
    """A member of an archive: a text, a page or rows; archives inside archives are not opened."""
    from kgraph.documents.reading import documents_of

    if kind_of(source.name) in ("text", "html", "rows"):
        yield from documents_of(source)


READERS: dict[str, Callable[[Source], Iterator[Document]]] = {
    "": read_text,
    "text": read_text,
    "html": read_text,
    "rows": read_rows,
    "tar": lambda source: read_tar(source, _member),
    "zip": lambda source: read_zip(source, _member),
    "warc": read_warc,
    "parquet": read_parquet,
    "feed": read_feed,
}
"""The reader of each kind: the one place that says which program reads which file."""
