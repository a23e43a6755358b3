"""Everybody can use it: axe-core finds nothing serious, in light and dark, in all the page's parts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

AXE = os.environ.get("KGRAPH_AXE")
"""The path of axe-core's axe.min.js; CI installs it from npm."""


def violations(person: Any) -> list[str]:
    assert AXE
    person.page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = person.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:200]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.skipif(not AXE, reason="KGRAPH_AXE does not name axe.min.js of axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opening: Any, scheme: str) -> None:
    person = opening(color_scheme=scheme)
    person.page.click("#filters")
    person.page.click("#facets [data-facet='polarity'] >> nth=1")
    person.page.click("#view")
    assert violations(person) == []
    person.page.click("#table tbody button >> nth=0")
    person.press("/")
    person.page.keyboard.type("a")
    assert violations(person) == []
    person.press("Escape", "Escape")
    person.page.click("#tell")
    assert violations(person) == []
    person.page.click("#help")
    assert violations(person) == []
