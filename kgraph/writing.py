"""Writing a file or a folder at once or not at all. Lies below all rooms: of kgraph it knows only how to say what is wrong.

What is written stands under another name beside its place until it is whole and on the disk; then it takes the place of
the old one. Where the disk is full, the program is stopped or the machine dies before that, the old one is as it was.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kgraph.errors import KgraphError

PART = ".part"
"""How the names of what is being written end; one that is left behind by a killed process may be removed."""


_OUT = Path("/dev/stdout")


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file when the block ends well; the file keeps its permissions, a link is followed.

    What is no file (a pipe, `/dev/stdout`) is written to as it comes. Raises KgraphError where the path cannot be written;
    what else goes wrong in the block passes through.
    """
    named, target = Path(path), Path(os.path.realpath(path))
    # Of pathlib's own questions, some raise what the mending sentence is made of.
    if os.path.isdir(target):
        raise KgraphError(f"{named}: cannot be written, it is a folder; name a file in it")
    if named.is_relative_to("/dev") or (os.path.exists(named) and not os.path.isfile(named)):
        # Standard output may be a file, which is not ours to replace.
        with io.BufferedWriter(_Raw(named, named, os.O_WRONLY)) as stream:
            yield stream
        return
    part = _beside(target)
    try:
        with io.BufferedWriter(_Raw(named, part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)) as stream:
            yield stream
            stream.flush()
            with _told(named):
                # A disk on the network may tell only now that it is full.
                os.fsync(stream.fileno())
        with _told(named):
            with suppress(FileNotFoundError):
                shutil.copymode(target, part)
            os.replace(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: str | Path, data: str | bytes | Iterable[bytes]) -> Path:
    """Write a file of text (as UTF-8), bytes or pieces of bytes, as `replacing` does; returns its path."""
    with replacing(path) as stream:
        stream.writelines([data.encode()] if isinstance(data, str) else [data] if isinstance(data, bytes) else data)
    return Path(path)


@contextmanager
def new_folder(folder: Path, option: str) -> Iterator[Path]:
    """An empty folder that becomes `folder` when the block ends well, or is not there.

    Raises KgraphError where something is there already (`option` is how another is named) or the disk makes trouble.
    """
    with _told(folder):
        taken = os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir()))
    if taken:
        raise KgraphError(f"{folder}: there is something already; name a new folder with {option}")
    part = _beside(folder)
    try:
        with _told(folder):
            part.mkdir(parents=True)
            yield part
            os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A name that no other process takes, so that two who write the same file do not write into each other's."""
    return path.with_name(f"{path.name[:40]}.{os.urandom(4).hex()}{PART}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> KgraphError:
    mend = "free space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "choose a writable path"
    return KgraphError(f"{path}: cannot be written ({error.strerror or error}); {mend}")


class _Raw(io.FileIO):
    """A file whose own trouble is a sentence, so that it is told from the trouble of who fills it."""

    def __init__(self, named: Path, path: Path, flags: int) -> None:
        self._named = named
        with _told(named):
            super().__init__(os.dup(1) if path == _OUT else os.open(path, flags, 0o666), "wb")

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            raise _unwritable(self._named, error) from error
