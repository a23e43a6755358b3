"""A real store on disk: what goes in comes out, strangers' queries do no harm, other folders are left alone."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.store import Store, format_result, saved_queries

HOSTILE = "\"} <script>\n\\ \u202e' SELECT"


def make(label: str = "Japan", document: str = "d1", confidence: float = 0.8) -> Assertion:
    state = Entity("JPN", label, NodeType.STATE)
    text = Entity(
        "resolution-PRK", "resolution on North Korea", NodeType.INSTRUMENT, head="resolution", targets=("PRK",)
    )
    evidence = Evidence(document, 0, 31, "Japan sponsored the resolution.")
    return Assertion(state, "sponsors", text, (evidence,), "text", date="2006-07-09", confidence=confidence)


def test_disk_round_trip_merges_evidence(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.add([make()], Document("d1", "Japan sponsored the resolution."))
        store.add([make(document="d2")], Document("d2", "Japan sponsored the resolution."))
    with Store.open(tmp_path / "s") as store:
        (found,) = store.assertions()
        assert [e.document for e in found.evidence] == ["d1", "d2"]
        assert set(store.documents()) == {"d1", "d2"}
        rows = store.query("SELECT ?s { ?s kg:sponsors ?o }").rows
        assert len(rows) == 1


def test_same_input_same_bytes(tmp_path: Path) -> None:
    outputs = []
    for order in ([make(), make("Japan", "d2", 0.6)], [make("Japan", "d2", 0.6), make()]):
        with Store.open(tmp_path / str(len(outputs)), create=True) as store:
            for assertion in order:
                store.add([assertion])
            stream = io.BytesIO()
            store.export(stream, "nquads")
            outputs.append(stream.getvalue())
    assert outputs[0] == outputs[1]


def test_hostile_label_stays_text() -> None:
    store = Store.open(None)
    store.add([make(HOSTILE, HOSTILE)])
    assert next(store.assertions()).subject.label == HOSTILE
    result = store.query(saved_queries()["says-and-acts-for"].sparql(name=HOSTILE))
    assert len(result.rows) == 1
    assert "\u202e" not in format_result(result, "table")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT * FROM <http://example.org/x> { ?s ?p ?o }", "FROM"),
        ("SELECT * { SERVICE <http://example.org/x> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { { OPTIONAL { SERVICE SILENT <http://example.org/x> { ?s ?p ?o } } } }", "SERVICE"),
        ("DELETE WHERE { ?s ?p ?o }", "update"),
        ("SELEC ?s", "syntax"),
    ],
)
def test_queries_that_are_refused(query: str, word: str) -> None:
    with pytest.raises(KgraphError, match=word):
        Store.open(None).query(query)


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_saved_queries_run(name: str) -> None:
    store = Store.open(None)
    store.add([make()])
    store.query(saved_queries()[name].sparql())


def test_sponsors_query_answers() -> None:
    store = Store.open(None)
    store.add([make()])
    ((subject, thing, sentence),) = store.query(saved_queries()["sponsors"].sparql()).rows
    assert (subject, thing, sentence) == ("Japan", "resolution on North Korea", "Japan sponsored the resolution.")


def test_other_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(KgraphError, match="no kgraph store"):
        Store.open(tmp_path, create=True)
    with pytest.raises(KgraphError, match="there is no store"):
        Store.open(tmp_path / "new")
    assert (tmp_path / "note.txt").read_text() == "mine"


def test_a_second_process_gets_one_sentence(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True):
        code = f"from kgraph.store import Store; Store.open({str(tmp_path / 's')!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another process holds the store" in done.stderr
