"""Showing: a networkx graph becomes one HTML file that works with the network unplugged."""

from kgraph.map.page import write_map

__all__ = ["write_map"]
