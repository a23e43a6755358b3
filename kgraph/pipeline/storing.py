"""Documents into a store, and the count of what became of them: of a build's documents and of those of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.model import Assertion, Document
from kgraph.pipeline.report import Progress, Report

if TYPE_CHECKING:
    from kgraph.store import Store
    from kgraph.store.provenance import Configuration


@dataclass(frozen=True, slots=True)
class Storing:
    """Stores documents with what they say, counts in `report`, and tells `on_document` of each with its assertions."""

    store: Store
    report: Report
    on_document: Progress | None = None

    def meets(self, document: Document, made: Configuration, *, again: bool = False) -> bool:
        """Count a document; is it to be stored, since it is not there as it is and did not come (`again`) already?"""
        self.report.documents += 1
        if not (again or self.store.current(document, made)):
            return True
        self.report.unchanged += 1
        self._tell(document, 0)
        return False

    def put(self, document: Document, found: Sequence[Assertion], made: Configuration) -> None:
        """Store a document with what it says, in place of what it said before."""
        self.report.replaced += self.store.holds(document.id)
        self.store.put(document, found, made)
        self.report.assertions += len(found)
        self._tell(document, len(found))

    def _tell(self, document: Document, assertions: int) -> None:
        if self.on_document:
            self.on_document(document, assertions)
