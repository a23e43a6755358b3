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


DOC = Document("d1", "Japan sponsored the resolution.")


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


READER = """
import sys
from kgraph.store import Store
with Store.open(sys.argv[1]) as store:
    print("open", store.writable, flush=True)
    sys.stdin.readline()
    print(store.ask("SELECT (COUNT(*) AS ?n) { ?d a kg:Document }").rows[0][0], len(list(store.assertions())), flush=True)
"""


def test_others_read_the_state_in_which_the_holder_found_it(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with Store.open(place, create=True) as store:
        store.add([make()], DOC)
    holder = Store.open(place, create=True)
    holder.remove(DOC.id)
    command = [sys.executable, "-c", READER, str(place)]
    first, second = (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    )
    for reader in (first, second):
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open False\n"
    assert first.communicate("\n")[0] == "1 1\n"
    # The other reads on when the holder is gone, and the next one finds the present state.
    holder.close()
    with Store.open(place, create=True) as store:
        assert not list(store.assertions())
        assert second.communicate("\n")[0] == "1 1\n"
    assert not (place / "readable").exists()
    assert subprocess.run(command, input="\n", capture_output=True, text=True, check=True).stdout == "open True\n0 0\n"


def test_what_another_process_holds_is_not_changed(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with Store.open(place, create=True) as store:
        store.add([make()], DOC)
    with Store.open(place) as holder:
        code = f"from kgraph.store import Store; Store.open({str(place)!r}).remove({DOC.id!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert len(list(holder.assertions())) == 1
    assert "another process holds the store; wait for it to end, or stop it" in done.stderr


def test_who_may_not_write_reads_no_half_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "s"
    with Store.open(place, create=True) as store:
        store.add([make()], DOC)
    code = "import os, sys; os.access = lambda *_: False; from kgraph.store import Store; print(len(list(Store.open(sys.argv[1]).assertions())))"
    command = [sys.executable, "-c", code, str(place)]
    with Store.open(place, create=True) as holder:
        holder.remove(DOC.id)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (done.stdout, "its state before" in done.stderr) == ("1\n", True)
        # Between the two halves of a write, as a process that is killed there leaves it.
        monkeypatch.setattr("kgraph.store.changes._delete", lambda *_: None)
        holder.put(DOC, [make()], None)
        holder.checkpoint()
        holder.put(Document("d1", "Another text."), [], None)
        holder.checkpoint()
        monkeypatch.undo()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "stopped in the middle of writing" in done.stderr
    Store.open(place).close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0\n"
