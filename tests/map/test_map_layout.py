"""Where nodes stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from map_graphs import blocs, crisis, random_graph, said

from kgraph.map.geography import equal_earth, geographic_layout
from kgraph.map.importance import communities, importance, sizes
from kgraph.map.layout import layout
from kgraph.map.model import MapModel, map_model
from kgraph.map.spacing import Box, spread
from kgraph.model import Entity, NodeType
from kgraph.network import project


def boxes(model: MapModel) -> list[Box]:
    radii = sizes(model, importance(model))
    return [Box.of(n.label, r) for n, r in zip(model.nodes, radii, strict=True)]


def placed(graph: nx.MultiDiGraph) -> dict[str, np.ndarray]:
    model = map_model(graph)
    return {n.label: np.array(p) for n, p in zip(model.nodes, layout(model, boxes(model)), strict=True)}


def test_blocs_stand_apart_and_the_go_between_in_the_middle() -> None:
    places = placed(blocs())
    east, west = (np.array([p for n, p in places.items() if n.startswith(side)]) for side in ("East", "West"))
    across = [float(np.hypot(*(a - b))) for a in east for b in west]
    within = [float(np.hypot(*(a - b))) for bloc in (east, west) for i, a in enumerate(bloc) for b in bloc[i + 1 :]]
    assert np.mean(across) > 1.8 * np.mean(within)
    axis = west.mean(axis=0) - east.mean(axis=0)
    share = (places["Go-between"] - east.mean(axis=0)) @ axis / (axis @ axis)
    assert 0.3 < share < 0.7


def test_communities_are_the_blocs() -> None:
    model = map_model(blocs())
    found = [{model.nodes[n].label.split()[0] for n in group} - {"Go-between"} for group in communities(model)]
    assert sorted(map(sorted, found)) == [["East"], ["West"]]


def test_names_do_not_overlap() -> None:
    found = spread(np.zeros((30, 2)), [Box(10, 90)] * 30)
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            assert abs(a[0] - b[0]) > 85 or abs(a[1] - b[1]) > 30


@pytest.mark.parametrize(
    "graph", [nx.MultiDiGraph(), crisis(), random_graph(900, 1500)], ids=["empty", "crisis", "large"]
)
def test_places_are_finite_and_not_all_one(graph: nx.MultiDiGraph) -> None:
    model = map_model(graph)
    places = layout(model, boxes(model))
    assert len(places) == len(model.nodes)
    assert len(set(places)) >= 0.95 * len(places)


def test_equal_earth_keeps_the_middle_and_the_sides() -> None:
    assert equal_earth(0, 0) == (0, 0)
    x, y = equal_earth(180, 0)
    assert (round(x), round(y)) == (1200, 0)
    assert equal_earth(-180, 0)[0] == -x


def test_on_a_map_states_are_where_they_are() -> None:
    states = [Entity(i, n, NodeType.STATE) for i, n in (("USA", "United States"), ("FRA", "France"), ("JPN", "Japan"), ("AUS", "Australia"))]  # fmt: skip
    envoy = Entity("e", "Envoy", NodeType.PERSON, "JPN")
    model = map_model(project([said(s, "meets", states[1]) for s in states if s is not states[1]] + [said(envoy, "visits", states[0])] + [said(envoy, "actsFor", states[2])]))  # fmt: skip
    places = dict(zip((n.label for n in model.nodes), geographic_layout(model, boxes(model)), strict=True))
    assert places["United States"][0] < places["France"][0] < places["Japan"][0]
    assert places["Australia"][1] > places["Japan"][1]
    assert np.hypot(*np.subtract(places["Envoy"], places["Japan"])) < 250


def test_the_same_graph_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from map_graphs import crisis, DOCUMENTS\nfrom kgraph.map import write_map\n"
        "write_map(crisis(), sys.argv[1], documents=DOCUMENTS)"
    )
    for seed in "12":
        environment = os.environ | {"PYTHONHASHSEED": seed}
        arguments = [sys.executable, "-c", program, str(tmp_path / f"{seed}.html"), str(Path(__file__).parent)]
        subprocess.run(arguments, check=True, env=environment)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()
