"""The state of a store as it was opened, for others to read while one process holds it.

Under `readable/` in the store's folder, each state is a store of its own: the database's files as hard links, which takes
milliseconds and no room until the files of the store itself are replaced. `readable/current` names the one to read. A
reader holds a lock on what it reads, and who publishes or withdraws takes away all that nobody reads. The holder never
writes to it, so that a reader sees a whole state whatever happens to the store meanwhile.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.folder import DATABASE, GENERATION, MARKER
from kgraph.store.identity import FILE
from kgraph.writing import write_whole

_FOLDER = "readable"
_CURRENT = "current"
_LOCK = "lock"


def publish(database: ox.Store, folder: Path) -> None:
    """Show the present state of a store; where the disk cannot, nothing is shown, and readers have to wait."""
    place = folder / _FOLDER
    state = place / uuid.uuid4().hex
    try:
        state.mkdir(parents=True)
        with _locked(state, alone=False) as held:
            if not held:
                return
            # Without hard links a state would be a copy of all of the store.
            os.link(folder / MARKER, state / MARKER)
            for name in (GENERATION, FILE):
                with suppress(FileNotFoundError):
                    shutil.copyfile(folder / name, state / name)
            database.backup(str(state / DATABASE))
            write_whole(place / _CURRENT, state.name)
    except (KgraphError, OSError, RuntimeError):
        shutil.rmtree(state, ignore_errors=True)
        return
    _sweep(place, state.name)


def withdraw(folder: Path) -> None:
    """Show nothing any more; who is reading reads on."""
    place = folder / _FOLDER
    with suppress(OSError):
        (place / _CURRENT).unlink(missing_ok=True)
        _sweep(place, "")
        place.rmdir()


def published(folder: Path) -> tuple[Path, IO[bytes]] | None:
    """The folder of the state that is shown, and its lock, to be closed when all is read; None where nothing is shown."""
    place = folder / _FOLDER
    try:
        state = place / (place / _CURRENT).read_text(encoding="ascii")
        lock = (state / _LOCK).open("rb")
    except (OSError, ValueError):
        return None
    # Between the two, the state may have been swept away.
    if _take(lock, alone=False) and (state / MARKER).is_file():
        return state, lock
    lock.close()
    return None


def store_of(state: Path | None) -> Path | None:
    """The folder of the store of which this is a state."""
    return state and state.parent.parent


def _sweep(place: Path, kept: str) -> None:
    for state in list(place.iterdir()):
        if state.is_dir() and state.name != kept:
            with _locked(state, alone=True) as held:
                if held:
                    shutil.rmtree(state, ignore_errors=True)


@contextmanager
def _locked(state: Path, *, alone: bool) -> Iterator[bool]:
    with (state / _LOCK).open("ab") as lock:
        yield _take(lock, alone=alone)


def _take(lock: IO[bytes], *, alone: bool) -> bool:
    """Take the lock of a state, to sweep it alone or to read it among others; False where that cannot be."""
    try:
        import fcntl

        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
