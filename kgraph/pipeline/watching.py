"""Staying up: a build of what is new or changed, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kgraph.documents.feeds import is_address
from kgraph.errors import KgraphError
from kgraph.tables import readable_in

Stamp = tuple[int, int]


class Watch:
    """Which files are new or changed since they were last built, and are not being written any more.

    A file counts as written when two looks, one pass apart, find the same size and time.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = sources
        self._last: dict[Path, Stamp] = {}
        self._built: dict[Path, Stamp] = {}

    def ready(self) -> frozenset[Path]:
        """Look at all files; those that can be read now."""
        found = dict(self._stamps())
        out = frozenset(p for p, stamp in found.items() if self._last.get(p) == stamp != self._built.get(p))
        self._last = found
        return out

    def feeds(self) -> bool:
        """Is one of the sources an address, which is asked at each pass?"""
        return any(is_address(s) for s in self._sources)

    def built(self, files: frozenset[Path]) -> None:
        """These were built as they stood at the last look."""
        self._built |= {p: self._last[p] for p in files}

    def _stamps(self) -> Iterable[tuple[Path, Stamp]]:
        for source in self._sources:
            if is_address(source):
                continue
            path = Path(source)
            for file in readable_in(path) if path.is_dir() else [path]:
                try:
                    known = file.stat()
                except OSError:
                    continue
                yield file, (known.st_mtime_ns, known.st_size)


def watch(
    sources: Sequence[str],
    build: Callable[[Callable[[Path], bool]], object],
    wait: Callable[[], bool],
    on_failure: Callable[[KgraphError], None],
) -> None:
    """Call `build` with a test for the files to read whenever there are some; `wait` returns False to end it.

    A build that raises KgraphError (somebody holds the store, the disk is full) is tried again with the next pass.
    """
    known = Watch(sources)
    known.ready()
    while wait():
        files = known.ready()
        if files or known.feeds():
            try:
                build(files.__contains__)
            except KgraphError as error:
                on_failure(error)
            else:
                known.built(files)
