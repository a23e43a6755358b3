"""Coreference on its own: `coreference.csv` holds short texts of ours, a phrase in each, and whom it means."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.mentions import find_mentions
from kgraph.extraction.text.parse import Parse, from_spacy, language
from kgraph.extraction.text.things import thing


def _rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "coreference.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


ROWS = _rows()


def _meant(parse: Parse, phrase: str) -> str:
    resolver = Resolver(parse, find_mentions(parse, 2009), dt.date(2009, 6, 1))
    token = max(t for t, word in enumerate(parse.words) if word == phrase)
    several = resolver.several(token)
    single = resolver.resolve(token)
    found = [r.entity for r in several or ([single] if single is not None else [])]
    told = thing(parse, resolver, token) if not found else None
    return " ".join(entity.id for entity in (found or ([told] if told is not None else [])))


@pytest.fixture(scope="module")
def meant() -> list[str]:
    parsed = language().pipe(row["text"] for row in ROWS)
    return [_meant(from_spacy(doc), row["phrase"]) for doc, row in zip(parsed, ROWS, strict=True)]


@pytest.mark.parametrize("n", range(len(ROWS)), ids=lambda n: f"{ROWS[n]['phrase']}-{n}")
def test_whom_a_phrase_means(n: int, meant: list[str]) -> None:
    row = ROWS[n]
    right = set(meant[n].split()) == set(row["whom"].split())
    if row["why_wrong"]:
        assert not right, "it is right now: empty its why_wrong"
    else:
        assert right, f"{row['phrase']!r} in {row['text']!r} is taken for {meant[n] or 'nobody'}"


def test_most_are_right(meant: list[str]) -> None:
    right = sum(set(told.split()) == set(row["whom"].split()) for told, row in zip(meant, ROWS, strict=True))
    assert len(ROWS) >= 130
    assert right / len(ROWS) >= 0.9
