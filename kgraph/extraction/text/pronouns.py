"""Pronouns that mean things: "Germany opposes the tariffs, while Italy backs them"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import lexicon

if TYPE_CHECKING:
    from kgraph.extraction.text.things import Told

_ONE = frozenset({"it", "this", "that"})
_MANY = frozenset({"them", "these", "those"})
_OF_THINGS = frozenset({"opposes", "rejects", "condemns", "supports", "vetoes", "signs", "agreesWith", "sponsors", "proposes", "violates"})  # fmt: skip
"""Relations whose object, where it is a pronoun, is more often a thing just told than an actor."""
_ONLY_THINGS = frozenset(
    {"deny", "reject", "dismiss", "ratify", "sign", "veto", "accept", "approve", "propose", "violate", "rule"}
)
"""Verbs whose pronoun object is never an actor."""
_JUDGING = frozenset(
    {"call", "describe", "brand", "term", "label", "deem", "broker", "draft", "table", "block", "join"}
)


def pronoun(parse: Parse, told: Mapping[int, Told], head: int) -> Told | None:
    """The thing that a pronoun means as the object of a stance, told in the same sentence or the one before it."""
    lower = parse.lower[head]
    if lower not in _ONE | _MANY or not _object_of_stance(parse, head):
        return None
    verb = parse.head[head]
    for token in reversed(list(told)):
        inside = (
            parse.dep[token] == "pobj" and parse.head[parse.head[token]] in told
        )  # the truce of "a plan for a truce"
        if token >= head or inside:
            continue
        if parse.sent[head] - parse.sent[token] > 1:
            return None
        plural = parse.tag[token] in ("NNS", "NNPS")
        whole = (
            parse.dep[token] in ("dobj", "nsubj", "nsubjpass", "pobj", "conj", "attr")
            and token not in arguments(parse, verb).subjects
        )
        if whole and plural == (lower in _MANY) and parse.lemma[token] not in ("week", "month"):
            return told[token]
    return None


def means_a_thing(parse: Parse, head: int) -> bool:
    """Whether a pronoun can mean no actor where it stands: "Ankara denies it"."""
    return (
        parse.lower[head] in _ONE | _MANY
        and parse.dep[head] == "dobj"
        and parse.lemma[parse.head[head]] in _ONLY_THINGS
    )


def _object_of_stance(parse: Parse, head: int) -> bool:
    verb = parse.head[head]
    if parse.dep[head] not in ("dobj", "nsubjpass") and not (
        parse.dep[head] == "nsubj" and any(parse.dep[c] in ("acomp", "oprd") for c in parse.children[verb])
        and parse.dep[verb] == "ccomp" and parse.lemma[parse.head[verb]] in _JUDGING
    ):  # fmt: skip
        return False
    frames = lexicon().verbs.get(parse.lemma[verb], ())
    return parse.lemma[verb] in _JUDGING or any(
        f.relation in _OF_THINGS and f.direct_object and f.direct_words is None for f in frames
    )
