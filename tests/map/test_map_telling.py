"""Telling: the story, links, exports, frames, print, dark, phone, languages."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from map_graphs import crisis, said

from kgraph.map import MapOptions, write_map
from kgraph.model import Entity, NodeType
from kgraph.network import project


def test_a_story_flies_from_edge_to_edge(opening: Any, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(
        "title: The vote\nsteps:\n- edge: [Japan, proposes, sanctions-PRK]\n  caption: It begins in Tokyo.\n- node: China\n  caption: A veto?\n",
        encoding="utf-8",
    )
    person = opening(options=MapOptions(story=story))
    person.page.click("#tell")
    assert "The vote · 1 of 2" in person.page.inner_text("#story")
    assert "It begins in Tokyo." in person.page.inner_text("#story")
    assert "Japan proposes" in person.page.inner_text("#panel h2")
    person.picture("story")
    person.page.click("#story .next")
    assert person.page.inner_text("#panel h2") == "China"
    person.press("b")
    assert "1 of 2" in person.page.inner_text("#story")
    person.press("Escape")
    assert not person.page.locator("#story").is_visible()


def test_a_story_is_proposed(person: Any) -> None:
    person.page.click("#panel button.story")
    captions = []
    while person.page.locator("#story").is_visible():
        captions.append(person.page.inner_text("#story .caption"))
        person.page.click("#story .next")
    assert captions[0].startswith("It begins: ")
    assert any(c.startswith("The reaction: ") for c in captions)


def test_a_link_restores_the_view(person: Any) -> None:
    person.page.click("#legend [data-facet='polarity'][data-value='-']")
    person.page.click("#hulls")
    person.click_edge("State:RUS>Instrument:sanctions-PRK:-")
    address, counts, panel = person.page.url, person.counts(), person.panel()
    assert "polarity=-" in address
    person.open(address)
    assert (person.counts(), person.panel()) == (counts, panel)
    assert person.page.get_attribute("#hulls", "aria-pressed") == "true"


def test_a_copied_link_restores_the_window_too(person: Any) -> None:
    person.press("+", "+")
    person.page.wait_for_timeout(100)
    before = person.node("State:CHN")
    person.page.click("#share")
    person.page.click("#link")
    person.page.focus("#search")
    person.press("Control+v")
    address = person.page.input_value("#search")
    assert "&at=" in address or "#at=" in address
    person.open(address)
    after = person.node("State:CHN")
    assert abs(before[0] - after[0]) < 3
    assert abs(before[1] - after[1]) < 3


def test_a_link_to_what_is_no_more_opens(opening: Any) -> None:
    person = opening(address="#focus=State%3AXXX&path=State%3ACHN&selected=nothing&relation=meets")
    assert "1 assertion" in person.counts()
    assert person.problems == []


def downloaded(person: Any, button: str) -> bytes:
    person.page.click("#share")
    with person.page.expect_download() as download:
        person.page.click(button)
    return Path(download.value.path()).read_bytes()


def test_exports_hold_what_is_shown(person: Any) -> None:
    person.page.click("#legend [data-facet='polarity'][data-value='-']")
    rows = list(csv.DictReader(io.StringIO(downloaded(person, "#csv").decode("utf-8-sig"))))
    assert len(rows) == 8
    assert {r["Sign"] for r in rows} == {"hostile"}
    assert rows[0]["Sentence"]
    picture = ElementTree.fromstring(downloaded(person, "#svg"))
    texts = [t.text for t in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "North Korea" in texts
    assert "Christopher Hill" not in texts
    assert downloaded(person, "#png").startswith(b"\x89PNG")


def test_print_is_light_and_has_the_sentences(opening: Any) -> None:
    person = opening(color_scheme="dark")
    assert person.page.get_attribute("html", "data-theme") == "dark"
    person.picture("dark")
    assert len(person.page.pdf()) > 10_000
    person.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert person.page.get_attribute("html", "data-theme") == "light"
    person.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert person.page.get_attribute("html", "data-theme") == "dark"


def test_in_a_frame(opening: Any, tmp_path: Path) -> None:
    write_map(crisis(), tmp_path / "inner.html")
    outer = tmp_path / "outer.html"
    outer.write_text('<iframe src="inner.html" width="900" height="600" sandbox="allow-scripts"></iframe>')
    person = opening()
    person.page.goto(outer.as_uri())
    frame = person.page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    frame.locator("#legend [data-facet='polarity']").first.click()
    assert frame.locator(".chip").count() == 1
    assert frame.locator("body.framed").count() == 1
    assert person.problems == []


def test_on_a_phone_all_fits(opening: Any) -> None:
    person = opening(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    wide, high = person.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert (wide, high) == (390, 844)
    person.page.touchscreen.tap(*person.node("State:PRK"))
    person.page.wait_for_selector("#panel h2:text-is('North Korea')")
    person.picture("phone")
    person.page.click("#filters")
    assert person.page.locator("#facets").is_visible()


def test_right_to_left_and_wide_letters(opening: Any) -> None:
    egypt, china = Entity("EGY", "مصر", NodeType.STATE), Entity("CHN", "中华人民共和国", NodeType.STATE)
    person = opening(
        project([said(egypt, "meets", china)]),
        MapOptions("لقاء القاهرة", language="ar", source="الأهرام", licence="CC BY 4.0"),
    )
    page = person.page
    assert (page.get_attribute("html", "lang"), page.get_attribute("html", "dir")) == ("ar", "rtl")
    assert page.title() == "لقاء القاهرة"
    assert "Source: الأهرام · Licence: CC BY 4.0" in page.inner_text("#credit")
    person.click_edge("State:EGY>State:CHN:+")
    assert page.get_attribute("#panel blockquote", "lang") == "ar"
    assert page.locator("#panel").bounding_box()["x"] == 0
    person.picture("right-to-left")
