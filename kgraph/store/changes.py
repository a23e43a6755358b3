"""A set of changes on a database that is written at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import pyoxigraph as ox

from kgraph.store.mapping import lines_of, quads_of
from kgraph.store.remote import Remote
from kgraph.store.snapshot import Snapshot
from kgraph.store.streams import stream
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

    What `add_new` is given stays the lines of N-Quads that it is, until something of its subject is asked for.
    """

    def __init__(self, database: ox.Store | Remote) -> None:
        self._database = Snapshot(database) if isinstance(database, Remote) else database
        self.forget()

    def forget(self) -> None:
        """Let go of what is not written."""
        if isinstance(self._database, Snapshot):
            self._database.forget()
        # Removals, each of them in the database, under the IRI of their subject.
        self._removed: dict[str, dict[ox.Quad, None]] = {}
        # Additions, each of them not in the database, under their subject.
        self._added: dict[Term, dict[ox.Quad, None]] = {}
        # What was added of each predicate, also what was taken out again; from objects back, as far as was asked for.
        self._of: dict[Term, list[ox.Quad]] = {}
        self._back: dict[Term, tuple[int, dict[Term, list[ox.Quad]]]] = {}
        # Additions as lines, with the IRI of their subject; under it their places; how far a predicate was looked for.
        self._lines: list[tuple[str, str]] = []
        self._places: dict[str, list[int]] = {}
        self._searched: dict[str, int] = {}
        self.size = 0

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads that may be stored already; one that was to be removed stays."""
        for quad in quads:
            removed = self._removed.get(quad.subject.value)  # type: ignore[union-attr]
            if removed and quad in removed:
                del removed[quad]
            elif quad not in self:
                self._insert(quad)

    def add_new(self, subject: str, lines: str) -> None:
        """Add lines of N-Quads, all of one subject (an IRI) and none of them stored: nothing is looked up."""
        if self._removed.get(subject):
            self.add(quads_of(lines))
            return
        places = self._places.get(subject)
        if places is None:
            self._places[subject] = [len(self._lines)]
        else:
            places.append(len(self._lines))
        self._lines.append((subject, lines))
        self.size += lines.count("\n")

    def _open(self, subject: str) -> None:
        """Make quads of the lines of a subject."""
        for place in self._places.pop(subject, ()):
            _, lines = self._lines[place]
            self._lines[place] = subject, ""
            self.size -= lines.count("\n")
            for quad in quads_of(lines):
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
        searched = self._searched.get(predicate.value, 0)
        self._searched[predicate.value] = len(self._lines)
        for subject, lines in self._lines[searched:]:
            if predicate.value in lines:
                self._open(subject)
        told = self._of.get(predicate, [])
        known, back = self._back.get(predicate, (0, {}))
        for quad in told[known:]:
            back.setdefault(quad.object, []).append(quad)
        self._back[predicate] = len(told), back
        return {q: None for q in back.get(value, ()) if q in self._added[q.subject]}

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Remove quads; one that was only to be added is never written."""
        for quad in list(quads):
            subject = quad.subject.value  # type: ignore[union-attr]
            self._open(subject)
            if self._added.get(quad.subject, {}).pop(quad, 0) is not None and quad in self._database:
                self._removed.setdefault(subject, {})[quad] = None
                self.size += 1

    def match(self, subject: Term, predicate: Term = None, value: Term = None, graph: Term = None) -> Iterator[ox.Quad]:
        """The quads that will be there with this subject, or (subject None) with this predicate and object IRI."""
        for quad in self._database.quads_for_pattern(subject, predicate, value, graph):
            if not self._is_removed(quad):
                yield quad
        if subject is None:
            added = self._leading_to(predicate, value)
        else:
            self._open(subject.value)
            added = self._added.get(subject, {})
        for quad in list(added):
            if (
                predicate in (None, quad.predicate)
                and value in (None, quad.object)
                and graph in (None, quad.graph_name)
            ):
                yield quad

    def stored(self, subject: Term, predicate: Term = None) -> Iterator[ox.Quad]:
        """The quads of a subject that are stored, whatever is pending: half the time of `match`."""
        return self._database.quads_for_pattern(subject, predicate, None, None)

    def _is_removed(self, quad: ox.Quad) -> bool:
        return quad in self._removed.get(quad.subject.value, ())  # type: ignore[union-attr]

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
        """Will there be this quad? Much faster than `holds`."""
        self._open(quad.subject.value)  # type: ignore[union-attr]
        if quad in self._added.get(quad.subject, ()):
            return True
        return quad in self._database and not self._is_removed(quad)

    def write(self) -> None:
        """Write all, or nothing; the changes are empty afterwards."""
        added = [quad for quads in self._added.values() for quad in quads]
        removed = [quad for quads in self._removed.values() for quad in quads]
        if isinstance(self._database, Snapshot):
            self._database.write([*quads_of("".join(lines for _, lines in self._lines)), *added], removed)
            self.forget()
            return
        adding = bool(added) or any(lines for _, lines in self._lines)
        if removed and adding:
            text = ox.serialize(sorted(removed, key=str), format=ox.RdfFormat.N_QUADS)
            added.append(ox.Quad(_JOURNAL, _PENDING, ox.Literal((text or b"").decode()), _LEDGER))
        if adding:
            load = self._database.bulk_load if self.size - len(removed) >= _BULK else self._database.load
            # Three copies of the lines, joined and encoded, would take more memory than the lines.
            load(
                stream(chain((lines.encode() for _, lines in self._lines), (lines_of([q]).encode() for q in added))),
                ox.RdfFormat.N_QUADS,
            )
        if removed:
            _delete(self._database, [*removed, *_journal(self._database)])
        self.forget()


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
