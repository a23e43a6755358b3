"""Sentences of our own for every relation, and sentences that must give nothing.

`sentences.csv` has a line for each expected assertion; `known_miss` says why the extractor cannot do it yet, so that the
day it can, the test says so. `nothing.txt` has business, sport, weather and the like.
"""

import csv
from pathlib import Path

import pytest

from kgraph.extraction.text import extract_many
from kgraph.model import Assertion, Document
from kgraph.ontology import relations

HERE = Path(__file__).parent
with (HERE / "sentences.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))
NOTHING = (HERE / "nothing.txt").read_text(encoding="utf-8").splitlines()
NOT_YET = {
    "Australia won the toss against England and chose to bat.",
    # The learned part makes events of these: it was trained on sentences that all tell of one.
    "A cold front from Canada will reach Minnesota tonight.",
    "The Australian dollar rose against the New Zealand dollar.",
}


@pytest.fixture(scope="module")
def found() -> dict[str, list[Assertion]]:
    texts = [row["text"] for row in ROWS] + NOTHING
    return {d.text: a for d, a in extract_many(Document(str(n), text) for n, text in enumerate(texts))}


def _parameters() -> list[object]:
    return [
        pytest.param(row, id=row["text"], marks=[pytest.mark.xfail(strict=True)] if row["known_miss"] else [])
        for row in ROWS
    ]


@pytest.mark.parametrize("row", _parameters())
def test_sentence(row: dict[str, str], found: dict[str, list[Assertion]]) -> None:
    said = {
        (a.subject.principal, a.relation, thing, a.negated, a.modality.value if row["modality"] else "")
        for a in found[row["text"]]
        for thing in (a.object.principal, a.object.head, *a.object.targets)
    }
    assert (row["subject"] or None, row["relation"], row["object"], bool(row["negated"]), row["modality"]) in said


@pytest.mark.parametrize(
    "text", [pytest.param(t, marks=[pytest.mark.xfail(strict=True)] if t in NOT_YET else []) for t in NOTHING]
)
def test_nothing_comes_out(text: str, found: dict[str, list[Assertion]]) -> None:
    assert [a for a in found[text] if not relations()[a.relation].structural] == []


def test_every_relation_has_sentences() -> None:
    assert set(relations()) <= {row["relation"] for row in ROWS}
    assert len({row["text"] for row in ROWS}) >= 350
