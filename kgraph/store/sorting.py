"""Sorting more lines than memory holds: sorted runs in temporary files, merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice

RUN = 100_000
"""So many lines are sorted in memory."""


def sorted_lines(lines: Iterable[str], run: int = RUN) -> Iterator[bytes]:
    """The lines (without line ends) in the order of their characters, each with a line end, as UTF-8.

    Of no more than one `run` no file is made. Raises OSError where the disk for temporary files is full.
    """
    rest = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while chunk := list(islice(rest, run)):
            # UTF-8 keeps the order of the characters.
            own = [line.encode() + b"\n" for line in sorted(chunk)]
            if len(chunk) < run and not runs:
                yield from own
                return
            file = files.enter_context(tempfile.TemporaryFile())
            file.writelines(own)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs, key=lambda line: line[:-1])
