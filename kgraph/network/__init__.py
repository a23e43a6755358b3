"""Projecting and measuring: assertions become plain networkx graphs; measures, changes and other programs' files of them."""

from kgraph.network.interchange import write_graph
from kgraph.network.period import Period
from kgraph.network.projection import dyads, fold, project, signed_network, undirected
from kgraph.network.selection import DEEDS, EVERYTHING, Selection, Weighting, select

__all__ = [
    "DEEDS",
    "EVERYTHING",
    "Period",
    "Selection",
    "Weighting",
    "dyads",
    "fold",
    "project",
    "select",
    "signed_network",
    "undirected",
    "write_graph",
]
