"""Saved queries: `queries/*.rq`, the first line of each a comment with its title."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.errors import KgraphError


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with a name and a title. `{name}` in its text stands for a parameter."""

    name: str
    title: str
    text: str

    def sparql(self, **parameters: str) -> str:
        """The SPARQL with the parameters as string literals; one not given is the empty string, which matches all."""
        import re

        wanted = set(re.findall(r"\{\{(\w+)\}\}", self.text))
        unknown = set(parameters) - wanted
        if unknown:
            raise KgraphError(
                f"query {self.name} has no parameter {sorted(unknown)[0]!r}; it has {sorted(wanted) or 'none'}"
            )
        text = self.text
        for name in wanted:
            text = text.replace("{{" + name + "}}", _literal(parameters.get(name, "")))
        return text


def _literal(value: str) -> str:
    escaped = (
        value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{escaped}"'


@cache
def saved_queries() -> dict[str, SavedQuery]:
    """All saved queries by name, in the order of their names."""
    found = {}
    for path in sorted((Path(__file__).parent / "queries").glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = SavedQuery(path.stem, text.splitlines()[0].lstrip("# ").strip(), text)
    return found
