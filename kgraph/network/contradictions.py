"""Where the texts contradict each other: the same thing said and denied, and dyads both warm and cold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What some texts affirm of two nodes and others negate or report as denied; both sides are edges' attributes."""

    source: str
    target: str
    relation: str
    affirmed: tuple[dict[str, Any], ...]
    denied: tuple[dict[str, Any], ...]


def contradictions(graph: nx.MultiDiGraph) -> list[Contradiction]:
    """The relations of a projection that are affirmed as actual by some acts and negated or denied by others.

    Those of one and the same day or of no day count alike: the reader judges. Cost: O(edges).
    """
    yes: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    no: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for u, v, data in graph.edges(data=True):
        key = (u, v, data["relation"])
        if data["modality"] == "denied" or (data["modality"] == "actual" and data["negated"]):
            no.setdefault(key, []).append(data)
        elif data["modality"] == "actual":
            yes.setdefault(key, []).append(data)
    return [Contradiction(*key, tuple(yes[key]), tuple(no[key])) for key in sorted(yes) if key in no]
