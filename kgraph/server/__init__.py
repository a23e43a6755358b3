"""Showing a store to browsers and SPARQL clients: a local server that only reads."""

from kgraph.server.application import Settings, application

__all__ = ["Settings", "application"]
