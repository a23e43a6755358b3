"""Projecting: assertions become a plain `networkx.MultiDiGraph`, for measures, for the map and for other programs."""

from kgraph.network.projection import fold, project, write_graph

__all__ = ["fold", "project", "write_graph"]
