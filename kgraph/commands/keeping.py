"""`kgraph show`, `why`, `search`, `remove` and `migrate`: the store from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from kgraph.model import Assertion
    from kgraph.store.testimony import Account, Witness

StorePlace = Annotated[
    str,
    typer.Option("--store", help="The store: a folder, or the address of a SPARQL server. Example: --store graph"),
]


def show(
    store: StorePlace,
    name: Annotated[str, typer.Argument(help="A name, a part of one, or an id. Example: 'North Korea'")],
) -> None:
    """Print all that is known of an actor, with sentences. Example: kgraph show --store graph PRK"""
    from kgraph.store import Store
    from kgraph.store.testimony import about, entities

    with Store.open(store) as opened:
        for a in about(opened, entities(opened, name, parts=True)):
            typer.echo(_sentence(a))
            for evidence in a.evidence:
                typer.echo(f"    {plain(evidence.text)}  [{plain(evidence.document)}]")


def why(
    store: StorePlace,
    subject: Annotated[str, typer.Argument(help="A name, a part of one, or an id. Example: China")],
    relation: Annotated[str, typer.Argument(help="A relation. Example: opposes")],
    object: Annotated[str, typer.Argument(help="A name, a part of one, or an id. Example: 'sanctions on Turkey'")],
) -> None:
    """Print each sentence that says a thing, and how many sources. Example: kgraph why --store graph China opposes sanctions"""
    from kgraph.store import Store
    from kgraph.store.testimony import why as explained

    with Store.open(store) as opened:
        accounts = explained(opened, subject, relation, object)
    for account in accounts:
        typer.echo(_heading(account))
        for witness in account.witnesses:
            typer.echo(f"  {witness.source}. {_marked(witness)}")
            typer.echo("     " + _told(witness))


def search(
    store: StorePlace,
    words: Annotated[str, typer.Argument(help="Words, or a phrase in double quotes. Example: 'missile test'")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many hits at most. Example: --limit 50")] = 20,
) -> None:
    """Find names and sentences by their words. Example: kgraph search --store graph 'missile test'"""
    from kgraph.store import Store
    from kgraph.store.search import search as found

    with Store.open(store) as opened:
        hits = found(opened, words, limit=limit)
    if not hits:
        typer.echo("nothing found")
    for hit in hits:
        text = plain(hit.marked, _OURS).replace("\x02", _MARKS[0]).replace("\x03", _MARKS[1])
        typer.echo(f"{text}  [{plain(hit.place)}]")


def remove(
    store: StorePlace,
    documents: Annotated[list[str], typer.Argument(help="Ids of documents. Example: article1.txt", metavar="DOC...")],
) -> None:
    """Take documents out, with all that rests on them alone. Example: kgraph remove --store graph article1.txt"""
    from kgraph.store import Store

    with Store.open(store) as opened:
        missing = [d for d in documents if not opened.holds(d)]
        if missing:
            raise KgraphError(
                f"the store has no document {missing[0]!r}; `kgraph query --store {store} --saved documents` lists them"
            )
        for document in documents:
            opened.remove(document)
    typer.echo(f"{len(documents)} document{'' if len(documents) == 1 else 's'} removed")


def migrate(store: StorePlace) -> None:
    """Bring a store of an older schema to this one. Example: kgraph migrate --store graph"""
    from kgraph.store.migration import migrate as migrated

    typer.echo(migrated(local(store)))


_OURS = "\x02\x03"
_MARKS = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("[", "]")


def plain(text: str, keep: str = "") -> str:
    """Text for a terminal: one line, no control characters but those to keep."""
    return " ".join("".join(c if c.isprintable() or c in keep else " " for c in text).split())


def _sentence(a: Assertion) -> str:
    from kgraph.ontology import relations

    parts = [f"{a.subject.label} {'does not: ' if a.negated else ''}{relations()[a.relation].label} {a.object.label}"]
    if a.modality.value != "actual":
        parts.append(a.modality.value)
    if a.attributed_to:
        parts.append(f"said by {a.attributed_to.label}")
    if a.date:
        parts.append(a.date)
    return plain(", ".join(parts))


def _heading(account: Account) -> str:
    places = len(account.witnesses)
    sources = f"{account.sources} independent source{'s' if account.sources != 1 else ''}"
    return f"{_sentence(account.assertion)}: {sources}, {places} sentence{'s' if places != 1 else ''}"


def _marked(witness: Witness) -> str:
    """The sentence with the words that carry subject, relation and object marked."""
    e = witness.evidence
    out, last = [], e.start
    for mark in sorted(e.marks, key=lambda m: (m.start, -m.end)):
        if mark.start < last:
            continue
        out += [
            e.text[last - e.start : mark.start - e.start],
            "\x02",
            e.text[mark.start - e.start : mark.end - e.start],
            "\x03",
        ]
        last = mark.end
    text = "".join([*out, e.text[last - e.start :]])
    return plain(text, _OURS).replace("\x02", _MARKS[0]).replace("\x03", _MARKS[1])


def _told(witness: Witness) -> str:
    known = witness.document
    parts = [witness.evidence.document, known.get("title"), known.get("source"), known.get("date")]
    parts += [f"extractor {witness.extractor}", f"confidence {witness.confidence:.2f}"]
    if witness.copy:
        parts.append(f"a copy of source {witness.source}")
    return plain(", ".join(p for p in parts if p))


def local(store: str) -> Path:
    """The folder of a store; KgraphError where it is on a server."""
    if store.startswith(("http://", "https://")):
        raise KgraphError(f"{store} is a server; name a folder with --store for this")
    return Path(store)
