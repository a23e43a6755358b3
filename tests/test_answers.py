"""Answers of queries in every form: the same whole or as they come, in flat memory, with hostile text kept."""

import csv
import io
import json
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.store import FORMS, Answer, Limits, QueryResult, Store, format_result, write_answer
from kgraph.store.forms import GRAPH_FORMS
from kgraph.writing import replacing

pq = pytest.importorskip("pyarrow.parquet")
HOSTILE = "\"}} <script>\n\\ \u202e' SELECT ]]> &amp;\r\t, é"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"
QUERIES = [
    "SELECT ?s ?p ?o ?none { ?s ?p ?o } ORDER BY ?s ?p ?o", "SELECT ?none { ?s a kg:Assertion }", "SELECT ?s { ?s a kg:Nothing }",
    "ASK { ?s kg:condemns ?o }", "SELECT (true AS ?answer) {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:Document ; ?p ?o }",
    "CONSTRUCT { ?s a kg:Nothing } WHERE { ?s a kg:Nothing }",
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("answers") / "s", create=True) as opened:
        for n, label in enumerate(("Japan", HOSTILE)):
            document = Document(f"d{n}", "Japan condemned it. " * 5)
            other = Entity(f"e{n}", f"event {n}", NodeType.EVENT)
            said = Assertion(
                Entity("JPN", label, NodeType.STATE), "condemns", other, (Evidence.cut(document, 0, 19),), "text"
            )
            opened.put(document, [said])
        opened.settle()
        yield opened


def written(answer: Answer | QueryResult, form: str) -> bytes:
    stream = io.BytesIO()
    write_answer(answer, form, stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_answers_as_they_come_are_those_that_are_gathered(store: Store, form: str) -> None:
    some = {"csv": QUERIES, "json": QUERIES[:4]}.get(form, QUERIES[:1])
    for text in QUERIES[-2:-1] if form in GRAPH_FORMS else some:
        gathered = store.ask(text, Limits(rows=3))
        with store.stream(text, Limits(rows=3)) as answer:
            told = written(answer, form)
        assert told == written(gathered, form)
        assert bool(answer.truncated) == gathered.truncated


class Chunk(list[Any]):
    """A list that can be watched."""


@pytest.mark.parametrize("form", FORMS)
def test_no_form_gathers_an_answer(form: str) -> None:
    kind, many = ("triples" if form in GRAPH_FORMS else "rows"), 60
    alive: weakref.WeakSet[Chunk] = weakref.WeakSet()
    Chunk.__hash__ = object.__hash__  # type: ignore[method-assign]
    held, rows_of_parquet = 0, 2_000

    def parts() -> Iterator[tuple[str, Any]]:
        nonlocal held
        yield "vars", ("a", "b", "c")
        for n in range(many):
            held = max(held, len(alive))
            row = (ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal("x" * 200))
            chunk = Chunk(
                [ox.Triple(*row) if kind == "triples" else row] * (rows_of_parquet if form == "parquet" else 9)
            )
            alive.add(chunk)
            yield kind, chunk
            del chunk

    stream = Watched()
    write_answer(Answer(parts()), form, stream)
    assert held <= 3
    # What was made of the chunks was let go as well.
    assert stream.largest < stream.size / 2


class Watched(io.BytesIO):
    """A stream that knows how much it was given at once."""

    size = largest = 0

    def write(self, data: Any) -> int:
        self.size += len(data)
        self.largest = max(self.largest, len(data))
        return super().write(data)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), min_size=2, max_size=2))
)
def test_texts_come_back_from_every_form(rows: list[list[str | None]]) -> None:
    terms = tuple(tuple(None if t is None else ox.Literal(t, language="en") for t in row) for row in rows)
    result = QueryResult(("a", "b"), terms)
    bindings = json.loads(written(result, "json"))["results"]["bindings"]
    assert [[b.get(n, {}).get("value") for n in "ab"] for b in bindings] == rows
    told = list(csv.reader(io.StringIO(written(result, "csv").decode(), newline="")))[1:]
    assert told == [[t or "" for t in row] for row in rows]
    assert pq.read_table(io.BytesIO(written(result, "parquet"))).to_pydict() == {
        name: [row[i] for row in rows] for i, name in enumerate("ab")
    }
    for form, kind in (("json", ox.QueryResultsFormat.JSON), ("tsv", ox.QueryResultsFormat.TSV)):
        assert [tuple(row) for row in ox.parse_query_results(written(result, form), format=kind)] == list(terms)  # type: ignore[union-attr]
    tree = ElementTree.fromstring(written(result, "xml"))
    for row, found in zip(rows, tree.iter(RESULTS + "result"), strict=True):
        texts = {b.get("name"): b[0].text or "" for b in found}
        assert texts == {n: allowed(t) for n, t in zip("ab", row, strict=True) if t is not None}


def allowed(text: str) -> str:
    """What XML can tell of a text."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def test_formats_tell_what_a_term_is(store: Store) -> None:
    query = "SELECT ?e ?l ?n { ?e kg:id 'JPN' ; rdfs:label|skos:altLabel ?l . BIND(1 AS ?n) } ORDER BY ?l"
    told = json.loads(format_result(store.ask(query), "json"))["results"]["bindings"]
    assert {b["l"]["value"] for b in told} == {"Japan", HOSTILE}
    assert told[0]["e"]["type"] == "uri"
    assert told[0]["n"]["datatype"].endswith("#integer")
    tree = ElementTree.fromstring(format_result(store.ask(query), "xml"))
    assert {e.text for e in tree.iter(RESULTS + "literal")} == {"Japan", HOSTILE, "1"}
    table = format_result(store.ask(query), "table", width=40)
    assert all(len(line) <= 40 or "kgraph.example" in line for line in table.splitlines())
    assert "\u202e" not in table
    assert format_result(store.query("ASK { ?s ?p ?o }"), "json") == '{"head": {}, "boolean": true}'
    assert json.loads(format_result(store.ask("SELECT (true AS ?answer) {}"), "json"))["head"] == {"vars": ["answer"]}


def test_a_cell_wider_than_its_column_stands_below_its_row() -> None:
    def parts() -> Iterator[tuple[str, Any]]:
        yield "vars", ("name", "said")
        for name in ("Ann", "Bartholomew the very long"):
            yield "rows", [(ox.Literal(name), ox.Literal("no"))]

    stream = io.BytesIO()
    write_answer(Answer(parts()), "table", stream, width=40)
    assert stream.getvalue().decode().splitlines() == [
        "name  said", "----  ----", "Ann   no", "      no", "    name: Bartholomew the very long",
    ]  # fmt: skip


def test_an_answer_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    def parts(kind: str) -> Iterator[tuple[str, Any]]:
        yield "vars", ("n",)
        for n in range(3):
            term = ox.NamedNode(f"http://e/{n}")
            yield kind, [ox.Triple(term, term, term) if kind == "triples" else (term,)]
        raise KgraphError("the query was stopped")

    (tmp_path / "out").write_text("old", encoding="utf-8")
    for form in FORMS:
        with pytest.raises(KgraphError, match="was stopped"), replacing(tmp_path / "out") as stream:
            write_answer(Answer(parts("triples" if form in GRAPH_FORMS else "rows")), form, stream)
        assert [p.name for p in tmp_path.iterdir()] == ["out"]
        assert (tmp_path / "out").read_text(encoding="utf-8") == "old"
    come = io.BytesIO()
    with pytest.raises(KgraphError, match="was stopped"):
        write_answer(Answer(parts("rows")), "csv", come)
    assert come.getvalue() == b"n\nhttp://e/0\nhttp://e/1\nhttp://e/2\n"


@pytest.mark.parametrize("form", [*GRAPH_FORMS, "nothing"])
def test_rows_are_no_triples(store: Store, form: str) -> None:
    for text in QUERIES[2:4]:
        with store.stream(text) as answer, pytest.raises(KgraphError, match=r"use --format|use one of"):
            written(answer, form)
