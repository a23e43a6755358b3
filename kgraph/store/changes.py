"""A set of changes on a database that is written at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from kgraph.store.remote import Remote
from kgraph.store.snapshot import Snapshot
from kgraph.store.vocabulary import GRAPH, KG

Term = Any
_PENDING = ox.NamedNode(KG + "pending")
_LEDGER = ox.NamedNode(GRAPH + "ledger")
_JOURNAL = ox.NamedNode(GRAPH + "ledger#journal")
_BULK = 5_000


class Changes:
    """What is to be added to and taken from a database; reads (`match`) see the database as it will be.

    `write` is all or nothing, also where the process is killed: additions go in one transaction together with a
    journal of the removals; the removals and the journal's own follow in a second one, and `recover` does that second
    step for a process that died between the two. A server has a journal of its own (`remote`).
    """

    def __init__(self, database: ox.Store | Remote) -> None:
        self._database = Snapshot(database) if isinstance(database, Remote) else database
        self._removed: dict[ox.Quad, None] = {}
        # Additions, each of them not in the database, under their subject.
        self._added: dict[Term, dict[ox.Quad, None]] = {}
        # What was added of each predicate, also what was taken out again; from objects back, as far as was asked for.
        self._of: dict[Term, list[ox.Quad]] = {}
        self._back: dict[Term, tuple[int, dict[Term, list[ox.Quad]]]] = {}
        self.size = 0

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads that may be stored already; one that was to be removed stays."""
        for quad in quads:
            if quad in self._removed:
                del self._removed[quad]
            elif quad not in self._database:
                self._insert(quad)

    def add_new(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads of a subject of which nothing is stored: faster, for nothing is looked up."""
        if self._removed:
            self.add(quads)
            return
        for quad in quads:
            self._insert(quad)

    def _insert(self, quad: ox.Quad) -> None:
        subject, predicate = quad.subject, quad.predicate
        own = self._added.get(subject)
        if own is None:
            self._added[subject] = {quad: None}
        else:
            own[quad] = None
        alike = self._of.get(predicate)
        if alike is None:
            self._of[predicate] = [quad]
        else:
            alike.append(quad)
        self.size += 1

    def _leading_to(self, predicate: Term, value: Term) -> dict[ox.Quad, None]:
        """The additions with this predicate and object."""
        told = self._of.get(predicate, [])
        known, back = self._back.get(predicate, (0, {}))
        for quad in told[known:]:
            back.setdefault(quad.object, []).append(quad)
        self._back[predicate] = len(told), back
        return {q: None for q in back.get(value, ()) if q in self._added[q.subject]}

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Remove quads; one that was only to be added is never written."""
        for quad in list(quads):
            if self._added.get(quad.subject, {}).pop(quad, 0) is not None and quad in self._database:
                self._removed[quad] = None
                self.size += 1

    def match(self, subject: Term, predicate: Term = None, value: Term = None) -> Iterator[ox.Quad]:
        """The quads that will be there with this subject, or (subject None) with this predicate and object IRI."""
        for quad in self._database.quads_for_pattern(subject, predicate, value, None):
            if quad not in self._removed:
                yield quad
        added = self._added.get(subject) if subject is not None else self._leading_to(predicate, value)
        for quad in list(added or ()):
            if predicate in (None, quad.predicate) and value in (None, quad.object):
                yield quad

    @property
    def remote(self) -> bool:
        """Is each look-up a request to a server?"""
        return isinstance(self._database, Snapshot)

    def expect(self, subjects: Iterable[Term], links: Iterable[tuple[Term, Term]] = ()) -> None:
        """Tell what will be matched: subjects, and predicates with an object; a server is then asked once for all."""
        if isinstance(self._database, Snapshot):
            self._database.expect(subjects, links)

    def holds(self, subject: Term, predicate: Term = None, value: Term = None) -> bool:
        """Will there be such a quad?"""
        return next(self.match(subject, predicate, value), None) is not None

    def __contains__(self, quad: ox.Quad) -> bool:
        """Will there be this quad? Faster than `holds`."""
        return quad in self._added.get(quad.subject, ()) or (quad in self._database and quad not in self._removed)

    def write(self) -> None:
        """Write all, or nothing; the changes are empty afterwards."""
        added = [quad for quads in self._added.values() for quad in quads]
        removed = list(self._removed)
        if isinstance(self._database, Snapshot):
            self._database.write(added, removed)
            self.forget()
            return
        if removed and added:
            text = ox.serialize(sorted(removed, key=str), format=ox.RdfFormat.N_QUADS)
            added.append(ox.Quad(_JOURNAL, _PENDING, ox.Literal((text or b"").decode()), _LEDGER))
        if len(added) >= _BULK:
            self._database.bulk_extend(added)
        elif added:
            self._database.extend(added)
        if removed:
            _delete(self._database, [*removed, *_journal(self._database)])
        self.forget()

    def forget(self) -> None:
        """Let go of what is not written."""
        if isinstance(self._database, Snapshot):
            self._database.forget()
        self._removed, self._added, self._of, self._back, self.size = {}, {}, {}, {}, 0


def recover(database: ox.Store) -> bool:
    """Finish what a killed process began; True where there was something to finish."""
    pending = _journal(database)
    if pending:
        removed = [q for p in pending for q in ox.parse(p.object.value, format=ox.RdfFormat.N_QUADS)]  # type: ignore[union-attr]
        _delete(database, [*removed, *pending])
    return bool(pending)


def is_half_written(database: ox.Store) -> bool:
    """Is there something to finish?"""
    return bool(_journal(database))


def _journal(database: ox.Store) -> list[ox.Quad]:
    return list(database.quads_for_pattern(_JOURNAL, _PENDING, None, None))


def _delete(database: ox.Store, quads: list[ox.Quad]) -> None:
    """Remove quads in one transaction: an update is one."""
    lines = [f"GRAPH {q.graph_name} {{ {q.subject} {q.predicate} {q.object} }}" for q in quads]
    database.update("DELETE DATA { " + "\n".join(lines) + " }")
