"""Finding the node or the relation that a user means by a name."""

from __future__ import annotations

import difflib

from kgraph.errors import KgraphError
from kgraph.map.model import MapModel


def find_node(model: MapModel, name: str, place: str) -> int:
    """The number of the node with this key, id or label, upper or lower case alike.

    Raises KgraphError, which begins with `place`, where there is none; it names the nearest.
    """
    wanted = name.strip().casefold()
    for node in model.nodes:
        if wanted in (node.key.casefold(), node.key.partition(":")[2].casefold()):
            return node.number
    for node in model.nodes:
        if node.label.casefold() == wanted:
            return node.number
    raise KgraphError(f"{place}: the map has no node {name!r}{_nearest(name, [n.label for n in model.nodes])}")


def find_relation(model: MapModel, name: str, place: str) -> str:
    """The relation of this name or label; KgraphError where no statement of the map has it."""
    wanted = name.strip().casefold()
    for s in model.statements:
        if wanted in (s.relation.casefold(), s.label.casefold()):
            return s.relation
    labels = sorted({s.relation for s in model.statements})
    raise KgraphError(f"{place}: the map has no relation {name!r}{_nearest(name, labels)}")


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else "; search the map for its names, or take an id"
