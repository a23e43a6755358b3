"""The geographic layout: states at their centroids on an Equal Earth map, the others beside those they deal with."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kgraph.map.layout import centre
from kgraph.map.model import MapModel, Node
from kgraph.map.spacing import Box, spread

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_WIDE = 2400.0
"""Pixels from one side of the world to the other."""
_RING = 90.0
_BOXES = 1.7
_MARGIN = 420.0


@cache
def _atlas() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "geography.json").read_text(encoding="utf-8"))
    return found


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Longitude and latitude in degrees as pixels, y downwards; Equal Earth (Savric, Patterson and Jenny 2018)."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    a1, a2, a3, a4 = _A
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t)
    x /= 3 * (9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1)
    y = a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t
    scale = _WIDE / (2 * 2.7066)
    return x * scale, -y * scale


def geographic_layout(model: MapModel, boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Places in pixels by node number; a node without a country of its own stands beside its principal or its neighbours."""
    centroids = _atlas()["centroids"]
    fixed: dict[int, tuple[float, float]] = {}
    for node in model.nodes:
        cls, _, name = node.key.partition(":")
        if cls == "State" and name in centroids:
            fixed[node.number] = equal_earth(*centroids[name])
    near: dict[int, set[int]] = {n.number: {n.fold} - {n.number} for n in model.nodes}
    for u, v, _ in model.pairs():
        near[u].add(v)
        near[v].add(u)
    places = dict(fixed)
    waiting = [n for n in model.nodes if n.number not in fixed]
    while waiting:
        anchored = {n.number: _anchors(n, near[n.number], places) for n in waiting}
        ready = [n for n in waiting if anchored[n.number]] or waiting
        for node in ready:
            x, y = centre(anchored[node.number]) if anchored[node.number] else (-_WIDE / 3, _WIDE / 6)
            angle = node.number * 2.399963
            places[node.number] = (x + _RING * math.cos(angle), y + _RING * 0.7 * math.sin(angle))
        waiting = [n for n in waiting if n.number not in places]
    if not places:
        return []
    found = np.array([places[n.number] for n in model.nodes])
    return [(round(x), round(y)) for x, y in spread(found, boxes, fixed, most=_BOXES)]


def _anchors(node: Node, near: set[int], places: dict[int, tuple[float, float]]) -> list[tuple[float, float]]:
    """The places that a node stands beside: its principal's, else those of its neighbours that have one."""
    if node.fold != node.number and node.fold in places:
        return [places[node.fold]]
    return sorted(places[n] for n in near if n in places)


def backdrop(places: list[tuple[int, int]]) -> dict[str, Any]:
    """The coast lines about some places, as flat lists of pixels, and their source."""
    xs, ys = [x for x, _ in places] or [0], [y for _, y in places] or [0]
    left, right, top, low = min(xs) - _MARGIN, max(xs) + _MARGIN, min(ys) - _MARGIN, max(ys) + _MARGIN
    coasts = []
    for line in _atlas()["coasts"]:
        points = [equal_earth(line[i], line[i + 1]) for i in range(0, len(line), 2)]
        if any(left < x < right and top < y < low for x, y in points):
            coasts.append([round(v) for point in points for v in point])
    return {"coasts": coasts, "source": _atlas()["source"]}
