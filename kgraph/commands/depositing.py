"""`kgraph restore`, and the deposit of `kgraph export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.commands.keeping import StorePlace, local


def restore(
    deposited: Annotated[
        Path, typer.Argument(help="The folder of a deposit. Example: deposit", metavar="DEPOSIT", show_default=False)
    ],
    store: StorePlace,
) -> None:
    """Make a store from a deposit, after checking its checksums. Example: kgraph restore deposit --store graph"""
    from kgraph.store.deposit import restore as restored

    typer.echo(f"{restored(deposited, local(store))} quads restored in {store}")


def deposit(store: str, folder: Path, title: str | None, creator: str | None, license: str | None) -> None:
    """Write a deposit of a store and tell what is in it."""
    from kgraph.store import Store
    from kgraph.store.deposit import deposit as deposited
    from kgraph.store.description import Terms

    terms = Terms(creator=creator, license=license) if title is None else Terms(title, creator, license)
    with Store.open(store) as opened:
        counts = deposited(opened, folder, terms)
    typer.echo(f"{folder} written: " + ", ".join(f"{number} {name}" for name, number in counts.items()))
