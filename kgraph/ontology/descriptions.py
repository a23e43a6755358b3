"""What states are: the words that describe them ("Baltic", "landlocked", "kingdom"), and their neighbors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kgraph.ontology.actors import actors
from kgraph.ontology.tables import Row, ontology_dir, read_table

_KINDS = ("region", "form", "nature", "faith", "past", "several")
_LONGEST = 3  # words of a description, its hyphens included


@cache
def _tables(folder: Path | None = None) -> tuple[dict[tuple[str, ...], frozenset[str]], dict[str, tuple[str, ...]]]:
    single: dict[tuple[str, ...], frozenset[str]] = {}
    plural: dict[str, tuple[str, ...]] = {}
    path = (folder or ontology_dir()) / "actors" / "descriptions.csv"
    for row in read_table(path, ("kind", "words", "states")):
        states = _states(row, "states", folder)
        several = row.choice("kind", _KINDS) == "several"
        for words in row.many("words"):
            if several:
                plural[words] = states
            else:
                single[tuple(words.split())] = frozenset(states)
    return single, plural


def _states(row: Row, column: str, folder: Path | None) -> tuple[str, ...]:
    for state in row.many(column):
        if state not in actors(folder):
            raise row.wrong(f"{state!r} is no known state", "use ISO 3166-1 alpha-3 codes")
    return row.many(column)


def described(words: Sequence[str], folder: Path | None = None) -> list[frozenset[str]]:
    """For each description among lower-case words, the longest first and none overlapping, the ids of the states that it fits.

    "west", "african", "kingdom" holds two: "west african" and "kingdom". KgraphError where a row of the ontology is wrong.
    """
    table = _tables(folder)[0]
    found: list[frozenset[str]] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            states = table.get(tuple(words[at : at + length]))
            if states is not None:
                found.append(states)
                at += length
                break
        else:
            at += 1
    return found


def plural_name(word: str, folder: Path | None = None) -> tuple[str, ...]:
    """The ids of the states that a lower-case plural name means ("koreas"), empty where it is none."""
    return _tables(folder)[1].get(word, ())


@cache
def neighbors(state: str, folder: Path | None = None) -> frozenset[str]:
    """The ids of a state's neighbors, by land or over a strait."""
    return _neighbors(folder).get(state, frozenset())


@cache
def _neighbors(folder: Path | None) -> dict[str, frozenset[str]]:
    path = (folder or ontology_dir()) / "actors" / "neighbors.csv"
    return {
        row["state"]: frozenset((*_states(row, "land", folder), *_states(row, "across", folder)))
        for row in read_table(path, ("state", "land", "across"))
    }
