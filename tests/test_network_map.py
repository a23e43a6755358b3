"""The projection into networkx and its files."""

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kgraph.model import Assertion, Entity, Evidence, Mark, Modality, NodeType, Role
from kgraph.network import fold, project, write_graph

HOSTILE = "</script><script>window.hacked=1</script>"


def make(subject: Entity, relation: str, thing: Entity, sentence: str, **more: Any) -> Assertion:
    marks = (Mark(Role.SUBJECT, 0, 3),)
    return Assertion(subject, relation, thing, (Evidence("d", 0, len(sentence), sentence, marks),), "text", **more)


USA, RUS = Entity("USA", "United States", NodeType.STATE), Entity("RUS", "Russia", NodeType.STATE)
ENVOY = Entity("ann-lee", "Ann Lee", NodeType.PERSON, "USA")
ROWS = [
    make(USA, "condemns", RUS, "The United States condemned Russia."),
    make(ENVOY, "meets", RUS, "Ann Lee may meet Russia.", modality=Modality.POSSIBLE),
    make(RUS, "supports", Entity("x", HOSTILE, NodeType.GROUP), HOSTILE),
]


def test_projection_and_fold() -> None:
    graph = project(ROWS)
    assert set(graph) == {"State:USA", "State:RUS", "Person:ann-lee", "Group:x"}
    folded = fold(graph)
    assert "Person:ann-lee" not in folded
    assert sorted(d["relation"] for _, _, d in folded.edges(data=True)) == ["condemns", "meets", "supports"]


@pytest.mark.parametrize(("form", "reader"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_graph_files_read_back(tmp_path: Path, form: str, reader: Any) -> None:
    write_graph(project(ROWS), tmp_path / "g", form)
    back = reader(tmp_path / "g")
    assert back.number_of_edges() == 3
    assert back.nodes["State:RUS"]["label"] == "Russia"
