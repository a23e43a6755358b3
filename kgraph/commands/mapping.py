"""`kgraph map`: the relationship map from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.commands.keeping import StorePlace


def map_(
    store: StorePlace,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write. Example: -o map.html")] = Path(
        "map.html"
    ),
    title: Annotated[
        str, typer.Option("--title", help="The map's title. Example: --title 'July 2006'")
    ] = "Who does what to whom",
    layout: Annotated[
        str,
        typer.Option(
            "--layout",
            help="signed (friends near, foes far) or geo (states on a map of the world). Example: --layout geo",
        ),
    ] = "signed",
    principals: Annotated[
        bool,
        typer.Option("--principals", help="Open with people and bodies folded into their states. Example: --principals"),
    ] = False,
    focus: Annotated[
        str | None,
        typer.Option("--focus", help="Open on a node and its neighbourhood. Example: --focus 'North Korea'"),
    ] = None,
    story: Annotated[
        Path | None,
        typer.Option("--story", help="A story in YAML; without one, a story is proposed. Example: --story story.yaml"),
    ] = None,
    hulls: Annotated[
        bool, typer.Option("--hulls", help="Open with outlines about groups on good terms. Example: --hulls")
    ] = False,
    backbone: Annotated[
        int | None,
        typer.Option(
            "--backbone", min=0,
            help="Open with so many of the most important nodes, 0 for all; large maps do by themselves. Example: --backbone 100",
        ),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Whence the texts are, for the map's foot. Example: --source 'Mekong Ledger'")
    ] = "",
    licence: Annotated[
        str, typer.Option("--licence", help="The licence, for the map's foot. Example: --licence 'CC BY 4.0'")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help="The language of title and sentences. Example: --language ar")
    ] = "en",
) -> None:  # fmt: skip
    """Write the relationship map, one HTML file. Example: kgraph map --store graph -o map.html"""
    from kgraph.map import MapOptions
    from kgraph.pipeline import Graph
    from kgraph.store import Store

    options = MapOptions(title, layout, principals, focus, story, hulls, backbone, source, licence, language)
    with Store.open(store) as opened:
        written = Graph(opened).map(output, options)
    typer.echo(
        f"{output} written: {written.nodes} nodes, {written.assertions} assertions, {written.size / 1_000_000:.1f} MB"
    )
