"""Whom a phrase means: states, organizations and people of the gazetteer, what blocks them, and what stands beside them."""

import csv
from pathlib import Path

import pytest

from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.mentions import find_mentions
from kgraph.extraction.text.parse import from_spacy, language
from kgraph.ontology.actors import actors, common_surnames, names, office_holders, spellings

with (Path(__file__).parent / "mentions.csv").open(encoding="utf-8") as lines:
    CASES = [tuple(row) for row in csv.reader(line for line in lines if not line.startswith("#"))][1:]


def principal(text: str, phrase: str) -> str | None:
    """For whom the phrase acts; the head of the phrase is the token in it whose own head lies outside."""
    parse = from_spacy(language()(text))
    resolver = Resolver(parse, find_mentions(parse, None), None)
    start = text.index(phrase)
    inside = [t for t in range(len(parse.words)) if start <= parse.start[t] and parse.end[t] <= start + len(phrase)]
    named = [m for m in resolver.mentions if set(range(m.start, m.end)) & set(inside) and m.kind != "adjective"]
    head = named[0].head if named else next(t for t in inside if parse.head[t] not in inside or parse.head[t] == t)
    found = resolver.resolve(head)
    return found.entity.principal if found is not None else None


@pytest.mark.parametrize(("text", "phrase", "expected"), CASES)
def test_whom_a_phrase_means(text: str, phrase: str, expected: str) -> None:
    assert principal(text, phrase) == (expected or None)


def test_the_tables_are_broad_and_every_principal_is_known() -> None:
    assert len(office_holders()) > 2500
    assert sum(a.type.value == "Organization" for a in actors().values()) > 400
    assert all(a.principal in actors() for a in actors().values())
    assert all(name.actor_id in actors() for name in names())


def test_no_form_of_spelling_is_itself_another_spelling() -> None:
    assert not set(spellings().values()) & set(spellings())


def test_a_surname_that_an_alias_gives_alone_names_people_of_one_principal_at_a_time() -> None:
    bearers: dict[str, set[tuple[str, str | None]]] = {}
    for holder in office_holders():
        for alias in holder.aliases:
            if " " not in alias and alias not in common_surnames():
                bearers.setdefault(alias, set()).add((holder.person, actors()[holder.of].principal))
    clashes = {alias: who for alias, who in bearers.items() if len({person for person, _ in who}) > 1}
    assert len(clashes) < 10, clashes
