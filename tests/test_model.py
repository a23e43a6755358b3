"""The model checks itself, and assertions survive JSON and RDF."""

import datetime as dt
import json
from pathlib import Path

import hypothesis.strategies as st
import jsonschema
import pytest
from hypothesis import given, settings

import kgraph
from kgraph.model import Assertion, Document, Entity, Evidence, Mark, Modality, NodeType, Role
from kgraph.ontology import relations
from kgraph.serialization import assertion_from_dict, assertion_to_dict, load_lines
from kgraph.store import Store

SCHEMA = json.loads((Path(kgraph.__file__).parent / "assertion.schema.json").read_text(encoding="utf-8"))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
ENTITY = st.builds(
    Entity, id=TEXT, label=TEXT, type=st.sampled_from(NodeType), principal=st.none() | TEXT, head=st.none() | TEXT,
    targets=st.lists(TEXT, max_size=2).map(tuple), concerns=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    text = draw(TEXT)
    start = draw(st.integers(0, 1000))
    marks = (Mark(draw(st.sampled_from(Role)), start, start + len(text)),)
    evidence = Evidence(draw(TEXT), start, start + len(text), text, marks)
    return Assertion(
        draw(ENTITY), draw(st.sampled_from(sorted(relations()))), draw(ENTITY), (evidence,), "text", draw(st.booleans()),
        draw(st.sampled_from(Modality)), draw(st.none() | ENTITY),
        draw(st.sampled_from([None, "2006", "2006-07", "2006-07-09", "2006-07-02/2006-07-08"])),
        draw(st.integers(0, 100)) / 100,
    )  # fmt: skip


@given(assertions())
def test_json_round_trip_and_schema(assertion: Assertion) -> None:
    data = json.loads(json.dumps(assertion_to_dict(assertion)))
    jsonschema.validate(data, SCHEMA)
    assert assertion_from_dict(data) == assertion


@settings(max_examples=60, deadline=None)
@given(assertions())
def test_rdf_round_trip(assertion: Assertion) -> None:
    store = Store.open(None)
    store.add([assertion])
    assert list(store.assertions()) == [assertion]


def test_an_assertion_without_evidence_cannot_be_made() -> None:
    state = Entity("PRK", "North Korea", NodeType.STATE)
    with pytest.raises(ValueError, match="evidence"):
        Assertion(state, "opposes", state, (), "text")


def test_evidence_must_be_what_the_document_says() -> None:
    document = Document("d", "Japan backed the plan.", dt.date(2006, 7, 10))
    evidence = Evidence.cut(document, 0, 5)
    assert evidence.text == "Japan"
    evidence.verify(document)
    with pytest.raises(ValueError, match="not what document"):
        Evidence("d", 0, 5, "China").verify(document)
    with pytest.raises(ValueError, match="offsets"):
        Evidence("d", 0, 9, "China")
    with pytest.raises(ValueError, match="mark outside"):
        Evidence("d", 0, 5, "Japan", (Mark(Role.SUBJECT, 3, 9),))


def test_wrong_lines_are_named() -> None:
    with pytest.raises(kgraph.KgraphError, match=r"a\.jsonl, line 2"):
        list(load_lines(["", '{"subject": 3}'], "a.jsonl"))
