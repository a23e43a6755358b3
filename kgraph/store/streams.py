"""Pieces of bytes as a file to read from, so that who reads needs no copy of the whole."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import islice
from typing import Any

_JOINED = 100


def stream(pieces: Iterable[bytes]) -> io.BufferedReader:
    """A stream of the pieces, one after another; they are asked for as they are read."""
    return io.BufferedReader(_Joined(pieces))


class _Joined(io.RawIOBase):
    def __init__(self, pieces: Iterable[bytes]) -> None:
        # No bytes at all would be the end.
        self._pieces, self._rest = filter(None, pieces), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(b"".join(islice(self._pieces, _JOINED)))
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
