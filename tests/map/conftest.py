"""A real browser for the map's tests: Debian's Chromium, driven as a person would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from map_graphs import DOCUMENTS, crisis

from kgraph.map import MapOptions, write_map

PICTURES = os.environ.get("KGRAPH_SCREENSHOTS")
"""A folder that keeps what the tests saw; CI sets it."""


class Person:
    """Somebody at the page: sees it, clicks on nodes and edges, types."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("pageerror", lambda e: self.problems.append(str(e)))
        page.on("console", lambda m: self.problems.append(m.text) if m.type in ("error", "warning") else None)

    def open(self, address: str) -> Person:
        self.page.goto("about:blank")
        self.page.goto(address)
        self.page.wait_for_selector("body[data-ready]")
        return self

    def node(self, key: str) -> tuple[float, float]:
        """Where a node is drawn."""
        return self._on_screen("n.canvasToDOM(n.getPosition(key))", key)

    def edge(self, edge: str) -> tuple[float, float]:
        """The middle of an edge."""
        return self._on_screen("n.canvasToDOM(n.body.edges[key].edgeType.getPoint(0.45))", edge)

    def _on_screen(self, where: str, key: str) -> tuple[float, float]:
        self.page.wait_for_timeout(50)
        found = self.page.evaluate(f"(key) => {{ const n = kgraph.canvas.network; return {where}; }}", key)
        box = self.page.locator("#drawing").bounding_box()
        return box["x"] + found["x"], box["y"] + found["y"]

    def click_node(self, key: str) -> None:
        self.page.mouse.click(*self.node(key))

    def click_edge(self, edge: str) -> None:
        self.page.mouse.click(*self.edge(edge))

    def double_click_node(self, key: str) -> None:
        self.page.mouse.dblclick(*self.node(key))
        self.page.wait_for_timeout(450)

    def shown(self) -> set[str]:
        """The keys of the nodes that are drawn."""
        return set(self.page.evaluate("() => kgraph.canvas.nodes.getIds()"))

    def edges(self) -> set[str]:
        """The ids of the edges that are drawn."""
        return set(self.page.evaluate("() => kgraph.canvas.edges.getIds()"))

    def panel(self) -> str:
        return str(self.page.inner_text("#panel"))

    def counts(self) -> str:
        return str(self.page.inner_text("#counts"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


Opening = Callable[..., Person]


@pytest.fixture
def opening(browser: Any, tmp_path: Path) -> Iterator[Opening]:
    """Writes a graph's map and opens it; by default the crisis on a laptop."""
    contexts = []

    def opened(
        graph: nx.MultiDiGraph | None = None, options: MapOptions | None = None, *, documents: Any = DOCUMENTS,
        address: str = "", **context: Any,
    ) -> Person:  # fmt: skip
        path = tmp_path / f"map{len(contexts)}.html"
        write_map(crisis() if graph is None else graph, path, options, documents=documents)
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "offline": True} | context
        contexts.append(browser.new_context(**settings))
        return Person(contexts[-1].new_page()).open(path.as_uri() + address)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def person(opening: Opening) -> Person:
    """Somebody at the map of the crisis."""
    return opening()
