"""`kgraph analyze`, `compare`, `report` and `export`: the graph measured, compared, told and handed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.commands.keeping import StorePlace
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgraph.network import Corpus, View
    from kgraph.network.tables import Table

PeriodText = Annotated[
    str | None,
    typer.Option("--period", help="Only what happened then; days, months or years. Example: --period 2006-06..2006-08"),
]
Principals = Annotated[
    bool,
    typer.Option(
        "--principals/--actors", help="Fold people and bodies into the states they act for. Example: --principals"
    ),
]
Through = Annotated[
    bool,
    typer.Option(
        "--through", help="Read an act on a thing as an act towards its target: who opposes sanctions on X sides with X. Example: --through"
    ),
]  # fmt: skip
Confidence = Annotated[
    float, typer.Option("--min-confidence", help="Leave out what is less sure (0 to 1). Example: --min-confidence 0.5")
]
Modality = Annotated[
    list[str] | None,
    typer.Option(
        "--modality",
        help="Let in actual (as without this option), planned, possible, requested or denied; may be given again. Example: --modality planned",
    ),
]
Negated = Annotated[bool, typer.Option("--negated", help="Let in what is said not to be so, with its sign turned. Example: --negated")]  # fmt: skip
Unattributed = Annotated[
    bool,
    typer.Option(
        "--no-attributed", help="Leave out what is the word of somebody else than the actor. Example: --no-attributed"
    ),
]
Weights = Annotated[
    str,
    typer.Option(
        "--weights", help="What an act weighs: none, or any of intensity, sources, confidence. Example: --weights sources"
    ),
]  # fmt: skip
HalfLife = Annotated[
    float | None,
    typer.Option(
        "--half-life", help="Days after which an act weighs half, back from the last day. Example: --half-life 30"
    ),
]
Step = Annotated[str, typer.Option("--step", help="day, week, month, quarter or year. Example: --step week")]
Seed = Annotated[int, typer.Option("--seed", help="Makes what is drawn by lot repeatable. Example: --seed 7")]


def analyze(
    store: StorePlace,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="A measure, or all; may be given again; `--list` names them. Example: --measure blocs"),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the measures. Example: --list")] = False,
    period: PeriodText = None, principals: Principals = False, through: Through = False, min_confidence: Confidence = 0.0,
    modality: Modality = None, negated: Negated = False, no_attributed: Unattributed = False,
    weights: Weights = "intensity,sources", half_life: HalfLife = None, step: Step = "month",
    similarity: Annotated[str, typer.Option("--similarity", help="S, kappa or pi, for stances. Example: --similarity kappa")] = "S",
    bootstrap: Annotated[int, typer.Option("--bootstrap", min=0, help="Intervals of so many replicates over documents, for degree. Example: --bootstrap 500")] = 0,
    seed: Seed = 0,
    form: Annotated[str, typer.Option("--format", help="table, csv, json or parquet. Example: --format csv")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file. Example: -o figures.csv")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows of a printed table at most. Example: --limit 100")] = 30,
) -> None:  # fmt: skip
    """Measure the network of who does what to whom. Example: kgraph analyze --store graph --principals --measure blocs"""
    from kgraph.network.analysis import MEASURES, Analysis
    from kgraph.network.analysis import analyze as measured

    if listed:
        for name, entry in MEASURES.items():
            typer.echo(f"{name:16} {entry.about}")
        return
    corpus = _corpus(store)
    view = _view(corpus, period, principals, through, min_confidence, modality, negated, no_attributed, weights, half_life)  # fmt: skip
    names = [n for n, entry in MEASURES.items() if entry.ready] if measure == ["all"] else measure or ["actors"]
    tables = measured(Analysis(corpus, view, step, bootstrap, similarity, seed), names)
    _write(tables, form, output, limit)
    left = (
        [f"{n} is left out, it needs {e.needs}" for n, e in MEASURES.items() if not e.ready]
        if measure == ["all"]
        else []
    )
    for line in [*corpus.caution(view), *left]:
        typer.echo(f"note: {line}", err=True)


def compare(
    store: StorePlace,
    before: Annotated[str, typer.Option("--before", help="The earlier period. Example: --before 2006-06..2006-07-03")],
    after: Annotated[str, typer.Option("--after", help="The later period. Example: --after 2006-07-04..2006-07-31")],
    principals: Principals = False, through: Through = False, min_confidence: Confidence = 0.0,
    modality: Modality = None, negated: Negated = False, no_attributed: Unattributed = False,
    weights: Weights = "intensity,sources",
    form: Annotated[str, typer.Option("--format", help="table, csv, json or parquet. Example: --format json")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file. Example: -o changes.json")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows of a printed table at most. Example: --limit 100")] = 30,
) -> None:  # fmt: skip
    """Say what changed between two periods, with the sentences. Example: kgraph compare --store graph --before 2006-06 --after 2006-07"""
    from kgraph.network.comparison import compare as compared

    corpus = _corpus(store)
    views = [
        _view(corpus, p, principals, through, min_confidence, modality, negated, no_attributed, weights, None)
        for p in (before, after)
    ]
    _write(compared(corpus, *views), form, output, limit)
    for name, view in zip(("before", "after"), views, strict=True):
        for line in corpus.caution(view):
            typer.echo(f"note: {name}: {line}", err=True)


def report(
    store: StorePlace,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write. Example: -o report.html")] = Path("report.html"),
    title: Annotated[str, typer.Option("--title", help="The report's title. Example: --title 'July 2006'")] = "Who stands where",
    period: PeriodText = None,
    principals: Annotated[bool, typer.Option("--principals/--actors", help="Fold people and bodies into the states they act for, or not. Example: --actors")] = True,
    through: Annotated[bool, typer.Option("--through/--direct", help="Read an act on a thing as an act towards its target, or not. Example: --direct")] = True,
    min_confidence: Confidence = 0.0, modality: Modality = None, negated: Negated = False,
    no_attributed: Unattributed = False, weights: Weights = "intensity,sources", half_life: HalfLife = None,
    bootstrap: Annotated[int, typer.Option("--bootstrap", min=0, help="Replicates over documents, for the intervals. Example: --bootstrap 1000")] = 200,
    seed: Seed = 0,
) -> None:  # fmt: skip
    """Write one readable page on actors, blocs and times, with the sentences. Example: kgraph report --store graph -o report.html"""
    from kgraph.report import write_report

    corpus = _corpus(store)
    view = _view(corpus, period, principals, through, min_confidence, modality, negated, no_attributed, weights, half_life)  # fmt: skip
    write_report(corpus, output, view=view, title=title, replicates=bootstrap, seed=seed)
    typer.echo(f"{output} written")
    for line in corpus.caution(view):
        typer.echo(f"note: {line}", err=True)


def _corpus(store: str) -> Corpus:
    from kgraph.pipeline import Graph
    from kgraph.store import Store

    with Store.open(store) as opened:
        return Graph(opened).corpus()


def _view(
    corpus: Corpus, period: str | None, principals: bool, through: bool, min_confidence: float,
    modality: Sequence[str] | None, negated: bool, no_attributed: bool, weights: str, half_life: float | None,
) -> View:  # fmt: skip
    from kgraph.model import Modality as Kind
    from kgraph.network import Period, Selection, View, Weighting
    from kgraph.network.series import span

    parts = {p.strip() for p in weights.split(",")} - {"none"}
    if parts - {"intensity", "sources", "confidence"}:
        raise KgraphError(
            f"--weights {weights} is none of intensity, sources, confidence, none; join several by commas"
        )
    try:
        kinds = frozenset({Kind.ACTUAL, *(Kind(name) for name in modality or ())})
    except ValueError as error:
        raise KgraphError(f"--modality: {error}; use one of {', '.join(Kind)}") from None
    within = Period.parse(period) if period else None
    told = span(corpus.assertions, corpus.published) if half_life is not None else None
    last = (within and within.last) or (told and told.last)
    if half_life is not None and last is None:
        raise KgraphError("--half-life needs acts with dates, and nothing here has one")
    return View(
        Selection(within, kinds, negated, not no_attributed, False, min_confidence),
        Weighting("intensity" in parts, "sources" in parts, "confidence" in parts, half_life, last or None),
        principals, through,
    )  # fmt: skip


def _write(tables: Sequence[Table], form: str, output: Path | None, limit: int) -> None:
    from kgraph.network import tables as t
    from kgraph.writing import write_whole

    if form not in t.FORMATS:
        raise KgraphError(f"there is no format {form!r}; use one of {', '.join(t.FORMATS)}")
    if form in ("csv", "parquet") and len(tables) > 1:
        raise KgraphError(f"{form} holds one table; name one --measure, or use json")
    if form == "parquet":
        if output is None:
            raise KgraphError("parquet is no text; give a file with --output")
        write_whole(output, t.as_parquet(tables[0]))
    else:
        text = {"csv": lambda: t.as_csv(tables[0]), "json": lambda: t.as_json(tables)}.get(
            form, lambda: "\n\n".join(t.as_text(x, limit if output is None else None) for x in tables) + "\n"
        )()
        if output is None:
            typer.echo(text, nl=False)
            return
        write_whole(output, text)
    typer.echo(f"{output} written")
