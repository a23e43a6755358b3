"""Remake the pictures of docs/map.md, and docs/map.png, from the articles that ship with kgraph.

    python docs/map_pictures.py

Needs Chromium and Playwright for Python (`pip install 'kgraph[dev]'`).
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from kgraph.map import MapOptions
from kgraph.pipeline import Graph, build

HERE = Path(__file__).parent
TITLE = "Three invented crises"


def ask(page: Any, script: str) -> Any:
    """What the page's own handle, `kgraph`, says."""
    return page.evaluate(f"() => {script}")


def double_click(page: Any, key: str) -> None:
    """Double click on a node where it is drawn."""
    page.wait_for_timeout(300)
    place = page.evaluate("(k) => kgraph.canvas.network.canvasToDOM(kgraph.canvas.network.getPosition(k))", key)
    box = page.locator("#drawing").bounding_box()
    page.mouse.dblclick(box["x"] + place["x"], box["y"] + place["y"])


def go(page: Any, **parameters: str) -> None:
    """Follow a link to a view."""
    page.evaluate("(link) => { location.hash = link; }", urlencode(parameters))


def reading(page: Any) -> None:
    bundles = ask(page, "[...kgraph.canvas.bundles.values()].map((b) => [b.sign === '-' ? b.rows.length : 0, b.id])")
    go(page, selected=max(bundles)[1])


def filters(page: Any) -> None:
    page.click("#filters")
    page.click("#facets [data-facet='polarity'][data-value='-']")
    page.click("#facets [data-facet='publisher'] >> nth=0")


def search(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("agree", delay=20)


def time(page: Any) -> None:
    last = page.get_by_label("Last day shown")
    last.fill(str(int(last.get_attribute("max")) - 4))


def focus(page: Any) -> None:
    first = ask(page, "kgraph.graph.ranked[0]")
    double_click(page, first)
    page.wait_for_timeout(400)
    double_click(page, next(key for key in ask(page, "[...kgraph.canvas.view.nodes]") if key != first))


def path(page: Any) -> None:
    far = ask(page, "[...kgraph.canvas.view.rows.map((r) => [r.from, r.to])]")
    start = ask(page, "kgraph.graph.ranked[0]")
    near = {start} | {b if a == start else a for a, b in far if start in (a, b)}
    end = next(b if a in near else a for a, b in far if (a in near) != (b in near))
    page.evaluate(
        "([a, b]) => { location.hash = `path=${encodeURIComponent(a)}&path=${encodeURIComponent(b)}`; }", [start, end]
    )


def table(page: Any) -> None:
    page.click("#view")
    page.click("#table thead button:has-text('Relation')")


def communities(page: Any) -> None:
    page.click("#hulls")


def principals(page: Any) -> None:
    page.click("#principals")


def story(page: Any) -> None:
    page.click("#tell")


def nothing(_: Any) -> None:
    """The page as it opens."""


Act = Callable[[Any], None]
PICTURES: dict[str, tuple[Act, dict[str, Any], dict[str, Any]]] = {
    "first": (nothing, {}, {}),
    "reading": (reading, {}, {}),
    "filters": (filters, {}, {}),
    "search": (search, {}, {}),
    "time": (time, {}, {}),
    "focus": (focus, {}, {}),
    "path": (path, {}, {}),
    "table": (table, {}, {}),
    "communities": (communities, {}, {}),
    "principals": (principals, {}, {}),
    "story": (story, {}, {}),
    "geo": (nothing, {"layout": "geo"}, {}),
    "dark": (reading, {}, {"color_scheme": "dark"}),
    "phone": (reading, {}, {"viewport": {"width": 390, "height": 844}}),
}
"""The picture's name -> what is done on the page, how the map is written, what the screen is."""


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    graph: Graph = build([HERE.parent / "kgraph" / "demo"])
    (HERE / "map").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (act, options, screen) in PICTURES.items():
            graph.map(folder / "map.html", MapOptions(TITLE, source="kgraph demo", **options))
            settings = {"viewport": {"width": 1200, "height": 750}, "reduced_motion": "reduce"} | screen
            page = browser.new_context(**settings).new_page()
            page.goto((folder / "map.html").as_uri())
            page.wait_for_selector("body[data-ready]")
            page.wait_for_timeout(300)
            act(page)
            page.wait_for_timeout(500)
            page.screenshot(path=HERE / "map" / f"{name}.png")
            page.context.close()
        browser.close()
    (HERE / "map" / "first.png").replace(HERE / "map.png")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
