"""How soon the map can be used, beside pyvis's default page and the physics that other graph pages run at load.

    python benchmarks/map_loading.py [NODES EDGES]...

Prints for each size the seconds to write the file, its megabytes, and the seconds from opening it in headless Chromium
until it answers (median of five; and how many of them its thread computed, which other work on the machine does not
lengthen), then the same for the baselines, which get 90 seconds, and the ratios.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx as nx
from playwright.sync_api import Error, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "map"))
from map_graphs import random_graph

from kgraph.map import MapOptions, write_map

PATIENCE = 90
ROUNDS = 5
PHYSICS = {
    "pyvis's default": {},
    "ForceAtlas2 at load": {"physics": {"solver": "forceAtlas2Based", "stabilization": {"iterations": 200}}},
}
READY = "body[data-interactive]"


def opened(browser: Any, path: Path, ready: str) -> tuple[float, float] | None:
    """Seconds from the start of navigation until the page is drawn and idle, and those the page's thread computed.

    None where patience ran out. The second number is what a machine with nothing else to do would need at least.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route("http*://**", lambda route: route.abort())
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    begun = time.perf_counter()
    try:
        page.goto(path.as_uri(), wait_until="commit", timeout=PATIENCE * 1000)
        page.wait_for_selector(ready, state="attached", timeout=PATIENCE * 1000)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        seconds = time.perf_counter() - begun
        metrics = {m["name"]: m["value"] for m in meter.send("Performance.getMetrics")["metrics"]}
        return seconds, metrics["TaskDuration"]
    except Error:
        return None
    finally:
        page.close()


def baseline(graph: nx.MultiDiGraph, path: Path, options: dict[str, Any]) -> None:
    """The page that pyvis writes, which tells when its physics has come to rest."""
    from pyvis.network import Network

    made = Network(directed=True, cdn_resources="in_line")
    for node, data in graph.nodes(data=True):
        made.add_node(node, label=data["label"])
    for u, v, data in graph.edges(data=True):
        made.add_edge(u, v, label=data["label"])
    if options:
        made.options = options
    html = made.generate_html()
    told = 'network.once("stabilized", () => { document.body.dataset.rested = 1; });'
    path.write_text(html.replace("return network;", told + " return network;"), encoding="utf-8")


def main(sizes: list[tuple[int, int]]) -> None:
    folder = Path(tempfile.mkdtemp())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for nodes, edges in sizes:
            graph = random_graph(nodes, edges)
            for name, backbone in (("all nodes", 0), ("backbone", None)):
                begun = time.perf_counter()
                written = write_map(graph, folder / "map.html", MapOptions(backbone=backbone))
                writing = time.perf_counter() - begun
                times = [opened(browser, folder / "map.html", READY) or (PATIENCE, PATIENCE) for _ in range(ROUNDS)]
                own, computed = (statistics.median(t[i] for t in times) for i in (0, 1))
                print(f"{nodes} nodes, {edges} edges, {name}: written in {writing:.1f} s, {written.size / 1e6:.1f} MB")
                print(f"  usable after {own:.2f} s, of which computing {computed:.2f} s", flush=True)
                if backbone == 0:
                    whole = own
            for name, options in PHYSICS.items():
                baseline(graph, folder / "pyvis.html", options)
                found = opened(browser, folder / "pyvis.html", "body[data-rested]")
                shown = f"{found[0]:.1f} s" if found else f"more than {PATIENCE} s"
                print(f"  {name}: {shown}, {(found[0] if found else PATIENCE) / whole:.0f} times ours", flush=True)
        browser.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    given = [int(a) for a in sys.argv[1:]]
    main(list(zip(given[::2], given[1::2], strict=True)) or [(1000, 3000), (5000, 15000)])
