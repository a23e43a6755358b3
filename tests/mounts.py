"""Disks for tests: a small one that can be filled, and one that cannot be written. Mounting needs root; else tests skip."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str = "24m") -> Iterator[Path]:
    """A tmpfs of a size on a new folder."""
    place.mkdir()
    with _mounted(place, ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]):
        yield place


@contextmanager
def read_only(folder: Path, place: Path) -> Iterator[Path]:
    """A folder, seen at another place where it cannot be written: the permissions of files do not stop root."""
    place.mkdir()
    with _mounted(place, ["--bind", str(folder)]):
        _mount("-o", "remount,ro,bind", str(place))
        yield place


def fill_up(disk: Path, free: int = 0) -> Path:
    """Fill a disk up to so many free bytes; returns the file that does."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            stream.write(b"x" * max(0, shutil.disk_usage(disk).free - free))
            while not free:
                stream.write(b"x" * 4096)
        except OSError:
            pass
    return ballast


@contextmanager
def _mounted(place: Path, words: list[str]) -> Iterator[None]:
    _mount(*words, str(place))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _mount(*words: str) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting needs root")
    if subprocess.run(["mount", *words], check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
