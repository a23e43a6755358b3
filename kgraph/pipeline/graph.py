"""A knowledge graph in a store, and the shortest way to one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kgraph.model import Assertion
from kgraph.pipeline.building import build_store

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.map import MapOptions, Written
    from kgraph.network import Corpus
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
        """The projection into networkx (`kgraph.network.project`); each edge has `sources`, its independent sources."""
        from kgraph.network import project
        from kgraph.network.projection import node_key

        count = self._store.independent_sources()
        assertions = list(self._store.assertions())
        graph = project(assertions)
        beside: Counter[tuple[str, str]] = Counter()
        for a in assertions:
            ends = node_key(a.subject), node_key(a.object)
            graph.edges[(*ends, beside[ends])]["sources"] = count(a)
            beside[ends] += 1
        return graph

    def corpus(self) -> Corpus:
        """The assertions with their documents and independent sources, as the measures take them; see `kgraph.network`."""
        from kgraph.network import Corpus

        return Corpus(tuple(self._store.assertions()), self._store.documents(), self._store.independent_sources())

    def map(self, path: str | Path, options: MapOptions | None = None) -> Written:
        """Write the HTML map; see `kgraph.map.write_map`."""
        from kgraph.map import write_map

        return write_map(self.network(), path, options, documents=self._store.documents())


def build(sources: Iterable[str | Path], *, store: str | Path | None = None, date: dt.date | None = None) -> Graph:
    """Build a graph from files and folders, in memory or into the store folder given."""
    from kgraph.store import Store

    opened = Store.open(store, create=True)
    build_store(sources, opened, date=date)
    return Graph(opened)
