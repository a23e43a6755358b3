"""What every reader gets: one opened source, and how the reading of all of them goes on."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kgraph.errors import KgraphError
from kgraph.model import Document


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out: where it stands, and why."""

    place: str
    reason: str


@dataclass(slots=True)
class Tally:
    """How far reading has come: bytes read of the bytes that files hold; `total` is 0 where nobody can know."""

    total: int = 0
    done: int = 0


def _nobody(_: Skipped) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds for all sources of one reading.

    `date` is the publication date of documents that tell none, `on_skip` hears of what is left out, `text_column` names
    the column of the text in tables, `tally` counts the bytes read.
    """

    date: dt.date | None = None
    on_skip: Callable[[Skipped], None] = _nobody
    text_column: str = "text"
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Source:
    """One file or stream: `name` begins the ids of its documents, `place` is where a message says it stands.

    `alone` is true where it is all that was asked for: then one without a good document is an error, not something to
    skip. `given` counts the documents that came out of it.
    """

    name: str
    place: str
    stream: IO[bytes]
    reading: Reading
    alone: bool = False
    given: int = 0

    def bad(self, reason: str) -> Iterator[Document]:
        """Nothing, and the reason is told; KgraphError where this is the only source and gave nothing."""
        if self.alone and not self.given:
            raise KgraphError(f"{self.place}: {reason}")
        self.reading.on_skip(Skipped(self.place, reason))
        return iter(())

    def skip(self, part: str, reason: str) -> None:
        """Tell that a part of this source (`, line 3` or `/member.txt`) is left out."""
        self.reading.on_skip(Skipped(self.name + part, reason))


class Counted(io.RawIOBase):
    """A file whose read bytes are added to a tally; a part that is read twice counts once."""

    def __init__(self, path: Path, tally: Tally) -> None:
        self._file = path.open("rb", buffering=0)
        self._tally = tally
        self._furthest = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; see `io.IOBase.seek`."""
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        """Read; see `io.RawIOBase.readinto`."""
        count = self._file.readinto(buffer) or 0
        here = self._file.tell()
        if here > self._furthest:
            self._tally.done += min(count, here - self._furthest)
            self._furthest = here
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
