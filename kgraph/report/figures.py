"""The figures of the report as SVG text: coloured by the page's style, each mark a link to its evidence."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
from markupsafe import Markup, escape

from kgraph.report.layout import places


@dataclass(frozen=True, slots=True)
class Bar:
    """One period of the timeline: what it is called, its cooperation and conflict (both >= 0), and where its link leads (nowhere, of a
    period without acts)."""

    label: str
    cooperation: float
    conflict: float
    link: str


def heat_map(
    names: Sequence[str], values: Sequence[Sequence[float | None]], links: Mapping[tuple[int, int], str]
) -> Markup:
    """A square matrix of signed values, rows acting on columns; a cell is coloured by sign and size and links to its acts."""
    cell, left, top = (
        34,
        12 + 7 * max((len(n) for n in names), default=0),
        14 + 6 * max((len(n) for n in names), default=0),
    )
    most = max((abs(v) for row in values for v in row if v is not None), default=0) or 1
    out = [
        _svg(
            left + cell * len(names) + 5.2 * max((len(n) for n in names), default=0),
            top + cell * len(names) + 10,
            "Who acts how on whom: rows act on columns",
        )
    ]
    for j, name in enumerate(names):
        x = left + cell * j + cell / 2
        out.append(f'<text class="name" transform="translate({x + 4:.0f} {top - 8}) rotate(-60)">{escape(name)}</text>')
    for i, row in enumerate(values):
        y = top + cell * i
        out.append(
            f'<text class="name" x="{left - 8}" y="{y + cell / 2 + 4}" text-anchor="end">{escape(names[i])}</text>'
        )
        for j, value in enumerate(row):
            x = left + cell * j
            out.append(f'<rect class="{"self" if i == j else "cell"}" x="{x}" y="{y}" width="{cell}" height="{cell}"/>')
            if value is None:
                continue
            shade = 0.0 if not value else 0.18 + 0.72 * abs(value) / most
            kind = "plus" if value > 0 else "minus" if value < 0 else "zero"
            told = f"{names[i]} to {names[j]}: {value:+.1f}"
            out.append(
                f'<a href="#{escape(links[i, j])}"><title>{escape(told)}</title>'
                f'<rect class="{kind}" fill-opacity="{shade:.2f}" x="{x}" y="{y}" width="{cell}" height="{cell}"/>'
                f'<text class="{"deep" if shade > 0.6 else "figure"}" x="{x + cell / 2}" y="{y + cell / 2 + 4}" text-anchor="middle">{_short(value)}</text></a>'
            )
    return _done(out)


def timeline(bars: Sequence[Bar], smooth: Sequence[float]) -> Markup:
    """Cooperation upwards and conflict downwards in each period, with the smoothed net as a line."""
    wide, high, left, middle = max(900, 26 * len(bars) + 80), 260, 46, 120
    most = max((max(b.cooperation, b.conflict) for b in bars), default=0) or 1
    step = (wide - left - 20) / max(len(bars), 1)
    scale = 96 / most
    out = [_svg(wide, high, "Cooperation and conflict over time")]
    out.append(f'<line class="axis" x1="{left}" y1="{middle}" x2="{wide - 10}" y2="{middle}"/>')
    for value in (most, -most):
        y = middle - value * scale
        out.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{wide - 10}" y2="{y:.1f}"/>')
        out.append(f'<text class="tick" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    every = max(1, math.ceil(len(bars) / (wide / 95)))
    breadth = min(step * 0.7, 42)
    for i, bar in enumerate(bars):
        x = left + step * (i + 0.5)
        if bar.link:
            told = f"{bar.label}: cooperation {bar.cooperation:.1f}, conflict {bar.conflict:.1f}"
            up, down = bar.cooperation * scale, bar.conflict * scale
            out.append(
                f'<a href="#{escape(bar.link)}"><title>{escape(told)}</title>'
                f'<rect class="hit" x="{x - step / 2:.1f}" y="20" width="{step:.1f}" height="{high - 50}"/>'
                f'<rect class="plus" x="{x - breadth / 2:.1f}" y="{middle - up:.1f}" width="{breadth:.1f}" height="{up:.1f}"/>'
                f'<rect class="minus" x="{x - breadth / 2:.1f}" y="{middle}" width="{breadth:.1f}" height="{down:.1f}"/></a>'
            )
        if i % every == 0:
            out.append(
                f'<text class="tick" x="{x:.1f}" y="{high - 12}" text-anchor="middle">{escape(bar.label.partition("..")[0])}</text>'
            )
    points = " ".join(
        f"{left + step * (i + 0.5):.1f},{middle - max(-most, min(most, v)) * scale:.1f}" for i, v in enumerate(smooth)
    )
    if len(smooth) > 1:
        out.append(f'<polyline class="smooth" points="{points}"/>')
    return _done(out)


def network(graph: nx.Graph, labels: Mapping[Hashable, str], bloc: Mapping[Hashable, int], links: Mapping[Hashable, str], ties: Mapping[tuple[Hashable, Hashable], str]) -> Markup:  # fmt: skip
    """The signed network: friends near, a colour for each bloc, grey for who is alone, the width of a line by its weight."""
    wide, high = 900, 520
    spots = places(graph, labels, bloc, wide, high)
    most = max((abs(w) for _, _, w in graph.edges(data="weight")), default=0) or 1
    out = [_svg(wide, high, "The signed network of actors")]
    for u, v, w in sorted(graph.edges(data="weight"), key=lambda e: abs(e[2])):
        (a, b), (c, d) = spots[u], spots[v]
        kind = "plus" if w > 0 else "minus" if w < 0 else "zero"
        link = ties.get((u, v)) or ties.get((v, u), "")
        out.append(
            f'<a href="#{escape(link)}"><title>{escape(f"{labels[u]} and {labels[v]}: {w:+.1f}")}</title>'
            f'<line class="tie {kind}" x1="{a:.0f}" y1="{b:.0f}" x2="{c:.0f}" y2="{d:.0f}" stroke-width="{1.4 + 5 * abs(w) / most:.1f}"/></a>'
        )
    for n in graph:
        x, y = spots[n]
        out.append(
            f'<a href="#{escape(links[n])}"><circle class="{f"bloc{bloc[n] % 6}" if n in bloc else "alone"}" cx="{x:.0f}" cy="{y:.0f}" r="11"/>'
            f'<text class="node" x="{x:.0f}" y="{y - 17:.0f}" text-anchor="middle">{escape(labels[n])}</text></a>'
        )
    return _done(out)


def interval(value: float, low: float | None, high: float | None, most: float) -> Markup:
    """A dot on a line from -most to most, with its interval where there is one."""
    wide, half = 150, 66

    def x(v: float) -> float:
        return wide / 2 + half * max(-1.0, min(1.0, v / (most or 1)))

    kind = "plus" if value > 0 else "minus" if value < 0 else "zero"
    out = [_svg(wide, 20, f"{value:+.1f}"), f'<line class="axis" x1="{wide / 2}" y1="3" x2="{wide / 2}" y2="17"/>']
    if low is not None and high is not None:
        out.append(f'<line class="spread" x1="{x(low):.1f}" y1="10" x2="{x(high):.1f}" y2="10"/>')
    out.append(f'<circle class="{kind}" cx="{x(value):.1f}" cy="10" r="4.5"/>')
    return _done(out)


def _svg(wide: float, high: float, told: str) -> str:
    return f'<svg viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" role="img" aria-label="{escape(told)}">'


def _done(parts: Sequence[str]) -> Markup:
    return Markup("".join([*parts, "</svg>"]))


def _short(value: float) -> str:
    return "0" if not value else f"{value:+.0f}" if abs(value) >= 10 else f"{value:+.1f}"
