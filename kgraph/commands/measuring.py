"""`kgraph evaluate` and `kgraph explain`: how right the extractor is, and why it says what it says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from kgraph.errors import KgraphError
from kgraph.writing import write_whole


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            help="A gold file, .json (an article) or .jsonl (sentences), or a folder of articles. Example: gold.json"
        ),
    ],
    system: Annotated[
        Path | None,
        typer.Option("--system", help="Score these assertions instead of extracting anew. Example: --system out.jsonl"),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Switch a part off; may be given again. Example: --without coreference"),
    ] = None,
    aliases: Annotated[
        Path | None,
        typer.Option("--aliases", help="CSV of code,means to make principals alike. Example: --aliases codes.csv"),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", help="Leave out what is less sure. Example: --min-confidence 0.5")
    ] = 0.0,
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed and what was invented. Example: --errors")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page with every error and its sentence. Example: --html report.html"),
    ] = None,
) -> None:
    """Score the extractor on a gold annotation of your own. Example: kgraph evaluate gold.json --errors"""
    from kgraph.evaluation import calibration, load_gold
    from kgraph.evaluation import evaluate as measure
    from kgraph.evaluation.report import html_report
    from kgraph.extraction.text import extract_many
    from kgraph.model import Assertion
    from kgraph.serialization import load_lines

    documents = load_gold(gold)
    if system is None:
        found = [a for _, a in extract_many((g.document for g in documents), without=without or ())]
    else:
        by_document: dict[str, list[Assertion]] = {g.document.id: [] for g in documents}
        try:
            with system.open(encoding="utf-8") as lines:
                for assertion in load_lines(lines):
                    by_document.setdefault(assertion.evidence[0].document, []).append(assertion)
        except (OSError, UnicodeDecodeError) as error:
            raise KgraphError(f"{system}: cannot be read ({error}); give the output of `kgraph extract`") from error
        found = [by_document[g.document.id] for g in documents]
    pairs = [(g, [a for a in f if a.confidence >= min_confidence]) for g, f in zip(documents, found, strict=True)]
    alike = _aliases(aliases) if aliases else {}
    outcome, reliability = measure(pairs, alike), calibration(pairs, aliases=alike)
    for name, f in outcome.measures.items():
        typer.echo(
            f"{name:10} P {f.precision:.3f}  R {f.recall:.3f}  F1 {f.f1:.3f}   ({f.right} right of {f.found} found, {f.wanted} wanted)"
        )
    typer.echo(f"calibration error {reliability.error:.3f}")
    if errors:
        for e in outcome.errors:
            typer.echo(f"{e.measure} {e.kind}: {e.document} {e.said} | {' '.join(e.sentence.split())}")
    if html is not None:
        write_whole(html, html_report(outcome, reliability, f"kgraph evaluate {gold.name}"))
        typer.echo(f"{html} written")


def explain(
    sentence: Annotated[str, typer.Argument(help="A sentence or two. Example: 'Kenya accused Chad of spying.'")],
) -> None:
    """Show why a sentence gives what it gives. Example: kgraph explain 'Japan urged China to open talks.'"""
    from kgraph.extraction.text.explaining import explain as lines
    from kgraph.model import Document

    if not sentence.strip():
        raise KgraphError("the sentence is empty; give one in quotes")
    for line in lines(Document("sentence", sentence)):
        typer.echo("".join(c if c.isprintable() else " " for c in line))


def _aliases(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise KgraphError(f"{path}: cannot be read as CSV ({error}); write two columns, code,means") from error
    if any(not row.get("code") or not row.get("means") for row in rows):
        raise KgraphError(f"{path}: each line needs both columns, code and means")
    return {row["code"]: row["means"] for row in rows}
