"""What the learned part sees: features of an ordered pair of references, and of the predicate between them.

A feature is a name with a number. Names carry syntax, prepositions and lemmas of verbs, common nouns and adjectives only,
never a proper name: who the actors are must not tell what they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import relations

Features = dict[str, float]
Pair = tuple[str, str]

_REFERRING = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "X", "NUM"})
_CONTENT = frozenset({"VERB", "NOUN", "ADJ"})
_MIDDLE = frozenset({"VERB", "NOUN", "ADJ", "AUX"})
_ARGUMENTS = frozenset(
    {"dobj", "prt", "xcomp", "ccomp", "acomp", "attr", "nsubj", "nsubjpass", "pobj", "amod", "advcl", "conj", "neg", "aux"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Between:
    """The way through the syntax tree from one token up to the lowest common ancestor and down to another one."""

    up: tuple[int, ...]
    down: tuple[int, ...]

    @property
    def top(self) -> int:
        """The lowest common ancestor."""
        return self.up[-1]


def between(parse: Parse, a: int, b: int) -> Between | None:
    """The way from token `a` to token `b`, None where they stand in different trees."""
    above = [a]
    while parse.head[above[-1]] != above[-1]:
        above.append(parse.head[above[-1]])
    down = [b]
    while down[-1] not in above and parse.head[down[-1]] != down[-1]:
        down.append(parse.head[down[-1]])
    if down[-1] not in above:
        return None
    return Between(tuple(above[: above.index(down[-1]) + 1]), tuple(reversed(down)))


def references(parse: Parse, resolver: Resolver, sentence: int) -> dict[int, Reference]:
    """Head token -> reference, for each phrase of a sentence that stands for a state or organization."""
    found: dict[int, Reference] = {}
    for token in range(*parse.sentences[sentence]):
        if parse.pos[token] in _REFERRING:
            reference = resolver.resolve(token)
            if reference is not None and reference.entity.principal is not None:
                found[token] = reference
    return found


def _steps(parse: Parse, tokens: tuple[int, ...]) -> list[str]:
    prepositional = ("prep", "agent", "dative")
    return [f"p_{parse.lower[t]}" if parse.dep[t] in prepositional else parse.dep[t] for t in tokens]


def pair_features(
    parse: Parse, principals: Mapping[int, str], kinds: Mapping[int, tuple[str, str]], a: int, b: int, rules: Mapping[Pair, float]
) -> Features:  # fmt: skip
    """What tells whether the referent of `a` does something to that of `b`.

    `principals` and `kinds` (how resolved, node type) are those of the sentence's references by head token; `rules` holds
    the confidence of each pair of principals that a frame of the lexicon connects in the sentence.
    """
    way = between(parse, a, b)
    if way is None:
        return {"no way": 1.0}
    up, down = _steps(parse, way.up[:-1]), _steps(parse, way.down[1:])
    names = ["up=" + ">".join(up), "down=" + ">".join(down)]
    names += ["up~" + ">".join(s[:2] if s.startswith("p_") else s for s in up)]
    names += ["down~" + ">".join(s[:2] if s.startswith("p_") else s for s in down)]
    names += ["u:" + s for s in set(up)] + ["d:" + s for s in set(down)]
    if up:
        names += ["up last=" + up[-1], "up first=" + up[0], "doer=" + kinds[a][1] + up[-1]]
    if down:
        names += ["down first=" + down[0], "down last=" + down[-1]]
    if up and down:
        names.append(f"join={up[-1]}|{down[0]}")
    top, words = way.top, lexicon()
    lemma = parse.lemma[top]
    names += [f"top pos={parse.pos[top]}", f"top dep={parse.dep[top]}", f"top operator={words.operators.get(lemma)}"]
    order: dict[str, int] = {}
    for token in sorted(principals):
        order.setdefault(principals[token], len(order))
    ours, theirs = principals[a], principals[b]
    inside = {principals[t] for t in principals if min(a, b) < t < max(a, b)} - {ours, theirs}
    names += [f"order a={min(order[ours], 4)}", f"order b={min(order[theirs], 4)}", f"actors={min(len(order), 5)}"]
    names += [f"inside={min(len(inside), 3)}"]
    names += [f"a is {x}" for x in kinds[a]] + [f"b is {x}" for x in kinds[b]]
    flags = {
        "top in lexicon": lemma in words.verbs or lemma in words.nouns,
        "top is a": top == a,
        "top is b": top == b,
        "passive": any(parse.dep[c] in ("nsubjpass", "auxpass") for c in parse.children[top]),
        "before": a < b,
        "rule elsewhere": any(set(pair) != {ours, theirs} for pair in rules),
        "rule any": bool(rules),
        "rule same doer": any(s == ours and o != theirs for s, o in rules),
        "rule same target": any(o == theirs and s != ours for s, o in rules),
    }
    names += [name for name, holds in flags.items() if holds]
    middle = {t for t in way.up + way.down if t not in (a, b)} | _governing(parse, top) - {a, b}
    names += ["known on the way"] if any(_types(parse, t) for t in middle) else ["nothing known on the way"]
    features = dict.fromkeys(names, 1.0)
    features |= {
        "up length": len(way.up) / 5,
        "down length": len(way.down) / 5,
        "distance": min(abs(a - b), 40) / 20,
        "times a": min(sum(p == ours for p in principals.values()), 3) / 3,
        "times b": min(sum(p == theirs for p in principals.values()), 3) / 3,
        "rule": rules.get((ours, theirs), 0.0),
        "rule turned": rules.get((theirs, ours), 0.0),
    }
    return features


def predicate_features(parse: Parse, a: int, b: int, rule: str | None, specific: bool = False) -> Features:
    """What tells the PLOVER type of the event between `a` and `b`.

    `rule` is the type that the lexicon gave, if any; `specific` tells that it came from a frame with more words than a verb.
    """
    way = between(parse, a, b)
    first, last = parse.sentences[parse.sent[b]]
    sentence = range(min(first, parse.sentences[parse.sent[a]][0]), max(last, parse.sentences[parse.sent[a]][1]))
    names: set[str] = set()
    middle: set[int] = set()
    if way is None:
        middle = set(sentence)
    else:
        middle = {t for t in way.up[1:] + way.down[:-1] if parse.pos[t] in _MIDDLE and t not in (a, b)}
        middle |= _governing(parse, way.top) - {a, b}
        names |= {f"prep={parse.lower[t]}" for t in way.up + way.down if parse.dep[t] == "prep"}
        names.add("top=" + _lemma(parse, way.top))
    for token in middle:
        names.add("on=" + _lemma(parse, token))
        for child in parse.children[token]:
            if parse.dep[child] in _ARGUMENTS:
                names |= {"by=" + _lemma(parse, child), f"{parse.dep[child]}={_lemma(parse, child)}"}
            if parse.dep[child] == "neg":
                names.add("negated")
    for token in sentence:
        if parse.pos[token] in _CONTENT:
            names.add("has=" + _lemma(parse, token))
        if parse.dep[token] == "aux" and parse.lower[token] in ("will", "would"):
            names.add("ahead")
        place = "on type" if token in middle else "has type"
        names |= {f"{place}={plover}" for plover in _types(parse, token)}
    if rule is not None:
        names |= {"rule=" + rule, f"specific rule={rule}"} if specific else {"rule=" + rule}
    return dict.fromkeys(names, 1.0)


def _governing(parse: Parse, top: int) -> set[int]:
    """The words from a token up to the verb that governs it: "held" and "talks" for "Kenya and Uganda held talks"."""
    found = set()
    while parse.pos[top] != "VERB" and parse.head[top] != top:
        top = parse.head[top]
        if parse.pos[top] in _MIDDLE:
            found.add(top)
    return found


def _lemma(parse: Parse, token: int) -> str:
    return parse.lemma[token] if parse.pos[token] not in ("PROPN", "NUM", "X") else parse.pos[token]


def _types(parse: Parse, token: int) -> frozenset[str]:
    """The PLOVER types that the lexicon knows for a word, whatever stands around it."""
    return _known_types(parse.pos[token], parse.lemma[token])


@lru_cache(maxsize=50_000)
def _known_types(pos: str, lemma: str) -> frozenset[str]:
    words = lexicon()
    frames = {"VERB": words.verbs, "NOUN": words.nouns}.get(pos, {}).get(lemma, ())
    return frozenset(plover for f in frames if (plover := relations()[f.relation].plover))
