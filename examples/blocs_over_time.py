"""Blocs over time: `python examples/blocs_over_time.py [ARTICLES] [FOLDER]` writes blocs.png, the attitude of each state to the two parties.

For each month it draws how each state stands to Chile and to Peru, with all that was known by then, fading by half in 60 days,
and below it how far the network was polarised.
"""

import datetime as dt
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import kgraph
from kgraph.network import Period, Selection, View, Weighting, undirected
from kgraph.network.measures import polarisation

articles = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("fishing_dispute.jsonl")
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
parties = ("State:CHL", "State:PER")

corpus = kgraph.build([articles]).corpus()
months = list(Period.parse("2025-01..2025-06").steps("month"))
networks = []
for month in months:
    until = Period(dt.date(2025, 1, 1), month.last)
    weighting = Weighting(half_life=60, as_of=month.last)
    networks.append(undirected(corpus.signed(View(Selection(until), weighting, through=True))))
labels = {n: d["label"] for g in networks for n, d in g.nodes(data=True) if n not in parties}


def leaning(network, node):
    """Warmth to Chile less warmth to Peru: -1 is wholly with Peru, 1 wholly with Chile, nan where there is no tie to either."""
    chile, peru = (network[node][p]["weight"] if network.has_edge(node, p) else 0.0 for p in parties)
    return (chile - peru) / (abs(chile) + abs(peru)) if node in network and (chile or peru) else float("nan")


def ends(node):
    return next(x for x in (leaning(g, node) for g in reversed(networks)) if x == x)


shown = sorted((n for n in labels if any(leaning(g, n) == leaning(g, n) for g in networks)), key=ends)
figure, (top, below) = plt.subplots(2, 1, figsize=(9, 7), height_ratios=[3, 1], sharex=True, layout="constrained")
image = top.imshow([[leaning(g, n) for g in networks] for n in shown], cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
top.set_yticks(range(len(shown)), [labels[n] for n in shown])
top.set_title("Where the others lean: brown to Peru, violet to Chile", loc="left")
figure.colorbar(image, ax=top, shrink=0.8)
below.plot([polarisation(g).bipolarity for g in networks], color="#1f3a5f", marker="o")
below.set_ylim(0, 1)
below.set_title("Bipolarity (Esteban and Ray): 1 is two equal camps at enmity", loc="left")
below.set_xticks(range(len(months)), [str(m) for m in months])
figure.savefig(folder / "blocs.png", dpi=150)
print("\n".join(f"{m}: bipolarity {polarisation(g).bipolarity:.2f}" for m, g in zip(months, networks, strict=True)))
