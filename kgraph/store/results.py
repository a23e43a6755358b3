"""Answers of queries, and how they are written: table, CSV, JSON (SPARQL 1.1 results), Turtle."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.mapping import compact
from kgraph.store.vocabulary import PREFIXES


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The variables and rows of a SELECT (an ASK is one row `answer`), or the triples of a CONSTRUCT.

    Cells are plain text: literals as they are, IRIs in full, None where unbound.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    triples: tuple[Any, ...] | None = None


def result_of(answer: Any) -> QueryResult:
    """A QueryResult of what pyoxigraph answers."""
    if isinstance(answer, ox.QueryBoolean):
        return QueryResult(("answer",), ((str(bool(answer)).lower(),),))
    if isinstance(answer, ox.QueryTriples):
        triples = tuple(sorted(answer, key=str))
        rows = tuple((_text(t.subject), _text(t.predicate), _text(t.object)) for t in triples)
        return QueryResult(("subject", "predicate", "object"), rows, triples)
    names = tuple(v.value for v in answer.variables)
    return QueryResult(names, tuple(tuple(_text(row[v]) for v in answer.variables) for row in answer))


def _text(term: Any) -> str | None:
    return None if term is None else str(getattr(term, "value", term))


def format_result(result: QueryResult, form: str) -> str:
    """The answer as `table`, `csv`, `json` or (of a CONSTRUCT or DESCRIBE) `turtle`."""
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(result.variables)
        writer.writerows([cell or "" for cell in row] for row in result.rows)
        return out.getvalue().rstrip("\n")
    if form == "json":
        bindings = [
            {k: {"value": v} for k, v in zip(result.variables, row, strict=True) if v is not None}
            for row in result.rows
        ]
        return json.dumps(
            {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1
        )
    if form == "turtle":
        if result.triples is None:
            raise KgraphError("turtle is for CONSTRUCT and DESCRIBE queries; use --format table, csv or json")
        return (
            (ox.serialize(result.triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode().rstrip("\n")
        )
    if form == "table":
        return _table(result)
    raise KgraphError(f"there is no format {form!r}; use table, csv, json or turtle")


def _table(result: QueryResult) -> str:
    cells = [[_clean(compact(cell)) if cell else "" for cell in row] for row in result.rows]
    widths = [max([len(n), *(len(row[i]) for row in cells)]) for i, n in enumerate(result.variables)]
    lines = [
        "  ".join(n.ljust(w) for n, w in zip(result.variables, widths, strict=True)).rstrip(),
        "  ".join("-" * w for w in widths),
    ]
    lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)


def _clean(text: str) -> str:
    """Text for a terminal: control characters could rewrite the screen."""
    return "".join(c if c.isprintable() else " " for c in text)
