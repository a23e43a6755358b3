"""Networks for other programs, each form read back by a library that did not write it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from networks import corpus

from kgraph.errors import KgraphError
from kgraph.network import EVERYTHING, View, write_graph
from kgraph.network.interchange import FORMATS, to_arrays, to_cytoscape, to_igraph, to_pandas, to_polars

GRAPHS = {
    "projection": corpus().projection(View(EVERYTHING), things=True),
    "dyads": corpus().signed(View()),
}


def pairs(graph: nx.Graph) -> Counter[tuple[str, str]]:
    return Counter((u, v) for u, v in graph.edges())


@pytest.fixture(params=list(GRAPHS))
def graph(request: pytest.FixtureRequest) -> nx.Graph:
    return GRAPHS[request.param]


def test_graphml_is_read_by_igraph(graph: nx.Graph, tmp_path: Path) -> None:
    igraph = pytest.importorskip("igraph")
    write_graph(graph, tmp_path / "g.graphml", "graphml")
    back = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    assert Counter((back.vs[e.source]["id"], back.vs[e.target]["id"]) for e in back.es) == pairs(graph)
    assert {v["id"]: v["label"] for v in back.vs} == {n: d["label"] for n, d in graph.nodes(data=True)}
    assert any("condemned" in s for s in back.es["sentences"])


def test_gexf_is_read_by_gexfpy_and_has_days(graph: nx.Graph, tmp_path: Path) -> None:
    gexfpy = pytest.importorskip("gexfpy")
    write_graph(graph, tmp_path / "g.gexf", "gexf")
    back = gexfpy.parse(str(tmp_path / "g.gexf")).graph
    assert {n.id: n.label for n in back.nodes[0].node} == {n: d["label"] for n, d in graph.nodes(data=True)}
    assert Counter((e.source, e.target) for e in back.edges[0].edge) == pairs(graph)
    if graph.is_multigraph():
        days = {(str(e.start), str(e.end)) for e in back.edges[0].edge}
        assert {("2006-07-01", "2006-07-31"), ("2006-07-09", "2006-07-09"), ("2006-08-01", "2006-08-03")} <= days
        assert back.timeformat.value == "date"


def test_node_link_json_is_read_by_rustworkx(graph: nx.Graph, tmp_path: Path) -> None:
    rustworkx = pytest.importorskip("rustworkx")
    write_graph(graph, tmp_path / "g.json", "nodelink")
    told = json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))
    # rustworkx takes numbers as ids and text as data: its form differs from d3's and networkx's in that alone.
    number = {n["id"]: i for i, n in enumerate(told["nodes"])}
    told["attrs"] = None
    told["nodes"] = [{"id": number[n["id"]], "data": {"id": n["id"]}} for n in told["nodes"]]
    told["links"] = [{"source": number[e["source"]], "target": number[e["target"]], "id": i, "data": {"relation": str(e.get("relation"))}} for i, e in enumerate(told["links"])]  # fmt: skip
    back = rustworkx.parse_node_link_json(json.dumps(told))
    assert Counter((back[u]["id"], back[v]["id"]) for u, v in back.edge_list()) == pairs(graph)


def test_cytoscape_json_is_read_by_networkx(graph: nx.Graph, tmp_path: Path) -> None:
    write_graph(graph, tmp_path / "g.cyjs", "cytoscape")
    back = nx.cytoscape_graph(json.loads((tmp_path / "g.cyjs").read_text(encoding="utf-8")))
    assert pairs(back) == pairs(graph)
    assert back.nodes["State:RUS"]["label"] == "Russia"
    assert to_cytoscape(nx.Graph())["elements"] == {"nodes": [], "edges": []}


def test_frames_hold_every_edge(graph: nx.Graph) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    nodes, edges = to_pandas(graph)
    assert isinstance(edges, pandas.DataFrame)
    assert Counter(zip(edges["source"], edges["target"], strict=True)) == pairs(graph)
    assert set(nodes["node"]) == set(graph)
    _, same = to_polars(graph)
    assert isinstance(same, polars.DataFrame)
    assert same.rows() == polars.from_pandas(edges).select(same.columns).rows()


def test_igraph_has_names_and_attributes(graph: nx.Graph) -> None:
    pytest.importorskip("igraph")
    found = to_igraph(graph)
    assert Counter((found.vs[e.source]["name"], found.vs[e.target]["name"]) for e in found.es) == pairs(graph)
    assert found.is_directed()


def test_arrays_are_those_of_the_adjacency_matrix(graph: nx.Graph) -> None:
    from scipy.sparse import coo_array

    found = to_arrays(graph)
    n = len(graph)
    dense = coo_array((found.edge_weight, found.edge_index), shape=(n, n)).toarray()
    assert np.allclose(dense, nx.to_numpy_array(graph, nodelist=list(found.nodes), weight="weight"))
    both = to_arrays(nx.Graph([(0, 1, {"weight": -2.0}), (1, 1, {"weight": 1.0})]))
    assert both.edge_index.tolist() == [[0, 1, 1], [1, 1, 0]]
    assert to_arrays(nx.Graph()).edge_index.shape == (2, 0)


def test_a_wrong_form_or_place_is_one_sentence(tmp_path: Path) -> None:
    graph: Any = nx.Graph()
    with pytest.raises(KgraphError, match="no graph format"):
        write_graph(graph, tmp_path / "g", "pajek")
    with pytest.raises(KgraphError, match="cannot be written"):
        write_graph(graph, tmp_path / "none" / "g", FORMATS[0])
