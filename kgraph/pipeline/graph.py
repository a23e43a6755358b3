"""A knowledge graph in a store, and the shortest way to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kgraph.model import Assertion
from kgraph.pipeline.building import build_store

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.store import QueryResult, Store


class Graph:
    """A knowledge graph in a store: ask it, project it, show it. Use as a context manager where the store is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def assertions(self) -> Iterator[Assertion]:
        """Every assertion, ordered by its id."""
        return self._store.assertions()

    def query(self, sparql: str) -> QueryResult:
        """The answer to a SPARQL query; see `kgraph.store.Store.query`."""
        return self._store.query(sparql)

    def network(self) -> nx.MultiDiGraph:
        """The projection into networkx; see `kgraph.network.project`."""
        from kgraph.network import project

        return project(self._store.assertions())

    def map(self, path: str | Path, *, title: str = "Who does what to whom", by_principal: bool = False) -> None:
        """Write the HTML map; with `by_principal`, people and bodies are folded into the states they act for."""
        from kgraph.map import write_map
        from kgraph.network import fold

        graph = fold(self.network()) if by_principal else self.network()
        write_map(graph, path, title=title, documents=self._store.documents())


def build(sources: Iterable[str | Path], *, store: str | Path | None = None, date: dt.date | None = None) -> Graph:
    """Build a graph from files and folders, in memory or into the store folder given."""
    from kgraph.store import Store

    opened = Store.open(store, create=True)
    build_store(sources, opened, date=date)
    return Graph(opened)
