"""`kgraph ontology` and `kgraph validate`: what the graph can say, and whether a store is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.commands.keeping import StorePlace

_SAID = """SELECT ?a ?subject ?relation ?object { VALUES ?a { %s }
  ?a rdf:subject/rdfs:label ?subject ; rdf:predicate/rdfs:label ?relation ; rdf:object/rdfs:label ?object }"""


def ontology(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write to. Example: -o site")] = Path(
        "ontology-pages"
    ),
) -> None:
    """Write the ontology: HTML pages, Turtle, SHACL shapes, JSON-LD context. Example: kgraph ontology -o site"""
    from kgraph.store.documentation import write_ontology

    for path in write_ontology(output):
        typer.echo(f"{path} written")


def validate(
    store: StorePlace,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast",
            help="Run the built-in check only: not pyshacl's as well, nor read all tables for damage. Example: --fast",
        ),
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that the built-in check may take. Example: --timeout 3600")
    ] = 600,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Print so many nodes of each rule at most. Example: --limit 100")
    ] = 5,
) -> None:
    """Read all of a store for damage, and check it against the SHACL shapes; exit code 1 where it is not whole. Example: kgraph validate --store graph --fast"""
    from kgraph.store import Store
    from kgraph.store.forms import printable
    from kgraph.store.shapes import rules
    from kgraph.store.validation import read_whole, shacl_violations, violations
    from kgraph.store.vocabulary import ASSERTION

    with Store.open(store) as opened:
        quads = None if fast else read_whole(opened)
        found = violations(opened, timeout)
        if not fast:
            found |= set(shacl_violations(opened))
        by_rule: dict[tuple[bool, str], list[str]] = {}
        for violation in sorted(found):
            by_rule.setdefault((violation.warning, violation.message), []).append(violation.node)
        shown = " ".join(
            f"<{node}>" for nodes in by_rule.values() for node in nodes[:limit] if node.startswith(ASSERTION)
        )
        said = opened.ask(_SAID % shown).rows if shown else ()
    words = {str(row[0]): printable(" ".join(str(cell) for cell in row[1:])) for row in said}
    for (warning, message), nodes in sorted(by_rule.items()):
        typer.echo(f"{'warning' if warning else 'violation'}: {message}: {len(nodes)} not so")
        for node in nodes[:limit]:
            typer.echo(f"  {words.get(node, '')} <{node}>")
    broken = sum(len(nodes) for (warning, _), nodes in by_rule.items() if not warning)
    warned = sum(len(nodes) for (warning, _), nodes in by_rule.items() if warning)
    number = len({rule.message for rule in rules()})
    typer.echo(f"{number} rules, {broken} violations, {warned} warnings in {store}")
    if quads is not None:
        typer.echo(f"all tables were read, {quads} quads; none is damaged")
    if broken:
        raise typer.Exit(1)
