"""Verdicts: what an object is called ("called the vote illegal", "branded him a traitor"), wherever the parser puts the word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import lexicon

_INDEFINITE = frozenset({"a", "an", "another", "no"})


def verdicts(parse: Parse, verb: int, direct: Sequence[int], dative: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(object, complement) of a verb of calling; the complement is a noun or an adjective."""
    for c in parse.kids(verb, "dobj", "oprd"):
        yield from ((o, c) for o in _squeezed(parse, c))
    for c in parse.children[verb]:
        if parse.dep[c] in ("ccomp", "xcomp", "oprd") and parse.pos[c] in ("ADJ", "NOUN"):
            named = parse.kids(c, "nsubj") or [d for d in direct if d != c][:1] or list(dative[:1])
            yield from ((o, c) for o in named)
    objects = parse.kids(verb, "dobj", "nsubjpass", "oprd")
    for o in objects:
        yield from ((o, c) for c in parse.kids(o, "amod", "acomp") if c > o)
        yield from ((o, c) for c in parse.kids(o, "appos") if not any(parse.words[t] == "," for t in range(o, c)))
        yield from ((o, c) for c in _behind_a_name(parse, o))
    second = [c for c in parse.kids(verb, "dobj", "npadvmod") if c > verb and _indefinite(parse, c)]
    yield from ((o, c) for o in objects[:1] for c in second if c > o)


def _indefinite(parse: Parse, noun: int) -> bool:
    return any(parse.lower[c] in _INDEFINITE for c in parse.kids(noun, "det"))


def _squeezed(parse: Parse, word: int) -> list[int]:
    """ "called the threat shameless": the parser reads the two words as one phrase."""
    before = word - 1
    classes = lexicon().classes
    judged = parse.lower[word] in classes["@bad"] | classes["@good"]
    thing = judged and parse.dep[before] == "compound" and parse.lemma[before] in lexicon().heads
    return [before] if thing and parse.head[before] == word and not _indefinite(parse, word) else []


def _behind_a_name(parse: Parse, titled: int) -> list[int]:
    """ "called the president, Bashar al-Assad, a butcher": the word stands behind the name in apposition."""
    names = [c for c in parse.kids(titled, "appos") if parse.pos[c] == "PROPN"]
    return [c for name in names for c in parse.kids(name, "appos") if parse.pos[c] == "NOUN" and _indefinite(parse, c)]
