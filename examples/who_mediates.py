"""Who mediates: `python examples/who_mediates.py [ARTICLES] [FOLDER]` writes mediators.png, and prints the sentences on mediation.

Two views of mediation, side by side: who is a friend of both sides of a hostile tie (a place in the network, whether it is used
or not), and who the texts say has mediated, met or proposed talks (acts).
"""

import sys
from collections import Counter
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import kgraph
from kgraph.network import View
from kgraph.network.measures import blocs, mediators

articles = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("fishing_dispute.jsonl")
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

corpus, view = kgraph.build([articles]).corpus(), View(through=True)
network, acts = corpus.signed(view), corpus.projection(view, things=True)
labels = {n: d["label"] for n, d in acts.nodes(data=True)}
places = mediators(network, blocs(network).bloc)
doing: Counter[str] = Counter()
for source, _, act in acts.edges(data=True):
    if act["relation"] in ("mediates", "meets", "proposes"):
        doing[source] += 1
    if act["relation"] == "mediates":
        for evidence in act["evidence"]:
            print(f"{labels[source]}: {evidence.text}  [{evidence.document}]")

shown = sorted(
    {n for n in places if places[n].pairs} | set(doing),
    key=lambda n: (len(places[n].pairs) if n in places else 0, doing[n]),
)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 0.5 * len(shown) + 1.6), sharey=True, layout="constrained")
names = [labels[n] for n in shown]
left.barh(names, [len(places[n].pairs) if n in places else 0 for n in shown], color="#8d6b94")
left.set_title("could: pairs of enemies it is friends with", loc="left")
right.barh(names, [doing[n] for n in shown], color="#0b7a75")
right.set_title("did: mediated, met, proposed talks", loc="left")
for axes in (left, right):
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
figure.savefig(folder / "mediators.png", dpi=150)
