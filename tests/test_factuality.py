"""Factuality as a table: for one word of each sentence, whether it is negated, its modality, who says it and when.

The sentences of `factuality.csv` are ours; the texts are dated 2009-06-10, a Wednesday. `KNOWN_WRONG` holds what the rules
cannot read yet, with the reason.
"""

import csv
import datetime as dt
from pathlib import Path

import pytest

from kgraph.extraction.text.dates import date_of
from kgraph.extraction.text.factuality import factuality
from kgraph.extraction.text.parse import Parse, from_spacy, language
from kgraph.extraction.text.quotations import Quotations
from kgraph.model import Modality

PUBLISHED = dt.date(2009, 6, 10)
with (Path(__file__).parent / "factuality.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))
KNOWN_WRONG = {
    "Asked about Chad, Kenya's envoy said Uganda would meet it.": "the parser takes the first participle for the main verb"
}


@pytest.fixture(scope="module")
def parses() -> dict[str, Parse]:
    texts = [row["text"] for row in ROWS]
    return dict(zip(texts, map(from_spacy, language().pipe(texts)), strict=True))


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_factuality(row: dict[str, str], parses: dict[str, Parse]) -> None:
    parse = parses[row["text"]]
    token = parse.words.index(row["word"])
    said = factuality(parse, token, None, Quotations(parse))
    speaker = parse.words[said.speaker[0]] if said.speaker else ""
    when = date_of(parse, token, PUBLISHED, ahead=said.modality is not Modality.ACTUAL) or ""
    found = (said.negated, said.modality.value, speaker, when)
    wanted = (bool(row["negated"]), row["modality"], row["speaker"], row["date"])
    if row["text"] in KNOWN_WRONG:
        assert found != wanted, "it is right now: take it off KNOWN_WRONG"
    else:
        assert found == wanted


def test_there_are_enough() -> None:
    assert len(ROWS) >= 80
    assert len(KNOWN_WRONG) <= len(ROWS) // 10
