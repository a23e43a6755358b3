"""Stance similarity: how alike states stand to the same instruments, events and votes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from kgraph.errors import KgraphError

METHODS = ("S", "kappa", "pi")
"""The scores that `agreement` knows."""

Stances = dict[Hashable, dict[Hashable, int]]


def stances(graph: nx.MultiDiGraph) -> Stances:
    """The stance (1 for, 0 neither, -1 against) of each actor to each thing, from a projection with things.

    It is the sign of the sum of what the actor says of the thing; a thing to which only one actor has a stance is left out.
    Abstentions are 0; participation, requests and structural relations are no stances. Cost: O(edges).
    """
    sums: dict[tuple[Hashable, Hashable], float] = {}
    for u, v, data in graph.edges(data=True):
        actor = graph.nodes[u]["cls"] in ("State", "Organization", "Person", "Group")
        on_thing = graph.nodes[v]["cls"] in ("Instrument", "Event", "Issue")
        stance = data["polarity"] != "0" or data["relation"] == "abstains"
        if actor and on_thing and stance and data["plover"] is not None:
            sign = {"+": 1, "-": -1, "0": 0}[data["polarity"]]
            sums[u, v] = sums.get((u, v), 0) + (-sign if data["negated"] else sign)
    holders: dict[Hashable, int] = {}
    for _, thing in sums:
        holders[thing] = holders.get(thing, 0) + 1
    out: Stances = {}
    for (holder, thing), value in sums.items():
        if holders[thing] > 1:
            out.setdefault(holder, {})[thing] = (value > 0) - (value < 0)
    return out


def agreement(one: Sequence[int], other: Sequence[int], method: str = "S") -> float | None:
    """How alike two rows of stances (each -1, 0 or 1) are, from -1 (opposite) to 1 (the same).

    Definition: S = 1 - 2 sum |a_i - b_i| / (2n) (Signorino and Ritter 1999, "Tau-b or not tau-b", International Studies
    Quarterly 43: 115-144, unweighted, absolute distances). kappa and pi = 1 - D_o / D_e with D_o the mean squared distance and
    D_e that of chance: each actor's own margins for kappa (Cohen 1968), the pooled margins for pi (Scott 1955), as Häge (2011),
    "Choice or circumstance?", Political Analysis 19: 287-305, proposes against S's neglect of chance. None where there is
    nothing to compare, or where kappa and pi have no meaning since nothing varies. Cost: O(n). Raises KgraphError where the
    method is unknown or the rows differ in length.
    """
    if method not in METHODS:
        raise KgraphError(f"there is no similarity {method!r}; use one of {', '.join(METHODS)}")
    if len(one) != len(other):
        raise KgraphError(f"the rows have {len(one)} and {len(other)} stances; compare the same things")
    n = len(one)
    if not n:
        return None
    if method == "S":
        return 1 - sum(abs(a - b) for a, b in zip(one, other, strict=True)) / n
    observed = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / n
    left, right = (one, other) if method == "kappa" else ([*one, *other], [*one, *other])
    chance = sum((a - b) ** 2 * left.count(a) * right.count(b) for a in (-1, 0, 1) for b in (-1, 0, 1))
    expected = chance / (len(left) * len(right))
    return 1 - observed / expected if expected else None


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two actors stand: to `shared` things, of which the names stand in `things`; `value` may have no meaning (None)."""

    one: Hashable
    other: Hashable
    shared: int
    value: float | None
    things: tuple[Hashable, ...]


def stance_similarity(found: Stances, method: str = "S", least: int = 1) -> list[Similarity]:
    """`agreement` of each pair of actors over the things to which both have a stance, if there are at least `least`.

    Most alike first, then by how much is shared. Cost: O(actors^2 x things).
    """
    out = []
    for one, other in combinations(sorted(found, key=str), 2):
        things = tuple(t for t in found[one] if t in found[other])
        if len(things) >= max(least, 1):
            value = agreement([found[one][t] for t in things], [found[other][t] for t in things], method)
            out.append(Similarity(one, other, len(things), value, things))
    return sorted(out, key=lambda s: (s.value is None, -(s.value or 0), -s.shared, str(s.one), str(s.other)))


def alignment(similar: Sequence[Similarity]) -> nx.Graph:
    """The signed network of stances: `weight` is similarity x shared things, so that the measures of dyads can be taken of it."""
    out = nx.Graph()
    for s in similar:
        if s.value is not None:
            out.add_edge(s.one, s.other, weight=s.value * s.shared, shared=s.shared)
    return out
