"""Networks for other programs: GraphML, GEXF, node-link JSON, Cytoscape JSON, data frames, igraph, edge arrays.

Every function takes a plain networkx graph: a projection (an edge for each assertion) or a signed network (one for each
dyad). Evidence becomes its sentences; attributes that a format cannot hold become text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kgraph.errors import KgraphError
from kgraph.network.period import Period
from kgraph.writing import replacing

if TYPE_CHECKING:
    import igraph
    import pandas
    import polars

FORMATS = ("graphml", "gexf", "nodelink", "cytoscape")
"""The files that `write_graph` writes."""


def write_graph(graph: nx.Graph, path: str | Path, form: str) -> None:
    """Write one of the `FORMATS`; the old file is replaced at once or stays.

    GEXF has the first and last day of each dated act, for Gephi's timeline. Raises KgraphError where the format is
    unknown or the path cannot be written.
    """
    if form not in FORMATS:
        raise KgraphError(f"there is no graph format {form!r}; use one of {', '.join(FORMATS)}")
    with replacing(path) as stream:
        _WRITERS[form](graph, stream)


def plain(graph: nx.Graph) -> nx.Graph:
    """A copy of the graph whose attributes are text, numbers and truth values: evidence as `sentences`, None as empty text."""
    out = graph.__class__()
    for node, data in graph.nodes(data=True):
        out.add_node(node, **{k: _scalar(v) for k, v in data.items()})
    for u, v, data in graph.edges(data=True):
        out.add_edge(u, v, **_edge(data))
    return out


def _edge(data: Mapping[str, Any]) -> dict[str, Any]:
    acts = data.get("acts", (data,))
    sentences = dict.fromkeys(e.text for act in acts for e in act.get("evidence", ()))
    scalars = {k: _scalar(v) for k, v in data.items() if k not in ("evidence", "acts")}
    return scalars | ({"sentences": _scalar(" | ".join(sentences))} if sentences else {})


def _scalar(value: object) -> Any:
    """XML has no None and no control characters."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else str(value)
    return "".join(c for c in text if c.isprintable() or c in "\t\n")


def _graphml(graph: nx.Graph, stream: BinaryIO) -> None:
    nx.write_graphml(plain(graph), stream, infer_numeric_types=True)


def _gexf(graph: nx.Graph, stream: BinaryIO) -> None:
    out = plain(graph)
    for _, _, data in out.edges(data=True):
        # `label` is GEXF's own; Gephi shows it on the edge. Days, since GEXF's date has no months and years.
        begin, _, end = str(data.get("date", "")).partition("/")
        if begin:
            first, last = Period.parse(begin).first, Period.parse(end or begin).last
            if first and last:
                data["start"], data["end"] = first.isoformat(), last.isoformat()
    nx.write_gexf(out, stream)


def _nodelink(graph: nx.Graph, stream: BinaryIO) -> None:
    data = nx.node_link_data(plain(graph), edges="links")
    stream.write(_json(data))


def _cytoscape(graph: nx.Graph, stream: BinaryIO) -> None:
    stream.write(_json(to_cytoscape(graph)))


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


_WRITERS: Mapping[str, Callable[[nx.Graph, BinaryIO], None]] = {
    "graphml": _graphml, "gexf": _gexf, "nodelink": _nodelink, "cytoscape": _cytoscape,
}  # fmt: skip


def to_cytoscape(graph: nx.Graph) -> dict[str, Any]:
    """The graph in the JSON form of Cytoscape and cytoscape.js: `elements` with `nodes` and `edges`, each with its `data`."""
    simple = plain(graph)
    nodes = [
        {"data": {**data, "id": str(n), "value": str(n), "name": str(data.get("label", n))}}
        for n, data in simple.nodes(data=True)
    ]
    edges: list[dict[str, Any]] = []
    for u, v, data in simple.edges(data=True):
        number = len(edges)
        edges.append({"data": {**data, "id": f"e{number}", "source": str(u), "target": str(v), "key": number}})
    return {
        "data": [], "directed": graph.is_directed(), "multigraph": graph.is_multigraph(),
        "elements": {"nodes": nodes, "edges": edges},
    }  # fmt: skip


def node_rows(graph: nx.Graph) -> list[dict[str, Any]]:
    """A row for each node: `node` and its attributes."""
    return [{"node": n, **{k: _scalar(v) for k, v in data.items()}} for n, data in graph.nodes(data=True)]


def edge_rows(graph: nx.Graph) -> list[dict[str, Any]]:
    """A row for each edge: `source`, `target` and its attributes."""
    return [{"source": u, "target": v, **_edge(data)} for u, v, data in graph.edges(data=True)]


def to_pandas(graph: nx.Graph) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The nodes and the edges as pandas data frames; KgraphError where pandas is not installed."""
    pd = library("pandas")
    return pd.DataFrame(node_rows(graph)), pd.DataFrame(edge_rows(graph))


def to_polars(graph: nx.Graph) -> tuple[polars.DataFrame, polars.DataFrame]:
    """The nodes and the edges as polars data frames; KgraphError where polars is not installed."""
    pl = library("polars")
    return (
        pl.DataFrame(node_rows(graph), infer_schema_length=None),
        pl.DataFrame(edge_rows(graph), infer_schema_length=None),
    )


def to_igraph(graph: nx.Graph) -> igraph.Graph:
    """The graph for igraph: vertices have `name` (the node) and the attributes; KgraphError where igraph is not installed."""
    ig = library("igraph")
    number = {n: i for i, n in enumerate(graph)}
    nodes, edges = node_rows(graph), edge_rows(graph)
    out = ig.Graph(
        n=len(nodes), edges=[(number[e["source"]], number[e["target"]]) for e in edges], directed=graph.is_directed()
    )
    for key in dict.fromkeys(k for row in nodes for k in row):
        out.vs["name" if key == "node" else key] = [row.get(key) for row in nodes]
    for key in dict.fromkeys(k for row in edges for k in row if k not in ("source", "target")):
        out.es[key] = [row.get(key) for row in edges]
    return out


@dataclass(frozen=True, slots=True)
class EdgeArrays:
    """A graph as arrays, in the layout of PyTorch Geometric (`edge_index`, `edge_weight`), without torch.

    `nodes`: the keys, by number; `edge_index`: int64 of shape (2, edges), the numbers of source and target;
    `edge_weight`: float64 of shape (edges,), the signed weights.
    """

    nodes: tuple[str, ...]
    edge_index: NDArray[np.int64]
    edge_weight: NDArray[np.float64]


def to_arrays(graph: nx.Graph, weight: str = "weight") -> EdgeArrays:
    """The graph as arrays; an undirected edge stands in both directions, an edge without a weight weighs 1."""
    nodes = tuple(graph)
    number = {n: i for i, n in enumerate(nodes)}
    rows = [(number[u], number[v], float(data.get(weight, 1.0))) for u, v, data in graph.edges(data=True)]
    if not graph.is_directed():
        rows += [(v, u, w) for u, v, w in rows if u != v]
    index = np.array([(u, v) for u, v, _ in rows], dtype=np.int64).reshape(-1, 2).T
    return EdgeArrays(nodes, np.ascontiguousarray(index), np.array([w for _, _, w in rows], dtype=np.float64))


def library(name: str) -> Any:
    """A library of the extra `analysis`; KgraphError where it is not installed."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise KgraphError(f"this needs {name}; install it with `pip install 'kgraph[analysis]'`") from error
