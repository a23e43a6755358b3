"""`kgraph mapping`: mappings for tables; and what `kgraph build` and `extract` ask and tell of tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.errors import KgraphError
from kgraph.writing import write_whole

if TYPE_CHECKING:
    from kgraph.extraction.records import Account, Mapping

app = typer.Typer(help="Mappings: what the columns of your own table say.", no_args_is_help=True)

_SHOWN = 5
"""So many rows are shown by `check`."""

TableMapping = Annotated[
    Path | None, typer.Option("--mapping", help="How to read tables of your own. Example: --mapping my.yaml")
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first wrong row of a table. Example: --strict")]


@app.command()
def new(
    table: Annotated[Path, typer.Argument(help="A table: CSV, TSV, JSON Lines, Excel, Parquet. Example: data.csv")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The mapping to write; printed where left out. Example: -o my.yaml")
    ] = None,
) -> None:  # fmt: skip
    """Write a first mapping for a table of your own. Example: kgraph mapping new data.csv -o my.yaml"""
    from kgraph.extraction.records.drafting import draft

    text = draft(table)
    if output is None:
        typer.echo(text, nl=False)
        return
    if output.exists():
        raise KgraphError(f"{output}: is there already; name another file with -o")
    write_whole(output, text)
    typer.echo(f"{output} written; mend it, then `kgraph build {table} --mapping {output} --store graph`")


@app.command()
def check(
    mapping: Annotated[Path, typer.Argument(help="A mapping. Example: my.yaml")],
    table: Annotated[Path | None, typer.Argument(help="A table to try it on, row by row. Example: data.csv")] = None,
) -> None:
    """Say what is wrong with a mapping, and what it makes of a table. Example: kgraph mapping check my.yaml data.csv"""
    from kgraph.extraction.records import load_mapping
    from kgraph.ontology.relations import relations
    from kgraph.tables import read_tables

    used = load_mapping(mapping)
    accounts: list[Account] = []
    for number, (document, said) in enumerate(read_tables([table] if table else [], used, accounts=accounts)):
        for a in said if number < _SHOWN else ():
            when = f", {a.date}" if a.date else ""
            typer.echo(f"{document.id}: {a.subject.label} {relations()[a.relation].label} {a.object.label}{when}")
    tell(accounts)
    typer.echo(f"{mapping}: {len(used.claims)} assertions a row, reads {', '.join(used.columns)}")


@app.command()
def formats() -> None:
    """List the formats that are recognised by themselves, with their code books. Example: kgraph mapping formats"""
    from kgraph.extraction.records import known_formats

    for mapping in known_formats().values():
        typer.echo(f"{mapping.name:22} {mapping.title}\n{'':22} {mapping.published}\n{'':22} {mapping.codebook}")


def mapping_of(path: Path | None) -> Mapping | None:
    """The mapping that an option names."""
    from kgraph.extraction.records import load_mapping

    return load_mapping(path) if path else None


def tell(accounts: Iterable[Account]) -> None:
    """Print the accounts of tables on standard error, as everything is told that is not the answer itself."""
    for account in accounts:
        for line in account.lines():
            typer.echo(line, err=True)
