"""A relationship map of a crisis: `python examples/crisis_map.py [ARTICLES] [FOLDER]` writes crisis.html, report.html and crisis.png.

The articles that ship are invented: two newspapers on an invented dispute about fish.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import networkx as nx

import kgraph
from kgraph.map import MapOptions
from kgraph.network import View, undirected
from kgraph.network.measures import blocs
from kgraph.report import write_report
from kgraph.report.layout import places

articles = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("fishing_dispute.jsonl")
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

graph = kgraph.build([articles])
corpus, view = graph.corpus(), View(through=True)
graph.map(folder / "crisis.html", MapOptions(title="A dispute about fish", principals=True))
write_report(corpus, folder / "report.html", view=view, title="A dispute about fish")

# One signed tie for each pair of states: Goldstein intensity times independent sources, both directions added up.
signed = undirected(corpus.signed(view))
bloc = blocs(signed).bloc
labels = nx.get_node_attributes(signed, "label")
spots = places(signed, labels, bloc, 900, 600)

figure, axes = plt.subplots(figsize=(9, 6))
for (u, v), weight in nx.get_edge_attributes(signed, "weight").items():
    colour = "#0b7a75" if weight > 0 else "#b3412f" if weight < 0 else "#aab2b9"
    axes.plot(
        *zip(spots[u], spots[v], strict=True),
        color=colour,
        linewidth=1 + min(abs(weight), 30) / 5,
        alpha=0.75,
        zorder=1,
    )
for node, (x, y) in spots.items():
    axes.scatter(x, y, s=190, color=plt.cm.tab10(bloc[node]), zorder=2)
    axes.annotate(labels[node], (x, y), (0, 11), textcoords="offset points", ha="center", weight="bold")
axes.set_title("Who stands with whom: a colour is a bloc, red ties are hostile", loc="left")
axes.invert_yaxis()
axes.margins(0.12)
axes.axis("off")
figure.savefig(folder / "crisis.png", dpi=150, bbox_inches="tight")
for group in blocs(signed).members():
    print(", ".join(sorted(labels[n] for n in group)))
