"""kgraph: a knowledge-graph builder for international relations.

import kgraph
graph = kgraph.build(["articles/"])
graph.map("map.html")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence

if TYPE_CHECKING:
    from kgraph.pipeline import Graph, build

__version__ = "0.1.0"
__all__ = ["Assertion", "Document", "Entity", "Evidence", "Graph", "KgraphError", "build"]


def __getattr__(name: str) -> Any:
    # `build` and `Graph` bring spaCy and the store with them: loaded when first asked for, so that the command line starts at once.
    if name in ("build", "Graph"):
        from kgraph import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'kgraph' has no attribute {name!r}")
