"""Where the nodes stand: friends near, foes far, who mediates in between; the same graph gives the same places.

Stress majorization (Gansner, Koren and North 2004) towards distances of a signed graph: a path of friendly relations is
short, a hostile relation keeps its two ends apart whatever friends they share. It starts from pivot MDS (Brandes and Pich
2007); large graphs keep only the pairs of neighbours and the pairs with pivots (Ortmann, Klimenta and Brandes 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from kgraph.map.model import MapModel
from kgraph.map.spacing import PAGE, Box, packed, spread

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LENGTH = {"+": 1.0, "0": 1.3, "-": 2.4}
_APART = 3.2
"""The distance that two nodes want whose relations are mostly hostile."""
_EXACT = 700
_PIVOTS = 50
_SIBLINGS = 4
_FEW = 8
_EVEN = 0.65
_ROUNDS = 150
_FEWER_ROUNDS = 60
_SEED = 7


def layout(model: MapModel, boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Places in pixels, by node number: each connected part by signed stress, the parts side by side.

    `boxes` are the nodes' rooms with their names, by number; in maps of up to some hundred nodes they do not overlap.
    """
    count = len(model.nodes)
    if not count:
        return []
    u, v, lengths, hostile = _signed(model)
    matrix = csr_matrix((lengths, (u, v)), shape=(count, count))
    _, part = connected_components(matrix, directed=False)
    numbers = int(part.max()) + 1
    quarrels = _grouped(np.flatnonzero(hostile), part[u[hostile]], numbers)
    groups = list(zip(_grouped(np.arange(count), part, numbers), quarrels, strict=True))
    groups.sort(key=lambda group: (-len(group[0]), int(group[0][0])))
    own = np.empty(count, dtype=np.int64)
    parts = []
    for nodes, foes in groups:
        own[nodes] = np.arange(len(nodes))
        spots = _connected(matrix[nodes][:, nodes], own[u[foes]], own[v[foes]])
        parts.append(_scaled(spots, len(nodes), share=len(nodes) / count))
    places = packed(parts)
    everywhere = np.empty((count, 2))
    everywhere[np.concatenate([nodes for nodes, _ in groups])] = (
        _evened(places) if len(parts) > 1 and count > _FEW else places
    )
    return [(round(x), round(y)) for x, y in spread(everywhere, boxes)]


def _grouped(numbers: Ints, group: Ints, groups: int) -> list[Ints]:
    """The numbers of each group, in their order."""
    order = np.argsort(group, kind="stable")
    return np.split(numbers[order], np.searchsorted(group[order], np.arange(1, groups)))


def _signed(model: MapModel) -> tuple[Ints, Ints, Floats, npt.NDArray[np.bool_]]:
    """The pairs that are linked, the length of each link, and whether it is hostile on balance."""
    scores: dict[tuple[int, int], list[float]] = {}
    for a, b, s in model.pairs():
        sign = {"+": 1.0, "0": 0.0, "-": -1.0}[s.polarity] * (-1 if s.negated else 1)
        scores.setdefault((min(a, b), max(a, b)), []).append(sign)
    pairs = sorted(scores)
    balance = [sum(scores[p]) for p in pairs]
    lengths = np.array([_LENGTH["+" if b > 0 else "-" if b < 0 else "0"] for b in balance])
    u, v = (np.array([p[i] for p in pairs], dtype=np.int64) for i in (0, 1))
    return u, v, lengths, np.array([b < 0 for b in balance], dtype=bool)


def _connected(matrix: csr_matrix, foes_u: Ints, foes_v: Ints) -> Floats:
    """Places of one connected part, in units of a friendly link."""
    count = matrix.shape[0]
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        return np.array([[-0.7, -0.2], [0.7, 0.2]]) * (1.6 if len(foes_u) else 1.0)
    pivots = np.arange(count) if count <= _EXACT else _spread_pivots(matrix)
    distance = dijkstra(matrix, directed=False, indices=pivots)
    spots = _pivot_mds(distance)
    i, j = (a.ravel() for a in np.meshgrid(pivots, np.arange(count), indexing="ij"))
    wanted = distance.ravel()
    keep = (i < j) | ~np.isin(j, pivots)
    i, j, wanted = i[keep], j[keep], wanted[keep]
    if count > _EXACT:
        linked = matrix.tocoo()
        one, other, through = _siblings(matrix)
        i, j = np.concatenate([i, linked.row, one]), np.concatenate([j, linked.col, other])
        wanted = np.concatenate([wanted, linked.data, through])
    apart = set(zip(np.minimum(foes_u, foes_v).tolist(), np.maximum(foes_u, foes_v).tolist(), strict=True))
    if apart:
        low, high = np.minimum(i, j), np.maximum(i, j)
        code = np.array([a * count + b for a, b in apart])
        wanted = np.where(np.isin(low * count + high, code), np.maximum(wanted, _APART), wanted)
    return _majorized(spots, i, j, wanted)


def _spread_pivots(matrix: csr_matrix) -> Ints:
    """Nodes far from one another: each next pivot is the one farthest from all before it."""
    chosen = [0]
    nearest = dijkstra(matrix, directed=False, indices=0)
    while len(chosen) < _PIVOTS:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, dijkstra(matrix, directed=False, indices=chosen[-1]))
    return np.array(sorted(set(chosen)), dtype=np.int64)


def _siblings(matrix: csr_matrix) -> tuple[Ints, Ints, Floats]:
    """Random pairs of neighbours of one node, as far apart as the way through it: all leaves of a hub look alike to pivots."""
    both = (matrix + matrix.T).tocsr()
    draw = np.random.default_rng(_SEED)
    parts = []
    for node in np.flatnonzero(np.diff(both.indptr) > 1):
        around = slice(both.indptr[node], both.indptr[node + 1])
        near, length = both.indices[around], both.data[around]
        size = len(near)
        a = np.repeat(np.arange(size), min(size, _SIBLINGS))
        b = draw.integers(size, size=len(a))
        parts.append((near[a[a != b]], near[b[a != b]], (length[a] + length[b])[a != b]))
    one, other, through = (np.concatenate(column) for column in zip(*parts, strict=True))
    return one.astype(np.int64), other.astype(np.int64), through


def _pivot_mds(distance: Floats) -> Floats:
    """First places from the distances to pivots; rows are pivots, columns nodes."""
    squared = distance.T**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, [-1, -2]]
    axes *= np.where(axes[np.argmax(np.abs(axes), axis=0), [0, 1]] < 0, -1.0, 1.0)
    spots = centred @ axes
    spots *= distance.mean() / max(float(np.abs(spots).mean()), 1e-9)
    jitter = np.random.default_rng(_SEED).normal(scale=0.05, size=spots.shape)
    return np.asarray(spots + jitter, dtype=np.float64)


def _majorized(spots: Floats, i: Ints, j: Ints, wanted: Floats) -> Floats:
    """Move the nodes to where the pairs want them, each pair with the weight of its inverse squared distance."""
    count = len(spots)
    weight = wanted**-2
    total = np.bincount(i, weight, count) + np.bincount(j, weight, count)
    for _ in range(_ROUNDS if count <= _EXACT else _FEWER_ROUNDS):
        gap = spots[i] - spots[j]
        length = np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-6)
        target = gap * (wanted / length)[:, None]
        moved = np.empty_like(spots)
        for axis in (0, 1):
            moved[:, axis] = np.bincount(i, weight * (spots[j, axis] + target[:, axis]), count)
            moved[:, axis] += np.bincount(j, weight * (spots[i, axis] - target[:, axis]), count)
        spots = 0.3 * spots + 0.7 * moved / total[:, None]
    return spots


def _scaled(spots: Floats, size: int, share: float) -> Floats:
    """A part turned with its long side level and stretched to its share of the page."""
    spots = spots - spots.mean(axis=0)
    if size > 2:
        _, axes = np.linalg.eigh(spots.T @ spots)
        turned = spots @ axes[:, ::-1]
        spots = turned * np.where(turned[0] < 0, -1.0, 1.0)
    if size > _FEW:
        spots = _evened(spots)
    reach = np.maximum(np.ptp(spots, axis=0), 1e-6)
    room = math.sqrt(share) * np.array(PAGE) * max(1.0, math.sqrt(size / 60))
    even = min(float(room[0] / reach[0]), float(room[1] / reach[1]))
    stretch = np.clip(room / reach, even, 1.6 * even)
    return np.asarray(spots * (stretch if size > 2 else 110.0), dtype=np.float64)


def _evened(spots: Floats) -> Floats:
    """Crowds looser and stragglers nearer, the more so the more names want room: along each axis, partly the rank."""
    even = min(_EVEN, 0.3 + len(spots) / 100)
    reach = np.maximum(np.ptp(spots, axis=0), 1e-6)
    ranks = np.argsort(np.argsort(spots, axis=0, kind="stable"), axis=0) / (len(spots) - 1)
    return np.asarray((1 - even) * spots + even * (ranks - 0.5) * reach, dtype=np.float64)


def centre(places: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The mean of some places."""
    found = np.array(list(places), dtype=np.float64)
    x, y = found.mean(axis=0)
    return float(x), float(y)
