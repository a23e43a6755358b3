"""Incremental building: the graph is what its documents say, in whatever order, in however many runs, killed or not."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.model import Assertion, Document, Entity, Evidence, Modality, NodeType
from kgraph.pipeline import build_store
from kgraph.store import Store
from kgraph.store.changes import Changes
from kgraph.store.mapping import iri
from kgraph.store.provenance import Configuration
from kgraph.store.streams import stream

KILLS = int(os.environ.get("KGRAPH_KILLS", "8"))
"""How many builds are killed; the fifty of a release take some minutes: `KGRAPH_KILLS=50 pytest tests/test_store_building.py -k killed`."""
MADE = Configuration("1", "c", "text", "m", "o")
ACTORS = [
    Entity("PRK", "North Korea", NodeType.STATE),
    Entity("PRK", "the North", NodeType.STATE),
    Entity("JPN", "Japan", NodeType.STATE),
    Entity("hill", "Hill", NodeType.PERSON, principal="USA"),
    Entity("hill", "Christopher Hill", NodeType.PERSON, iri="http://www.wikidata.org/entity/Q1"),
    Entity("test", "missile \"test\"\n<b>", NodeType.EVENT, head="test", targets=("JPN",)),
]  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[Document, list[Assertion]]]:
    out = []
    for name in draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True)):
        text = draw(
            st.sampled_from(["Japan condemned the missile test on Monday.", "A short text that says little.", "Third."])
        )
        document = Document(name, text, source=draw(st.sampled_from([None, "The Wire", "The Paper"])))
        said = []
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, 2))
            said.append(
                Assertion(
                    draw(st.sampled_from(ACTORS)), draw(st.sampled_from(["condemns", "supports"])), draw(st.sampled_from(ACTORS)),
                    (Evidence.cut(document, start, start + 3),), "text", negated=draw(st.booleans()),
                    modality=draw(st.sampled_from([Modality.ACTUAL, Modality.PLANNED])),
                    attributed_to=draw(st.sampled_from([None, ACTORS[2]])),
                    date=draw(st.sampled_from([None, "2006-07", "2006-07-01/2006-07-03"])),
                    confidence=draw(st.sampled_from([0.2, 0.9])),
                )
            )  # fmt: skip
        out.append((document, said))
    return out


def lines(store: Store) -> list[str]:
    stream = io.BytesIO()
    store.export(stream, "nquads")
    return stream.getvalue().decode().splitlines()


def built(pairs: Iterable[tuple[Document, list[Assertion]]]) -> list[str]:
    store = Store.open(None)
    for document, said in pairs:
        store.put(document, said, MADE)
    store.settle()
    return lines(store)


@given(documents(), documents(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_order_and_history_leave_no_trace(
    wanted: list[tuple[Document, list[Assertion]]],
    former: list[tuple[Document, list[Assertion]]],
    chance: random.Random,
) -> None:
    store = Store.open(None)
    shuffled = list(wanted)
    chance.shuffle(shuffled)
    for document, said in former:
        store.put(document, said, replace(MADE, ontology="former"))
        if chance.random() < 0.3:
            store.settle()
    for document, said in shuffled:
        store.put(document, said, MADE)
        if chance.random() < 0.3:
            store.checkpoint()
    for document, _ in former:
        if document.id not in {d.id for d, _ in wanted}:
            store.remove(document.id)
    store.settle()
    left, right = set(lines(store)), set(built(wanted))
    assert (sorted(left - right), sorted(right - left)) == ([], [])


def test_taking_out_one_of_thousands_of_witnesses_reads_few_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One assertion in many documents: what is read to take one out does not grow with their number."""
    read = [0]
    match = Changes.match

    def counted(self: Changes, *pattern: object, **more: object) -> Iterator[ox.Quad]:
        for quad in match(self, *pattern, **more):
            read[0] += 1
            yield quad

    monkeypatch.setattr(Changes, "match", counted)
    costs = []
    for number in (40, 400):
        store = Store.open(None)
        for n in range(number):
            document = Document(f"d{n}", f"Japan condemned the test, paper {n} says.")
            said = Assertion(
                ACTORS[2], "condemns", ACTORS[0], (Evidence.cut(document, 0, 24),), "text", confidence=n % 10 / 10
            )
            store.put(document, [said], replace(MADE, ontology=str(n % 2)))
        store.settle()
        read[0] = 0
        for n in range(number // 2):
            store._writer.remove(f"d{n}")
            store.checkpoint()
        costs.append(read[0] / number)
        (told,) = store.match(None, iri("kg:independentSources"))
        assert len(list(store.match(told.subject, iri("prov:wasDerivedFrom")))) == number - number // 2
    assert costs[1] < 2 * costs[0]


def test_a_new_form_of_an_entity_reads_few_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sanctions are told with a hundred labels and targets: what is read to store one more does not grow with their number."""
    read = [0]
    match = Changes.match

    def counted(self: Changes, *pattern: object, **more: object) -> Iterator[ox.Quad]:
        for quad in match(self, *pattern, **more):
            read[0] += 1
            yield quad

    monkeypatch.setattr(Changes, "match", counted)
    store = Store.open(None)
    costs = []
    for n in range(400):
        document = Document(f"d{n}", f"Japan condemned the test, paper {n} says.")
        thing = Entity("sanctions", "sanctions " + "x" * (n * 7 % 80), NodeType.INSTRUMENT, targets=(f"A{n}",))
        said = Assertion(ACTORS[2], "condemns", thing, (Evidence.cut(document, 0, 24),), "text")
        read[0] = 0
        store.put(document, [said], MADE)
        costs.append(read[0])
    assert sum(costs[-50:]) <= sum(costs[50:100])
    (told,) = store.query("SELECT ?label { ?e kg:id 'sanctions' ; rdfs:label ?label }").rows
    assert told == ("sanctions " + "x" * 50,)
    assert len(store.query("SELECT ?label { ?e kg:id 'sanctions' ; skos:altLabel ?label }").rows) == 79


def test_lines_that_became_quads_end_no_stream() -> None:
    """What is looked up in a batch leaves empty lines; none of them is the end of what is written."""
    whole = [b"a\n", *[b""] * 500, b"b\n", b"", b"c" * 100_000 + b"\n"]
    assert stream(whole).read() == b"".join(whole)
    assert list(stream(whole)) == [w for w in whole if w]
    assert stream([b""] * 3).read() == b""


def test_a_changed_document_replaces_what_it_said(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Japan condemned North Korea on Monday.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Japan condemned North Korea last week.", encoding="utf-8")
    store = Store.open(None)
    build_store([tmp_path], store)
    before = lines(store)
    report = build_store([tmp_path], store)
    assert (report.documents, report.unchanged, report.assertions) == (2, 2, 0)
    file.write_text("France praised Mali.", encoding="utf-8")
    report = build_store([tmp_path], store)
    assert (report.unchanged, report.replaced) == (1, 1)
    assert {a.subject.id for a in store.assertions() if a.evidence[0].document == "a.txt"} == {"FRA"}
    file.write_text("Japan condemned North Korea on Monday.", encoding="utf-8")
    build_store([tmp_path], store)
    assert lines(store) == before


def test_nothing_new_means_no_extraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Japan condemned North Korea on Monday.", encoding="utf-8")
    store = Store.open(None)
    build_store([tmp_path], store)
    given_to_extractor: list[str] = []
    monkeypatch.setattr(
        "kgraph.extraction.text.extract_many",
        lambda documents, **_: iter([given_to_extractor.append(d.id) or (d, []) for d in documents]),  # type: ignore[func-returns-value]
    )
    build_store([tmp_path], store)
    assert given_to_extractor == []
    build_store([tmp_path], store, min_confidence=0.5)
    assert given_to_extractor == ["a.txt"]


def test_two_documents_of_one_id_are_told(tmp_path: Path) -> None:
    for folder, text in (("x", "Japan condemned North Korea."), ("y", "France praised Mali.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text, encoding="utf-8")
    report = build_store([tmp_path / "x", tmp_path / "y"], Store.open(None))
    assert report.documents == 1
    assert "same id" in report.skipped[0].reason


BUILD = """
import sys
from pathlib import Path
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
import kgraph.store.store as module
from kgraph.store import Store
from kgraph.store.provenance import Configuration
module._BATCH = 400
made = Configuration("1", "c", "text", "m", "o")
round_ = int(sys.argv[2])
with Store.open(sys.argv[1], create=True) as store:
    print("open", flush=True)
    for n in range(120):
        document = Document(f"d{n}", f"Text {n} of round {round_}: the same sentence again and again.", source=f"s{n % 7}")
        if store.current(document, made):
            continue
        said = [
            Assertion(Entity(f"A{n % 11}", f"Actor {n % 11}" + "x" * (n % 3), NodeType.STATE), "condemns", Entity(f"B{k}", f"B {k}", NodeType.STATE),
                      (Evidence.cut(document, k, k + 9),), "text", confidence=(n + k) % 10 / 10)
            for k in range(round_, round_ + 6)
        ]
        store.put(document, said, made)
    store.settle()
print("done", flush=True)
"""


def test_killed_builds_end_in_the_same_bytes(tmp_path: Path) -> None:
    """Round 0 is built, then round 1 over it (every document changed) is killed at chance moments and run again."""

    def run(folder: Path, number: int) -> float:
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", BUILD, str(folder), str(number)], check=True, capture_output=True)
        return time.monotonic() - began

    undisturbed = tmp_path / "undisturbed"
    run(undisturbed, 0)
    length = run(undisturbed, 1)
    with Store.open(undisturbed) as store:
        wanted = lines(store)
    chance = random.Random(7)
    killed = 0
    for trial in range(-(-KILLS // 4)):
        folder = tmp_path / str(trial)
        for number in (0, 1):
            for _ in range(2):
                process = subprocess.Popen(
                    [sys.executable, "-c", BUILD, str(folder), str(number)], stdout=subprocess.PIPE
                )
                time.sleep(chance.uniform(0.15, 1.0) * length)
                process.send_signal(signal.SIGKILL)
                killed += process.wait() == -signal.SIGKILL
                assert process.stdout is not None
                process.stdout.close()
            run(folder, number)
        with Store.open(folder) as store:
            assert lines(store) == wanted
    assert killed >= KILLS * 0.5  # on a busy machine some end before their moment


def test_a_second_writer_gets_one_sentence(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Japan condemned North Korea.", encoding="utf-8")
    with Store.open(tmp_path / "s", create=True):
        command = [
            sys.executable,
            "-c",
            "from kgraph.cli import main; main()",
            "build",
            str(article),
            "--store",
            str(tmp_path / "s"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "another process holds the store" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
