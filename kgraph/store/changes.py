"""A set of changes on a database that is written at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgraph.store.vocabulary import GRAPH, KG

if TYPE_CHECKING:
    Term = Any

PENDING = ox.NamedNode(KG + "pending")
LEDGER = ox.NamedNode(GRAPH + "ledger")
_JOURNAL = ox.NamedNode(GRAPH + "ledger#journal")
_BULK = 5_000


class Changes:
    """What is to be added to and taken from a database; reads (`match`) see the database as it will be.

    `write` is all or nothing, also where the process is killed: additions go in one transaction together with a
    journal of the removals; the removals and the journal's own follow in a second one, and `recover` does that second
    step for a process that died between the two.
    """

    def __init__(self, database: ox.Store) -> None:
        self._database = database
        self._added: dict[ox.Quad, None] = {}
        self._removed: set[ox.Quad] = set()
        self._by_subject: dict[Term, dict[ox.Quad, None]] = {}
        self._by_object: dict[tuple[Term, Term], dict[ox.Quad, None]] = {}

    def __len__(self) -> int:
        return len(self._added) + len(self._removed)

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads; one that was to be removed stays."""
        for quad in quads:
            if quad in self._removed:
                self._removed.discard(quad)
                continue
            self._added[quad] = None
            self._by_subject.setdefault(quad.subject, {})[quad] = None
            self._by_object.setdefault((quad.predicate, quad.object), {})[quad] = None

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Remove quads; one that was only to be added is never written."""
        for quad in list(quads):
            if quad in self._added:
                del self._added[quad]
                del self._by_subject[quad.subject][quad]
                del self._by_object[quad.predicate, quad.object][quad]
            if quad in self._database:
                self._removed.add(quad)

    def match(self, subject: Term | None, predicate: Term | None = None, value: Term | None = None) -> Iterator[ox.Quad]:
        """The quads that will be there with this subject, or with this predicate and object."""
        for quad in self._database.quads_for_pattern(subject, predicate, value, None):
            if quad not in self._removed:
                yield quad
        index = self._by_subject.get(subject, {}) if subject is not None else self._by_object.get((predicate, value), {})
        for quad in list(index):
            if (predicate is None or quad.predicate == predicate) and (value is None or quad.object == value):
                if quad not in self._database:
                    yield quad

    def holds(self, subject: Term | None, predicate: Term | None = None, value: Term | None = None) -> bool:
        """Will there be such a quad?"""
        return next(self.match(subject, predicate, value), None) is not None

    def write(self) -> None:
        """Write all, or nothing; the changes are empty afterwards."""
        added = list(self._added)
        removed = list(self._removed)
        if removed and added:
            text = ox.serialize(sorted(removed, key=str), format=ox.RdfFormat.N_QUADS)
            added.append(ox.Quad(_JOURNAL, PENDING, ox.Literal((text or b"").decode()), LEDGER))
        if len(added) >= _BULK:
            self._database.bulk_extend(added)
        elif added:
            self._database.extend(added)
        if removed:
            _delete(self._database, [*removed, *self._database.quads_for_pattern(_JOURNAL, None, None, None)])
        self.__init__(self._database)  # type: ignore[misc]


def recover(database: ox.Store) -> None:
    """Finish what a killed process began; nothing happens where nothing is pending."""
    pending = list(database.quads_for_pattern(_JOURNAL, PENDING, None, None))
    if pending:
        removed = [q for p in pending for q in ox.parse(str(p.object.value), format=ox.RdfFormat.N_QUADS)]  # type: ignore[union-attr]
        _delete(database, [*removed, *pending])


def pending(database: ox.Store) -> bool:
    """Did a process die between the two steps of a write?"""
    return next(iter(database.quads_for_pattern(_JOURNAL, PENDING, None, None)), None) is not None


def _delete(database: ox.Store, quads: list[ox.Quad]) -> None:
    """Remove quads in one transaction."""
    lines = [f"GRAPH {q.graph_name} {{ {q.subject} {q.predicate} {q.object} }}" for q in quads]
    database.update("DELETE DATA { " + "\n".join(lines) + " }")
