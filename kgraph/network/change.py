"""What changed between two networks: which ties turned, which came and went, and whose place moved."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kgraph.network.measures.degree import signed_degree

KINDS = ("turned", "new", "gone", "warmer", "colder")
"""The kinds of change of a tie, in the order of their importance."""


@dataclass(frozen=True, slots=True)
class TieChange:
    """How one directed tie changed.

    `before` and `after` are signed weights (0 where there is none); `kind` is turned (the sign changed), new, gone, warmer or
    colder; the acts are those of the edge in either network, each with its evidence.
    """

    source: Hashable
    target: Hashable
    kind: str
    before: float
    after: float
    acts_before: tuple[dict[str, Any], ...]
    acts_after: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ActorChange:
    """How an actor's place changed: what it does to others (`out`) and what others do to it (`in`), net, before and after."""

    actor: Hashable
    out_before: float
    out_after: float
    in_before: float
    in_after: float

    @property
    def shift(self) -> float:
        """The change of both together, in size."""
        return abs(self.out_after - self.out_before) + abs(self.in_after - self.in_before)


def tie_changes(
    before: nx.DiGraph, after: nx.DiGraph, *, weight: str = "weight", least: float = 1e-9
) -> list[TieChange]:
    """The ties that changed by more than `least` between two signed networks, turned ones first, then by size.

    Definition: the difference of the two weighted edge sets; a tie turned where the product of its two weights is negative.
    Source: structural change as sign change of ties, Doreian and Mrvar (2015), "Structural balance and signed international
    relations", J. Social Structure 16. Cost: O(edges log edges). Networks of periods of unequal length or coverage differ
    by that alone: compare like with like.
    """
    out = []
    for u, v in dict.fromkeys([*before.edges(), *after.edges()]):
        old, new = (dict(g[u][v]) if g.has_edge(u, v) else None for g in (before, after))
        a, b = (float(d.get(weight, 1.0)) if d is not None else 0.0 for d in (old, new))
        if old is not None and new is not None and abs(a - b) <= least:
            continue
        kind = _kind(old is not None, new is not None, a, b)
        acts = [tuple(d.get("acts", ())) if d else () for d in (old, new)]
        out.append(TieChange(u, v, kind, a, b, *acts))
    return sorted(out, key=lambda c: (KINDS.index(c.kind), -abs(c.after - c.before), str(c.source), str(c.target)))


def _kind(was: bool, remains: bool, before: float, after: float) -> str:
    if not was:
        return "new"
    if not remains:
        return "gone"
    if before * after < 0:
        return "turned"
    return "warmer" if after > before else "colder"


def actor_changes(before: nx.DiGraph, after: nx.DiGraph, *, weight: str = "weight") -> list[ActorChange]:
    """How the net strength of each actor changed, the largest shift first; an actor that is missing counts as 0.

    Definition: net strength is s+ less s- of `signed_degree`. Cost: O(edges).
    """
    old, new = signed_degree(before, weight), signed_degree(after, weight)
    out = [
        ActorChange(
            n,
            old[n].net_out if n in old else 0.0, new[n].net_out if n in new else 0.0,
            old[n].net_in if n in old else 0.0, new[n].net_in if n in new else 0.0,
        )
        for n in dict.fromkeys([*old, *new])
    ]  # fmt: skip
    return sorted((c for c in out if c.shift > 0), key=lambda c: (-c.shift, str(c.actor)))
