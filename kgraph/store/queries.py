"""Saved queries: `queries/*.rq`; the first line is a comment with the title, then one comment for each parameter:
`# name: what it is. Example: name=Hill`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from kgraph.errors import KgraphError

_SLOT = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with a name, a title and parameters (name -> what it is); `{{name}}` in its text stands for one."""

    name: str
    title: str
    parameters: dict[str, str]
    text: str

    def sparql(self, **parameters: str) -> str:
        """The SPARQL with the parameters as string literals; one not given is the empty string, which matches all."""
        wanted = set(self.parameters)
        unknown = set(parameters) - wanted
        if unknown:
            raise KgraphError(
                f"query {self.name} has no parameter {sorted(unknown)[0]!r}; it has {', '.join(sorted(wanted)) or 'none'}"
            )
        # In one pass, so that a value with braces in it stays a value.
        return _SLOT.sub(lambda slot: _literal(parameters.get(slot[1], "")), self.text)


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
        comments = list(takewhile(lambda line: line.startswith("# "), text.splitlines()))
        described = dict(line[2:].split(": ", 1) for line in comments[1:])
        if set(described) != set(_SLOT.findall(text)):
            raise KgraphError(
                f"saved query {path}: its parameters are not those that its first lines describe; mend them"
            )
        found[path.stem] = SavedQuery(path.stem, comments[0][2:], described, text)
    return found
