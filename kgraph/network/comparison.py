"""Two periods of a corpus compared: what changed, by dyad and by actor, each change with its sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from kgraph.network import measures as m
from kgraph.network.change import actor_changes, tie_changes
from kgraph.network.corpus import Corpus, View
from kgraph.network.tables import Table


def compare(corpus: Corpus, before: View, after: View) -> list[Table]:
    """Three tables: dyads, actors, and the whole network. KgraphError where one of the two views holds no act."""
    corpus.need(before)
    corpus.need(after)
    old, new = corpus.signed(before), corpus.signed(after)
    labels = {n: d["label"] for g in (old, new) for n, d in g.nodes(data=True)}
    dyads = [
        {
            "source": labels[c.source], "target": labels[c.target], "change": c.kind, "before": c.before, "after": c.after,
            "said_before": _sentences(c.acts_before), "said_after": _sentences(c.acts_after),
        }
        for c in tie_changes(old, new)
    ]  # fmt: skip
    actors = [
        {
            "actor": labels[c.actor], "does_before": c.out_before, "does_after": c.out_after, "suffers_before": c.in_before,
            "suffers_after": c.in_after,
            "said_after": _sentences(a for u, v, d in new.edges(data=True) if c.actor in (u, v) for a in d["acts"]),
        }
        for c in actor_changes(old, new)
    ]  # fmt: skip
    figures: dict[str, tuple[Any, Any]] = {"actors": (len(old), len(new)), "signed ties": (_signed(old), _signed(new))}
    a, b = m.polarisation(old), m.polarisation(new)
    figures |= {
        "polarisation: fit of the blocs": (a.fit, b.fit),
        "polarisation: bipolarity": (a.bipolarity, b.bipolarity),
        "balance 1 - 2L/m": (m.frustration(old).balance, m.frustration(new).balance),
        "conflict returned": (m.reciprocity(old).share, m.reciprocity(new).share),
    }
    whole = [{"figure": name, "before": x, "after": y} for name, (x, y) in figures.items()]
    note = ["periods of unequal length or coverage differ by that alone"]
    return [
        Table("dyads", "What changed between two actors", dyads, below=("said_before", "said_after")),
        Table("actors", "Whose place changed", actors, below=("said_after",)),
        Table("network", "The network as a whole", whole, note),
    ]


def _signed(graph: nx.DiGraph) -> int:
    return sum(bool(w) for _, _, w in graph.edges(data="weight"))


def _sentences(acts: Iterable[Mapping[str, Any]]) -> str:
    told = dict.fromkeys(f"{' '.join(e.text.split())} [{e.document}]" for a in acts for e in a["evidence"])
    return " | ".join(told)
