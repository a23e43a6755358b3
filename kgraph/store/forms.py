"""The forms in which answers of queries are written: chunk by chunk, in the same memory for a thousand rows as for a million.

SPARQL 1.1 results: https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/,
https://www.w3.org/TR/sparql11-results-csv-tsv/.
"""

from __future__ import annotations

import io
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.mapping import compact
from kgraph.store.results import Answer, QueryResult, Row, text_of
from kgraph.store.vocabulary import PREFIXES

GRAPH_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""The forms of RDF, for the triples of CONSTRUCT and DESCRIBE."""

FORMS = ("table", "csv", "tsv", "json", "xml", "parquet", *GRAPH_FORMS)

_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TO_QUOTE = re.compile('[",\r\n]')
_GROUP = 16 << 20
"""A row group of a Parquet file has so many bytes, or a chunk more."""


def write_answer(answer: Answer | QueryResult, form: str, stream: BinaryIO, *, width: int | None = None) -> None:
    """Write an answer in one of the `FORMS`, as it comes.

    The columns of a table are as wide as its first chunk of rows needs. Where they would be wider than `width` characters,
    the widest columns stand below each row, in lines of that width. Raises KgraphError where the answer has no such form.
    """
    if form not in FORMS:
        raise KgraphError(f"there is no format {form!r}; use one of {', '.join(FORMS)}")
    told = Answer(answer.parts()) if isinstance(answer, QueryResult) else answer
    if form in GRAPH_FORMS:
        write_triples(told, form, stream)
    elif form == "table":
        _table(told, stream, width)
    else:
        _SOLUTIONS[form](told, stream)


def format_result(result: QueryResult, form: str, *, width: int | None = None) -> str:
    """The answer as text, without the last line end; see `write_answer`."""
    stream = io.BytesIO()
    write_answer(result, form, stream, width=width)
    return stream.getvalue().decode().removesuffix("\n")


def write_triples(answer: Answer, form: str, stream: BinaryIO) -> None:
    """Write the triples of a CONSTRUCT or DESCRIBE in one of the `GRAPH_FORMS`."""
    if answer.kind != "triples":
        others = ", ".join(f for f in FORMS if f not in GRAPH_FORMS)
        raise KgraphError(f"{form} is for CONSTRUCT and DESCRIBE queries; use --format {others}")
    try:
        ox.serialize(answer.triples(), stream, GRAPH_FORMS[form], prefixes=PREFIXES)
    except ValueError as error:
        raise KgraphError(f"the answer cannot be told in {form} ({error}); use --format turtle or ntriples") from error


def _csv(answer: Answer, stream: BinaryIO) -> None:
    _put(stream, _csv_line(answer.variables))
    for chunk in answer.rows():
        _put(stream, *(_csv_line(["" if t is None else text_of(t) for t in row]) for row in chunk))


def _csv_line(cells: Sequence[str]) -> str:
    # Python's own writer leaves a bare carriage return without quotes, and then its own reader ends the line there.
    line = ",".join('"' + cell.replace('"', '""') + '"' if _TO_QUOTE.search(cell) else cell for cell in cells)
    return (line or '""') + "\n"


def _tsv(answer: Answer, stream: BinaryIO) -> None:
    _put(stream, "\t".join("?" + name for name in answer.variables), "\n")
    for chunk in answer.rows():
        _put(stream, *("\t".join("" if t is None else str(t) for t in row) + "\n" for row in chunk))


def _json(answer: Answer, stream: BinaryIO) -> None:
    if answer.boolean is not None:
        _put(stream, json.dumps({"head": {}, "boolean": answer.boolean}), "\n")
        return
    _put(stream, f'{{"head": {json.dumps({"vars": answer.variables})},\n"results": {{"bindings": [')
    between = "\n"
    for chunk in answer.rows():
        lines = [json.dumps(dict(_bound(answer, row)), ensure_ascii=False) for row in chunk]
        if lines:
            _put(stream, between, ",\n".join(lines))
            between = ",\n"
    _put(stream, "\n]}}\n")


def _xml(answer: Answer, stream: BinaryIO) -> None:
    _put(stream, _XML_HEAD)
    if answer.boolean is not None:
        _put(stream, f"<head/>\n<boolean>{json.dumps(answer.boolean)}</boolean>\n</sparql>\n")
        return
    names = "".join(f"<variable name={quoteattr(name)}/>" for name in answer.variables)
    _put(stream, f"<head>{names}</head>\n<results>\n")
    for chunk in answer.rows():
        _put(stream, *(f"<result>{''.join(_xml_bindings(answer, row))}</result>\n" for row in chunk))
    _put(stream, "</results>\n</sparql>\n")


def _xml_bindings(answer: Answer, row: Row) -> Iterable[str]:
    for name, told in _bound(answer, row):
        kind, more = told["type"], ""
        if "xml:lang" in told:
            more = f" xml:lang={quoteattr(told['xml:lang'])}"
        elif "datatype" in told:
            more = f" datatype={quoteattr(told['datatype'])}"
        # XML has no control characters, not even escaped ones, and takes a bare carriage return for a line end.
        text = escape(_NO_XML.sub("", told["value"]), {"\r": "&#13;"})
        yield f"<binding name={quoteattr(name)}><{kind}{more}>{text}</{kind}></binding>"


def _bound(answer: Answer, row: Row) -> Iterable[tuple[str, dict[str, str]]]:
    """The bound variables of a row with their terms, as JSON tells them."""
    for name, term in zip(answer.variables, row, strict=True):
        if term is not None:
            yield name, _told(term)


def _told(term: Any) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    out = {"type": "literal", "value": text_of(term)}
    if term.language:
        out["xml:lang"] = term.language
    elif term.datatype.value != PREFIXES["xsd"] + "string":
        out["datatype"] = term.datatype.value
    return out


def _parquet(answer: Answer, stream: BinaryIO) -> None:
    """All columns are text; row groups of some megabytes, each written when it is full."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise KgraphError("parquet needs pyarrow; install it with `pip install pyarrow`, or use csv") from error
    schema = pa.schema([(name, pa.string()) for name in answer.variables])
    waiting: list[Any] = []
    with pq.ParquetWriter(stream, schema) as writer:
        for chunk in answer.rows():
            rows = [[None if t is None else text_of(t) for t in row] for row in chunk]
            columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(len(schema))]
            waiting.append(pa.record_batch(columns, schema=schema))
            if sum(batch.nbytes for batch in waiting) >= _GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema))
                waiting = []
        writer.write_table(pa.Table.from_batches(waiting, schema))


def _table(answer: Answer, stream: BinaryIO, width: int | None) -> None:
    names, chunks = answer.variables, answer.rows()
    first = [_cells(row) for row in next(chunks)]
    widths = [max([len(n), *(len(row[i]) for row in first)]) for i, n in enumerate(names)]
    beside = list(range(len(names)))
    while width is not None and len(beside) > 1 and sum(widths[i] + 2 for i in beside) - 2 > width:
        beside.remove(max(beside, key=lambda i: widths[i]))
    _put(stream, "  ".join(names[i].ljust(widths[i]) for i in beside).rstrip(), "\n")
    _put(stream, "  ".join("-" * widths[i] for i in beside), "\n")
    for rows in chain([first], (map(_cells, chunk) for chunk in chunks)):
        for row in rows:
            # Of a later chunk, a cell may be too wide for its column.
            fit = [i for i in beside if width is None or len(row[i]) <= widths[i]]
            if line := "  ".join((row[i] if i in fit else "").ljust(widths[i]) for i in beside).rstrip():
                _put(stream, line, "\n")
            below = [i for i in range(len(names)) if i not in fit and row[i]]
            for i in below:
                text = row[i] if len(names) - len(beside) == 1 and i not in beside else f"{names[i]}: {row[i]}"
                lines = textwrap.wrap(text, width or 0, initial_indent="    ", subsequent_indent="    ")
                _put(stream, *(line + "\n" for line in lines))


def _cells(row: Row) -> list[str]:
    return ["" if t is None else printable(compact(text_of(t))) for t in row]


def printable(text: str) -> str:
    """Text for a terminal: control characters could rewrite the screen."""
    return "".join(c if c.isprintable() else " " for c in text)


def _put(stream: BinaryIO, *pieces: str) -> None:
    stream.write("".join(pieces).encode())


_SOLUTIONS: Mapping[str, Callable[[Answer, BinaryIO], None]] = {
    "csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml, "parquet": _parquet,
}  # fmt: skip
