"""The ontology as it ships is right, and a wrong entry is named with file, line and mend."""

import shutil
from pathlib import Path

import pytest

from kgraph.errors import KgraphError
from kgraph.ontology import ontology_dir, relations
from kgraph.ontology.actors import actors, names, office_holders
from kgraph.ontology.lexicon import lexicon


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ontology_dir(), tmp_path / "ontology"))


def test_it_is_whole() -> None:
    assert len(relations()) == 35
    frames = {f.relation for table in (lexicon().verbs, lexicon().nouns) for fs in table.values() for f in fs}
    events = {r.name for r in relations().values() if not r.structural}
    assert events <= frames
    assert actors()["PRK"].label == "North Korea"
    assert all(n.actor_id in actors() for n in names())
    assert any(h.person == "Vladimir Putin" and h.relation == "leads" for h in office_holders())


@pytest.mark.parametrize(
    ("file", "row", "loader", "word"),
    [
        ("relations.csv", "x,x,NONSENSE,+,,actor,actor,no,x", relations, "plover"),
        ("relations.csv", "x,x", relations, "cells"),
        ("lexicon/conflict.csv", "hates,S hate O", lexicon, "relation"),
        ("lexicon/conflict.csv", "attacks,S hit @nothing", lexicon, "define it"),
        ("actors/states.csv", "QQQ,,,,,,,", actors, "QQQ"),
        ("actors/offices.csv", "Ann Lee,,president,NOWHERE,,,f", office_holders, "NOWHERE"),
        ("actors/offices.csv", "Ann Lee,,president,USA,soon,,f", office_holders, "soon"),
    ],
)
def test_wrong_rows_are_refused(copy: Path, file: str, row: str, loader: object, word: str) -> None:
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    lines = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(KgraphError) as caught:
        loader(copy)  # type: ignore[operator]
    assert word in str(caught.value)
    assert f"{path.name}, line {lines}" in str(caught.value)


def test_states_that_are_no_more_have_their_years() -> None:
    union = actors()["SUN"]
    assert (union.start, union.end) == (1922, 1991)
    assert [n.actor_id for n in names() if n.text == "Soviet"] == ["SUN"]
    assert any(h.person == "Mikhail Gorbachev" and h.of == "SUN" for h in office_holders())
