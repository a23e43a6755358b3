"""`kgraph export`: the graph in the files of other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from kgraph.commands import depositing
from kgraph.commands.keeping import StorePlace
from kgraph.errors import KgraphError
from kgraph.writing import replacing

if TYPE_CHECKING:
    from kgraph.model import Assertion
    from kgraph.store import Store

_RDF = ("nquads", "trig", "turtle", "jsonld")
_COLUMNS = (
    "subject", "subject_id", "relation", "object", "object_id", "negated", "modality", "attributed_to", "date",
    "confidence", "document", "sentence",
)  # fmt: skip


def export(
    store: StorePlace,
    form: Annotated[
        str | None,
        typer.Option("--format", help="nquads, trig, turtle, jsonld, csv, graphml, gexf, nodelink or cytoscape. Example: --format graphml"),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write. Example: -o graph.graphml")] = None,
    dyads: Annotated[bool, typer.Option("--dyads", help="Of graphml, gexf, nodelink and cytoscape: one signed edge for each pair of actors, of deeds. Example: --dyads")] = False,
    principals: Annotated[bool, typer.Option("--principals", help="Of the same: fold people and bodies into their states. Example: --principals")] = False,
    period: Annotated[str | None, typer.Option("--period", help="Of the same: only what happened then. Example: --period 2006-07")] = None,
    deposit: Annotated[Path | None, typer.Option("--deposit", help="A new folder for all of it, to hand to an archive. Example: --deposit deposit")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Of a deposit: its title. Example: --title 'Sanctions, 2006'")] = None,
    creator: Annotated[str | None, typer.Option("--creator", help="Of a deposit: who made it. Example: --creator 'Ann Lee'")] = None,
    license: Annotated[str | None, typer.Option("--license", help="Of a deposit: SPDX id or address. Example: --license CC-BY-4.0")] = None,
) -> None:  # fmt: skip
    """Write the graph for other programs, or a deposit. Example: kgraph export --store graph --format nquads -o graph.nq"""
    from kgraph.network.interchange import FORMATS
    from kgraph.store import Store

    if deposit is not None:
        depositing.deposit(store, deposit, title, creator, license)
        return
    if form is None or output is None:
        raise KgraphError("nothing says what to write; give --format and --output, or --deposit")
    if form not in (*_RDF, "csv", *FORMATS):
        raise KgraphError(f"there is no export format {form!r}; use one of {', '.join((*_RDF, 'csv', *FORMATS))}")
    if form not in FORMATS and (dyads or principals or period):
        raise KgraphError(f"--dyads, --principals and --period are for {', '.join(FORMATS)}; leave them out")
    with Store.open(store) as opened:
        if form in FORMATS:
            _network(opened, form, output, dyads, principals, period)
        else:
            _dump(opened, form, output)
    typer.echo(f"{output} written")


def _network(store: Store, form: str, output: Path, dyads: bool, principals: bool, period: str | None) -> None:
    from dataclasses import replace

    from kgraph.network import DEEDS, EVERYTHING, Period, View, write_graph
    from kgraph.pipeline import Graph

    corpus = Graph(store).corpus()
    selection = replace(DEEDS if dyads else EVERYTHING, period=Period.parse(period) if period else None)
    view = View(selection, principals=principals)
    corpus.need(view)
    write_graph(corpus.signed(view) if dyads else corpus.projection(view, things=True), output, form)


def _dump(store: Store, form: str, output: Path) -> None:
    with replacing(output) as stream:
        if form == "csv":
            _csv(store.assertions(), stream)
        else:
            store.export(stream, form)


def _csv(assertions: Iterable[Assertion], stream: IO[bytes]) -> None:
    """A row for each piece of evidence of each assertion."""
    import io

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for a in assertions:
        who = a.attributed_to.label if a.attributed_to else ""
        for e in a.evidence:
            writer.writerow(
                [a.subject.label, a.subject.id, a.relation, a.object.label, a.object.id, a.negated, a.modality.value, who,
                 a.date or "", a.confidence, e.document, e.text]
            )  # fmt: skip
    text.detach()
