"""What the learned part sees: features of an ordered pair of references, and of the predicate between them.

A feature is a name with a number. Names carry syntax, prepositions and lemmas of verbs, common nouns and adjectives only,
never a proper name: who the actors are must not tell what they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.factuality import factuality
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.things import thing
from kgraph.model import Modality
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.plover import plover_types
from kgraph.ontology.relations import relations

Features = dict[str, float]
Pair = tuple[str, str]

_THING = "#"
_MOST = 16  # a sentence with more is a list, and the pairs grow with the square
_LONG = 9  # of the right pairs of articles one in twenty is further apart in the tree, of all pairs one in five
_REFERRING = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "X", "NUM"})
_CONTENT = frozenset({"VERB", "NOUN", "ADJ"})
_MIDDLE = frozenset({"VERB", "NOUN", "ADJ", "AUX"})
_CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "pcomp", "conj", "csubj", "parataxis"})
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


@dataclass(slots=True)
class Candidates:
    """The phrases of a sentence that an event can join, by head token.

    `doers` stand for a state or organization; `things` are instruments, events and issues of nobody. `keys` tells two
    phrases that mean the same: a principal, or for a thing a word of its own. `kinds` is how a phrase was resolved and
    the type of node; `parts` keeps names of features that many pairs share.
    """

    doers: dict[int, Reference] = field(default_factory=dict)
    things: dict[int, Reference] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, tuple[str, str]] = field(default_factory=dict)
    parts: dict[tuple[int, int, str], tuple[str, ...]] = field(default_factory=dict)
    _told: dict[int, tuple[dict[int, str], dict[str, int]]] = field(default_factory=dict)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Each doer with each phrase that means something else."""
        for a in self.doers:
            for b in (*self.doers, *self.things):
                if self.keys[a] != self.keys[b]:
                    yield a, b

    def put(self, token: int, key: str, kind: tuple[str, str]) -> None:
        """Tell the key and the kind of a phrase."""
        self.keys[token], self.kinds[token] = key, kind
        self.parts.clear()
        self._told.clear()

    def told(self, target: int) -> tuple[dict[int, str], dict[str, int]]:
        """The keys of all that is of somebody, and of a target; and their order in the sentence."""
        thing = target if self.keys[target].startswith(_THING) else -1
        if thing not in self._told:
            keys = {t: key for t, key in self.keys.items() if t == thing or not key.startswith(_THING)}
            order: dict[str, int] = {}
            for token in sorted(keys):
                order.setdefault(keys[token], len(order))
            self._told[thing] = keys, order
        return self._told[thing]


def candidates(parse: Parse, resolver: Resolver, sentence: int) -> Candidates:
    """The phrases of a sentence that can do something or have something done to them, at most 16 of each."""
    found = Candidates()
    heads = lexicon().heads
    for token in range(*parse.sentences[sentence]):
        mention = resolver.by_token.get(token)
        if parse.pos[token] not in _REFERRING or (mention is not None and mention.head != token):
            continue
        kind = heads.get(parse.lemma[token]) if parse.pos[token] == "NOUN" else None
        reference = resolver.resolve(token)
        if reference is not None and reference.entity.principal is not None:
            if len(found.doers) < _MOST:
                found.doers[token] = reference
                known = kind if kind and reference.how == "thing" else reference.entity.type.value
                found.put(token, reference.entity.principal, (reference.how, known))
        elif (kind is not None or parse.pos[token] == "PRON") and mention is None and len(found.things) < _MOST:
            made = thing(parse, resolver, token)
            if made is not None:
                kind = kind or made.type.value
                found.things[token] = Reference(made, token, token + 1, 0.8, "thing")
                key = made.targets[0] if made.targets else f"{_THING}{token}"
                found.put(token, key, ("bare", kind))
    return found


def _steps(parse: Parse, tokens: tuple[int, ...]) -> list[str]:
    prepositional = ("prep", "agent", "dative")
    return [f"p_{parse.lower[t]}" if parse.dep[t] in prepositional else parse.dep[t] for t in tokens]


def _coarse(steps: list[str]) -> str:
    return ">".join(s[:2] if s.startswith("p_") else s for s in steps)


def _doer_names(parse: Parse, found: Candidates, a: int, way: Between) -> tuple[str, ...]:
    up = _steps(parse, way.up[:-1])
    names = [
        "up=" + ">".join(up),
        "up~" + _coarse(up),
        *("u:" + s for s in set(up)),
        *(f"a is {x}" for x in found.kinds[a]),
    ]
    if up:
        names += ["up last=" + up[-1], "up first=" + up[0], "doer=" + found.kinds[a][1] + up[-1]]
    return tuple(names)


def _target_names(parse: Parse, found: Candidates, b: int, way: Between) -> tuple[str, ...]:
    down = _steps(parse, way.down[1:])
    names = ["down=" + ">".join(down), "down~" + _coarse(down), *("d:" + s for s in set(down))]
    names += [f"b is {x}" for x in found.kinds[b]]
    if down:
        names += ["down first=" + down[0], "down last=" + down[-1]]
    return tuple(names)


def _top_names(parse: Parse, top: int) -> tuple[str, ...]:
    words, lemma = lexicon(), parse.lemma[top]
    names = [f"top pos={parse.pos[top]}", f"top dep={parse.dep[top]}", f"top operator={words.operators.get(lemma)}"]
    if lemma in words.verbs or lemma in words.nouns:
        names.append("top in lexicon")
    if any(parse.dep[c] in ("nsubjpass", "auxpass") for c in parse.children[top]):
        names.append("passive")
    names += [f"said={_said(parse, top)}", *_above(parse, top)]
    return tuple(names)


def _above(parse: Parse, token: int) -> list[str]:
    """In which clauses a predicate stands: an event coder takes the main one, not what "after" and "who" tell in passing."""
    names: list[str] = []
    depth = 0
    while parse.head[token] != token:
        if parse.dep[token] in _CLAUSES:
            names.append(f"above={parse.dep[token]}")
            names += [f"mark={parse.lower[c]}" for c in parse.kids(token, "mark")]
            if parse.dep[token] == "pcomp":
                names.append(f"mark={parse.lower[parse.head[token]]}")
            depth += 1
        token = parse.head[token]
        if parse.pos[token] == "VERB":
            names.append(f"over={lexicon().operators.get(parse.lemma[token])}")
    return [*dict.fromkeys(names), f"depth={min(depth, 3)}"]


def _middle_names(parse: Parse, way: Between, a: int, b: int) -> list[str]:
    middle = ({*way.up, *way.down} | _governing(parse, way.top)) - {a, b}
    known = "known on the way" if any(_types(parse, t) for t in middle) else "nothing known on the way"
    return [known, *(f"on={_lemma(parse, t)}" for t in middle if parse.pos[t] in ("VERB", "NOUN"))]


def pair_features(parse: Parse, found: Candidates, a: int, b: int, rules: Mapping[Pair, float]) -> Features:
    """What tells whether the referent of `a` does something to that of `b`.

    `rules` holds the confidence of each pair of keys that a frame of the lexicon connects in the sentence.
    """
    way = between(parse, a, b)
    if way is None:
        return {"no way": 1.0}
    ours, theirs = found.keys[a], found.keys[b]
    if len(way.up) + len(way.down) > _LONG and (ours, theirs) not in rules:
        return {"far": 1.0}
    top, parts = way.top, found.parts
    # The names of an end depend on it and on the top alone, so they are made once for the many pairs of a sentence.
    names = [
        *(parts.get((a, top, "up")) or parts.setdefault((a, top, "up"), _doer_names(parse, found, a, way))),
        *(parts.get((b, top, "down")) or parts.setdefault((b, top, "down"), _target_names(parse, found, b, way))),
        *(parts.get((top, top, "top")) or parts.setdefault((top, top, "top"), _top_names(parse, top))),
        *_middle_names(parse, way, a, b),
    ]
    if len(way.up) > 1 and len(way.down) > 1:
        up, down = _steps(parse, (way.up[-2], way.down[1]))
        names.append(f"join={up}|{down}")
    keys, order = found.told(b)
    first, last = min(a, b), max(a, b)
    inside = {key for t, key in keys.items() if first < t < last} - {ours, theirs}
    names += [f"order a={min(order[ours], 4)}", f"order b={min(order[theirs], 4)}", f"actors={min(len(order), 5)}"]
    names.append(f"inside={min(len(inside), 3)}")
    if top in (a, b):
        names.append("top is a" if top == a else "top is b")
    if a < b:
        names.append("before")
    if rules:
        names.append("rule any")
        if any({s, o} != {ours, theirs} for s, o in rules):
            names.append("rule elsewhere")
        if any(s == ours and o != theirs for s, o in rules):
            names.append("rule same doer")
        if any(o == theirs and s != ours for s, o in rules):
            names.append("rule same target")
    features = dict.fromkeys(names, 1.0)
    told = list(keys.values())
    features |= {
        "up length": len(way.up) / 5,
        "down length": len(way.down) / 5,
        "distance": min(abs(a - b), 40) / 20,
        "times a": min(told.count(ours), 3) / 3,
        "times b": min(told.count(theirs), 3) / 3,
        "rule": rules.get((ours, theirs), 0.0),
        "rule turned": rules.get((theirs, ours), 0.0),
    }
    return features


class Rule(NamedTuple):
    """What a frame told of an event: its PLOVER type, whether by more words than a verb, and how it is said to be so."""

    kind: str
    specific: bool
    status: str


def status(negated: bool, modality: Modality) -> str:
    """How something is said to be so, in one word: PLOVER's types hang on it (what is planned is agreed, what is denied rejected)."""
    return "negated" if negated else modality.value


def predicate_features(parse: Parse, a: int, b: int, rule: Rule | None, fired: Mapping[int, str]) -> Features:
    """What tells the PLOVER type of the event between `a` and `b`.

    `rule` is what the lexicon told of the two, if anything; `fired` has the type of each predicate of the sentence at which
    a frame found somebody.
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
                names |= {f"by class={name}" for name in _classes().get(parse.lemma[child], ())}
            if parse.dep[child] == "neg":
                names.add("negated")
    for token in sentence:
        if parse.pos[token] in _CONTENT:
            names.add("has=" + _lemma(parse, token))
        if parse.dep[token] == "aux" and parse.lower[token] in ("will", "would"):
            names.add("ahead")
        place = "on type" if token in middle else "has type"
        names |= {f"{place}={plover}" for plover in _types(parse, token)}
    kind = lexicon().heads.get(parse.lemma[b]) if parse.pos[b] == "NOUN" else None
    if kind is not None:
        names |= {f"thing={_lemma(parse, b)}", f"thing is {kind}"}
    for token in middle:
        said = _said(parse, token)
        names |= {f"{said} on type={plover}" for plover in _types(parse, token)}
        names |= {f"{said} on quad={plover_types()[plover].quad}" for plover in _types(parse, token)}
        names |= {f"on class={name}" for name in _classes().get(parse.lemma[token], ())}
    if way is not None:
        names |= {f"top is {_said(parse, way.top)}"}
        names |= {f"operator={kind}" for t in middle if (kind := lexicon().operators.get(parse.lemma[t]))}
    for token, plover in fired.items():
        names.add(f"fired on={plover}" if token in middle else f"fired={plover}")
    names |= {f"{role}={parse.lemma[t]}" for role, t in (("doer", a), ("target", b)) if parse.pos[t] == "NOUN"}
    names |= {f"doer tag={parse.tag[a]}", f"target tag={parse.tag[b]}"}
    if rule is not None:
        names |= {f"rule={rule.kind}", f"{rule.status} rule={rule.kind}"}
        names |= {f"specific rule={rule.kind}"} if rule.specific else set()
    return dict.fromkeys(names, 1.0)


def _said(parse: Parse, token: int) -> str:
    """How a predicate is said to be so."""
    found = factuality(parse, token)
    return status(found.negated, found.modality)


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Word -> the classes of the lexicon that hold it."""
    out: dict[str, tuple[str, ...]] = {}
    for name, words in lexicon().classes.items():
        for word in words:
            out[word] = (*out.get(word, ()), name)
    return out


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
