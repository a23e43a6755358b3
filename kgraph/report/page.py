"""The report's page: the tables and figures of an analysis with the sentences that they rest on, as one HTML file."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx

from kgraph.network import Corpus, View, undirected
from kgraph.network import measures as m
from kgraph.network.analysis import Analysis, analyze
from kgraph.network.period import Period
from kgraph.network.series import by_period, smoothed, span
from kgraph.network.uncertainty import bootstrap
from kgraph.report.figures import Bar, heat_map, interval, network, timeline
from kgraph.report.words import counted, described, summary
from kgraph.writing import write_whole

_HERE = Path(__file__).parent
SHOWN = 24
"""Actors in the network drawing and in the matrix."""
_DYADS, _ACTS = 300, 12


def write_report(
    corpus: Corpus, path: str | Path, *, view: View | None = None, title: str = "Who stands where", replicates: int = 200, seed: int = 0
) -> None:  # fmt: skip
    """Write the report of a corpus in a view as one HTML file that asks for nothing from anywhere.

    Intervals come from so many bootstrap `replicates` over documents. The same corpus and seed give the same bytes. Raises
    KgraphError where no act counts or the path cannot be written.
    """
    write_whole(path, render(corpus, view or View(through=True), title, replicates, seed))


def render(corpus: Corpus, view: View, title: str, replicates: int, seed: int) -> str:
    """The page as text."""
    import jinja2

    corpus.need(view)
    step = _step(corpus, view)
    x = Analysis(corpus, view, step, replicates, "S", seed)
    heavy, networks = _heaviest(x.network), _networks(x)
    told = _told(x, heavy)
    anchors = {(u, v): _anchor("dyad", u, v) for u, v in x.network.edges()}
    actors = {n: _anchor("actor", n) for n in x.network}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("template.html").render(
        title=title, style=(_HERE / "style.css").read_text(encoding="utf-8"),
        cautions=corpus.caution(view), counted=counted(view), summary=summary(x), actors=_actor_rows(x, actors),
        network=network(_drawn(x, heavy), x.labels, _together(x), actors, anchors),
        matrix=_matrix(x, heavy, anchors), shown=len(heavy), all=len(x.network), blocs=_blocs(x, actors),
        balance=analyze(x, ["balance"])[0], timeline=_timeline(networks), periods=_periods(x, networks), step=step,
        tables=analyze(x, ["mediators", "stance", "reciprocity", "polarisation"]), contradictions=analyze(x, ["contradictions"])[0],
        dyads=_dyads(x, told, anchors, actors), left=x.network.number_of_edges() - len(told), described=described(),
    )  # fmt: skip


def _anchor(*parts: Hashable) -> str:
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "_", str(p)) + f"{sum(map(ord, str(p))):x}" for p in parts)


def _step(corpus: Corpus, view: View) -> str:
    told = span((a for a in corpus.assertions if view.selection.admits(a, corpus.published)), corpus.published)
    if told is None or not told.first or not told.last:
        return "month"
    length = (told.last - told.first).days
    return next(step for step, most in (("day", 45), ("week", 300), ("month", 1500), ("quarter", 4500), ("year", 10**9)) if length <= most)  # fmt: skip


def _heaviest(graph: nx.DiGraph) -> list[Hashable]:
    """The actors with the heaviest ties, at most `SHOWN`."""
    size = {n: d.positive_strength_out + d.negative_strength_out + d.positive_strength_in + d.negative_strength_in for n, d in m.signed_degree(graph).items()}  # fmt: skip
    return sorted(size, key=lambda n: (-size[n], str(n)))[:SHOWN]


def _drawn(x: Analysis, heavy: Iterable[Hashable]) -> nx.Graph:
    sub = undirected(x.network.subgraph(heavy))
    sub.remove_nodes_from([n for n, d in dict(sub.degree()).items() if not d])
    return sub


def _actor_rows(x: Analysis, anchors: Mapping[Hashable, str]) -> list[dict[str, Any]]:
    degree, rank, broker = m.signed_degree(x.network), m.pagerank(x.network), m.mediators(x.network, x.blocs.bloc)
    steady, together = _steadiness(x), _together(x)
    most = max((abs(v) for i in x.strengths.values() for v in (i.value, i.low, i.high) if v is not None), default=0)
    rows = []
    for n in sorted(x.network, key=lambda n: (-rank[n], str(n)))[:100]:
        i = x.strengths[n]
        rows.append(
            {
                "name": x.labels[n], "anchor": anchors[n], "does": degree[n].net_out, "suffers": degree[n].net_in,
                "friends": degree[n].positive_out + degree[n].positive_in, "enemies": degree[n].negative_out + degree[n].negative_in,
                "rank": rank[n], "bloc": together.get(n), "steady": steady.get(n), "mediates": len(broker[n].pairs),
                "figure": interval(i.value or 0.0, i.low, i.high, most), "low": i.low, "high": i.high,
            }
        )  # fmt: skip
    return rows


def _together(x: Analysis) -> dict[Hashable, int]:
    """The bloc of each actor that is not alone in it."""
    return {n: i for i, group in enumerate(x.blocs.members()) if len(group) > 1 for n in group}


def _steadiness(x: Analysis) -> dict[Hashable, float]:
    """How often each actor is in the network and with its bloc when documents are drawn anew: the mean over its fellows."""
    blocs = [g for g in x.blocs.members() if len(g) > 1]
    if len(x.network) > 60:
        return {}
    pairs = [(u, v) for g in blocs for u in g for v in g if u != v]

    def together(graph: nx.DiGraph) -> dict[Hashable, float | None]:
        found = m.blocs(graph, exact=0, bound=False).bloc
        return {(u, v): float(found[u] == found[v]) if u in found and v in found else None for u, v in pairs}

    told = bootstrap(x.acts, together, replicates=min(x.replicates, 100), seed=x.seed)
    return {n: share for n in x.network if (share := _mean_share(n, pairs, told)) is not None}


def _mean_share(
    node: Hashable, pairs: Iterable[tuple[Hashable, Hashable]], told: Mapping[Hashable, Any]
) -> float | None:
    shares = [mean * told[p].present for p in pairs if p[0] == node and (mean := told[p].mean) is not None]
    return sum(shares) / len(shares) if shares else None


def _matrix(x: Analysis, heavy: list[Hashable], anchors: Mapping[tuple[Hashable, Hashable], str]) -> Any:
    order = sorted(heavy, key=lambda n: (x.blocs.bloc[n], heavy.index(n)))
    values = [[x.network[u][v]["weight"] if x.network.has_edge(u, v) else None for v in order] for u in order]
    links = {
        (i, j): anchors[u, v] for i, u in enumerate(order) for j, v in enumerate(order) if x.network.has_edge(u, v)
    }
    return heat_map([x.labels[n] for n in order], values, links)


def _blocs(x: Analysis, anchors: Mapping[Hashable, str]) -> list[dict[str, Any]]:
    groups = [(i, g) for i, g in enumerate(x.blocs.members()) if len(g) > 1]
    return [{"number": i, "members": [{"name": x.labels[n], "anchor": anchors[n]} for n in sorted(g, key=lambda n: x.labels[n])]} for i, g in groups]  # fmt: skip


def _networks(x: Analysis) -> list[tuple[Period, nx.DiGraph]]:
    return by_period(
        x.corpus.assertions, lambda g: g, step=x.step, selection=x.view.selection, published=x.corpus.published,
        principals=x.view.principals, through=x.view.through, weighting=x.view.weighting, sources=x.corpus.sources,
    )  # fmt: skip


def _timeline(networks: Iterable[tuple[Period, nx.DiGraph]]) -> Any:
    bars = []
    for period, graph in networks:
        edges = list(graph.edges(data=True))
        plus, minus = sum(d["cooperation"] for _, _, d in edges), sum(d["conflict"] for _, _, d in edges)
        bars.append(Bar(str(period), plus, minus, _anchor("time", str(period)) if edges else ""))
    return timeline(bars, smoothed([b.cooperation - b.conflict for b in bars])) if bars else None


def _periods(x: Analysis, networks: Iterable[tuple[Period, nx.DiGraph]]) -> list[dict[str, Any]]:
    """The acts of each period of the timeline, with their sentences."""
    out = []
    for period, graph in networks:
        lines = [
            {"who": f"{x.labels.get(u, u)} {_verb(act)} {x.labels.get(v, v)}", "polarity": act["polarity"], "said": _said(x, act)}
            for u, v, d in graph.edges(data=True) for act in d["acts"]
        ]  # fmt: skip
        if lines:
            out.append({"label": str(period), "anchor": _anchor("time", str(period)), "acts": lines[:_ACTS], "more": max(0, len(lines) - _ACTS)})  # fmt: skip
    return out


def _verb(act: Mapping[str, Any]) -> str:
    return ("does not: " if act["negated"] else "") + str(act["label"])


def _told(x: Analysis, heavy: Iterable[Hashable]) -> list[tuple[Hashable, Hashable, dict[str, Any]]]:
    """The dyads whose evidence is shown: those of the drawing and the matrix, and the heaviest ones."""
    within = set(heavy)
    ordered = sorted(x.network.edges(data=True), key=lambda e: (-abs(e[2]["weight"]), str(e[0]), str(e[1])))
    return [e for i, e in enumerate(ordered) if i < _DYADS or (e[0] in within and e[1] in within)]


def _dyads(
    x: Analysis, edges: list[tuple[Hashable, Hashable, dict[str, Any]]], anchors: Mapping[tuple[Hashable, Hashable], str], actors: Mapping[Hashable, str]
) -> list[dict[str, Any]]:  # fmt: skip
    """The evidence of the dyads, by actor."""
    groups: dict[Hashable, list[dict[str, Any]]] = {n: [] for n in sorted(x.network, key=lambda n: x.labels[n])}
    for u, v, d in edges:
        acts = [{"label": _verb(a), "through": a.get("through"), "polarity": a["polarity"], "date": a["date"], "modality": a["modality"], "by": a["attributed_to"], "said": _said(x, a)} for a in d["acts"]]  # fmt: skip
        groups[u].append({"anchor": anchors[u, v], "to": x.labels[v], "to_anchor": actors[v], "weight": d["weight"], "because": d["because"], "acts": acts[:_ACTS], "more": max(0, len(acts) - _ACTS)})  # fmt: skip
    suffered = {n: [{"anchor": anchors[u, n], "from": x.labels[u]} for u, v, _ in edges if v == n] for n in groups}
    return [{"name": x.labels[n], "anchor": actors[n], "dyads": told, "suffered": suffered[n]} for n, told in groups.items()]  # fmt: skip


def _said(x: Analysis, act: Mapping[str, Any]) -> list[dict[str, str]]:
    out = []
    for e in act["evidence"]:
        facts = x.corpus.documents.get(e.document, {})
        place = ", ".join(v for v in (facts.get("source"), facts.get("date"), facts.get("title") or e.document) if v)
        out.append({"text": " ".join(e.text.split()), "place": place})
    return out
