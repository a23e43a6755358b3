"""The command line: what a person types and reads. Each command calls the public functions of the rooms."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from kgraph.commands import analyzing, clusters, depositing, exporting, keeping, ontology, records
from kgraph.commands.building import Sources, build, day_of
from kgraph.commands.mapping import map_
from kgraph.commands.measuring import evaluate, explain
from kgraph.commands.records import Strict, TableMapping
from kgraph.commands.resolving import resolve
from kgraph.commands.serving import serve
from kgraph.errors import KgraphError
from kgraph.writing import replacing

if TYPE_CHECKING:
    from kgraph.extraction.records import Account
    from kgraph.model import Assertion

app = typer.Typer(
    help="Who does what to whom, with the sentence that proves it: news text to a knowledge graph, SPARQL and a map.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip

Confidence = Annotated[
    float, typer.Option("--min-confidence", help="Leave out what is less sure (0 to 1). Example: --min-confidence 0.5")
]
Day = Annotated[
    str | None, typer.Option("--date", help="Publication date of documents that tell none. Example: --date 2006-07-10")
]


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for map.html, made where it is missing. Example: --out /tmp/demo")
    ] = Path(),
) -> None:
    """Build a graph from the articles that ship with kgraph and write its map. Example: kgraph demo --out /tmp"""
    from kgraph.map import MapOptions
    from kgraph.pipeline import Graph, build_store
    from kgraph.store import Store

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KgraphError(f"{out}: is no folder and cannot be made one ({error.strerror}); name another") from error
    store = Store.open(None)
    report = build_store([Path(__file__).parent / "demo"], store)
    graph = Graph(store)
    typer.echo(
        _assertion_table(sorted(graph.assertions(), key=lambda a: (a.evidence[0].document, a.evidence[0].start)))
    )
    graph.map(out / "map.html", MapOptions("Three invented crises", source="kgraph demo"))
    typer.echo(
        f"\n{report.documents} documents, {report.assertions} assertions. The map: {out / 'map.html'}\n\nTry next:\n"
        "  kgraph build YOUR_ARTICLES/ --store graph\n  kgraph query --store graph --saved\n  kgraph map --store graph -o map.html"
    )


app.command()(build)


@app.command()
def extract(
    sources: Sources, date: Day = None,
    form: Annotated[str, typer.Option("--format", help="jsonl or table. Example: --format table")] = "jsonl",
    min_confidence: Confidence = 0.0, mapping: TableMapping = None, strict: Strict = False,
) -> None:  # fmt: skip
    """Print the assertions of documents. Example: kgraph extract article.txt --format table"""
    from kgraph import pipeline
    from kgraph.serialization import dump_lines

    if form not in ("jsonl", "table"):
        raise KgraphError(f"there is no format {form!r}; use jsonl or table")
    bad: list[str] = []
    accounts: list[Account] = []
    pairs = pipeline.extract(
        sources,
        mapping=records.mapping_of(mapping),
        strict=strict,
        accounts=accounts,
        date=day_of(date),
        min_confidence=min_confidence,
        on_skip=lambda s: bad.append(f"skipped {s.place}: {s.reason}"),
    )
    any_document = False
    rows: list[Assertion] = []
    for _, found in pairs:
        any_document = True
        if form == "table":
            rows += found
        else:
            for line in dump_lines(found):
                typer.echo(line)
    if form == "table" and any_document:
        typer.echo(_assertion_table(rows))
    for line in bad:
        typer.echo(line, err=True)
    records.tell(accounts)
    if bad and not any_document:
        raise KgraphError("no document could be read; see the reasons above")


@app.command()
def query(
    store: Annotated[
        str | None,
        typer.Option("--store", help="The store: a folder, or the address of a SPARQL server. Example: --store graph"),
    ] = None,
    sparql: Annotated[
        str | None, typer.Argument(help="A SPARQL query. Example: 'SELECT ?s ?o { ?s kg:opposes ?o }'")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A file with the query. Example: -f query.rq")
    ] = None,
    saved: Annotated[
        bool,
        typer.Option(
            "--saved",
            help="Use the saved query named by the argument; list them without one. Example: --saved sponsors",
        ),
    ] = False,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="A parameter of a saved query. Example: --param name=Hill")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="table, csv, tsv, json, xml or parquet; of CONSTRUCT and DESCRIBE also turtle, ntriples, rdfxml or jsonld. Example: --format csv",
        ),
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file. Example: -o rows.csv")] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds at most. Example: --timeout 300")] = 60,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows at most. Example: --rows 1000000")] = 100_000,
    engine: Annotated[
        str, typer.Option("--engine", help="local, or spark for saved queries over tables. Example: --engine spark")
    ] = "local",
    tables: Annotated[
        str | None, typer.Option("--tables", help="The tables that Spark asks. Example: --tables hdfs:///news/tables")
    ] = None,
    master: clusters.Master = None,
) -> None:
    """Ask the store in SPARQL. Example: kgraph query --store graph --saved sponsors"""
    from kgraph.store import FORMS, Answer, Limits, Store, saved_queries, write_answer

    if form not in FORMS:
        raise KgraphError(f"there is no format {form!r}; use one of {', '.join(FORMS)}")
    if form == "parquet" and output is None:
        raise KgraphError("parquet is no text; give a file with --output")
    if engine not in ("local", "spark"):
        raise KgraphError(f"there is no engine {engine!r}; use local or spark")
    if saved and sparql is None:
        for name, entry in saved_queries().items():
            typer.echo(f"{name:20} {entry.title}")
            for parameter, meaning in entry.parameters.items():
                typer.echo(f"{'':20}   --param {parameter}=...: {meaning}")
        return
    if saved:
        assert sparql is not None
        if sparql not in saved_queries():
            raise KgraphError(f"there is no saved query {sparql!r}; `kgraph query --saved` lists them")
        text = saved_queries()[sparql].sparql(**_parameters(param or []))
    elif file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise KgraphError(f"{file}: cannot be read ({error.strerror}); check the path") from error
        except UnicodeDecodeError as error:
            raise KgraphError(f"{file}: is no UTF-8 text; give a file with a SPARQL query") from error
    elif sparql:
        text = sparql
    else:
        raise KgraphError("no query is given; write one, or -f FILE, or --saved NAME")
    width = max(shutil.get_terminal_size().columns, 40) if output is None and sys.stdout.isatty() else None
    if engine == "spark":
        found = clusters.ask_spark(tables, sparql if saved else None, _parameters(param or []), master, rows)
        with _place(output) as stream:
            answer = Answer(found.parts())
            write_answer(answer, form, stream, width=width)
    elif store is None:
        raise KgraphError("no store is named; say which to ask with --store FOLDER")
    else:
        limits = Limits(seconds=timeout, rows=rows)
        # A place that cannot be written is told before a query runs for minutes.
        with Store.open(store) as opened, _place(output) as stream, opened.stream(text, limits) as answer:
            write_answer(answer, form, stream, width=width)
    if output is not None:
        typer.echo(f"{output} written")
    if answer.truncated:
        typer.echo(f"only the first {answer.truncated} rows are here; allow more with --rows", err=True)


for command in (
    keeping.show,
    keeping.why,
    keeping.search,
    keeping.remove,
    keeping.migrate,
    clusters.load,
    clusters.dyads,
    depositing.restore,
    ontology.ontology,
    ontology.validate,
    analyzing.analyze,
    analyzing.compare,
    analyzing.report,
    exporting.export,
    evaluate,
    explain,
    resolve,
    serve,
):
    app.command()(command)
app.command("map")(map_)
app.add_typer(records.app, name="mapping")


def main() -> None:
    """Run the command line; a mistake of the user is one sentence and exit code 2."""
    try:
        app()
    except KgraphError as error:
        typer.echo(f"kgraph: {error}", err=True)
        sys.exit(2)


@contextmanager
def _place(output: Path | None) -> Iterator[BinaryIO]:
    """Where an answer is written: a file, whole or not at all, or standard output."""
    if output is None:
        stream = typer.get_binary_stream("stdout")
        yield stream
        stream.flush()
    else:
        with replacing(output) as stream:
            yield stream


def _parameters(given: list[str]) -> dict[str, str]:
    if any("=" not in p for p in given):
        raise KgraphError("--param is NAME=VALUE, for example --param name=Hill")
    return dict(p.split("=", 1) for p in given)


def _assertion_table(assertions: list[Assertion]) -> str:
    rows = [("subject", "relation", "object", "how", "said by", "date")]
    for a in assertions:
        how = ("not " if a.negated else "") + a.modality.value
        rows.append(
            (
                a.subject.label,
                a.relation,
                a.object.label,
                how,
                a.attributed_to.label if a.attributed_to else "",
                a.date or "",
            )
        )
    cells = [[keeping.plain(c)[:44] for c in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(6)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)
