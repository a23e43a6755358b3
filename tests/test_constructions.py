"""Constructions of the language, one a row of `constructions.csv`, told in an article, where the rules decide alone."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from kgraph.extraction.text import extract_many
from kgraph.model import Assertion, Document

REST = " It rained for most of the day. Shops and schools were open as usual. Nobody spoke of the harvest."
"""What makes an article of a sentence or two."""
with (Path(__file__).parent / "constructions.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(line for line in stream if not line.startswith("#")))


@pytest.fixture(scope="module")
def found() -> dict[str, list[Assertion]]:
    texts = dict.fromkeys(row["text"] for row in ROWS)
    documents = [Document(text, text + REST, date=dt.date(2021, 6, 9)) for text in texts]
    return {document.id: made for document, made in extract_many(documents, without={"learned"})}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['text'][-60:]} {row['relation']}" for row in ROWS])
def test_construction(row: dict[str, str], found: dict[str, list[Assertion]]) -> None:
    said = {
        (a.subject.principal, a.relation, what, a.negated, a.modality.value if row["modality"] else "")
        for a in found[row["text"]]
        for what in (a.object.principal, a.object.head, *a.object.targets)
    }
    wanted = (row["subject"], row["relation"], row["object"], bool(row["negated"]), row["modality"])
    assert (wanted in said) == (row["not"] != "yes"), said
