"""Projecting and measuring: assertions become plain networkx graphs; measures, changes and other programs' files of them."""

from kgraph.network.corpus import Corpus, View
from kgraph.network.interchange import write_graph
from kgraph.network.period import Period
from kgraph.network.projection import dyads, fold, project, signed_network
from kgraph.network.selection import DEEDS, EVERYTHING, Selection, Weighting, select
from kgraph.network.signed import undirected

__all__ = [
    "DEEDS",
    "EVERYTHING",
    "Corpus",
    "Period",
    "Selection",
    "View",
    "Weighting",
    "dyads",
    "fold",
    "project",
    "select",
    "signed_network",
    "undirected",
    "write_graph",
]
