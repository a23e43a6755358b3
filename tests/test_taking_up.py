"""What a text takes up ("the raid", "a charge Khartoum denies", "them") or leaves out ("sent 200 doctors"), by the rules alone."""

import csv
from pathlib import Path

import pytest

from kgraph.extraction.text import extract_many
from kgraph.model import Assertion, Document

with (Path(__file__).parent / "taking_up.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(line for line in stream if not line.startswith("#")))


@pytest.fixture(scope="module")
def found() -> list[list[Assertion]]:
    documents = [Document(str(n), row["text"]) for n, row in enumerate(ROWS)]
    return [made for _, made in extract_many(documents, without={"learned"})]


@pytest.mark.parametrize("n", range(len(ROWS)), ids=lambda n: ROWS[n]["text"][-60:])
def test_what_is_meant(n: int, found: list[list[Assertion]]) -> None:
    row = ROWS[n]
    said = {
        (a.subject.principal, a.relation, whom) for a in found[n] for whom in (a.object.principal, *a.object.targets)
    }
    assert ((row["subject"], row["relation"], row["object"]) in said) == (row["not"] != "yes"), said
