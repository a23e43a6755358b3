"""The map's page: pyvis's network inside our own template, with a Content-Security-Policy that lets nothing in.

All text of the graph travels as JSON in a data block and is set with `textContent` only, so that a hostile label stays text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx

from kgraph.errors import KgraphError

_HERE = Path(__file__).parent
_SEED = 7
_SHAPES = {"State": "dot", "Organization": "hexagon", "Person": "dot", "Group": "dot", "Instrument": "square",
           "Event": "diamond", "Issue": "triangle", "Place": "triangleDown"}  # fmt: skip
_COLOURS = {"State": "#1f3a5f", "Organization": "#3d6b8c", "Person": "#7c93a8", "Group": "#a9b8c6", "Instrument": "#b08a3e",
            "Event": "#8d6b94", "Issue": "#6f7d5c", "Place": "#9a9a9a"}  # fmt: skip
_EDGES = {"+": "#0b7a75", "-": "#b3412f", "0": "#75808a"}


def write_map(
    graph: nx.MultiDiGraph, path: str | Path, *, title: str = "Who does what to whom",
    documents: Mapping[str, Mapping[str, str]] | None = None,
) -> None:  # fmt: skip
    """Write the map of a projected graph (`kgraph.network.project`) as one HTML file.

    `documents` gives title, source, url and date of documents by id, for the evidence panel. The same graph gives the
    same bytes. Raises KgraphError where the path cannot be written.
    """
    html = render(graph, title, documents or {})
    target = Path(path)
    temporary = target.with_name(target.name + ".part")
    try:
        temporary.write_text(html, encoding="utf-8")
        os.replace(temporary, target)
    except OSError as error:
        raise KgraphError(f"{target}: the map cannot be written ({error.strerror}); choose a writable path") from error


def render(graph: nx.MultiDiGraph, title: str, documents: Mapping[str, Mapping[str, str]]) -> str:
    """The page as text."""
    import jinja2

    scripts = [_vis(), (_HERE / "app.js").read_text(encoding="utf-8")]
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    data = {
        "network": _network(graph),
        "edges": _assertions(graph),
        "documents": {k: dict(v) for k, v in documents.items()},
    }
    payload = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    payload = payload.replace("\u2029", "\\u2029")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE), autoescape=True)
    return environment.get_template("template.html").render(
        title=title, style=style, scripts=scripts, payload=payload, hashes=[_hash(s) for s in scripts]
    )


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _vis() -> str:
    """The vis-network library that pyvis brings."""
    import pyvis

    folder = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2"
    return (folder / "vis-network.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


def _network(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """Nodes, merged edges and options, made by pyvis."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="local")
    positions = _layout(graph)
    degree = dict(graph.degree())
    for node, data in sorted(graph.nodes(data=True)):
        x, y = positions[node]
        network.add_node(
            node, label=data["label"], shape=_SHAPES[data["cls"]], color=_COLOURS[data["cls"]], x=x, y=y, cls=data["cls"],
            size=10 + 5 * math.sqrt(degree[node]), title=None, font={"size": 22 if data["cls"] in ("State", "Organization") else 15},
        )  # fmt: skip
    merged: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for u, v, data in graph.edges(data=True):
        merged.setdefault((u, v, data["relation"]), []).append(data)
    turn: dict[tuple[str, ...], int] = {}
    for (u, v, relation), rows in sorted(merged.items()):
        first = rows[0]
        nth = turn.setdefault(tuple(sorted((u, v))), 0)
        turn[tuple(sorted((u, v)))] += 1
        firm = any(r["modality"] == "actual" for r in rows)
        negated = all(r["negated"] for r in rows)
        sign = {"+": "+ ", "-": "− ", "0": ""}[first["polarity"]]
        count = f" ×{len(rows)}" if len(rows) > 1 else ""
        network.add_edge(
            u, v, id=f"{u}|{relation}|{v}", label=f"{sign}{'not: ' if negated else ''}{first['label']}{count}", color=_EDGES[first["polarity"]],
            dashes=not firm, width=1.2 + 0.6 * min(len(rows), 5), relation=relation, polarity=first["polarity"],
            smooth={"enabled": True, "type": "curvedCW", "roundness": 0.12 + 0.13 * nth},
        )  # fmt: skip
    return {"nodes": network.nodes, "edges": network.edges}


def _layout(graph: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """Seeded positions in pixels: stress within a component, components side by side, no two labels on one spot."""
    if not graph:
        return {}
    simple = nx.Graph(graph)
    placed: dict[str, tuple[int, int]] = {}
    shelves = 1.25 * math.sqrt(sum((130 * math.sqrt(len(c)) + 160) ** 2 for c in nx.connected_components(simple)))
    left = top = deep = 0.0
    for part in sorted(nx.connected_components(simple), key=lambda c: (-len(c), min(c))):
        sub = simple.subgraph(sorted(part))
        spots = _component(sub)
        low_x, low_y = min(x for x, _ in spots.values()), min(y for _, y in spots.values())
        wide, high = max(x for x, _ in spots.values()) - low_x, max(y for _, y in spots.values()) - low_y
        if left and left + wide > shelves:
            left, top, deep = 0.0, top + deep + 130, 0.0
        for node, (x, y) in spots.items():
            placed[node] = (round(x - low_x + left), round(y - low_y + top))
        left, deep = left + wide + 190, max(deep, high)
    return placed


def _component(sub: nx.Graph) -> dict[str, tuple[float, float]]:
    """A connected part by stress (Kamada and Kawai 1989), a large one by springs, about its own middle."""
    if len(sub) > 600:
        raw = nx.spring_layout(sub, seed=_SEED, iterations=60)
    elif len(sub) == 2:
        raw = dict(zip(sorted(sub), [(-0.7, -0.2), (0.7, 0.2)], strict=True))  # vis misplaces the label of a level edge
    elif len(sub) > 1:
        raw = nx.kamada_kawai_layout(sub, pos=nx.circular_layout(sub))
    else:
        raw = {next(iter(sub)): (0.0, 0.0)}
    reach = 72 * math.sqrt(len(sub)) + 40
    spots = {n: (float(raw[n][0]) * reach * 1.45, float(raw[n][1]) * reach) for n in sorted(sub)}
    _spread(spots)
    return spots


def _spread(spots: dict[str, tuple[float, float]], wide: float = 165, high: float = 62) -> None:
    """Push nodes apart until their label boxes do not overlap, or forty rounds have passed."""
    names = list(spots)
    if len(names) > 400:
        return
    for _ in range(40):
        moved = False
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                dx, dy = spots[b][0] - spots[a][0], spots[b][1] - spots[a][1]
                if abs(dx) < wide and abs(dy) < high:
                    push = (high - abs(dy)) / 2 + 1
                    up = push if dy >= 0 else -push
                    spots[a] = (spots[a][0], spots[a][1] - up)
                    spots[b] = (spots[b][0], spots[b][1] + up)
                    moved = True
        if not moved:
            return


def _assertions(graph: nx.MultiDiGraph) -> list[dict[str, Any]]:
    out = []
    for u, v, d in graph.edges(data=True):
        evidence = [
            {"document": e.document, "start": e.start, "text": e.text, "marks": [[m.role.value, m.start - e.start, m.end - e.start] for m in e.marks]}
            for e in d["evidence"]
        ]  # fmt: skip
        keys = (
            "relation",
            "label",
            "polarity",
            "plover",
            "negated",
            "modality",
            "date",
            "confidence",
            "attributed_to",
            "documents",
        )
        out.append(
            {"edge": f"{u}|{d['relation']}|{v}", "from": u, "to": v, "evidence": evidence} | {k: d[k] for k in keys}
        )
    return sorted(out, key=lambda r: (r["edge"], str(r["date"]), r["modality"], r["negated"]))
