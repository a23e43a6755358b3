"""The pages: every link leads somewhere, every page is reached from the guide, every command they name exists."""

import re
from pathlib import Path

import pytest
import typer

from kgraph.cli import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def links(page: Path) -> list[str]:
    """The files and pages that a page links to or shows."""
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    return [link for link in found if not link.startswith(("http://", "https://"))]


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_reached_from_the_guide() -> None:
    linked = {(DOCS / link.partition("#")[0]).name for link in links(DOCS / "guide.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"guide.md"} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    group = typer.main.get_command(app)
    options = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }
    blocks = re.findall(r"```\w*\n(.*?)```|`(kgraph [^`]+)`", page.read_text(encoding="utf-8"), flags=re.S)
    lines = [line.partition("  #")[0] for block in blocks for part in block for line in part.splitlines()]
    for line in lines:
        words = line.split()
        if words[:1] != ["kgraph"] or not words[1:] or not re.fullmatch("[a-z]+", words[1]):
            continue
        assert words[1] in options, line
        if words[1] != "mapping":
            given = {word for word in words[2:] if re.fullmatch(r"--[a-z-]+", word)}
            assert given <= options[words[1]] | {"--help"}, line
