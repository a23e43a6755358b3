"""How newspapers frame the same events: `python examples/framing.py [ARTICLES] [FOLDER]` writes framing.png.

Each newspaper's articles make a network of their own; the figure shows, for each pair of states, what either paper tells of them,
and the text the sentences of the widest gap.
"""

import sys
from dataclasses import replace
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import kgraph
from kgraph.network import View, Weighting

articles = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("fishing_dispute.jsonl")
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

corpus = kgraph.build([articles]).corpus()
papers = sorted({facts["source"] for facts in corpus.documents.values() if facts.get("source")})[:2]
networks = []
for paper in papers:
    # Only the evidence that stands in this paper: an act told by both is in both.
    told = (replace(a, evidence=tuple(e for e in a.evidence if corpus.documents[e.document].get("source") == paper))
            for a in corpus.assertions if any(corpus.documents[e.document].get("source") == paper for e in a.evidence))  # fmt: skip
    own = kgraph.network.Corpus(tuple(told), corpus.documents)
    networks.append(own.signed(View(weighting=Weighting(sources=False), through=True)))

labels = {n: d["label"] for g in networks for n, d in g.nodes(data=True)}
pairs = {
    pair: [g[pair[0]][pair[1]]["weight"] if g.has_edge(*pair) else 0.0 for g in networks]
    for g in networks
    for pair in g.edges()
}
widest = sorted(pairs, key=lambda p: abs(pairs[p][0] - pairs[p][1]))[-14:]
figure, axes = plt.subplots(figsize=(9, 0.42 * len(widest) + 1.5), layout="constrained")
for y, pair in enumerate(widest):
    axes.plot(pairs[pair], [y, y], color="#c9c4b8", linewidth=3, zorder=1)
for paper, colour, k in zip(papers, ("#8d6b94", "#b08a3e"), (0, 1), strict=False):
    axes.scatter([pairs[p][k] for p in widest], range(len(widest)), s=80, color=colour, label=paper, zorder=2)
axes.axvline(0, color="#66717b", linewidth=1)
axes.set_yticks(range(len(widest)), [f"{labels[u]} → {labels[v]}" for u, v in widest])
axes.set_title("What either paper tells: hostile acts to the left, friendly to the right", loc="left")
axes.legend(loc="lower left")
axes.spines[["top", "right"]].set_visible(False)
figure.savefig(folder / "framing.png", dpi=150)
for paper, network in zip(papers, networks, strict=True):
    for act in network.edges[widest[-1]]["acts"] if network.has_edge(*widest[-1]) else ():
        print(f"{paper}: {act['evidence'][0].text}")
