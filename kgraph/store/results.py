"""Answers of queries: whole, as `QueryResult`, or as they come, as `Answer`.

An answer comes in parts (`sandbox.run`, `Remote.parts`): ("vars", names), then ("rows", rows of terms) or ("triples",
triples), each as often as it takes and once at least, or ("boolean", of an ASK) once; ("cut", n) where there were more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import TracebackType
from typing import Any

import pyoxigraph as ox

TRIPLE = ("subject", "predicate", "object")
"""The variables of the rows that stand for triples."""

CHUNK = 2_000
"""So many rows are one part of an answer."""

Parts = Iterable[tuple[str, Any]]
Row = Sequence[Any]
"""pyoxigraph's terms, None where unbound."""


@dataclass(frozen=True)
class QueryResult:
    """The variables and rows of a SELECT, the triples of a CONSTRUCT or DESCRIBE, or the truth of an ASK (also one row `answer`).

    `terms` holds pyoxigraph's terms, None where unbound. `rows` are the same as plain text: literals as they are, IRIs
    in full. `truncated` is True where there were more rows than the limit.
    """

    variables: tuple[str, ...]
    terms: tuple[tuple[Any, ...], ...]
    triples: tuple[Any, ...] | None = None
    truncated: bool = False
    boolean: bool | None = None

    @cached_property
    def rows(self) -> tuple[tuple[str | None, ...], ...]:
        """The rows as text."""
        return tuple(tuple(None if t is None else text_of(t) for t in row) for row in self.terms)

    def parts(self) -> list[tuple[str, Any]]:
        """The answer in parts."""
        content: tuple[str, Any] = ("rows", self.terms)
        if self.boolean is not None:
            content = ("boolean", self.boolean)
        elif self.triples is not None:
            content = ("triples", self.triples)
        return [("vars", self.variables), content, *([("cut", len(self.terms))] if self.truncated else [])]


def in_parts(kind: str, found: Iterable[Any], most: int | None) -> Iterator[tuple[str, Any]]:
    """Rows or triples as parts of an answer, so many at the most."""
    rest = iter(found)
    left = rest if most is None else islice(rest, most)
    yield kind, list(islice(left, CHUNK))
    while chunk := list(islice(left, CHUNK)):
        yield kind, chunk
    if most is not None and next(rest, None) is not None:
        yield "cut", most


class Answer:
    """An answer as it comes, to be read once, chunk by chunk; closing it stops the query.

    `kind` is rows, triples or boolean. `truncated` is known at the end: how many rows came where there were more, else 0.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = iter(parts)
        self.truncated = 0
        _, self.variables = next(self._parts)
        self.kind, self._first = next(self._parts)

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()

    @property
    def boolean(self) -> bool | None:
        """What an ASK is answered; None for other queries."""
        return self._first if self.kind == "boolean" else None

    def rows(self) -> Iterator[Iterable[Row]]:
        """Chunks of rows."""
        for chunk in self._chunks():
            if self.kind == "triples":
                yield ((t.subject, t.predicate, t.object) for t in _ordered(chunk))
            elif self.kind == "boolean":
                yield [(ox.Literal(chunk),)]
            else:
                yield chunk

    def triples(self) -> Iterator[Any]:
        """The triples of an answer of this kind."""
        for chunk in self._chunks():
            yield from _ordered(chunk)

    def _chunks(self) -> Iterator[Any]:
        yield self._first
        for kind, content in self._parts:
            if kind == "cut":
                self.truncated = content
            else:
                yield content


def _ordered(triples: Iterable[Any]) -> list[Any]:
    """Triples so that those of a subject stand together."""
    return sorted(triples, key=str)


def text_of(term: Any) -> str:
    """A term as plain text."""
    return str(getattr(term, "value", term))


def result_of(answer: Any) -> QueryResult:
    """A QueryResult of what pyoxigraph answers."""
    if isinstance(answer, ox.QueryBoolean):
        return result_of_parts([("vars", ("answer",)), ("boolean", bool(answer))])
    if isinstance(answer, ox.QueryTriples):
        return result_of_parts([("vars", TRIPLE), ("triples", list(answer))])
    names = tuple(v.value for v in answer.variables)
    return QueryResult(names, tuple(tuple(row) for row in answer))


def result_of_parts(parts: Parts) -> QueryResult:
    """A QueryResult of the parts of an answer."""
    with Answer(parts) as answer:
        triples = tuple(_ordered(answer.triples())) if answer.kind == "triples" else None
        if triples is not None:
            rows = tuple((t.subject, t.predicate, t.object) for t in triples)
        else:
            rows = tuple(tuple(row) for chunk in answer.rows() for row in chunk)
        return QueryResult(answer.variables, rows, triples, bool(answer.truncated), answer.boolean)
