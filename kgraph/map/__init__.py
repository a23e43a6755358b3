"""Showing: a networkx graph becomes one HTML file that works with the network unplugged."""

from kgraph.map.page import LAYOUTS, MapOptions, Written, write_map

__all__ = ["LAYOUTS", "MapOptions", "Written", "write_map"]
