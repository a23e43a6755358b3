"""Signed networks: plain networkx graphs whose edges have a signed `weight`."""

from __future__ import annotations

import networkx as nx


def undirected(graph: nx.DiGraph, weight: str = "weight") -> nx.Graph:
    """The signed network without directions: the two weights of a pair are added, self-loops are left out.

    A pair whose acts cancel out keeps an edge of weight 0: it is no stranger's pair. An undirected graph is copied.
    """
    out = nx.Graph()
    out.add_nodes_from(graph.nodes(data=True))
    for u, v, data in graph.edges(data=True):
        if u != v:
            before = out[u][v][weight] if out.has_edge(u, v) else 0.0
            out.add_edge(u, v, **{weight: before + float(data.get(weight, 1.0))})
    return out
