"""Extractors by name, through the `kgraph.extractors` entry-point group, so that another package can add one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document

Extractor = Callable[[Document], Iterable[Assertion]]


def extractor(name: str) -> Extractor:
    """The extractor of this name; KgraphError where no installed package offers it."""
    found = {point.name: point for point in entry_points(group="kgraph.extractors")}
    if name not in found:
        raise KgraphError(f"there is no extractor {name!r}; installed are {', '.join(sorted(found)) or 'none'}")
    loaded: Extractor = found[name].load()
    return loaded
