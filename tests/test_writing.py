"""Files are written at once or not at all, whatever happens meanwhile."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mounts import fill_up, small_disk

from kgraph.errors import KgraphError
from kgraph.writing import new_folder, replacing, write_whole

WRITER = """
import sys
from kgraph.writing import replacing
with replacing(sys.argv[1]) as stream:
    while True:
        stream.write(b"half " * 1000)
        stream.flush()
        print("going on", flush=True)
"""


def breaking_off(trouble: BaseException) -> Iterator[bytes]:
    yield b"new"
    raise trouble


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    for data in ("Gruß\n", b"\x00\xff", (piece for piece in (b"a", b"b"))):
        assert write_whole(tmp_path / "f", data) == tmp_path / "f"
    assert (tmp_path / "f").read_bytes() == b"ab"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_what_goes_wrong_inside_leaves_the_old_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    for trouble in (ValueError("mine"), OSError(5, "not of this file"), KeyboardInterrupt()):
        with pytest.raises(type(trouble)), replacing(tmp_path / "f") as stream:
            stream.writelines(breaking_off(trouble))
    assert (tmp_path / "f").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_killed_writer_leaves_the_old_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "f")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (tmp_path / "f").read_text(encoding="utf-8") == "old"
    write_whole(tmp_path / "f", "new")
    assert (tmp_path / "f").read_text(encoding="utf-8") == "new"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as disk:
        write_whole(disk / "f", "old")
        (disk / "folder").mkdir()
        ballast = fill_up(disk, 100_000)
        for size in (200_000, 5_000_000):
            with pytest.raises(KgraphError, match=r"f: cannot be written \(No space left on device\); free space"):
                write_whole(disk / "f", b"x" * size)
        with pytest.raises(KgraphError, match="free space"), new_folder(disk / "folder", "--deposit") as part:
            (part / "g").write_bytes(b"x" * 200_000)
        assert sorted(p.name for p in disk.iterdir()) == ["ballast", "f", "folder"]
        assert (disk / "f").read_text(encoding="utf-8") == "old"
        ballast.unlink()
        write_whole(disk / "f", b"x" * 200_000)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_is_written_to_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(KgraphError, match=r"full: cannot be written .*; free space"):
        write_whole("/dev/full", b"x" * 100_000)
    assert not Path("/dev/full").is_file()
    code = "from kgraph.writing import write_whole; write_whole('/dev/stdout', 'told')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"told"
    out = tmp_path / "out"
    with out.open("wb") as stream:
        for _ in range(2):
            subprocess.run([sys.executable, "-c", code], stdout=stream, check=True)
    assert out.read_bytes() == b"toldtold"


def test_where_nothing_can_be_written_the_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path, word in (
        (tmp_path, "it is a folder"), (tmp_path / "no" / "f", "choose a writable path"), (tmp_path / ("n" * 300), "choose a writable path"), (tmp_path / "file" / "f", "choose a writable path"),
    ):  # fmt: skip
        with pytest.raises(KgraphError, match=word):
            write_whole(path, "x")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_permissions_stay_and_links_are_followed(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    (tmp_path / "f").chmod(0o640)
    (tmp_path / "link").symlink_to("f")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "f").read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "g", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "g").stat().st_mode) == 0o640


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    def write(letter: bytes) -> None:
        with replacing(tmp_path / "f") as stream:
            for _ in range(20):
                stream.write(letter * 10_000)
                time.sleep(0.001)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "f").read_bytes() in {letter * 200_000 for letter in (b"a", b"b", b"c")}
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_folder_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), new_folder(tmp_path / "d", "--deposit") as part:
        write_whole(part / "f", breaking_off(ValueError("mine")))
    assert not list(tmp_path.iterdir())
    (tmp_path / "d").mkdir()
    with new_folder(tmp_path / "d", "--deposit") as part:
        (part / "f").write_text("x", encoding="utf-8")
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")] == ["d", "d/f"]
    for taken in (tmp_path / "d", tmp_path / "d" / "f"):
        with (
            pytest.raises(KgraphError, match="something already; name a new folder with --deposit"),
            new_folder(taken, "--deposit"),
        ):
            pass
