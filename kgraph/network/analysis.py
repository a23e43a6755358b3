"""The measures as tables: what `kgraph analyze` prints, each by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import networkx as nx

from kgraph.errors import KgraphError
from kgraph.network import measures as m
from kgraph.network.contradictions import contradictions
from kgraph.network.corpus import Corpus, View
from kgraph.network.projection import dyads, project
from kgraph.network.selection import EVERYTHING
from kgraph.network.series import by_period, dyadic_series
from kgraph.network.tables import Table
from kgraph.network.uncertainty import Interval, bootstrap

Row = dict[str, Any]


@dataclass(frozen=True)
class Analysis:
    """A corpus in one view, with the networks that the measures need, each made once.

    `step` cuts time for the measures over time; `replicates` above 0 adds bootstrap intervals; `method` is the score of stance
    similarity; `seed` makes what is drawn by lot repeatable.
    """

    corpus: Corpus
    view: View = field(default_factory=View)
    step: str = "month"
    replicates: int = 0
    method: str = "S"
    seed: int = 0

    @cached_property
    def acts(self) -> nx.MultiDiGraph:
        """The acts between actors."""
        return self.corpus.projection(self.view)

    @cached_property
    def network(self) -> nx.DiGraph:
        """The signed network of dyads."""
        return dyads(self.acts)

    @cached_property
    def on_things(self) -> nx.MultiDiGraph:
        """The acts on actors and things."""
        return self.corpus.projection(self.view, things=True)

    @cached_property
    def labels(self) -> dict[Hashable, str]:
        """The label of each node."""
        return {n: d["label"] for g in (self.on_things, self.acts) for n, d in g.nodes(data=True)}

    @cached_property
    def blocs(self) -> m.Blocs:
        """The blocs of the network."""
        return m.blocs(self.network, seed=self.seed)

    @cached_property
    def strengths(self) -> dict[Hashable, Interval]:
        """What each actor does to others, net, with its interval."""
        return bootstrap(self.acts, net_out, replicates=self.replicates, seed=self.seed)


def net_out(network: nx.DiGraph) -> dict[Hashable, float | None]:
    """What each actor does to others, net: the statistic of the bootstrap."""
    return {n: d.net_out for n, d in m.signed_degree(network).items()}


def _named(x: Analysis, node: Hashable) -> Row:
    return {"actor": x.labels.get(node, str(node)), "id": str(node).split(":", 1)[-1]}


def _ranked(x: Analysis, name: str, title: str, columns: Mapping[str, Mapping[Hashable, Any]], notes: Iterable[str] = ()) -> Table:  # fmt: skip
    """A row for each actor, by the first column, the greatest first."""
    nodes = sorted(x.network, key=lambda n: (-(next(iter(columns.values()))[n] or 0), str(n)))
    rows = [_named(x, n) | {c: values[n] for c, values in columns.items()} for n in nodes]
    return Table(name, title, rows, tuple(notes))


def _actors(x: Analysis) -> Table:
    degree, rank, between = m.signed_degree(x.network), m.pagerank(x.network), m.betweenness(x.network)
    pn = m.pn_centrality(x.network, "out")
    broker = m.mediators(x.network, x.blocs.bloc)
    columns: dict[str, dict[Hashable, Any]] = {
        "pagerank": rank,
        "does": {n: d.net_out for n, d in degree.items()},
        "suffers": {n: d.net_in for n, d in degree.items()},
        "friends": {n: d.positive_out + d.positive_in for n, d in degree.items()},
        "enemies": {n: d.negative_out + d.negative_in for n, d in degree.items()},
        "betweenness": between, "pn": pn, "bloc": x.blocs.bloc,
        "mediates": {n: len(b.pairs) for n, b in broker.items()},
    }  # fmt: skip
    notes = [
        "does and suffers are net weights of acts, Goldstein intensity times independent sources; see `--measure degree`"
    ]
    return _ranked(x, "actors", "The actors", columns, notes)


def _degree(x: Analysis) -> Table:
    degree = m.signed_degree(x.network)
    names = ("positive_out", "negative_out", "positive_in", "negative_in", "positive_strength_out", "negative_strength_out",
             "positive_strength_in", "negative_strength_in", "net_out", "net_in")  # fmt: skip
    columns: dict[str, dict[Hashable, Any]] = {"strength": {n: d.positive_strength_out + d.negative_strength_out + d.positive_strength_in + d.negative_strength_in for n, d in degree.items()}}  # fmt: skip
    columns |= {name: {n: getattr(d, name) for n, d in degree.items()} for name in names}
    notes = []
    if x.replicates:
        columns["net_out_low"] = {n: x.strengths[n].low for n in degree}
        columns["net_out_high"] = {n: x.strengths[n].high for n in degree}
        notes = [f"low and high: 95 % interval of {x.replicates} bootstrap replicates over documents"]
        if all(i.low is None for i in x.strengths.values()):
            notes.append("one document alone gives no interval")
    return _ranked(x, "degree", "Degree and strength by sign", columns, notes)


def _pagerank(x: Analysis) -> Table:
    return _ranked(x, "pagerank", "PageRank", {"pagerank": m.pagerank(x.network)})


def _betweenness(x: Analysis) -> Table:
    return _ranked(x, "betweenness", "Betweenness", {"betweenness": m.betweenness(x.network)})


def _pn(x: Analysis) -> Table:
    columns = {"pn_out": m.pn_centrality(x.network, "out"), "pn_in": m.pn_centrality(x.network, "in")}
    return _ranked(x, "pn", "PN centrality", columns, ["1 is an actor without ties, below it enemies prevail"])


def _balance(x: Analysis) -> Table:
    found, three = m.frustration(x.network, seed=x.seed), m.triangles(x.network)
    rows: list[Row] = [
        {"figure": "triangles +++ (balanced)", "value": three.ppp},
        {"figure": "triangles ++-", "value": three.ppn},
        {"figure": "triangles +-- (balanced)", "value": three.pnn},
        {"figure": "triangles ---", "value": three.nnn},
        {"figure": "share of balanced triangles", "value": three.share},
        {"figure": "frustration index", "value": found.index},
        {"figure": "proven lower bound of it", "value": found.lower},
        {"figure": "signed ties", "value": found.edges},
        {"figure": "balance 1 - 2L/m", "value": found.balance},
    ]
    ties = ", ".join(f"{x.labels[u]} - {x.labels[v]}" for u, v in found.ties[:20])
    notes = [f"ties against the two camps: {ties}"] if ties else []
    if not three.total:
        notes.append("there is no triangle, so no share of balanced ones")
    return Table("balance", "Structural balance", rows, notes)


def _blocs(x: Analysis) -> Table:
    members = [(i, group) for i, group in enumerate(x.blocs.members()) if len(group) > 1]
    rows = [{"bloc": i, "size": len(g), "members": ", ".join(sorted(x.labels[n] for n in g))} for i, g in members]
    fit = "no tie has a sign" if x.blocs.share is None else f"{1 - x.blocs.share:.0%} of all weight fits the blocs"
    alone = len(x.network) - sum(len(g) for _, g in members)
    answer = "optimal"
    if not x.blocs.exact and x.blocs.share:
        best = 1 - x.blocs.share * x.blocs.lower / x.blocs.cost
        answer = f"a heuristic answer, of which it is proven that none fits more than {best:.0%}"
    return Table("blocs", "Blocs: friends inside, enemies between", rows, [f"{fit}; {answer}; {alone} actors stand alone"])  # fmt: skip


def _communities(x: Analysis) -> Table:
    found = m.leiden(x.network, seed=x.seed)
    groups: dict[int, list[str]] = {}
    for n, c in found.items():
        groups.setdefault(c, []).append(x.labels[n])
    rows = [
        {"community": c, "size": len(g), "members": ", ".join(sorted(g))}
        for c, g in sorted(groups.items())
        if len(g) > 1
    ]
    value = m.signed_modularity(x.network, found)
    notes = ["no ties, no modularity" if value is None else f"signed modularity {value:.3f}"]
    return Table("communities", "Communities of friends (Leiden)", rows, notes)


def _mediators(x: Analysis) -> Table:
    found = m.mediators(x.network, x.blocs.bloc)
    order = sorted((n for n in found if found[n].pairs), key=lambda n: (-len(found[n].pairs), str(n)))
    rows = [
        _named(x, n) | {
            "pairs": len(found[n].pairs), "share": found[n].share, "across_blocs": found[n].across,
            "between": "; ".join(f"{x.labels[a]} - {x.labels[b]}" for a, b in found[n].pairs[:10]),
        }
        for n in order
    ]  # fmt: skip
    offers = sorted({x.labels[u] for u, _, d in x.on_things.edges(data=True) if d["relation"] == "mediates"})
    notes = ["pairs of enemies who are both friends of the actor"]
    notes += [f"the texts tell of mediation by {', '.join(offers)}"] if offers else []
    return Table("mediators", "Who stands between enemies", rows, notes)


def _reciprocity(x: Analysis) -> Table:
    rows: list[Row] = []
    for name, sign in (("conflict", -1), ("cooperation", 1)):
        found = m.reciprocity(x.network, sign)
        rows.append({"sign": name, "ties": found.ties, "returned": found.returned, "share": found.share, "weighted": found.weighted})  # fmt: skip
    return Table("reciprocity", "How far conflict and cooperation are returned in kind", rows)


def _stance(x: Analysis) -> Table:
    similar = m.stance_similarity(m.stances(x.on_things), x.method)
    rows: list[Row] = [
        {"one": x.labels[s.one], "other": x.labels[s.other], "shared": s.shared, "similarity": s.value,
         "on": "; ".join(x.labels[t] for t in s.things[:5])} for s in similar
    ]  # fmt: skip
    return Table("stance", f"Stance similarity over instruments, events and votes ({x.method})", rows, ["from -1, opposite, to 1, the same; - where nothing varies"])  # fmt: skip


def _polarisation(x: Analysis) -> Table:
    found = by_period(
        x.corpus.assertions, m.polarisation, step=x.step, selection=x.view.selection, published=x.corpus.published,
        principals=x.view.principals, through=x.view.through, weighting=x.view.weighting, sources=x.corpus.sources,
    )  # fmt: skip
    rows: list[Row] = [{"period": str(p), "fit": v.fit, "bipolarity": v.bipolarity, "modularity": v.modularity, "blocs": v.blocs, "ties": v.ties} for p, v in found if v.ties]  # fmt: skip
    notes = ["periods without a signed tie are left out; a period of a few ties says little"]
    return Table("polarisation", f"Polarisation by {x.step}", rows, notes if found else ["nothing here has a date"])


def _dyads(x: Analysis) -> Table:
    ordered = sorted(x.network.edges(data=True), key=lambda e: (-abs(e[2]["weight"]), str(e[0]), str(e[1])))
    rows: list[Row] = [
        {"source": x.labels[u], "target": x.labels[v], "weight": d["weight"], "cooperation": d["cooperation"],
         "conflict": d["conflict"], "acts": len(d["acts"]), "because": d["because"]} for u, v, d in ordered
    ]  # fmt: skip
    return Table("dyads", "Dyads: who does what to whom, added up", rows)


def _series(x: Analysis) -> Table:
    found = dyadic_series(
        x.corpus.assertions, step=x.step, selection=x.view.selection, published=x.corpus.published,
        principals=x.view.principals, through=x.view.through, weighting=x.view.weighting, sources=x.corpus.sources,
    )  # fmt: skip
    rows: list[Row] = [
        {"source": x.labels.get(s.source, s.source), "target": x.labels.get(s.target, s.target), "period": str(p),
         "cooperation": a, "conflict": b, "net": a - b, "smooth": c}
        for s in found for p, a, b, c in zip(s.periods, s.cooperation, s.conflict, s.smooth, strict=True)
    ]  # fmt: skip
    return Table("series", f"Conflict and cooperation by {x.step}", rows, [] if rows else ["nothing here has a date"])


def _contradictions(x: Analysis) -> Table:
    whole = project(x.corpus.assertions, selection=EVERYTHING, principals=x.view.principals)
    labels = {n: d["label"] for n, d in whole.nodes(data=True)}

    def told(acts: Iterable[Mapping[str, Any]]) -> str:
        return " | ".join(dict.fromkeys(" ".join(e.text.split()) for a in acts for e in a["evidence"]))

    rows: list[Row] = [
        {"source": labels[c.source], "relation": c.relation, "target": labels[c.target], "said": told(c.affirmed), "denied": told(c.denied)}
        for c in contradictions(whole)
    ]  # fmt: skip
    return Table(
        "contradictions", "What is said by some and denied by others", rows, ["of all periods and all confidences"]
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure by name: what it tells, the function that makes its table, and a library of the extra `analysis` it needs."""

    about: str
    table: Callable[[Analysis], Table]
    needs: str | None = None

    @property
    def ready(self) -> bool:
        """Is the library installed?"""
        return self.needs is None or find_spec(self.needs) is not None


MEASURES: Mapping[str, Measure] = {
    "actors": Measure("an overview of each actor", _actors),
    "degree": Measure("degree and strength by sign", _degree),
    "pagerank": Measure("who is at the centre of what happens", _pagerank),
    "betweenness": Measure("who lies on the paths between others", _betweenness),
    "pn": Measure("standing among friends and enemies (Everett and Borgatti)", _pn),
    "balance": Measure("triangles by sign and the frustration index", _balance),
    "blocs": Measure("signed blockmodel: friends inside, enemies between", _blocs),
    "communities": Measure("Leiden communities of friends", _communities, "igraph"),
    "mediators": Measure("who stands between enemies", _mediators),
    "reciprocity": Measure("how far conflict is returned in kind", _reciprocity),
    "stance": Measure("how alike states stand to the same things", _stance),
    "polarisation": Measure("how far the network falls into hostile blocs, over time", _polarisation),
    "dyads": Measure("the signed network itself, with how each sign came about", _dyads),
    "series": Measure("conflict and cooperation of each dyad over time", _series),
    "contradictions": Measure("what some texts say and others deny", _contradictions),
}


def analyze(analysis: Analysis, names: Iterable[str]) -> list[Table]:
    """The tables of the measures named.

    Raises KgraphError where a measure is unknown, or where no act counts in the view.
    """
    wanted = list(names)
    for name in wanted:
        if name not in MEASURES:
            raise KgraphError(f"there is no measure {name!r}; use one of {', '.join(MEASURES)}")
    analysis.corpus.need(analysis.view)
    return [MEASURES[name].table(analysis) for name in wanted]
