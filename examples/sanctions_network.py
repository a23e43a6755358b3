"""A sanctions network with SPARQL and networkx: `python examples/sanctions_network.py [ARTICLES] [FOLDER]` writes sanctions.png.

SPARQL finds the sanctions and resolutions, whom they target, and who is for or against them; networkx makes a two-mode network
of it; the figure shows supporters on the left, opponents on the right.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import networkx as nx

import kgraph

articles = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("fishing_dispute.jsonl")
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

answer = kgraph.build([articles]).query("""
SELECT ?who ?polarity ?relation ?thing ?target ?sentence {
  ?a rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:negated false ; kg:modality kg:actual ; kg:evidence/nif:anchorOf ?sentence .
  ?o kg:target ?target ; kg:head ?head ; rdfs:label ?thing . ?s rdfs:label ?who .
  ?p kg:polarity ?polarity ; rdfs:label ?relation .
  FILTER(?head IN ("sanction", "resolution", "embargo", "tariff") && ?polarity != "0") } ORDER BY ?thing ?who""")

network = nx.DiGraph()
for who, polarity, relation, thing, target, sentence in answer.rows:
    network.add_edge(who, f"{thing}\n(on {target})", sign=1 if polarity == "+" else -1, relation=relation)
    print(f"{who} {relation} {thing} (on {target}): {sentence}")

things = sorted({v for _, v in network.edges()})
figure, axes = plt.subplots(figsize=(9, 1.2 + 2.6 * len(things)), layout="constrained")
for row, thing in enumerate(things):
    for sign, side, colour in ((1, -1, "#0b7a75"), (-1, 1, "#b3412f")):
        actors = sorted(u for u, _, d in network.in_edges(thing, data=True) if d["sign"] == sign)
        for i, actor in enumerate(actors):
            spot = side * 1.5, -3.0 * row + 0.75 * ((len(actors) - 1) / 2 - i)
            arrow = {"arrowstyle": "->", "color": colour, "lw": 2, "shrinkB": 62}
            axes.annotate("", (0, -3.0 * row), spot, arrowprops=arrow)
            told = f" {actor} {network[actor][thing]['relation']} "
            axes.text(*spot, told, ha="right" if side < 0 else "left", va="center", weight="bold")
    axes.text(0, -3.0 * row, thing, ha="center", va="center", bbox={"boxstyle": "round,pad=0.6", "fc": "#fff3d1"})
axes.set(xlim=(-3.4, 3.4), ylim=(-3.0 * len(things) + 1.4, 1.6))
axes.set_title("For (left) and against (right)", loc="left")
axes.axis("off")
figure.savefig(folder / "sanctions.png", dpi=150)
