"""`kgraph map` as a person types it: exit 2 and one sentence, no half file; an empty store gives a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kgraph.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "graph"
    Store.open(folder, create=True).close()
    return folder


def run(store: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    program = "from kgraph.cli import main; main()"
    command = [sys.executable, "-c", program, "map", "--store", str(store), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_an_empty_store_gives_a_page_and_tells_its_size(store: Path, tmp_path: Path) -> None:
    done = run(store, "-o", str(tmp_path / "map.html"), "--title", "Nothing", "--language", "fa")
    assert done.stdout.endswith("map.html written: 0 nodes, 0 assertions, 0.6 MB\n")
    assert '<html lang="fa" dir="rtl">' in (tmp_path / "map.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--focus", "Atlantis"], "--focus: the map has no node 'Atlantis'"),
        (["--layout", "spiral"], "there is no layout 'spiral'; use signed or geo"),
        (["--story", "none.yaml"], "none.yaml: the story cannot be read"),
    ],
)
def test_bad_input_is_one_sentence(store: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    done = run(store, "-o", str(tmp_path / "map.html"), *arguments, code=2)
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_path_is_one_sentence(store: Path, tmp_path: Path) -> None:
    done = run(store, "-o", str(tmp_path / "none" / "map.html"), code=2)
    assert "cannot be written" in done.stderr
