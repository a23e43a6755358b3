"""From tables into a store, by the store's own hand: the graph is the one that a build on one machine makes."""

from __future__ import annotations

import json

from kgraph.engine.session import explained
from kgraph.engine.tables import Tables
from kgraph.engine.tasks import configuration_of, document_of
from kgraph.pipeline import Progress, Report
from kgraph.pipeline.storing import Storing
from kgraph.serialization import assertion_from_dict
from kgraph.store import Store


def load(tables: Tables, store: Store, *, on_document: Progress | None = None) -> Report:
    """Store the newest state of each document, where the store does not hold it yet; memory does not grow with it."""
    storing = Storing(store, Report(), on_document)
    with explained():
        for row in tables.documents().toLocalIterator(prefetchPartitions=True):
            document, made = document_of(row), configuration_of(row["configuration"])
            if storing.meets(document, made):
                storing.put(document, [assertion_from_dict(json.loads(a["record"])) for a in row["assertions"]], made)
    store.settle()
    return storing.report
