"""Where the actors stand in the report's drawing: each connected part in its own place, friends near, no name on another."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import networkx as nx

_SEED = 7
_LETTER = 8.2
"""The width of a letter of a name, in pixels."""

Spots = dict[Hashable, tuple[float, float]]
_Box = tuple[float, float, float, float]


def places(graph: nx.Graph, labels: Mapping[Hashable, str], bloc: Mapping[Hashable, int], wide: float, high: float) -> Spots:  # fmt: skip
    """A spot in pixels for each node of a signed network; the same network gives the same spots."""
    parts = sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(map(str, c))))
    spots: dict[Hashable, list[float]] = {}
    for part, box in zip(parts, _boxes([math.sqrt(len(p)) + 0.6 for p in parts], wide, high), strict=True):
        spots |= _part(graph.subgraph(sorted(part, key=str)), bloc, box)
    _apart(spots, labels, wide, high)
    return {n: (x, y) for n, (x, y) in spots.items()}


def _boxes(sizes: list[float], wide: float, high: float) -> list[_Box]:
    """A box (left, top, width, height) for each part, in shelves of about equal load."""
    shelves = max(1, round(math.sqrt(len(sizes) / 2.5)))
    load = sum(sizes) / shelves
    rows: list[list[float]] = [[]]
    for size in sizes:
        if rows[-1] and sum(rows[-1]) + size / 2 > load and len(rows) < shelves:
            rows.append([])
        rows[-1].append(size)
    tall = sum(max(row) for row in rows) if sizes else 1
    out, top = [], 0.0
    for row in rows if sizes else []:
        height, left = high * max(row) / tall, 0.0
        for size in row:
            width = wide * size / sum(row)
            out.append((left, top, width, height))
            left += width
        top += height
    return out


def _part(sub: nx.Graph, bloc: Mapping[Hashable, int], box: _Box) -> dict[Hashable, list[float]]:
    """Springs between friends, from a start where each bloc has its own side, scaled to the box."""
    blocs = sorted({bloc.get(n, 0) for n in sub})
    start = {}
    for i, n in enumerate(sub):
        turn = 2 * math.pi * blocs.index(bloc.get(n, 0)) / len(blocs)
        start[n] = (math.cos(turn) + 0.35 * math.cos(2.4 * i), math.sin(turn) + 0.35 * math.sin(2.4 * i))
    most = max((abs(w) for _, _, w in sub.edges(data="weight")), default=0) or 1
    pull = nx.Graph()
    pull.add_nodes_from(start)
    pull.add_weighted_edges_from((u, v, 0.3 + 0.7 * w / most if w > 0 else 0.1) for u, v, w in sub.edges(data="weight"))
    raw = nx.spring_layout(pull, pos=start, seed=_SEED, iterations=150, k=1.8 / math.sqrt(len(pull)), method="force")
    xs, ys = [float(p[0]) for p in raw.values()], [float(p[1]) for p in raw.values()]
    left, top, wide, high = box
    margin = min(75.0, wide / 3)

    def scaled(value: float, values: list[float], begin: float, length: float) -> float:
        reach = max(values) - min(values)
        return begin + length * ((value - min(values)) / reach if reach > 1e-9 else 0.5)

    return {
        n: [scaled(float(a), xs, left + margin, wide - 2 * margin), scaled(float(b), ys, top + 42, high - 66)]
        for n, (a, b) in raw.items()
    }


def _apart(spots: dict[Hashable, list[float]], labels: Mapping[Hashable, str], wide: float, high: float) -> None:
    """Push nodes apart, by the shorter way, until no name covers another, or two hundred rounds have passed."""
    nodes = list(spots)
    half = {n: max(26.0, len(labels[n]) * _LETTER / 2 + 6) for n in nodes}
    for _ in range(200):
        moved = False
        for i, u in enumerate(nodes):
            for v in nodes[i + 1 :]:
                dx, dy = spots[v][0] - spots[u][0], spots[v][1] - spots[u][1]
                over_x, over_y = half[u] + half[v] - abs(dx), 44 - abs(dy)
                if over_x <= 0 or over_y <= 0:
                    continue
                axis = 1 if over_y <= over_x else 0
                push = (over_y if axis else over_x) / 2 + 1
                sign = 1 if (dy, dx)[1 - axis] >= 0 else -1
                spots[u][axis] -= sign * push
                spots[v][axis] += sign * push
                moved = True
        for n in nodes:
            spots[n][0] = min(wide - half[n], max(half[n], spots[n][0]))
            spots[n][1] = min(high - 18, max(34, spots[n][1]))
        if not moved:
            return
