"""A YAML file whose every value knows its line, so that a mistake can be told in one sentence with its place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from kgraph.errors import KgraphError

_LARGEST = 2**20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same in C where there is one: ten times as fast, for two dozen formats."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value of the file: `path` says where it hangs (`assertions.subject`), `line` where it is written."""

    file: str
    path: str
    line: int
    node: yaml.Node

    def wrong(self, what: str, mend: str) -> KgraphError:
        """The complaint about this value."""
        return KgraphError(f"mapping {self.file}, line {self.line}: {self.path or 'the file'} {what}; {mend}")

    @property
    def empty(self) -> bool:
        """Is nothing, `""` or `null` written here?"""
        return isinstance(self.node, yaml.ScalarNode) and (
            self.node.tag == "tag:yaml.org,2002:null" or not self.node.value
        )

    @property
    def is_map(self) -> bool:
        """Does it have keys?"""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Does it have several values?"""
        return isinstance(self.node, yaml.SequenceNode)

    def text(self, allowed: Collection[str] | None = None) -> str:
        """The text as it is written, also of numbers; KgraphError where it is none, or none of the allowed ones."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.wrong("is no text", "write one value")
        value = str(self.node.value)
        if allowed is not None and value not in allowed:
            raise self.wrong(f"is {value!r}", f"use one of {', '.join(sorted(allowed))}")
        return value

    def texts(self) -> tuple[str, ...]:
        """Several texts, or one."""
        return tuple(item.text() for item in self.items()) if self.is_list else (self.text(),)

    def number(self, low: float, high: float) -> float:
        """A number between two bounds."""
        try:
            value = float(self.text())
        except ValueError:
            raise self.wrong(f"is {self.text()!r}", f"write a number from {low} to {high}") from None
        if not low <= value <= high:
            raise self.wrong(f"is {value}", f"write a number from {low} to {high}")
        return value

    def items(self) -> list[Item]:
        """The values of a list; a single value is a list of one."""
        if not isinstance(self.node, yaml.SequenceNode):
            return [self]
        return [Item(self.file, self.path, n.start_mark.line + 1, n) for n in self.node.value]

    def pairs(self) -> dict[str, Item]:
        """The values by key; KgraphError where it has no keys or one stands twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("has no keys", "write `key: value` lines under it")
        found: dict[str, Item] = {}
        for key, value in self.node.value:
            name = str(getattr(key, "value", ""))
            item = Item(self.file, f"{self.path}.{name}".lstrip("."), key.start_mark.line + 1, value)
            if name in found:
                raise item.wrong("stands twice", "write it once")
            found[name] = item
        return found

    def keys(self, allowed: Collection[str]) -> dict[str, Item]:
        """The values by key; KgraphError for a key that is none of the allowed ones."""
        found = self.pairs()
        for name, item in found.items():
            if name not in allowed:
                raise item.wrong("is no key that means something here", f"use {', '.join(sorted(allowed))}")
        return found


def read_tree(path: Path) -> Item:
    """The file's content; KgraphError where it cannot be read or is no YAML."""
    try:
        if path.stat().st_size > _LARGEST:
            raise KgraphError(f"mapping {path}: is larger than a mapping can be; name the mapping, not the table")
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise KgraphError(f"mapping {path}: cannot be read ({error}); check the path") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise KgraphError(f"mapping {path}{where}: is no YAML ({problem}); mend that line") from error
    if node is None:
        raise KgraphError(f"mapping {path}: is empty; `kgraph mapping new TABLE` writes a first one")
    return Item(path.name, "", 1, node)
