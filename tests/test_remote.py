"""SPARQL servers as the store: real ones, with the same bytes and answers as a folder, also when they die in the middle."""

import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from servers import free_port, oxigraph, virtuoso

from kgraph.errors import KgraphError, LimitError
from kgraph.model import Assertion, Document, Entity, Evidence, Modality, NodeType
from kgraph.store import Dataset, Limits, Store, saved_queries
from kgraph.store import remote as protocol
from kgraph.store.identity import Decision
from kgraph.store.provenance import Configuration
from kgraph.store.search import search
from kgraph.store.testimony import why
from kgraph.store.validation import violations
from kgraph.store.vocabulary import GRAPH

MADE = Configuration("1", "c", "text", "m", "o")
HOSTILE = "\"} <script>\n\\ \u202e' ?x"
S, P, I = NodeType.STATE, NodeType.PERSON, NodeType.INSTRUMENT  # noqa: E741
WHO = [
    Entity("USA", "United States", S), Entity("PRK", "North Korea", S), Entity("JPN", "Japan", S), Entity("hill", "Hill", P, "USA"),
    Entity("christopher-hill", "Christopher Hill", P), Entity("sanctions-PRK", HOSTILE, I, head="sanction", targets=("PRK",)),
    Entity("ärger/ü 1", "Ärger <b>", I, head="treaty"),
]  # fmt: skip
HOW = ["condemns", "supports", "sanctions", "requests", "mediates", "signs", "accuses", "opposes", "actsFor", "rejects"]


def documents(seed: int, count: int = 14) -> list[tuple[Document, list[Assertion]]]:
    chance = random.Random(seed)
    out = []
    for n in range(count):
        document = Document(
            f"d/{n} ü",
            f"Text {n} of {seed}: {HOSTILE} and so on and on, as ever.",
            title=HOSTILE,
            source=f"source {n % 3}",
        )
        said = [
            Assertion(
                chance.choice(WHO), chance.choice(HOW), chance.choice(WHO), (Evidence.cut(document, k * 3, k * 3 + 20),), "text",
                negated=chance.random() < 0.2, modality=chance.choice([Modality.ACTUAL, Modality.ACTUAL, Modality.PLANNED, Modality.DENIED]),
                attributed_to=chance.choice([None, WHO[3]]), date=chance.choice([None, "2006", "2006-07", "2006-07-05", "2006-07-01/2006-07-03"]),
                confidence=chance.choice([0.3, 0.5, 1.0]),
            )
            for k in range(4)
        ]  # fmt: skip
        out.append((document, said))
    return out


def fill(store: Store, pairs: list[tuple[Document, list[Assertion]]]) -> None:
    for document, said in pairs:
        store.put(document, said, MADE)
    store.settle()


def lines(store: Store) -> list[str]:
    stream = io.BytesIO()
    store.export(stream, "nquads")
    return stream.getvalue().decode().splitlines()


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that holds somebody else's graph already."""
    folder, port = tmp_path_factory.mktemp(request.param) / "db", free_port()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "oxigraph":
            process = oxigraph(folder, port)
            url, graphs = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/store"
        else:
            patch.setenv("KGRAPH_STORE_USER", "dba")
            patch.setenv("KGRAPH_STORE_PASSWORD", "dba")
            held = virtuoso(folder, port)
            url, graphs = held.__enter__(), f"http://127.0.0.1:{port}/sparql-graph-crud-auth"
        body = "<http://example.org/s> <http://www.w3.org/2000/01/rdf-schema#label> 'another graph' ."
        digest = httpx.DigestAuth("dba", "dba")
        httpx.put(graphs, params={"graph": "http://example.org/g"}, content=body, headers={"content-type": "text/turtle"}, auth=digest, trust_env=False).raise_for_status()  # fmt: skip
        yield url
        if request.param == "oxigraph":
            process.kill()
            process.wait()
        else:
            held.__exit__(None, None, None)


@pytest.fixture(scope="module")
def both(server: str) -> Iterator[tuple[Store, Store]]:
    """The same documents, in memory and on the server; on the server with a history."""
    local = Store.open(None)
    fill(local, documents(1))
    with pytest.raises(KgraphError, match="there is no store"):
        Store.open(server)
    with Store.open(server, create=True) as store:
        fill(store, documents(2, 18))
    with Store.open(server, create=True) as store:
        fill(store, documents(1))
        for n in range(14, 18):
            store.remove(f"d/{n} ü")
    with Store.open(server) as store:
        yield local, store


def test_the_same_bytes(both: tuple[Store, Store]) -> None:
    local, remote = both
    assert lines(remote) == lines(local)
    assert list(remote.assertions()) == list(local.assertions())
    assert remote.documents() == local.documents()


def test_the_rules_find_the_same(both: tuple[Store, Store]) -> None:
    local, remote = both
    assert violations(remote) == violations(local)


def test_the_same_answers(both: tuple[Store, Store]) -> None:
    local, remote = both
    given = {"below": "0.6", "from": "2006-07-02", "to": "2006-07-04"}
    empty = 0
    for query in saved_queries().values():
        for parameters in ({}, {name: given.get(name, "Hill") for name in query.parameters}):
            wanted = local.query(query.sparql(**parameters))
            found = remote.query(query.sparql(**parameters))
            assert found.variables == wanted.variables, query.name
            assert sorted(map(str, found.rows)) == sorted(map(str, wanted.rows)), query.name
            empty += not wanted.rows
    assert empty < len(saved_queries())
    for text in (
        "ASK { ?s kg:condemns ?o }",
        "ASK { ?s kg:nothing ?o }",
        "CONSTRUCT { ?s kg:signs ?o } { ?s kg:signs ?o }",
    ):
        assert remote.query(text) == local.query(text)
    assert (
        remote.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
        == local.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    )


def test_search_and_why_work_alike(both: tuple[Store, Store]) -> None:
    local, remote = both
    assert search(remote, "Hill") == search(local, "Hill")
    a = next(a for a in local.assertions() if not a.negated)
    assert why(remote, a.subject.id, a.relation, a.object.id) == why(local, a.subject.id, a.relation, a.object.id)


def test_strangers_are_limited(both: tuple[Store, Store]) -> None:
    _, remote = both
    capped = remote.ask("SELECT * { ?s ?p ?o }", Limits(rows=7))
    assert (len(capped.terms), capped.truncated) == (7, True)
    with pytest.raises(LimitError):
        remote.ask(
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) > STR(?f)) }", Limits(seconds=1)
        )
    with pytest.raises(LimitError, match="MiB"):
        remote.ask("SELECT * { ?s ?p ?o }", Limits(memory=10_000))
    for text in ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "DELETE WHERE { ?s ?p ?o }"):
        with pytest.raises(KgraphError):
            remote.ask(text)
    edges = Dataset((GRAPH + "edges",))
    assert remote.ask("ASK { ?s a kg:Document }", dataset=edges).rows == (("false",),)
    assert remote.ask("ASK { ?s rdfs:label 'another graph' }").rows == (("false",),)


def test_decisions_on_a_server(
    both: tuple[Store, Store], server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lines(both[0])
    same = Decision("same", "Person:christopher-hill", "Person:hill")
    with Store.open(server) as store:
        with pytest.raises(KgraphError, match="KGRAPH_DECISIONS"):
            store.decide([same])
        monkeypatch.setenv("KGRAPH_DECISIONS", str(tmp_path / "identity.csv"))
        store.decide([same])
        wanted = Store.open(None)
        fill(wanted, documents(1))
        wanted.decide([same])
        assert lines(store) == lines(wanted)
    monkeypatch.delenv("KGRAPH_DECISIONS")
    with Store.open(server, create=True) as store:
        # Who has not the file leaves the decisions as they are, and honours them.
        store.put(*documents(1)[0], MADE)
        assert lines(store) == lines(wanted)
    monkeypatch.setenv("KGRAPH_DECISIONS", str(tmp_path / "identity.csv"))
    with Store.open(server) as store:
        store.decide([Decision("undone", "Person:christopher-hill", "Person:hill")])
        assert lines(store) == before


def test_a_whole_journal_is_ended_and_a_broken_one_forgotten(both: tuple[Store, Store], server: str) -> None:
    before = lines(both[0])
    added = [ox.Quad(ox.NamedNode("https://kgraph.example/x"), ox.NamedNode("https://kgraph.example/y"), ox.Literal("z" * 30_000), ox.NamedNode(GRAPH + "corpus"))]  # fmt: skip
    removed = list(both[1].match(None, None, None, ox.NamedNode(GRAPH + "edges")))[:3]
    journal = protocol._journal(added, removed)
    for told, wanted in ((journal[1:], before), (journal, None)):
        remote = protocol.Remote(server)
        remote._put(protocol._JOURNAL, told)
        remote.close()
        with Store.open(server, create=True) as store:
            assert lines(store) == before
            with pytest.raises(KgraphError, match="no document"):
                store.remove("none")
            store._need_writable()
            now = lines(store)
            assert now == wanted if wanted else (len(set(now) - set(before)), len(set(before) - set(now))) == (1, 3)
    with Store.open(server, create=True) as store:
        store._need_writable()
        store._database.write(removed, added)  # type: ignore[union-attr]
        assert lines(store) == before


def test_two_writers_are_told_apart(both: tuple[Store, Store], server: str) -> None:
    first, second = Store.open(server, create=True), Store.open(server, create=True)
    document, said = documents(1)[0]
    other = Document("another", document.text)
    for store in (first, second):
        store.put(other, said[:0], MADE)
    first.checkpoint()
    with pytest.raises(KgraphError, match="another process writes"):
        second.checkpoint()
    first.remove("another")
    first.close()
    assert lines(both[1]) == lines(both[0])


def test_wrong_credentials_and_addresses_are_one_sentence(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for url, word in (
        ("http://user:secret@127.0.0.1:1/", "KGRAPH_STORE_USER"),
        (f"http://127.0.0.1:{free_port()}", "does not answer"),
        ("http://", "is no address"),
    ):
        with pytest.raises(KgraphError, match=word) as caught:
            Store.open(url)
        assert "secret" not in str(caught.value)
    monkeypatch.setenv("KGRAPH_STORE_GRAPHS", f"{server}/nothing-here")
    with Store.open(server) as store, pytest.raises(KgraphError, match=r"answers (404|405|501)|refuses"):
        store.add(documents(2)[0][1])
    monkeypatch.delenv("KGRAPH_STORE_GRAPHS")
    monkeypatch.setenv("KGRAPH_STORE_PASSWORD", "wrong")
    if "KGRAPH_STORE_USER" in os.environ:
        with Store.open(server) as store, pytest.raises(KgraphError, match="refuses"):
            store.add(documents(2)[0][1])


def test_a_server_that_cuts_answers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_STORE_USER", "dba")
    monkeypatch.setenv("KGRAPH_STORE_PASSWORD", "dba")
    with virtuoso(tmp_path / "v", free_port(), rows=10) as url, Store.open(url, create=True) as store:
        store.add(documents(1)[0][1][:1])
        with pytest.raises(KgraphError, match="ResultSetMaxRows"):
            store.query("SELECT * { ?s ?p ?o }")


BUILD = """
import sys
sys.path[:0] = [sys.argv[2]]
import kgraph.store.store as module
from kgraph.errors import KgraphError
from kgraph.store import Store
from test_remote import MADE, documents
module._BATCH = 300
try:
    with Store.open(sys.argv[1], create=True) as store:
        for number in (2, 1):
            for document, said in documents(number, 60):
                store.put(document, said, MADE)
                print("put", flush=True)
        store.settle()
except KgraphError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def build(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, url, str(Path(__file__).parent)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_server_that_dies_in_the_middle(tmp_path: Path) -> None:
    """The server, and then the writer, is killed at chance moments; the next build ends in the bytes of an undisturbed one."""
    wanted = Store.open(None)
    fill(wanted, documents(1, 60))
    chance = random.Random(3)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    for trial in range(2):
        folder = tmp_path / str(trial)
        server = oxigraph(folder, port)
        try:
            writer = build(url)
            assert writer.stdout is not None
            for _ in range(chance.randrange(20, 110)):
                writer.stdout.readline()
            time.sleep(chance.random() * 0.05)
            server.kill()
            server.wait()
            _, err = writer.communicate(timeout=60)
            assert (writer.returncode, len(err.strip().splitlines())) == (2, 1), err
            assert "does not answer" in err
            server = oxigraph(folder, port)
            writer = build(url)
            assert writer.stdout is not None
            for _ in range(chance.randrange(20, 110)):
                writer.stdout.readline()
            time.sleep(chance.random() * 0.05)
            writer.kill()
            writer.communicate()
            with Store.open(url, create=True) as store:
                fill(store, documents(1, 60))
                assert lines(store) == lines(wanted)
        finally:
            server.kill()
            server.wait()


def test_on_the_command_line(tmp_path: Path) -> None:
    port = free_port()
    process = oxigraph(tmp_path / "db", port)
    url = f"http://127.0.0.1:{port}"
    (tmp_path / "a.txt").write_text("Japan condemned North Korea on Monday.", encoding="utf-8")

    def kgraph(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from kgraph.cli import main; main()", *words, "--store", url]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    try:
        assert kgraph("query", "ASK { }").returncode == 2
        assert "1 assertions added" in kgraph("build", str(tmp_path / "a.txt")).stdout
        assert "North Korea" in kgraph("show", "Japan").stdout
        assert "Japan" in kgraph("query", "SELECT ?l { ?s kg:condemns ?o ; rdfs:label ?l }").stdout
        assert "removed" in kgraph("remove", "a.txt").stdout
        assert kgraph("migrate").returncode == 2
    finally:
        process.kill()
        process.wait()
    gone = kgraph("query", "ASK { }")
    assert (gone.returncode, gone.stderr.count("\n")) == (2, 1)
