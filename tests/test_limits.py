"""Queries of strangers are stopped: by time, memory and rows; trouble of the disk is one sentence and loses nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mounts import fill_up, small_disk

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.store import Limits, Store

FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT DISTINCT ?c ?f ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"
HOSTILE = "\"}} <script>\n\\ \u202e' SELECT"


def said(n: int, label: str = "Japan") -> tuple[Document, list[Assertion]]:
    document = Document(f"d{n}", "Japan condemned it. " * 20)
    state, other = Entity("JPN", label, NodeType.STATE), Entity(f"e{n}", f"event {n}", NodeType.EVENT)
    return document, [
        Assertion(state, "condemns", other, (Evidence.cut(document, i, i + 5),), "text") for i in range(9)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "s"
    with Store.open(path, create=True) as store:
        for n in range(40):
            store.put(*said(n))
        store.put(*said(99, HOSTILE))
        store.settle()
    return path


def test_a_query_that_would_run_for_ever_is_stopped(folder: Path) -> None:
    began = time.monotonic()
    with Store.open(folder) as store, pytest.raises(KgraphError, match="stopped after 1 second"):
        store.ask(FOREVER, Limits(seconds=1))
    assert time.monotonic() - began < 10


def test_a_query_that_wants_all_memory_is_stopped(folder: Path) -> None:
    with Store.open(folder) as store, pytest.raises(KgraphError, match="memory"):
        store.ask(GREEDY, Limits(memory=80 << 20))


def test_rows_are_capped_and_all_kinds_answer_as_without_limits(folder: Path) -> None:
    with Store.open(folder) as store:
        assert len(store.ask("SELECT * { ?s ?p ?o }", Limits(rows=7)).terms) == 7
        assert store.ask("SELECT * { ?s ?p ?o }", Limits(rows=7)).truncated
        for query in (
            "ASK { ?s kg:condemns ?o }",
            "SELECT ?l { ?s rdfs:label ?l } ORDER BY ?l",
            "CONSTRUCT { ?s kg:condemns ?o } { ?s kg:condemns ?o }",
            "SELECT ?x ?y { ?x kg:condemns ?z OPTIONAL { ?z kg:nothing ?y } } ORDER BY ?x ?z",
        ):
            assert store.ask(query) == store.query(query)


def test_ctrl_c_stops_the_query(folder: Path) -> None:
    command = [sys.executable, "-c", "from kgraph.cli import main; main()", "query", "--store", str(folder), FOREVER]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    time.sleep(2.5)
    os.killpg(process.pid, 2)
    _, err = process.communicate(timeout=20)
    assert process.returncode != 0
    assert "Traceback" not in err
    Store.open(folder).close()


def _fill(folder: Path) -> None:
    with Store.open(folder) as store:
        for n in range(1, 4000):
            store.put(*said(n))


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as small:
        with Store.open(small / "s", create=True) as store:
            store.put(*said(0))
        before = _size(small / "s")
        ballast = fill_up(small, 600_000)
        with pytest.raises(KgraphError, match="cannot be written"):
            _fill(small / "s")
        ballast.unlink()
        with Store.open(small / "s") as store:
            assert store.holds("d0")
            assert before <= len(list(store.documents()))
            assert all(
                len([a for a in store.assertions() if a.object.id == f"e{n[1:]}"]) == 1
                for n in list(store.documents())[:20]
            )


def _size(folder: Path) -> int:
    with Store.open(folder) as store:
        return len(store.documents())
