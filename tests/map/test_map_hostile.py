"""Documents are hostile: their words stay words, in every part of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from map_graphs import said

from kgraph.map import MapOptions, write_map
from kgraph.model import Entity, NodeType
from kgraph.network import project

HOSTILE = [
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '" onmouseover="window.hacked=1" x="',
    "' autofocus onfocus='window.hacked=1",
    "<svg/onload=window.hacked=1>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<a href=javascript:window.hacked=1>click</a>",
    "javascript:window.hacked=1",
    "<style>*{display:none}</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<!-- <script> --> <![CDATA[ ]]>",
    "{{ 7 * 7 }} {% raw %} ${window.hacked=1} `",
    "\u202egnihton si siht\u202c \u2066\u200f",
    "nul\x00 bell\x07 escape\x1b[31m tab\t line\u2028 paragraph\u2029",
    "W" * 10_000,
    "👩🏽‍🚀🏴󠁧󠁢󠁳󠁣󠁴󠁿 z̸̢̛͓̗a̶͔͝l̵̻̚g̷͖̀o̵̬͐",
    "lone surrogate \ud800 and constructor __proto__ toString",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture
def hostile(opening: Any) -> Any:
    state = Entity("XKX", "Somewhere", NodeType.STATE)
    documents = {
        text: {"title": text, "source": text, "url": f"javascript:window.hacked=1//{text}", "date": "2024-01-02"}
        for text in HOSTILE
    }
    rows = [
        said(Entity(f"h{i} {text[:60]}", text, NodeType.PERSON), "condemns", state, text, date="2024-01-01", attributed_to=Entity("s", text, NodeType.PERSON))
        for i, text in enumerate(HOSTILE)
    ]  # fmt: skip
    return opening(project(rows), MapOptions(HOSTILE[1], source=HOSTILE[2], licence=HOSTILE[0]), documents=documents)


def test_hostile_words_are_inert(hostile: Any) -> None:
    page = hostile.page
    page.click("#filters")
    page.click("#view")
    for key in sorted(hostile.shown()):
        page.evaluate("(key) => { location.hash = 'selected=' + encodeURIComponent(key); }", key)
        page.wait_for_timeout(15)
    page.click("#facets [data-facet='speaker'] >> nth=0")
    hostile.press("/")
    page.keyboard.type("script")
    page.wait_for_timeout(100)
    assert page.locator("#offers li").count() > 0
    hostile.press("Escape")
    assert page.evaluate("() => window.hacked") is None
    assert (
        page.locator("#panel img, #panel iframe, #panel a, #panel script, #facets img, #table img, #chips img").count()
        == 0
    )
    assert page.evaluate("() => document.querySelectorAll('script').length") == 2
    assert page.evaluate("() => document.baseURI === location.href")
    assert hostile.problems == []
    assert [u for u in hostile.requests if "evil" in u] == []
    hostile.picture("hostile")


def test_hostile_words_are_inert_in_exports(hostile: Any) -> None:
    picture = hostile.page.evaluate("() => kgraph.svg()")
    table = hostile.page.evaluate("() => kgraph.csv()")
    assert "<script" not in picture
    assert "<img" not in picture
    assert all(not line.startswith(("=", "+", "@")) for line in table.splitlines())


def test_the_policy_refuses_script_that_is_not_ours(person: Any) -> None:
    refused = person.page.evaluate(
        """() => new Promise((done) => {
             document.addEventListener('securitypolicyviolation', (event) => done(event.violatedDirective));
             const script = document.createElement('script');
             script.textContent = 'window.hacked = 1';
             document.body.append(script);
           })"""
    )
    assert refused.startswith("script-src")
    assert person.page.evaluate("() => window.hacked") is None


def test_the_policy_allows_nothing_but_hashes(tmp_path: Path) -> None:
    write_map(project([]), tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text(encoding="utf-8")
    policy = html.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    assert "default-src &#39;none&#39;" in policy or "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "https:" not in policy
