"""Room for labels: parts packed side by side, nodes pushed apart until their names do not overlap."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PAGE = (800.0, 520.0)
"""The part of a laptop's screen, in pixels, that the map has at first view."""

LONGEST_LABEL = 28
"""Characters of a name that are drawn; the rest stands in the panel."""

_ROUNDS = 80
_EXACT = 500
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
    """The places of all parts one after the other, set on shelves from left to right, the largest first."""
    sizes = [np.ptp(p, axis=0) + _MARGIN * 2 for p in parts]
    area = sum(float(s[0] * s[1]) for s in sizes)
    shelf = max(float(sizes[0][0]), (area * PAGE[0] / PAGE[1]) ** 0.5)
    left = top = deep = 0.0
    out = []
    for part, size in zip(parts, sizes, strict=True):
        if left and left + size[0] > shelf:
            left, top, deep = 0.0, top + deep, 0.0
        out.append(part - part.min(axis=0) + (left + _MARGIN, top + _MARGIN))
        left, deep = left + float(size[0]), max(deep, float(size[1]))
    places = np.concatenate(out)
    return np.asarray(places - (places.min(axis=0) + places.max(axis=0)) / 2, dtype=np.float64)


def spread(places: Floats, boxes: Sequence[Box], fixed: Collection[int] = (), most: float = 2.0) -> Floats:
    """Push nodes apart, each pair along the shorter way out, until boxes are free of one another or the rounds are over.

    The picture is scaled to the page at first view and names keep their size on the screen, so they take more of the map's
    own units where the map is larger than the page, to `most` times their size. Nodes that are `fixed` stay. Graphs of more than 500 nodes are left as they are: the
    page draws only the names that fit.
    """
    if len(places) < 2 or len(places) > _EXACT:
        return places
    radius = np.array([b.radius for b in boxes])
    name = np.array([b.name for b in boxes])
    free = np.array([0.0 if i in fixed else 1.0 for i in range(len(places))])
    for _ in range(4):
        scale = min(most, max(1.0, *(np.ptp(places, axis=0) / PAGE)))
        places, moved = _pushed(places, np.maximum(2 * radius, name * scale), 2 * radius + _LINE * scale, free)
        if not moved:
            break
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
