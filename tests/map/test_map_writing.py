"""Writing the file: what is wrong is one sentence, and no half file is left; large graphs open on their backbone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from map_graphs import crisis, random_graph, said

from kgraph.errors import KgraphError
from kgraph.map import MapOptions, write_map
from kgraph.map.model import map_model
from kgraph.map.story import propose_story
from kgraph.model import Entity, NodeType
from kgraph.network import project


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (MapOptions(focus="North Koera"), "--focus: the map has no node 'North Koera'; did you mean 'North Korea'?"),
        (MapOptions(focus="Atlantis"), "--focus: the map has no node 'Atlantis'; search the map"),
        (MapOptions(layout="spiral"), "there is no layout 'spiral'; use signed or geo"),
        (MapOptions(story=Path("none.yaml")), "none.yaml: the story cannot be read"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_the_old_file_stays(
    tmp_path: Path, options: MapOptions, message: str
) -> None:
    path = tmp_path / "map.html"
    path.write_text("old")
    with pytest.raises(KgraphError, match="^" + message.replace("?", r"\?")) as caught:
        write_map(crisis(), path, options)
    assert "\n" not in str(caught.value)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["map.html"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps: [", "this is no YAML in line"),
        ("title: x", "a story has `steps:`"),
        ("steps: []", "a story has `steps:`"),
        ("steps: [1]", "step 1: a step shows one edge or one node"),
        ("steps: [{node: China, edge: [a, b, c]}]", "step 1: a step shows one edge or one node"),
        ("steps: [{node: China, text: x}]", "step 1: a step has no 'text'"),
        ("steps: [{node: China}, {node: Chnia}]", "step 2: the map has no node 'Chnia'; did you mean 'China'"),
        ("steps: [{edge: [China, opposes]}]", "step 1: an edge is three names"),
        ("steps: [{edge: [China, opposse, sanctions-PRK]}]", "step 1: the map has no relation 'opposse'; did you mean"),
        ("steps: [{edge: [Japan, opposes, sanctions-PRK]}]", "step 1: the map does not say that Japan opposes"),
    ],
)
def test_a_wrong_story_is_told_with_its_step(tmp_path: Path, text: str, message: str) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(text, encoding="utf-8")
    with pytest.raises(KgraphError) as caught:
        write_map(crisis(), tmp_path / "map.html", MapOptions(story=story))
    assert message in str(caught.value)
    assert str(story) in str(caught.value)
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize("place", ["missing/map.html", "folder"])
def test_an_unwritable_path_is_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(KgraphError, match="cannot be written"):
        write_map(crisis(), tmp_path / place)
    assert os.listdir(tmp_path) == ["folder"]
    assert os.listdir(tmp_path / "folder") == []


def test_the_graph_is_left_as_it_was(tmp_path: Path) -> None:
    graph = crisis()
    before = {n: dict(d) for n, d in graph.nodes(data=True)}, [dict(d) for *_, d in graph.edges(data=True)]
    write_map(graph, tmp_path / "map.html")
    assert before == ({n: dict(d) for n, d in graph.nodes(data=True)}, [dict(d) for *_, d in graph.edges(data=True)])


def test_a_proposed_story_begins_with_the_first_event_and_has_reactions() -> None:
    story = propose_story(map_model(crisis()))
    assert story is not None
    assert story.proposed
    assert story.steps[0].caption.startswith("It begins: Japan proposes sanctions on North Korea.")
    assert [s.caption for s in story.steps if s.caption.startswith("The reaction")][:2] == [
        "The reaction: China opposes sanctions on North Korea. So says United States.",
        "The reaction: Russia opposes sanctions on North Korea.",
    ]
    assert propose_story(map_model(nx.MultiDiGraph())) is None


def test_an_empty_graph_gives_a_page_that_says_what_to_do(opening: Any) -> None:
    person = opening(nx.MultiDiGraph())
    assert "Nothing here yet" in person.panel()
    assert "kgraph build" in person.panel()
    assert person.problems == []


def test_a_large_graph_opens_on_its_backbone_with_a_way_to_the_rest(opening: Any) -> None:
    person = opening(random_graph(1800, 2500))
    of_the_story = person.page.evaluate("() => kgraph.graph.told.size")
    assert len(person.shown()) <= 301 + of_the_story
    assert "the 300 most important of 1,800 nodes, by PageRank" in person.panel()
    person.picture("backbone")
    person.page.click("#panel button:has-text('Show twice as many')")
    assert len(person.shown()) > 300
    person.page.click(".chip:has-text('most important')")
    assert len(person.shown()) == 1800
    assert "2,500 assertions" in person.counts()
    assert person.problems == []


def test_focus_opens_on_a_node(opening: Any) -> None:
    person = opening(options=MapOptions(focus="Christopher Hill"))
    assert "Person:christopher-hill" in person.shown()
    assert "State:RUS" not in person.shown()
    person.press("Escape")
    assert "State:RUS" in person.shown()


def test_a_path_leads_through_what_the_backbone_leaves_out(opening: Any) -> None:
    a, b, c = (Entity(name, name, NodeType.STATE) for name in ("Aland", "Beland", "Celand"))
    hubs = [said(Entity(f"s{i}", f"State {i}", NodeType.STATE), "meets", end) for i in range(6) for end in (a, c)]
    graph = project([said(a, "meets", b), said(b, "meets", c), *hubs[:1], *hubs[3:4]])
    person = opening(graph, MapOptions(backbone=2), address="#path=State%3AAland&path=State%3ACeland")
    assert {"State:Aland", "State:Beland", "State:Celand"} <= person.shown()
    assert "From Aland to Celand" in person.panel()
