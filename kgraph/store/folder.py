"""The folder of a store: its marker file, its lock, and what can be wrong with it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import DamageError, KgraphError
from kgraph.writing import PART, write_whole

SCHEMA = 2
MARKER = "kgraph-store.json"
DATABASE = "oxigraph"
GENERATION = "generation"
"""The file that is renewed before each change: where it is, something was stored."""


HELD = "another process holds the store; wait for it to end, or stop it"


class HeldError(KgraphError):
    """Another process holds a store."""


def prepare(folder: Path, *, create: bool) -> None:
    """Check that a folder holds a store of this schema; with `create`, mark a new or empty one as a store."""
    marker = folder / MARKER
    if marker.is_file():
        found = schema_of(folder)
        if found != SCHEMA:
            mend = f"run `kgraph migrate --store {folder}`" if found < SCHEMA else "use a newer kgraph"
            raise KgraphError(f"{folder}: the store has schema {found}, this kgraph reads {SCHEMA}; {mend}")
        return
    if folder.exists() and (not folder.is_dir() or not all(_begun(p.name) for p in folder.iterdir())):
        raise KgraphError(f"{folder}: this is no kgraph store; name another folder with --store")
    if not create:
        raise KgraphError(f"{folder}: there is no store; make one with `kgraph build SOURCE --store {folder}`")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark(folder)
    except OSError as error:
        raise KgraphError(f"{folder}: the store cannot be made ({error.strerror}); choose a writable folder") from error


def mark(folder: Path) -> None:
    """Write the marker of this schema, at once or not at all."""
    write_whole(folder / MARKER, json.dumps({"kgraph_store": SCHEMA}) + "\n")


def _begun(name: str) -> bool:
    """Is this a marker that a killed process did not end?"""
    return name.startswith(MARKER) and name.endswith(PART)


def schema_of(folder: Path) -> int:
    """The schema version that the marker tells."""
    marker = folder / MARKER
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))["kgraph_store"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KgraphError(f"{marker}: the marker file is damaged; restore it or build anew elsewhere") from error
    if not isinstance(found, int):
        raise KgraphError(f"{marker}: the marker file is damaged; restore it or build anew elsewhere")
    return found


def open_database(folder: Path) -> tuple[ox.Store, bool]:
    """The database of a checked folder, and whether it can be written; KgraphError where it is held or damaged."""
    path = str(folder / DATABASE)
    if (folder / GENERATION).exists() and not (folder / DATABASE).is_dir():
        raise KgraphError(f"{folder}: the database is gone from the folder; restore it from a copy, or build it anew")
    try:
        if not os.access(folder, os.W_OK):
            if _written_elsewhere(folder):
                raise HeldError(f"{folder}: {HELD}")
            with contextlib.suppress(OSError):
                return ox.Store.read_only(path), False
        database = ox.Store(path)
    except (OSError, RuntimeError) as error:
        told = str(error).lower()
        if "lock file" in told and not is_damage(error):
            raise HeldError(f"{folder}: {HELD}") from error
        if "read-only file system" in told or "no space left" in told:
            with contextlib.suppress(OSError):
                return ox.Store.read_only(path), False
        raise DamageError(
            f"{folder}: the store cannot be opened ({first_line(error)}); restore it from a copy, or build it anew"
        ) from error
    # The database leaves a log of each opening, and takes none away before there are a thousand.
    for log in (folder / DATABASE).glob("LOG.old.*"):
        with contextlib.suppress(OSError):
            log.unlink()
    return database, True


def _written_elsewhere(folder: Path) -> bool:
    """Does another process hold the database? To be asked only where this one cannot: asking lets go of its own lock."""
    try:
        import fcntl

        with (folder / DATABASE / "LOCK").open("rb") as lock:
            fcntl.lockf(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return False
    return False


@contextmanager
def writing(folder: Path | None) -> Iterator[None]:
    """Trouble of the disk while writing, as one sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if is_damage(error):
            raise damage(folder, first_line(error)) from error
        raise KgraphError(
            f"{folder}: the store cannot be written ({first_line(error)}); free space or mend the disk, and build again: "
            "what was stored before is kept"
        ) from error


@contextmanager
def reading(folder: Path | None) -> Iterator[None]:
    """Damage that is found while reading, as one sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if is_damage(error):
            raise damage(folder, first_line(error)) from error
        raise


def damage(folder: Path | None, told: str) -> DamageError:
    """That a store is damaged, as the database told."""
    return DamageError(
        f"{folder}: the store is damaged ({told}); restore it from a copy, or build it anew in another folder"
    )


def is_damage(error: BaseException | None) -> bool:
    """Does the database tell that it is not as it was written?"""
    # RocksDB's word for blocks that are not what was written, or are missing.
    return isinstance(error, (OSError, RuntimeError)) and "corruption" in str(error).lower()


def first_line(error: BaseException) -> str:
    """What an exception says, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
