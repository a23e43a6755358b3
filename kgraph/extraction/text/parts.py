"""The parts of the text extractor that can be switched off, to see what each of them is worth."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.errors import KgraphError

PARTS = {
    "coreference": "pronouns and 'the country' stand for the actor they mean",
    "offices": "the table of who held which office",
    "verbs": "frames of verbs and adjectives",
    "nouns": "frames of event nouns: 'attack on', 'opposition from'",
    "governors": "'refused to', 'agreed to': the governing verb's own relation",
    "factuality": "negation, modality and speaker",
    "dates": "the date of the act",
    "things": "instruments, events and issues as objects",
    "structure": "offices, memberships, alliances, targets, participants, places",
    "learned": "the trained part: probability, relation type, additions",
}
"""Part -> what it does."""


def parts_without(names: Iterable[str]) -> frozenset[str]:
    """The parts to switch off, checked; KgraphError for a name that is no part."""
    off = frozenset(names)
    unknown = sorted(off - PARTS.keys())
    if unknown:
        raise KgraphError(f"there is no part {unknown[0]!r}; the parts are {', '.join(PARTS)}")
    return off
