"""Answers of queries, and how they are written: table, CSV, TSV, JSON and XML (SPARQL 1.1 results), Turtle, Parquet."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.folder import replaced
from kgraph.store.mapping import compact
from kgraph.store.vocabulary import PREFIXES

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "parquet")
_NAMESPACE = "http://www.w3.org/2005/sparql-results#"


@dataclass(frozen=True)
class QueryResult:
    """The variables and rows of a SELECT (an ASK is one row `answer`), or the triples of a CONSTRUCT.

    `terms` holds pyoxigraph's terms, None where unbound. `rows` are the same as plain text: literals as they are, IRIs
    in full. `truncated` is True where there were more rows than the limit.
    """

    variables: tuple[str, ...]
    terms: tuple[tuple[Any, ...], ...]
    triples: tuple[Any, ...] | None = None
    truncated: bool = False

    @cached_property
    def rows(self) -> tuple[tuple[str | None, ...], ...]:
        """The rows as text."""
        return tuple(tuple(None if t is None else text_of(t) for t in row) for row in self.terms)

    def parts(self) -> list[tuple[str, Any]]:
        """The answer in the parts in which `sandbox.run` gives one."""
        rows = ("rows", self.terms) if self.triples is None else ("triples", self.triples)
        return [("vars", self.variables), rows, *([("cut", len(self.terms))] if self.truncated else [])]


def text_of(term: Any) -> str:
    """A term as plain text."""
    return str(getattr(term, "value", term))


def result_of(answer: Any) -> QueryResult:
    """A QueryResult of what pyoxigraph answers."""
    if isinstance(answer, ox.QueryBoolean):
        return QueryResult(("answer",), ((ox.Literal(bool(answer)),),))
    if isinstance(answer, ox.QueryTriples):
        return result_of_parts([("triples", list(answer))])
    return QueryResult(tuple(v.value for v in answer.variables), tuple(tuple(row) for row in answer))


def result_of_parts(parts: Iterable[tuple[str, Any]]) -> QueryResult:
    """A QueryResult of the parts that `sandbox.run` gives."""
    names: tuple[str, ...] = ("subject", "predicate", "object")
    rows: list[tuple[Any, ...]] = []
    triples: list[Any] | None = None
    cut = False
    for kind, content in parts:
        if kind == "vars":
            names = content
        elif kind == "rows":
            rows.extend(content)
        elif kind == "triples":
            triples = [*(triples or []), *content]
        else:
            cut = True
    if triples is not None:
        triples.sort(key=str)
        rows = [(t.subject, t.predicate, t.object) for t in triples]
    return QueryResult(names, tuple(rows), None if triples is None else tuple(triples), cut)


def format_result(result: QueryResult, form: str, *, width: int | None = None) -> str:
    """The answer as `table`, `csv`, `tsv` (terms in Turtle's syntax), `json`, `xml` or (of a CONSTRUCT or DESCRIBE) `turtle`.

    Where a table would be wider than `width` characters, its widest columns stand below each row, in lines of that width.
    """
    if form in _LINES:
        head, lines = _LINES[form]
        return (head(result.variables) + lines(result.terms)).removesuffix("\n")
    if form == "json":
        return _json(result)
    if form == "xml":
        return _xml(result)
    if form == "turtle":
        if result.triples is None:
            raise KgraphError("turtle is for CONSTRUCT and DESCRIBE queries; use --format table, csv, tsv, json or xml")
        return (
            (ox.serialize(result.triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode().rstrip("\n")
        )
    if form == "table":
        return _table(result, width)
    if form == "parquet":
        raise KgraphError("parquet is no text; give a file with --output")
    raise KgraphError(f"there is no format {form!r}; use one of {', '.join(FORMATS)}")


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _csv_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    return _csv(["" if t is None else text_of(t) for t in row] for row in rows)


def _tsv_head(names: Sequence[str]) -> str:
    return "\t".join("?" + name for name in names) + "\n"


def _tsv_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join("\t".join("" if t is None else str(t) for t in row) + "\n" for row in rows)


_LINES: dict[str, tuple[Callable[[Sequence[str]], str], Callable[[Iterable[tuple[Any, ...]]], str]]] = {
    "csv": (lambda names: _csv([names]), _csv_lines),
    "tsv": (_tsv_head, _tsv_lines),
}
"""The formats that are a line for each row: the first line, and the others."""


class Streamed:
    """An answer as text in one of the `FORMATS`, in pieces: CSV and TSV of rows as they come, others when all is there.

    `truncated` is known at the end.
    """

    def __init__(self, parts: Iterable[tuple[str, Any]], form: str, *, width: int | None = None) -> None:
        self._parts, self._form, self._width = parts, form, width
        self.truncated = False

    def __iter__(self) -> Iterator[str]:
        parts = iter(self._parts)
        head: list[tuple[str, Any]] = []
        for part in parts:
            head.append(part)
            if part[0] in ("rows", "triples"):
                break
        if self._form not in _LINES or any(kind == "triples" for kind, _ in head):
            result = result_of_parts(chain(head, parts))
            self.truncated = result.truncated
            yield format_result(result, self._form, width=self._width) + "\n"
            return
        first, lines = _LINES[self._form]
        for kind, content in chain(head, parts):
            if kind == "cut":
                self.truncated = True
            else:
                yield first(content) if kind == "vars" else lines(content)

    def write(self, path: Path) -> None:
        """Write it to a file; the old file is replaced at once or stays."""
        if self._form == "parquet":
            result = result_of_parts(self._parts)
            self.truncated = result.truncated
            write_result(result, self._form, path)
        else:
            replaced(path, (piece.encode() for piece in self))


def write_result(result: QueryResult, form: str, path: Path) -> None:
    """Write the answer to a file in one of the `FORMATS`; the old file is replaced at once or stays."""
    data = parquet(result) if form == "parquet" else (format_result(result, form) + "\n").encode()
    replaced(path, data)


def parquet(result: QueryResult) -> bytes:
    """The answer as a Parquet file, all columns text."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise KgraphError("parquet needs pyarrow; install it with `pip install pyarrow`, or use csv") from error
    table = pa.table(
        {name: pa.array([row[i] for row in result.rows], pa.string()) for i, name in enumerate(result.variables)}
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def is_ask(result: QueryResult) -> bool:
    """Is this the answer of an ASK query?"""
    return result.variables == ("answer",) and len(result.terms) == 1 and _type(result.terms[0][0]) == "boolean"


def _type(term: Any) -> str:
    return str(term.datatype.value).removeprefix(PREFIXES["xsd"]) if isinstance(term, ox.Literal) else ""


def _json(result: QueryResult) -> str:
    if is_ask(result):
        return json.dumps({"head": {}, "boolean": result.rows[0][0] == "true"})
    bindings = [
        {name: _json_term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        for row in result.terms
    ]
    whole = {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _json_term(term: Any) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    out = {"type": "literal", "value": text_of(term)}
    if term.language:
        out["xml:lang"] = term.language
    elif _type(term) != "string":
        out["datatype"] = term.datatype.value
    return out


def _xml(result: QueryResult) -> str:
    from xml.etree import ElementTree

    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}sparql")
    head = ElementTree.SubElement(root, f"{{{_NAMESPACE}}}head")
    if is_ask(result):
        ElementTree.SubElement(root, f"{{{_NAMESPACE}}}boolean").text = result.rows[0][0]
        return ElementTree.tostring(root, encoding="unicode")
    for name in result.variables:
        ElementTree.SubElement(head, f"{{{_NAMESPACE}}}variable", name=name)
    results = ElementTree.SubElement(root, f"{{{_NAMESPACE}}}results")
    for row in result.terms:
        line = ElementTree.SubElement(results, f"{{{_NAMESPACE}}}result")
        for name, term in zip(result.variables, row, strict=True):
            if term is None:
                continue
            told = _json_term(term)
            binding = ElementTree.SubElement(line, f"{{{_NAMESPACE}}}binding", name=name)
            element = ElementTree.SubElement(binding, f"{{{_NAMESPACE}}}{told['type']}")
            # XML has no control characters, not even escaped ones.
            element.text = "".join(c for c in told["value"] if c in "\t\n\r" or c >= " ")
            if "xml:lang" in told:
                element.set("{http://www.w3.org/XML/1998/namespace}lang", told["xml:lang"])
            if "datatype" in told:
                element.set("datatype", told["datatype"])
    return ElementTree.tostring(root, encoding="unicode")


def _table(result: QueryResult, width: int | None) -> str:
    cells = [[printable(compact(cell)) if cell else "" for cell in row] for row in result.rows]
    widths = [max([len(n), *(len(row[i]) for row in cells)]) for i, n in enumerate(result.variables)]
    beside = list(range(len(widths)))
    while width is not None and len(beside) > 1 and sum(widths[i] + 2 for i in beside) - 2 > width:
        beside.remove(max(beside, key=lambda i: widths[i]))
    lines = [
        "  ".join(result.variables[i].ljust(widths[i]) for i in beside).rstrip(),
        "  ".join("-" * widths[i] for i in beside),
    ]
    below = [i for i in range(len(widths)) if i not in beside]
    for row in cells:
        lines.append("  ".join(row[i].ljust(widths[i]) for i in beside).rstrip())
        for i in (i for i in below if row[i]):
            text = row[i] if len(below) == 1 else f"{result.variables[i]}: {row[i]}"
            lines += textwrap.wrap(text, width or 0, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Text for a terminal: control characters could rewrite the screen."""
    return "".join(c if c.isprintable() else " " for c in text)
