"""Measures: functions on plain networkx graphs whose edges have a signed `weight`; each tells its definition, source and cost."""

from kgraph.network.measures.balance import Frustration, Triangles, frustration, triangles
from kgraph.network.measures.blocs import (
    Blocs,
    Polarisation,
    blocs,
    leiden,
    polarisation,
    signed_modularity,
)
from kgraph.network.measures.brokerage import Mediator, mediators
from kgraph.network.measures.centrality import betweenness, pagerank, pn_centrality
from kgraph.network.measures.degree import Reciprocity, SignedDegree, reciprocity, signed_degree
from kgraph.network.measures.stance import Similarity, agreement, alignment, stance_similarity, stances

__all__ = [
    "Blocs",
    "Frustration",
    "Mediator",
    "Polarisation",
    "Reciprocity",
    "SignedDegree",
    "Similarity",
    "Triangles",
    "agreement",
    "alignment",
    "betweenness",
    "blocs",
    "frustration",
    "leiden",
    "mediators",
    "pagerank",
    "pn_centrality",
    "polarisation",
    "reciprocity",
    "signed_degree",
    "signed_modularity",
    "stance_similarity",
    "stances",
    "triangles",
]
