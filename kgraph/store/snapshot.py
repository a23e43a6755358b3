"""What a writer has read of a server since its last change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyoxigraph as ox

from kgraph.store.remote import Remote
from kgraph.store.vocabulary import ACTIVITY


class Snapshot:
    """Answers of a server to patterns, so that it need not be asked twice; `write` and `forget` end them."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._of: dict[Any, dict[ox.Quad, None]] = {}
        self._to: dict[tuple[Any, Any], dict[ox.Quad, None]] = {}
        self._patterns: dict[tuple[Any, ...], dict[ox.Quad, None]] = {}

    def expect(self, subjects: Iterable[Any], links: Iterable[tuple[Any, Any]] = ()) -> None:
        """Read what will be asked for: all of `subjects`, and the quads that lead by a predicate to an object."""
        wanted = [s for s in dict.fromkeys(subjects) if s not in self._of]
        self._of |= {s: {} for s in wanted}
        for quad in self._remote.of(wanted):
            self._of[quad.subject][quad] = None
        backwards: dict[Any, list[Any]] = {}
        for predicate, value in dict.fromkeys(links):
            if (predicate, value) not in self._to:
                self._to[predicate, value] = {}
                backwards.setdefault(predicate, []).append(value)
        for predicate, values in backwards.items():
            for quad in self._remote.to(predicate, values):
                self._to[predicate, quad.object][quad] = None

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> Iterator[ox.Quad]:
        """The quads of a pattern that names a subject, or a predicate and an object."""
        if _is_wide(subject):
            found = self._asked(subject, predicate, value)
        elif subject is not None:
            self.expect([subject])
            found = self._of[subject]
        else:
            self.expect((), [(predicate, value)])
            found = self._to[predicate, value]
        for quad in list(found):
            if (
                predicate in (None, quad.predicate)
                and value in (None, quad.object)
                and graph in (None, quad.graph_name)
            ):
                yield quad

    def __contains__(self, quad: ox.Quad) -> bool:
        found = self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return next(found, None) is not None

    def _asked(self, *pattern: Any) -> dict[ox.Quad, None]:
        if pattern not in self._patterns:
            self._patterns[pattern] = dict.fromkeys(self._remote.quads_for_pattern(*pattern))
        return self._patterns[pattern]

    def write(self, added: Sequence[ox.Quad], removed: Sequence[ox.Quad]) -> None:
        """Make a change."""
        self.forget()
        self._remote.write(added, removed)

    def forget(self) -> None:
        """Read anew from now on."""
        self._of, self._to, self._patterns = {}, {}, {}


def _is_wide(subject: Any) -> bool:
    """An activity has as many quads as documents: it is never read whole."""
    return isinstance(subject, ox.NamedNode) and subject.value.startswith(ACTIVITY)
