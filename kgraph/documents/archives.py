"""Archives: tar and zip with articles in them, WARC with web pages. Read as they come, never unpacked to disk."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from kgraph.documents.decoding import MAX_BYTES, day, decoded, html_document, plain_document
from kgraph.documents.source import Source
from kgraph.errors import KgraphError
from kgraph.model import Document

Member = Callable[[Source], Iterator[Document]]
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def read_tar(source: Source, member: Member) -> Iterator[Document]:
    """The articles in a tar archive, compressed or not, in the archive's order; ids are `ARCHIVE/MEMBER`."""
    try:
        with tarfile.open(fileobj=source.stream, mode="r|*") as archive:
            for info in archive:
                stream = archive.extractfile(info) if info.isfile() else None
                if stream is not None:
                    yield from member(_inside(source, info.name, stream))
                archive.members = []  # type: ignore[attr-defined]
    except _BROKEN as error:
        yield from source.bad(f"is no whole tar archive ({error}); fetch it again")


def read_zip(source: Source, member: Member) -> Iterator[Document]:
    """The articles in a zip archive, in the archive's order; ids are `ARCHIVE/MEMBER`."""
    try:
        with zipfile.ZipFile(source.stream) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                try:
                    with archive.open(info) as stream:
                        yield from member(_inside(source, info.filename, stream))
                except _BROKEN as error:
                    source.skip("/" + info.filename, f"cannot be read ({error})")
    except _BROKEN as error:
        yield from source.bad(f"is no whole zip archive ({error}); fetch it again")


def _inside(source: Source, name: str, stream: IO[bytes]) -> Source:
    name = name.removeprefix("./")
    return Source(f"{source.name}/{name}", f"{source.place}/{name}", stream, source.reading)


def read_warc(source: Source) -> Iterator[Document]:
    """The web pages of a WARC file; an id is capture time and address, as in `20060710120000/https://example.org/a`."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise KgraphError(f"{source.place}: WARC needs warcio; pip install 'kgraph[scale]'") from error
    record = None
    try:
        for record in ArchiveIterator(source.stream):
            made = _capture(source, record)
            if _is_cut(record):
                break
            if made is not None:
                yield made
        if record is not None and _is_cut(record):
            yield from source.bad("is no whole WARC file (it ends in the middle of a record); fetch it again")
    except (ArchiveLoadFailed, zlib.error, EOFError) as error:
        yield from source.bad(f"is no whole WARC file ({error}); fetch it again")


def _is_cut(record: Any) -> bool:
    """Does the file end before a record does? warcio takes such an end for the end of the record."""
    while record.raw_stream.read(2**16):
        pass
    return bool(getattr(record.raw_stream, "limit", 0) > 0)


def _capture(source: Source, record: Any) -> Document | None:
    """The document of a record that holds a page or a text that was found."""
    if record.rec_type not in ("response", "conversion"):
        return None
    headers = record.http_headers or record.rec_headers
    kind = (headers.get_header("Content-Type") or "").split(";")[0].strip().lower()
    if record.http_headers and record.http_headers.get_statuscode() != "200":
        return None
    if kind not in ("text/html", "application/xhtml+xml", "text/plain"):
        return None
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    taken = record.rec_headers.get_header("WARC-Date") or ""
    ident = f"{''.join(c for c in taken if c.isdigit())}/{address}"
    return _page(source, ident, address, kind, taken, record.content_stream().read(MAX_BYTES + 1))


def _page(source: Source, ident: str, address: str, kind: str, taken: str, data: bytes) -> Document | None:
    text = decoded(data) if len(data) <= MAX_BYTES else None
    date = day(taken) or source.reading.date
    made = None
    if text is not None:
        made = plain_document(ident, text, date) if kind == "text/plain" else html_document(ident, text, date, address)
    if made is None or not made.text:
        source.skip(f", {ident}", "has no article text")
        return None
    return Document(made.id, made.text, made.date, made.title, made.source, made.url or address)
