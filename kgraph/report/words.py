"""The report's sentences: what was counted, what stands out, and what each figure means."""

from __future__ import annotations

from collections.abc import Hashable

from kgraph.network import View
from kgraph.network import measures as m
from kgraph.network.analysis import Analysis


def counted(view: View) -> list[str]:
    """What the view lets in and how it weighs, in sentences."""
    s, w = view.selection, view.weighting
    kinds = ", ".join(sorted(k.value for k in s.modalities))
    out = [f"Counted is what the texts state as {kinds}" + ("" if s.negated else " and do not negate") + f"{f', in {s.period}' if s.period else ''}."]  # fmt: skip
    if not s.attributed:
        out.append("What a text gives as the word of somebody else than the actor is left out.")
    if s.min_confidence:
        out.append(f"What is less sure than {s.min_confidence:g} is left out.")
    if view.principals:
        out.append("People and bodies count as the state or organization for which they act.")
    if view.through:
        out.append("An act on a thing counts towards the thing's target: who opposes sanctions on X sides with X.")
    parts = [n for n, on in (("the Goldstein intensity of its relation", w.intensity), ("the number of independent sources", w.sources), ("its confidence", w.confidence)) if on]  # fmt: skip
    out.append(f"An act weighs {' times '.join(parts) if parts else '1'}, with its sign.")
    if w.half_life:
        out.append(f"It weighs half after {w.half_life:g} days, counted back from {w.as_of}.")
    return out


def summary(x: Analysis) -> list[str]:
    """What stands out, in a few sentences; only what the figures carry."""
    degree = m.signed_degree(x.network)
    out = []
    edges = sorted(x.network.edges(data=True), key=lambda e: (e[2]["weight"], str(e[0]), str(e[1])))
    if edges and edges[0][2]["weight"] < 0:
        u, v, d = edges[0]
        out.append(f"The most hostile tie is that of {x.labels[u]} to {x.labels[v]} ({d['because']}).")
    if edges and edges[-1][2]["weight"] > 0:
        u, v, d = edges[-1]
        out.append(f"The friendliest is that of {x.labels[u]} to {x.labels[v]} ({d['because']}).")
    target = min(degree, key=lambda n: (degree[n].net_in, str(n)))
    if degree[target].net_in < 0:
        out.append(f"{x.labels[target]} is the one against whom most is directed ({degree[target].net_in:+.1f}).")
    groups = [g for g in x.blocs.members() if len(g) > 1]
    if groups and x.blocs.share is not None:
        told = "; ".join(_listed(x, g) for g in groups[:4])
        out.append(f"{len(groups)} bloc{'s' if len(groups) > 1 else ''} of two or more: {told}. {1 - x.blocs.share:.0%} of all weight fits them.")  # fmt: skip
    brokers = m.mediators(x.network, x.blocs.bloc)
    best = max(brokers, key=lambda n: (len(brokers[n].pairs), str(n)), default=None)
    if best is not None and brokers[best].pairs:
        a, b = brokers[best].pairs[0]
        rest = len(brokers[best].pairs) - 1
        more = f", and {rest} pair{'s' if rest > 1 else ''} more" if rest else ""
        out.append(f"{x.labels[best]} is on good terms with enemies: {x.labels[a]} and {x.labels[b]}{more}.")
    return out or ["No tie between actors has a sign: there is too little here for a picture."]


def _listed(x: Analysis, group: list[Hashable]) -> str:
    names = sorted(x.labels[n] for n in group)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def described() -> list[tuple[str, str]]:
    """What each figure means and where it comes from."""
    return [
        ("does, suffers", "The signed weights of what an actor does to others, and others to it, added up. The bar is the 95 % interval of a bootstrap over documents (Efron 1979): how far the figure would move with other articles of the same kind."),
        ("centre", "PageRank over the sizes of all ties (Brin and Page 1998): who is at the centre of what happens, in friendship or enmity."),
        ("bloc", "Signed blockmodel (Doreian and Mrvar 1996): friends inside, enemies between, as many blocs as fit best. Steady is how often an actor is there and with its fellows when documents are drawn anew; a dash where one document is all there is."),
        ("balance", "Triangles by sign (Cartwright and Harary 1956) and the frustration index, the least number of ties to take away until two camps explain all signs (Aref, Mason and Wilson 2020)."),
        ("mediators", "Pairs of enemies who are both friends of the actor (after Gould and Fernandez 1989)."),
        ("stance", "How alike two actors stand to the same instruments, events and votes: S (Signorino and Ritter 1999), which does not correct for chance; see kappa and pi (Häge 2011) in kgraph analyze."),
        ("polarisation", "Bipolarity is Esteban and Ray's index (1994) of the blocs: 1 is two equal blocs with nothing but enmity between them; fit is the share of weight that the blocs explain."),
        ("intensity", "Goldstein's conflict-cooperation scale (1992), by relation: ontology/intensities.csv."),
    ]  # fmt: skip
