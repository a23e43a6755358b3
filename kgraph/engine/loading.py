"""From tables into a store, by the store's own hand: the graph is the one that a build on one machine makes."""

from __future__ import annotations

import json
from collections.abc import Callable

from kgraph.engine.session import explained
from kgraph.engine.tables import Tables
from kgraph.engine.tasks import configuration_of, document_of
from kgraph.model import Document
from kgraph.pipeline import Report
from kgraph.serialization import assertion_from_dict
from kgraph.store import Store


def load(tables: Tables, store: Store, *, on_document: Callable[[Document, int], None] | None = None) -> Report:
    """Store the newest state of each document, where the store does not hold it yet; memory does not grow with it."""
    report = Report()
    with explained():
        for row in tables.documents().toLocalIterator(prefetchPartitions=True):
            document, made = document_of(row), configuration_of(row["configuration"])
            found = [assertion_from_dict(json.loads(a["record"])) for a in row["assertions"]]
            report.documents += 1
            if store.current(document, made):
                report.unchanged += 1
                continue
            report.replaced += store.holds(document.id)
            store.put(document, found, made)
            report.assertions += len(found)
            if on_document:
                on_document(document, len(found))
    store.settle()
    return report
