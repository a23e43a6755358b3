"""Finding: search with suggestions, filters with counts, chips, time."""

from __future__ import annotations

import re
from typing import Any


def option(person: Any, facet: str, value: str, place: str = "#facets") -> Any:
    return person.page.locator(f'{place} [data-facet="{facet}"][data-value="{value}"]')


def number(person: Any, facet: str, value: str) -> int:
    return int(option(person, facet, value).locator(".count").inner_text())


def test_search_suggests_nodes_relations_and_sentences(person: Any) -> None:
    person.press("/")
    person.page.keyboard.type("opp")
    kinds = person.page.locator("#offers .kind").all_inner_texts()
    assert {"Relation", "Sentence"} <= set(kinds)
    person.page.locator("#offers li:has-text('Sentence')").first.click()
    assert "opposes" in person.page.inner_text("#panel h2")
    person.press("/")
    person.page.keyboard.type("hil")
    person.press("ArrowDown", "Enter")
    assert person.page.inner_text("#panel h2") == "Christopher Hill"
    person.press("/")
    person.page.keyboard.type("threatens")
    person.press("Enter")
    assert "1 assertion" in person.counts()
    person.page.click(".chip")
    assert "16 assertions" in person.counts()


def test_each_filter_keeps_what_its_count_says(person: Any) -> None:
    person.page.click("#filters")
    for facet in (
        "group",
        "relation",
        "polarity",
        "cls",
        "modality",
        "negation",
        "speaker",
        "sources",
        "publisher",
        "document",
    ):
        chosen = person.page.locator(f'#facets [data-facet="{facet}"]').last
        expected = int(chosen.locator(".count").inner_text())
        chosen.click()
        assert int(re.findall(r"(\d+) assertion", person.counts())[0]) == expected, facet
        person.page.click(".chip")
    assert "16 assertions" in person.counts()


def test_filters_combine_and_counts_follow(person: Any) -> None:
    person.page.click("#filters")
    before = number(person, "modality", "actual")
    option(person, "polarity", "-").click()
    assert number(person, "modality", "actual") < before
    assert number(person, "polarity", "+") > 0
    option(person, "publisher", "Mekong Ledger").click()
    chips = person.page.locator(".chip").all_inner_texts()
    assert [c.removesuffix(" ✕") for c in chips] == ["Sign: − hostile", "Publisher: Mekong Ledger"]
    assert "3 assertions" in person.counts()
    person.picture("filters")
    person.page.click("text=Clear all")
    assert "16 assertions" in person.counts()


def test_the_legend_filters_on_click(person: Any) -> None:
    option(person, "modality", "possible", "#legend").click()
    assert "1 assertion" in person.counts()
    assert option(person, "modality", "possible", "#legend").get_attribute("aria-pressed") == "true"
    option(person, "modality", "possible", "#legend").click()
    assert "16 assertions" in person.counts()


def test_confidence_and_time_are_sliders(person: Any) -> None:
    person.page.click("#filters")
    person.page.locator("#confidence").fill("0.5")
    assert "15 assertions" in person.counts()
    assert "at least 0.50" in person.page.inner_text("#facets")
    person.page.locator("#confidence").fill("0")
    first, last = (person.page.get_by_label(name) for name in ("First day shown", "Last day shown"))
    last.fill(str(int(first.get_attribute("min")) + 1))
    assert "5 Jul 2006 to 6 Jul 2006" in person.page.inner_text("#chips")
    assert "3 assertions" in person.counts()
    person.page.click(".chip")
    assert "16 assertions" in person.counts()


def test_time_plays(person: Any) -> None:
    person.page.click("#timeline button")
    seen = set()
    for _ in range(6):
        seen.add(person.counts())
        person.page.wait_for_timeout(500)
    assert len(seen) > 1
    person.page.click("#timeline button")
    assert "Play" in person.page.inner_text("#timeline button")


def test_communities_filter(opening: Any) -> None:
    from map_graphs import blocs

    person = opening(blocs())
    person.page.click("#filters")
    person.page.locator('#facets [data-facet="community"]').first.click()
    assert person.page.locator(".chip:has-text('Community')").count() == 1
    person.page.wait_for_timeout(300)
    before = person.page.locator("#drawing").screenshot()
    person.page.click("#hulls")
    person.page.wait_for_timeout(300)
    assert person.page.locator("#drawing").screenshot() != before
    person.picture("communities")
    assert person.problems == []


def test_what_a_search_finds_shows_whatever_the_filters_say(person: Any) -> None:
    option(person, "polarity", "+", "#legend").click()
    person.press("/")
    person.page.keyboard.type("threatens japan")
    person.press("ArrowDown", "Enter")
    assert "North Korea threatens Japan" in person.panel()
    person.press("Escape", "Control+z", "Control+z")
    assert person.page.locator(".chip").all_inner_texts() == ["Sign: + friendly ✕"]
