"""A deposit is whole, describes itself truly, and gives the same store back."""

import csv
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_limits import HOSTILE, said

from kgraph.errors import KgraphError
from kgraph.pipeline import build_store
from kgraph.store import Store
from kgraph.store.deposit import SUMS, deposit, restore
from kgraph.store.description import Terms
from kgraph.store.identity import FILE as DECISIONS
from kgraph.store.identity import Decision
from kgraph.store.sorting import sorted_lines


def nquads(store: Store) -> bytes:
    stream = io.BytesIO()
    store.export(stream, "nquads")
    return stream.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("deposit")
    article = place / "a.txt"
    article.write_text(
        "Japan condemned North Korea on Monday. France, Mali said, will sign the treaty.", encoding="utf-8"
    )
    with Store.open(place / "s", create=True) as store:
        build_store([article], store)
        store.put(*said(1, HOSTILE))
        store.settle()
        deposit(store, place / "d", Terms("Japan, 2006", "Ann Lee", "CC-BY-4.0"))
    return place


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from kgraph.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_gives_the_same_store_back(place: Path) -> None:
    assert run("restore", place / "d", "--store", place / "again").returncode == 0
    with Store.open(place / "s") as store, Store.open(place / "again") as again:
        assert nquads(again) == nquads(store)
        assert list(again.assertions()) == list(store.assertions())
        deposit(again, place / "d2", Terms("Japan, 2006", "Ann Lee", "CC-BY-4.0"))
    assert {p.name: p.read_bytes() for p in (place / "d2").iterdir()} == {
        p.name: p.read_bytes() for p in (place / "d").iterdir()
    }


def test_tables_tell_what_the_store_holds(place: Path) -> None:
    tables = {}
    for name in ("assertions", "evidence", "entities", "documents"):
        with (place / "d" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    with Store.open(place / "s") as store:
        found = list(store.assertions())
        assert len(tables["assertions"]) == len(found)
        assert len(tables["evidence"]) == sum(len(a.evidence) for a in found)
        assert {r["document"] for r in tables["documents"]} == set(store.documents())
        assert {(r["class"], r["id"]) for r in tables["entities"]} >= {(a.subject.type, a.subject.id) for a in found}
    names = {n for r in tables["entities"] for n in (r["label"], *r["other_labels"].split("|"))}
    assert {"France", HOSTILE} <= names
    keys = {r["entity"] for r in tables["entities"]}
    assert all({r["subject"], r["object"]} <= keys for r in tables["assertions"])
    assert {r["assertion"] for r in tables["evidence"]} == {r["assertion"] for r in tables["assertions"]}


def test_it_describes_itself(place: Path) -> None:
    readme = (place / "d" / "README.md").read_text(encoding="utf-8")
    sums = dict(reversed(line.split("  ")) for line in (place / "d" / SUMS).read_text().splitlines())  # type: ignore[misc]
    files = {p.name for p in (place / "d").iterdir()}
    assert set(sums) == files - {SUMS}
    for name, digest in sums.items():
        assert hashlib.sha256((place / "d" / name).read_bytes()).hexdigest() == digest
        assert name == "README.md" or digest in readme
    for word in ("# Japan, 2006", "Ann Lee", "CC-BY-4.0", "| documents | 2 |"):
        assert word in readme
    void = ox.Store()
    void.load(path=str(place / "d" / "void.ttl"), format=ox.RdfFormat.TURTLE)
    prefixes = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX d: <http://purl.org/dc/terms/> "
    ((triples, license),) = [
        (int(r[0].value), r[1].value) for r in void.query(prefixes + "SELECT ?n ?l { ?s a void:Dataset, dcat:Dataset ; void:triples ?n ; d:license ?l }")
    ]  # fmt: skip
    assert triples == (place / "d" / "graph.nq").read_bytes().count(b"\n")
    assert license == "https://spdx.org/licenses/CC-BY-4.0"
    told = {r[0].value for r in void.query(prefixes + "SELECT ?t { ?s dcat:distribution/d:title ?t }")}
    assert told == files - {SUMS, "README.md", "void.ttl"}


def test_what_is_not_as_it_was_is_refused(place: Path, tmp_path: Path) -> None:
    import shutil

    spoiled = Path(shutil.copytree(place / "d", tmp_path / "d"))
    (spoiled / "graph.nq").write_bytes((spoiled / "graph.nq").read_bytes()[:-40])
    done = run("restore", spoiled, "--store", tmp_path / "s")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "not what was deposited" in done.stderr
    assert not (tmp_path / "s").exists()
    (spoiled / SUMS).unlink()
    for from_, to, word in (
        (spoiled, tmp_path / "s", "no whole deposit"),
        (place / "nowhere", tmp_path / "s", "no whole deposit"),
        (place / "d", place / "s", "something already"),
    ):
        with pytest.raises(KgraphError, match=word):
            restore(from_, to)
    with Store.open(place / "s") as store, pytest.raises(KgraphError, match="something already"):
        deposit(store, place / "d")


DECIDED = [
    Decision("same", "State:FRA", "State:MLI", "Ann Lee", "2026-01-02", left_label='the "French"\nRepublic'),
    Decision("different", "State:JPN", "State:PRK", "Ann Lee", "2026-01-03"),
    Decision("undone", "State:FRA", "State:MLI", "Bo Ek", "2026-01-04"),
    Decision("same", "State:JPN", "State:FRA", "Bo Ek", "2026-01-05"),
]


def test_decisions_come_along(place: Path, tmp_path: Path) -> None:
    restore(place / "d", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        store.decide(DECIDED)
        assert deposit(store, tmp_path / "d")["decisions"] == len(DECIDED)
    restore(tmp_path / "d", tmp_path / "again")
    with Store.open(tmp_path / "s") as store, Store.open(tmp_path / "again") as again:
        assert again.decisions() == store.decisions() == DECIDED
        assert nquads(again) == nquads(store)
        with pytest.raises(KgraphError, match="decided to be different"):
            again.decide([Decision("same", "State:FRA", "State:PRK")])


def test_a_deposit_without_decisions_is_taken(place: Path, tmp_path: Path) -> None:
    """As an older kgraph wrote them; the graph tells what was the same."""
    restore(place / "d", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        store.decide(DECIDED)
        deposit(store, tmp_path / "d")
    sums = (tmp_path / "d" / SUMS).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "d" / SUMS).write_text("".join(line for line in sums if DECISIONS not in line), encoding="utf-8")
    (tmp_path / "d" / DECISIONS).unlink()
    restore(tmp_path / "d", tmp_path / "again")
    with Store.open(tmp_path / "again") as again:
        assert [(d.verdict, d.left, d.right) for d in again.decisions()] == [("same", "State:JPN", "State:FRA")]


def test_the_command(place: Path, tmp_path: Path) -> None:
    done = run("export", "--store", place / "s", "--deposit", tmp_path / "d", "--license", "see LICENSE <file>")
    assert done.returncode == 0, done.stderr
    assert "2 documents" in done.stdout
    assert "Creator: not stated" in (tmp_path / "d" / "README.md").read_text(encoding="utf-8")
    assert run("export", "--store", place / "s").returncode == 2
    assert run("export", "--store", place / "s", "--deposit", "/proc/no/where").returncode == 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"))), st.integers(1, 9))
def test_lines_are_sorted_in_runs_as_in_memory(lines: list[str], run: int) -> None:
    assert [line.decode() for line in sorted_lines(lines, run)] == [line + "\n" for line in sorted(lines)]
