"""Reading: an edge is sentences, and how a thing is said shows without a click."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from map_graphs import CHN, JPN, said

from kgraph.map.scripting import style
from kgraph.network import project


def test_the_page_asks_for_nothing_and_runs_clean(person: Any) -> None:
    person.click_node("State:PRK")
    assert [u for u in person.requests if not u.startswith(("file:", "blob:", "about:", "data:"))] == []
    assert len([u for u in person.requests if u.startswith("file:")]) == 1
    assert person.problems == []
    person.picture("desktop")


def test_an_edge_opens_on_its_sentence_with_the_words_marked(person: Any) -> None:
    person.click_edge("State:CHN>Instrument:sanctions-PRK:-")
    text = person.panel()
    assert "China opposes sanctions on North Korea" in text
    assert "said by United States · 9 July 2006 · confidence 0.80 · 2 independent sources" in text
    marks = {m.get_attribute("class"): m.inner_text() for m in person.page.locator("#panel article mark").all()}
    assert marks == {"subject": "China", "relation": "opposes", "object": "sanctions on North Korea"}
    assert "The Delta Post, A week of missiles, 2006-07-10" in text
    link = person.page.locator("#panel article a")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://example.org/a", "noreferrer noopener")


def test_a_node_tells_what_it_does_and_what_is_done_to_it(person: Any) -> None:
    person.click_node("State:JPN")
    assert "What it does (3)" in person.panel()
    assert "What is done or said about it (3)" in person.panel()
    person.click_node("Person:christopher-hill")
    assert "acts for" in person.panel()
    person.page.click("#panel button:has-text('United States')")
    assert person.page.inner_text("#panel h2") == "United States"


def test_parallel_assertions_are_one_counted_edge_that_opens_up(person: Any) -> None:
    assert "State:PRK>State:JPN:-" in person.edges()
    labels = person.page.evaluate("() => kgraph.canvas.labels.map((l) => l.text)")
    assert any("+2 ×3" in text for text in labels)
    person.click_edge("State:PRK>State:JPN:-")
    assert "3 hostile assertions" in person.panel()
    person.page.click("#panel button:has-text('Open up into 3 relations')")
    assert {
        "State:PRK>State:JPN:threatens",
        "State:PRK>State:JPN:accuses",
        "State:PRK>State:JPN:condemns",
    } <= person.edges()
    person.press("Control+z")
    assert "State:PRK>State:JPN:-" in person.edges()


def test_sign_negation_modality_and_speaker_show_without_colour(person: Any) -> None:
    look = (
        "(id) => { const e = kgraph.canvas.edges.get(id); return [e.arrows.to.type, e.dashes, e.arrows.from.enabled]; }"
    )

    def seen(edge: str) -> list[Any]:
        return list(person.page.evaluate(look, edge))

    assert seen("State:JPN>Instrument:sanctions-PRK:+") == ["arrow", False, False]
    assert seen("State:CHN>Instrument:sanctions-PRK:-") == ["bar", False, True]
    assert seen("State:CHN>Organization:UNSC:0") == ["vee", False, False]
    dashes = [seen(e)[1] for e in ("State:PRK>Event:talks:-", "State:CHN>Event:talks:+", "State:JPN>Organization:UNSC:0", "State:RUS>State:PRK:+")]  # fmt: skip
    assert len({str(d) for d in dashes}) == 4
    person.click_edge("State:PRK>Event:talks:-")
    assert person.page.locator("#panel .negated").count() == 1
    assert "not so, the text says" in person.panel()


def test_no_names_lie_over_one_another_at_first_view(person: Any) -> None:
    boxes = person.page.evaluate("() => kgraph.canvas.labels")
    names = {b["id"] for b in boxes if b["kind"] == "node"}
    assert names == person.shown()
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = (
                a["x"] + a["w"] <= b["x"]
                or b["x"] + b["w"] <= a["x"]
                or a["y"] + a["h"] <= b["y"]
                or b["y"] + b["h"] <= a["y"]
            )
            assert apart, (a["text"], b["text"])


def test_the_pointer_tells_before_any_click(person: Any) -> None:
    person.page.mouse.move(*person.edge("State:PRK>State:JPN:-"))
    person.page.wait_for_selector("#hint:not([hidden])")
    assert "North Korea threatens Japan" in person.page.inner_text("#hint")
    person.page.mouse.move(*person.node("State:CHN"))
    person.page.wait_for_selector("#hint:has-text('China (State), 4 assertions')")


def test_an_assertion_of_the_overview_shows_itself_on_the_map(person: Any) -> None:
    person.page.locator("#panel .locate").first.click()
    assert person.page.inner_text("#panel h2") == "China opposes sanctions on North Korea"


@pytest.mark.parametrize("theme", [":root", ':root[data-theme="dark"]'])
def test_colours_have_the_contrast_that_wcag_asks_for(theme: str) -> None:
    rule = style().partition(theme + " {")[2].partition("}")[0]
    colours = dict(re.findall(r"--(\w+): (#\w{6});", rule))

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted(luminance(colours[c]) for c in (one, other))
        return (high + 0.05) / (low + 0.05)

    for paper in ("paper", "card"):
        for ink in ("ink", "soft", "plus", "minus", "zero"):
            assert contrast(ink, paper) >= 4.5, (ink, paper)
        for shape in ("state", "organization", "person", "group", "instrument", "event", "issue", "place", "accent"):
            assert contrast(shape, paper) >= 3, (shape, paper)
    for mark in ("subject", "relation", "object"):
        assert contrast("ink", mark) >= 4.5, mark


def test_many_sentences_of_one_assertion_open_on_demand(opening: Any) -> None:
    told = said(CHN, "supports", JPN)
    evidence = tuple(replace(told.evidence[0], document=f"d{i}") for i in range(9))
    person = opening(project([replace(told, evidence=evidence)]))
    person.click_edge("State:CHN>State:JPN:+")
    assert "9 independent sources" in person.panel()
    assert person.page.locator("#panel blockquote").count() == 5
    person.page.click("#panel button:has-text('Show 4 more sentences')")
    assert person.page.locator("#panel blockquote").count() == 9
