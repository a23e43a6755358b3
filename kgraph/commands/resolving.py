"""`kgraph resolve`: who is who, decided on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.commands.keeping import StorePlace, plain
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from kgraph.store import Store
    from kgraph.store.candidates import Candidate
    from kgraph.store.identity import Decision

_Pair = tuple[str, str]
_SENTENCES = 2


def resolve(
    store: StorePlace,
    same: Annotated[
        _Pair, typer.Option(help="Two entities are one; the first stays. Example: --same 'Gerald Ford' 'Gerald R. Ford'")
    ] = ("", ""),
    different: Annotated[
        _Pair, typer.Option(help="Two entities are not one. Example: --different Person:kim-jong-il Person:kim-jong-un")
    ] = ("", ""),
    undo: Annotated[
        _Pair, typer.Option(help="Take back what was decided on two entities. Example: --undo 'Gerald Ford' Person:gerald-r-ford")
    ] = ("", ""),
    ask: Annotated[bool, typer.Option("--ask", help="Decide one candidate after another. Example: --ask")] = False,
    auto: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Make one of all unambiguous candidates of this score. Example: --auto 0.9"),
    ] = None,
    decisions: Annotated[bool, typer.Option("--decisions", help="List what was decided. Example: --decisions")] = False,
    take: Annotated[
        Path | None, typer.Option(help="Take over the decisions of a file. Example: --take old/identity.csv")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--class", help="Classes to search. Example: --class Person --class Group")
    ] = None,
    min_score: Annotated[float, typer.Option(help="List candidates of this score. Example: --min-score 0.8")] = 0.6,
    limit: Annotated[int, typer.Option(min=1, help="So many candidates at most. Example: --limit 100")] = 20,
    by: Annotated[str | None, typer.Option(help="Who decides; you, if left out. Example: --by 'A. Analyst'")] = None,
) -> None:  # fmt: skip
    """List entities that may be one, and decide. Example: kgraph resolve --store graph --ask"""
    from kgraph.store import Store
    from kgraph.store.candidates import unambiguous
    from kgraph.store.identity import now, read_decisions

    who = by or os.environ.get("USER") or os.environ.get("USERNAME") or "somebody"
    pairs = {"same": same, "different": different, "undone": undo}
    with Store.open(store) as opened:
        if any(any(pair) for pair in pairs.values()):
            _decide(opened, [_decision(opened, v, pair, who) for v, pair in pairs.items() if any(pair)])
        elif take is not None:
            if not take.is_file():
                raise KgraphError(f"{take}: there is no such file; name an identity.csv")
            _decide(opened, read_decisions(take))
        elif decisions:
            for d in opened.decisions():
                typer.echo(
                    plain(f"{d.when}  {d.verdict:9}  {d.left} ({d.left_label})  {d.right} ({d.right_label})  by {d.by}")
                )
        elif auto is not None:
            found = unambiguous(_candidates(opened, kind, auto), auto)
            _decide(opened, [c.decision("same", f"kgraph --auto {auto:g}", now()) for c in found])
        elif ask:
            _ask(opened, _candidates(opened, kind, min_score)[:limit], who)
        else:
            found = _candidates(opened, kind, min_score)
            for candidate in found[:limit]:
                typer.echo(_told(candidate))
            typer.echo(
                f"{min(len(found), limit)} of {len(found)} candidates; decide with --ask, --same or --different",
                err=True,
            )


def _candidates(store: Store, kinds: list[str] | None, threshold: float) -> list[Candidate]:
    from kgraph.model import NodeType
    from kgraph.store.candidates import candidates

    try:
        classes = [NodeType(k) for k in kinds or ()]
    except ValueError as error:
        raise KgraphError(f"--class: {error}; use one of {', '.join(NodeType)}") from None
    return candidates(store, threshold=threshold, kinds=classes)


def _decide(store: Store, decisions: list[Decision]) -> None:
    store.decide(decisions)
    for d in decisions:
        typer.echo(plain(f"{d.verdict}: {d.left} and {d.right}"))
    typer.echo(f"{len(decisions)} decision{'s' if len(decisions) != 1 else ''} kept; every later build honours them")


def _decision(store: Store, verdict: str, pair: _Pair, who: str) -> Decision:
    from kgraph.store.identity import Decision, in_force, now

    left, right = (_key(store, name) for name in pair)
    if verdict == "undone" and not any(d.pair == {left, right} for d in in_force(store.decisions())):
        raise KgraphError(f"nothing was decided on {left} and {right}; `kgraph resolve --decisions` lists what was")
    return Decision(verdict, left, right, who, now(), "", pair[0], pair[1])


def _key(store: Store, name: str) -> str:
    """The key of a name, an id or a key; a key need not be known to the store."""
    from kgraph.model import NodeType
    from kgraph.store.identity import key_of_node
    from kgraph.store.testimony import entities

    if name.partition(":")[0] in {kind.value for kind in NodeType}:
        return name
    # A merged entity's own name is its successor's by now; in the decision it still means itself.
    decided = {
        k for d in store.decisions() for k, label in ((d.left, d.left_label), (d.right, d.right_label)) if label == name
    }
    found = sorted(decided) or [key_of_node(node) for node in entities(store, name)]
    if len(found) > 1:
        raise KgraphError(f"{name!r} is the name of several: {', '.join(found)}; write one of these")
    return found[0]


def _ask(store: Store, found: list[Candidate], who: str) -> None:
    from kgraph.store.identity import now

    verdicts = {"s": "same", "d": "different"}
    taken = []
    for number, candidate in enumerate(found, 1):
        typer.echo(f"\n{number} of {len(found)}  {_told(candidate)}")
        for profile in (candidate.left, candidate.right):
            for sentence in _sentences(store, profile.key):
                typer.echo(f"    {profile.label}: {plain(sentence)}")
        answer = typer.prompt("  [s]ame, [d]ifferent, [n]ext, [q]uit", default="n").strip().lower()[:1]
        if answer == "q":
            break
        if answer in verdicts:
            taken.append(candidate.decision(verdicts[answer], who, now()))
    _decide(store, taken)


def _sentences(store: Store, key: str) -> list[str]:
    from kgraph.store.identity import node_of_key

    rows = store.query(
        f"SELECT DISTINCT ?text {{ ?a rdf:subject|rdf:object {node_of_key(key)} ; kg:evidence/nif:anchorOf ?text }} "
        f"ORDER BY ?text LIMIT {_SENTENCES}"
    ).rows
    return [str(row[0]) for row in rows]


def _told(candidate: Candidate) -> str:
    a, b = candidate.left, candidate.right
    return plain(f"{candidate.score:.2f}  {a.key} ({a.label})  {b.key} ({b.label})  {'; '.join(candidate.grounds)}")
