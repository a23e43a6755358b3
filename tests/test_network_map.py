"""The projection, and the map in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kgraph.map import write_map
from kgraph.model import Assertion, Entity, Evidence, Mark, Modality, NodeType, Role
from kgraph.network import fold, project, write_graph

HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'


def make(subject: Entity, relation: str, thing: Entity, sentence: str, **more: Any) -> Assertion:
    marks = (Mark(Role.SUBJECT, 0, 3),)
    return Assertion(subject, relation, thing, (Evidence("d", 0, len(sentence), sentence, marks),), "text", **more)


USA, RUS = Entity("USA", "United States", NodeType.STATE), Entity("RUS", "Russia", NodeType.STATE)
ENVOY = Entity("ann-lee", "Ann Lee", NodeType.PERSON, "USA")
ROWS = [
    make(USA, "condemns", RUS, "The United States condemned Russia."),
    make(ENVOY, "meets", RUS, "Ann Lee may meet Russia.", modality=Modality.POSSIBLE),
    make(RUS, "supports", Entity("x", HOSTILE, NodeType.GROUP), HOSTILE),
]


def test_projection_and_fold() -> None:
    graph = project(ROWS)
    assert set(graph) == {"State:USA", "State:RUS", "Person:ann-lee", "Group:x"}
    folded = fold(graph)
    assert "Person:ann-lee" not in folded
    assert sorted(d["relation"] for _, _, d in folded.edges(data=True)) == ["condemns", "meets", "supports"]


@pytest.mark.parametrize(("form", "reader"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_graph_files_read_back(tmp_path: Path, form: str, reader: Any) -> None:
    write_graph(project(ROWS), tmp_path / "g", form)
    back = reader(tmp_path / "g")
    assert back.number_of_edges() == 3
    assert back.nodes["State:RUS"]["label"] == "Russia"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium here")
    from playwright.sync_api import sync_playwright

    path = tmp_path_factory.mktemp("map") / "map.html"
    write_map(
        project(ROWS),
        path,
        title="Test <b>map</b>",
        documents={"d": {"source": "The Post", "url": "javascript:alert(1)"}},
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.requests_seen, page.problems = [], []
        page.on("request", lambda r: page.requests_seen.append(r.url))
        page.on("pageerror", lambda e: page.problems.append(str(e)))
        page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
        page.goto(path.as_uri())
        page.wait_for_selector("#map canvas")
        yield page
        browser.close()


def test_the_page_asks_for_nothing_and_runs_clean(page: Any) -> None:
    assert [u for u in page.requests_seen if not u.startswith(("file:", "data:", "blob:"))] == []
    assert len([u for u in page.requests_seen if u.startswith("file:")]) == 1
    assert page.problems == []


def test_hostile_text_is_inert(page: Any) -> None:
    page.click("#view")
    page.click("#table tbody tr:has-text('supports')")
    assert "onerror" in page.inner_text("#panel")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#panel img, #panel a").count() == 0
    page.click("#view")


def test_search_legend_and_panel(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("condemned")
    assert "1 assertions" in page.inner_text("#counts")
    page.click("#view")
    page.click("#table tbody tr")
    assert page.locator("#panel mark.subject").inner_text() == "The"
    page.click("#view")
    page.keyboard.press("Escape")
    assert "3 assertions" in page.inner_text("#counts")
    page.click("#legend button:has-text('hostile')")
    assert "2 assertions" in page.inner_text("#counts")
    page.click("#legend button:has-text('hostile')")


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    write_map(project(ROWS), tmp_path / "a.html")
    write_map(project(ROWS), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
