"""Room for labels: parts packed side by side, nodes pushed apart until their names do not overlap."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]

PAGE = (680.0, 490.0)
"""The part of a laptop's screen, in pixels, that the map has at first view."""

LONGEST_LABEL = 24
"""Characters of a name that are drawn; the rest stands in the panel."""

_ROUNDS = 80
_EXACT = 500
_SHELVES = 60
_TRIES = 8
_STRETCH = 1.5
_GAP = 44.0
_SEED = 7
_MARGIN = 55.0
_LINE = 21.0
"""The height in pixels of a line of text, with the air above it."""


@dataclass(frozen=True, slots=True)
class Box:
    """The room of a node: its radius in the map's units, and the width of its name in pixels of the screen."""

    radius: float
    name: float

    @classmethod
    def of(cls, label: str, radius: float) -> Box:
        """The box of a node of this radius with this label, by the usual widths of letters at 13 pixels."""
        wide = (14.0 if unicodedata.east_asian_width(c) in "WF" else 8.0 for c in label[:LONGEST_LABEL])
        return cls(radius, sum(wide) + 8)


def packed(parts: Sequence[Floats]) -> Floats:
    """The places of all parts one after the other, set on shelves from left to right, in the way that fits the page best."""
    sizes = [np.ptp(p, axis=0) + _MARGIN * 2 for p in parts]
    widths = np.cumsum([s[0] for s in sizes])
    corners = min((_shelved(sizes, float(w)) for w in widths[:_SHELVES]), key=lambda found: found[1])[0]
    places = np.concatenate([p - p.min(axis=0) + corner + _MARGIN for p, corner in zip(parts, corners, strict=True)])
    return np.asarray(places - (places.min(axis=0) + places.max(axis=0)) / 2, dtype=np.float64)


def _shelved(sizes: Sequence[Floats], shelf: float) -> tuple[list[Floats], float]:
    """The upper left corner of each box on shelves of this length, and how many times the page they take."""
    left = top = deep = wide = 0.0
    corners = []
    for size in sizes:
        if left and left + size[0] > shelf:
            left, top, deep = 0.0, top + deep, 0.0
        corners.append(np.array([left, top]))
        left, deep = left + float(size[0]), max(deep, float(size[1]))
        wide = max(wide, left)
    return corners, max(wide / PAGE[0], (top + deep) / PAGE[1])


def spread(places: Floats, boxes: Sequence[Box], fixed: Collection[int] = (), most: float = 2.5) -> Floats:
    """Push nodes apart, each pair along the shorter way out, until boxes are free of one another or the rounds are over.

    The picture is scaled to the page at first view and names keep their size on the screen, so they take more of the map's
    own units where the map is larger than the page, to `most` times their size. Nodes that are `fixed` stay. Of more than
    500 nodes only the shapes are kept apart: the page draws only the names that fit.
    """
    if len(places) < 2:
        return places
    if len(places) > _EXACT:
        return _apart(places, np.array([0.0 if i in fixed else 1.0 for i in range(len(places))]))
    radius = np.array([b.radius for b in boxes])
    name = np.array([b.name for b in boxes])
    free = np.array([0.0 if i in fixed else 1.0 for i in range(len(places))])
    for _ in range(_TRIES):
        if not fixed:
            reach = np.maximum(np.ptp(places, axis=0), 1.0) / PAGE
            places = places * np.minimum(reach.max() / reach, _STRETCH)
        scale = min(most, max(1.0, *(np.ptp(places, axis=0) / PAGE)))
        places, moved = _pushed(places, np.maximum(2 * radius, name * scale), 2 * radius + _LINE * scale, free)
        if not moved:
            break
    return places


def _apart(places: Floats, free: Floats) -> Floats:
    """Many nodes, pushed from their nearest neighbours until their shapes hardly touch."""
    places = places + free[:, None] * np.random.default_rng(_SEED).normal(scale=2.0, size=places.shape)
    for _ in range(_ROUNDS // 2):
        pairs = cKDTree(places).query_pairs(_GAP, output_type="ndarray")
        if not len(pairs):
            break
        i, j = pairs[:, 0], pairs[:, 1]
        gap = places[i] - places[j]
        far = np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-6)
        push = gap * ((_GAP - far) / far * 0.25)[:, None]
        for axis in (0, 1):
            moved = np.bincount(i, push[:, axis], len(places)) - np.bincount(j, push[:, axis], len(places))
            places[:, axis] += free * np.clip(moved, -_GAP, _GAP)
    return places


def _pushed(places: Floats, wide: Floats, high: Floats, free: Floats) -> tuple[Floats, bool]:
    room_x = (wide[:, None] + wide[None, :]) / 2
    room_y = (high[:, None] + high[None, :]) / 2
    order = np.arange(len(places))
    side = np.where(order[:, None] < order[None, :], -1.0, 1.0)
    share = 2 * free[:, None] / np.maximum(free[:, None] + free[None, :], 1.0)
    any_moved = False
    for _ in range(_ROUNDS):
        gap = places[:, None, :] - places[None, :, :]
        over_x, over_y = room_x - np.abs(gap[..., 0]), room_y - np.abs(gap[..., 1])
        clash = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(clash, False)
        if not clash.any():
            return places, any_moved
        any_moved = True
        level = clash & (over_x < over_y)
        way_x = np.where(gap[..., 0] == 0, side, np.sign(gap[..., 0]))
        way_y = np.where(gap[..., 1] == 0, side, np.sign(gap[..., 1]))
        push_x = np.where(level, share * way_x * (over_x / 2 + 0.5), 0.0)
        push_y = np.where(clash & ~level, share * way_y * (over_y / 2 + 0.5), 0.0)
        places = places + 0.6 * np.stack([push_x.sum(axis=1), push_y.sum(axis=1)], axis=1)
    return places, any_moved
