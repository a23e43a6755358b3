"""Centralities: PageRank, betweenness, and PN centrality for signed networks."""

from __future__ import annotations

from collections.abc import Hashable

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from kgraph.errors import KgraphError
from kgraph.network.interchange import library

LARGE = 2_000_000
"""Nodes times edges above which betweenness asks igraph."""


def pagerank(graph: nx.Graph, damping: float = 0.85, weight: str = "weight") -> dict[Hashable, float]:
    """PageRank over the sizes of the weights: who is at the centre of what happens, in friendship or in enmity.

    Definition: p_j = (1 - d) / n + d * sum_i p_i |w_ij| / sum_k |w_ik|, what nodes without ties hold being shared among all.
    Source: Brin and Page (1998), Computer Networks 30: 107-117. Cost: O(edges) for each of some 50 rounds. An empty graph
    gives an empty answer. Engine: networkx.
    """
    sizes = nx.DiGraph()
    sizes.add_nodes_from(graph)
    for u, v, value in graph.edges(data=weight, default=1.0):
        if value:
            sizes.add_edge(u, v, weight=abs(value))
            if not graph.is_directed():
                sizes.add_edge(v, u, weight=abs(value))
    found: dict[Hashable, float] = nx.pagerank(sizes, alpha=damping) if sizes else {}
    return found


def betweenness(graph: nx.Graph, engine: str = "auto") -> dict[Hashable, float]:
    """The share of shortest paths between others on which a node lies.

    Definition: b(v) = sum over s != v != t of sigma_st(v) / sigma_st, divided by the number of pairs, (n-1)(n-2), or half of
    it without directions. Paths are counted in ties, whatever their weight or sign. Source: Freeman (1977), Sociometry 40:
    35-41; Brandes (2001), J. Mathematical Sociology 25: 163-177. Cost: O(nodes x edges). `engine`: networkx, igraph, or auto:
    igraph where nodes x edges exceeds `LARGE` and it is installed. Raises KgraphError where igraph is asked for and missing.
    """
    if engine not in ("auto", "networkx", "igraph"):
        raise KgraphError(f"there is no engine {engine!r}; use auto, networkx or igraph")
    n = len(graph)
    large = n * graph.number_of_edges() > LARGE
    if engine == "networkx" or (engine == "auto" and not (large and _igraph_is_here())):
        found: dict[Hashable, float] = nx.betweenness_centrality(graph)
        return found
    number = {node: i for i, node in enumerate(graph)}
    edges = [(number[u], number[v]) for u, v in graph.edges()]
    other = library("igraph").Graph(n=n, edges=edges, directed=graph.is_directed())
    pairs = (n - 1) * (n - 2) / (1 if graph.is_directed() else 2)
    values = other.betweenness()
    return {node: (values[i] / pairs if pairs > 0 else 0.0) for node, i in number.items()}


def _igraph_is_here() -> bool:
    from importlib.util import find_spec

    return find_spec("igraph") is not None


def pn_centrality(graph: nx.Graph, mode: str = "all", weight: str = "weight") -> dict[Hashable, float]:
    """PN centrality: standing in a network of friends and enemies; enemies count twice and against.

    Definition: with P and N the 0/1 matrices of positive and negative ties, A = P - 2N and n nodes, PN = (I - A/(2n-2))^-1 1.
    Directed graphs have `mode` out, PN = (I - A A'/(4(n-1)^2))^-1 (I + A/(2n-2)) 1, and in, the same of the transpose; all
    needs an undirected graph. 1 is a node without ties, below it enemies prevail; of two enemies alone the solution of least norm is given. Source: Everett and Borgatti (2014), Social
    Networks 38: 111-120. Cost: O(edges) for each of some tens of rounds. Sizes of weights, zeros and self-loops are not regarded. Raises KgraphError
    where the mode does not fit.
    """
    if (mode == "all") == graph.is_directed() or mode not in ("all", "in", "out"):
        raise KgraphError(
            f"PN centrality has no mode {mode!r} for this graph; use in or out of a directed one, else all"
        )
    nodes = list(graph)
    n = len(nodes)
    if n < 2:
        return dict.fromkeys(nodes, 1.0)
    number = {node: i for i, node in enumerate(nodes)}
    edges = [(number[u], number[v], w) for u, v, w in graph.edges(data=weight, default=1.0) if u != v and w]
    if not graph.is_directed():
        edges += [(v, u, w) for u, v, w in edges]
    size = np.array([1.0 if w > 0 else -2.0 for _, _, w in edges]) / (2 * n - 2)
    step = sparse.csr_array((size, ([u for u, _, _ in edges], [v for _, v, _ in edges])), shape=(n, n))
    if mode == "in":
        step = sparse.csr_array(step.T)
    one = np.ones(n)

    def times(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x - step @ (x if mode == "all" else step.T @ x))

    # Row sums of A / (2n-2) are at most 1 in size, so that the matrix is positive semidefinite; where it has no inverse (two
    # enemies alone), conjugate gradients from 0 give the solution of least norm.
    matrix = LinearOperator((n, n), matvec=times, dtype=np.float64)
    values, _ = cg(matrix, one if mode == "all" else one + step @ one, rtol=1e-14, maxiter=10 * n)
    return {node: float(values[i]) for node, i in number.items()}
