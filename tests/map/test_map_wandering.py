"""Wandering: focus, paths, principals, undo, the keyboard, the table."""

from __future__ import annotations

from typing import Any


def test_double_click_focuses_with_hops_and_a_trail_back(person: Any) -> None:
    person.double_click_node("Person:christopher-hill")
    assert person.shown() == {"Person:christopher-hill", "State:USA", "State:CHN", "Event:talks"}
    person.page.click(".hops button:has-text('2')")
    assert "State:PRK" in person.shown()
    person.double_click_node("State:CHN")
    assert person.page.inner_text("#chips nav").startswith("Whole map › Christopher Hill › China")
    person.page.click("#chips nav button:has-text('Christopher Hill')")
    assert "State:USA" in person.shown()
    person.page.click("#chips nav button:has-text('Whole map')")
    assert len(person.shown()) == 9


def test_the_shortest_path_has_its_sentences(person: Any) -> None:
    person.click_node("State:USA")
    person.page.click("#panel button:has-text('Path from here')")
    person.click_node("State:RUS")
    assert "From United States to Russia" in person.panel()
    steps = person.page.locator("#panel .part").all_inner_texts()
    assert [s[0] for s in steps] == ["1", "2", "3", "4"]
    assert person.page.locator("#panel blockquote").count() >= 4
    person.press("Escape")
    assert "Begin here" in person.panel()


def test_by_principal_folds_people_into_their_state(person: Any) -> None:
    person.page.click("#principals")
    assert "Person:christopher-hill" not in person.shown()
    assert "State:USA>State:CHN:+" in person.edges()
    person.click_edge("State:USA>State:CHN:+")
    assert "Christopher Hill meets China" in person.panel()
    person.page.click("#principals")
    assert "Person:christopher-hill" in person.shown()


def test_pin_hide_undo_redo_and_drag(person: Any) -> None:
    person.click_node("State:RUS")
    person.page.click("#panel button:has-text('Pin')")
    person.page.click("#legend [data-facet='cls'][data-value='Person']")
    assert "State:RUS" in person.shown()
    assert "State:PRK" not in person.shown()
    person.press("Control+z", "Control+z")
    person.click_node("State:RUS")
    person.page.click("#panel button:has-text('Hide')")
    assert "State:RUS" not in person.shown()
    person.page.click("#undo")
    assert "State:RUS" in person.shown()
    person.page.click("#redo")
    assert "State:RUS" not in person.shown()
    person.page.click(".chip:has-text('Hidden: Russia')")
    x, y = person.node("State:RUS")
    person.page.mouse.move(x, y)
    person.page.mouse.down()
    person.page.mouse.move(x + 60, y + 20, steps=4)
    person.page.mouse.up()
    assert abs(person.node("State:RUS")[0] - x - 60) < 4
    person.press("Control+z")
    assert abs(person.node("State:RUS")[0] - x) < 4


def test_the_keyboard_alone_reaches_all(person: Any) -> None:
    person.page.focus("#drawing")
    person.press("Enter")
    start = person.page.inner_text("#panel h2")
    seen = {start}
    for _ in range(3):
        person.press("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown")
        seen.add(person.page.inner_text("#panel h2"))
    assert len(seen) > 1
    assert "Now at" in person.page.inner_text("#announce") or "no edge" in person.page.inner_text("#announce")
    person.press("]")
    assert "1 of" in person.page.inner_text("#announce")
    person.press("PageDown")
    assert "Now at" not in person.page.inner_text("#announce")
    key = person.page.evaluate("() => kgraph.state().selected")
    x, _ = person.node(key)
    person.press("Shift+ArrowRight")
    assert person.node(key)[0] > x
    person.press("f")
    assert person.page.locator("#chips nav").count() == 1
    person.press("Escape", "Escape", "Escape")
    assert person.page.locator("#chips nav").count() == 0
    person.press("?")
    assert person.page.locator("#keys").is_visible()
    assert "search" in person.page.inner_text("#keys")
    person.press("Escape")
    person.press("t", "t")
    assert not person.page.locator("#map").is_visible()
    person.press("t")
    assert person.page.locator("#map").is_visible()


def test_the_table_beside_the_map_sorts(person: Any) -> None:
    person.page.click("#view")
    rows = person.page.locator("#table tbody tr")
    assert rows.count() == 16
    assert person.page.locator("#map").is_visible()
    person.page.click("#table thead button:has-text('Subject')")
    subjects = person.page.locator("#table tbody th").all_inner_texts()
    assert subjects == sorted(subjects)
    assert person.page.locator("#table th[aria-sort='ascending']").inner_text().startswith("Subject")
    person.page.click("#table thead button:has-text('Subject')")
    assert person.page.locator("#table tbody th").all_inner_texts() == subjects[::-1]
    person.page.locator("#table tbody button:has-text('Russia')").first.click()
    assert person.page.inner_text("#panel h2").startswith("Russia")
    person.picture("table")
