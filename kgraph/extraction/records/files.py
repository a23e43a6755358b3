"""Opening tables: plain files, `.gz`, and the members of a `.zip`, with a limit on what may come out of them."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kgraph.errors import KgraphError

TEXT_KINDS = {".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".xml": "xml"}  # fmt: skip
BINARY_KINDS = {".xlsx": "excel", ".xls": "excel", ".xlsb": "excel", ".ods": "excel", ".parquet": "parquet"}
ARCHIVE = ".zip"
ALWAYS_TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsb", ".ods"}
"""What bears one of these names is a table and no text; the other kinds are tables where a known format is recognised."""
HEAD = 2**17
"""So many bytes of a file's beginning can be peeked at."""
_RATIO, _FREE = 300, 64 * 2**20
READ_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table: a file, or a member of a zip archive. `name` is what documents and accounts call it."""

    path: Path
    name: str
    member: str | None = None

    @property
    def suffix(self) -> str:
        """The kind that the name tells, in lower case, less a final `.gz`."""
        return os.path.splitext(self.name.lower().removesuffix(".gz"))[1]

    @property
    def kind(self) -> str | None:
        """csv, jsonl, xml, excel or parquet; None where the name tells no kind of table."""
        return TEXT_KINDS.get(self.suffix) or BINARY_KINDS.get(self.suffix)

    @property
    def is_binary(self) -> bool:
        """Is it of a kind that cannot be read from its beginning on?"""
        return self.suffix in BINARY_KINDS

    @contextmanager
    def open(self, archive: zipfile.ZipFile | None = None) -> Iterator[IO[bytes]]:
        """The bytes, unpacked, that can be peeked at; KgraphError where far more comes out than such a file can hold.

        A member is read from its `archive`, where that is open already.
        """
        if self.member is not None:
            opened = nullcontext(archive) if archive else zipfile.ZipFile(self.path)
            with opened as packed, packed.open(self.member) as member:
                yield self._unpacked(member, packed.getinfo(self.member).compress_size)
        elif self.path.suffix.lower() == ".gz":
            with gzip.open(self.path, "rb") as stream:
                yield self._unpacked(stream, self.path.stat().st_size)
        else:
            with self.path.open("rb", buffering=HEAD) as stream:
                yield stream

    def _unpacked(self, stream: IO[bytes] | gzip.GzipFile, size: int) -> IO[bytes]:
        unpacked = io.BufferedReader(_Bounded(stream, size, self.name), HEAD)
        return io.BytesIO(unpacked.read()) if self.is_binary else unpacked


def beginning(stream: IO[bytes]) -> bytes:
    """The first bytes of an opened table, which stay to be read."""
    return stream.peek(HEAD)[:HEAD]  # type: ignore[attr-defined, no-any-return]


class _Bounded(io.RawIOBase):
    """A stream of unpacked bytes that ends in KgraphError where it is a bomb."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, packed: int, name: str) -> None:
        self._stream, self._limit, self._name, self._read = stream, max(_FREE, _RATIO * packed), name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._read += len(data)
        if self._read > self._limit:
            raise KgraphError(
                f"{self._name}: unpacks to more than {_RATIO} times its size; unpack it yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)


def check_archive(stream: IO[bytes], name: str) -> None:
    """Raise KgraphError where a zip archive that another library will unpack (a workbook) is a bomb."""
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.file_size > max(_FREE, _RATIO * info.compress_size):
                raise KgraphError(
                    f"{name}: unpacks to more than {_RATIO} times its size; unpack it yourself if you trust it"
                )
    stream.seek(0)


def members(path: Path, name: str | None = None) -> list[TableFile]:
    """The tables that a file holds: itself, or those of a zip archive's members; KgraphError where it is a broken archive."""
    name = name or path.name
    if path.suffix.lower() != ARCHIVE:
        return [TableFile(path, name)]
    with unzipped(path) as archive:
        return tables_of(archive, path, name)


def tables_of(archive: zipfile.ZipFile, path: Path, name: str) -> list[TableFile]:
    """The members of an open archive that are tables by their names."""
    return [file for file in _members(archive, path, name) if file.kind is not None]


def no_tables_of(path: Path) -> list[str]:
    """The members of a zip archive that are no tables by their names."""
    if path.suffix.lower() != ARCHIVE:
        return []
    with unzipped(path) as archive:
        return [str(file.member) for file in _members(archive, path, path.name) if file.kind is None]


def _members(archive: zipfile.ZipFile, path: Path, name: str) -> list[TableFile]:
    names = (info.filename for info in archive.infolist() if not info.is_dir())
    return [TableFile(path, f"{name}/{member}", member) for member in names]


@contextmanager
def unzipped(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, open; KgraphError where it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except READ_ERRORS as error:
        raise KgraphError(f"{path}: is no zip archive ({error}); fetch it again") from error
    with archive:
        yield archive


def is_always_table(name: str) -> bool:
    """Is a file of this name a table whatever it holds?"""
    return TableFile(Path(name), name).suffix in ALWAYS_TABLES


def files_in(folder: Path) -> Iterator[Path]:
    """All files of a folder and the folders in it, in the order of their names."""
    with os.scandir(folder) as entries:
        listed = sorted((entry.name, _kind(entry)) for entry in entries)
    for name, kind in listed:
        if kind == "folder":
            yield from files_in(folder / name)
        elif kind == "file":
            yield folder / name


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file() else ""
