"""The learned part at work: each sentence's pairs are judged, after the lexicon has had its say.

In a lone sentence, what a frame connected is kept with the probability that the pair is right, dropped where that is near
nothing, and given another relation where the predicate plainly tells of another type of event; pairs that no frame connected
are added where they are likely: the lexicon never knows every word. In an article the frames alone decide what is asserted
(docs/extraction-log.md tells why), and the weights how sure it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.features import (
    Candidates,
    Features,
    Pair,
    Rule,
    between,
    candidates,
    pair_features,
    predicate_features,
    status,
)
from kgraph.extraction.text.learned import Kind, model
from kgraph.extraction.text.parse import Parse
from kgraph.model import Assertion, Modality, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import Relation, relations


@dataclass(frozen=True, slots=True)
class Policy:
    """From which probability on something is asserted, and when the relation of a frame gives way to a likelier type.

    A frame's assertion whose pair is less likely than `drop` (`drop_thing` where its object is no actor) is left out, than `last`
    where nothing else is told of the sentence; a pair
    that no frame connected is asserted from `add` (`add_thing`) on, from `unknown` on where no word between the two is in
    the lexicon, from `reported` on where the target is only spoken of by the doer. Another type must be `turn` times as
    likely as the frame's own (`turn_specific` where the frame names more words than its verb) and as likely as `least` by itself. `ours`
    holds types that PLOVER's coders give where this ontology has another relation of its own, which then stands.
    """

    drop: float
    drop_thing: float
    last: float
    add: float
    add_thing: float
    unknown: float
    reported: float
    turn: float
    turn_specific: float
    least: float
    ours: Mapping[str, str]


_OURS = {"sanctions": "COERCE"}
POLICY = Policy(0.2, 0.05, 0.0, 0.3, 0.6, 0.5, 0.3, 1.0, 1.5, 0.3, _OURS)
"""Lone sentences are judged as event coders do, who take the main event and its PLOVER type."""
_SLOPE, _SHIFT = 0.8, 0.4
"""In lone sentences: from the log-odds of the weights to those of the share that is right, fitted on sentences left out in turn."""
_LEAST_SURE, _SPREAD = 0.36, 0.53
"""In articles: the line from what weights and frames say together to the share that is right, fitted on articles left out in turn."""
_FEW, _WORDS = 2, 4
"""A text with no more sentences than this, of at least so many words, is no article."""
_GENERAL = {
    "AGREE": "agreesWith", "CONSULT": "meets", "SUPPORT": "supports", "COOPERATE": "cooperatesWith", "AID": "aids",
    "CONCEDE": "concedes", "REQUEST": "requests", "REJECT": "rejects", "ACCUSE": "accuses", "THREATEN": "threatens",
    "PROTEST": "protests", "SANCTION": "sanctions", "MOBILIZE": "mobilizes", "COERCE": "coerces", "ASSAULT": "attacks",
}  # fmt: skip
"""PLOVER type -> the relation that says no more than the type does."""
_GENERAL_OF_THINGS = {"REJECT": "opposes", "ACCUSE": "condemns"}
"""The same where the object is an instrument, an event or an issue."""
_PLAIN = frozenset({"abstains", "vetoes", "votesAgainst", "violates"})
"""Relations of which no type of event is a better reading: how one votes, and whether one keeps a promise."""
_AHEAD = frozenset({Modality.PLANNED, Modality.POSSIBLE})
_TURNED_AHEAD = frozenset({"REQUEST", "REJECT"})
"""What is still to come is an agreement or a threat to PLOVER's coders; here it is the deed itself, as its modality tells, if it is
not demanded or refused."""
_THINGS = frozenset({NodeType.INSTRUMENT, NodeType.EVENT, NodeType.ISSUE})


@dataclass(frozen=True, slots=True)
class Claim:
    """An assertion that a frame made: its predicate's token, and the head tokens of its subject and object.

    `specific` tells a frame with words of its own ("impose sanctions on") from a bare verb ("impose"); `mutual` tells that
    the two do it to each other, `turned` that the sentence tells it from its end ("drew criticism from").
    """

    assertion: Assertion
    token: int
    doer: int
    target: int
    specific: bool = False
    mutual: bool = False
    turned: bool = False

    @property
    def rule(self) -> Rule | None:
        """What the frame tells of the event, None where its relation is of no type."""
        kind = relations()[self.assertion.relation].plover
        said = status(self.assertion.negated, self.assertion.modality)
        return Rule(kind, self.specific, said) if kind is not None else None


@dataclass(frozen=True, slots=True)
class Addition:
    """An event that no frame found: who, what, whom, at which predicate, how likely."""

    doer: Reference
    relation: Relation
    target: Reference
    target_token: int
    token: int
    probability: float


def judge(
    parse: Parse, resolver: Resolver, claims: Sequence[Claim], elsewhere: frozenset[int] = frozenset()
) -> Iterator[Claim | Addition]:
    """The claims that hold, with their probability, and the additions, sentence by sentence.

    Nothing is added in the sentences whose numbers are in `elsewhere`.
    """
    by_sentence: dict[int, list[Claim]] = {}
    for claim in claims:
        by_sentence.setdefault(parse.sent[claim.token], []).append(claim)
    kind = kind_of(parse)
    for number in sorted(by_sentence) if kind is Kind.ARTICLE else range(len(parse.sentences)):
        if number not in elsewhere:
            yield from SentenceJudge(
                parse, candidates(parse, resolver, number), by_sentence.get(number, []), kind
            ).judged()


def kind_of(parse: Parse) -> Kind:
    """Whether a text is an article or no more than a sentence or two."""
    return Kind.SENTENCE if sum(b - a >= _WORDS for a, b in parse.sentences) <= _FEW else Kind.ARTICLE


def fired(claims: Iterable[Claim]) -> dict[int, str]:
    """The PLOVER type of each token at which a frame found doer and target."""
    return {claim.token: claim.rule.kind for claim in claims if claim.rule is not None}


def _share(probability: float) -> float:
    """The share of pairs as likely as this one that are right."""
    odds = math.log(max(probability, 0.01) / (1 - min(probability, 0.99)))
    return 1 / (1 + math.exp(-_SLOPE * odds - _SHIFT))


class SentenceJudge:
    """The pairs of one sentence, with what the frames and the weights say of them."""

    def __init__(self, parse: Parse, found: Candidates, claims: Sequence[Claim], kind: Kind) -> None:
        self.parse, self.found, self.claims = parse, found, claims
        self.kind, self.weights, self.policy = kind, model(kind), POLICY
        self.rules: dict[Pair, float] = {}
        self.fired = fired(claims)
        for claim in claims:
            pair = self._pair(claim)
            if pair is not None:
                self.rules[pair] = max(self.rules.get(pair, 0.0), claim.assertion.confidence)

    def _pair(self, claim: Claim) -> Pair | None:
        keys = self.found.keys
        if claim.doer not in keys or claim.target not in keys or keys[claim.doer] == keys[claim.target]:
            return None
        return keys[claim.doer], keys[claim.target]

    def likely(self) -> dict[tuple[int, int], float]:
        """The probability of a deed for each pair of head tokens."""
        return {pair: self._acts(*pair) for pair in self.found.pairs()}

    def kinds(self, a: int, b: int) -> dict[str, float]:
        """The probability of each PLOVER type for a pair, as if no frame had fired."""
        return self.weights.kinds(self._predicate(a, b, None))

    def judged(self) -> Iterator[Claim | Addition]:
        """The claims that hold and the additions."""
        if self.kind is Kind.ARTICLE:
            yield from map(self._weighed, self.claims)
            return
        policy = self.policy
        likely = self.likely()
        asserted: set[Pair] = set()
        held = [kept for claim in self.claims if (kept := self._kept(claim, likely)) is not None]
        for claim in held:
            pair = self._pair(claim)
            if pair is not None:
                if any(self._pair(other) == pair and self._within(claim, other) for other in held):
                    continue
                asserted |= {pair, pair[::-1]} if claim.turned else {pair}
            yield claim
        best: dict[Pair, tuple[float, int, int]] = {}
        for (a, b), probability in likely.items():
            pair = (self.found.keys[a], self.found.keys[b])
            if pair not in best or probability > best[pair][0]:
                best[pair] = (probability, a, b)
        for pair, (probability, a, b) in best.items():
            if pair not in asserted and probability >= (policy.add_thing if b in self.found.things else policy.add):
                added = self._addition(a, b, probability)
                if added is not None:
                    asserted.add(pair)
                    yield added
        if not asserted:
            yield from self._last(likely)

    def _last(self, likely: dict[tuple[int, int], float]) -> Iterator[Claim]:
        """The likeliest claim of a sentence of which nothing would be told: something it tells of."""
        told = [c for c in self.claims if (c.doer, c.target) in likely]
        told.sort(key=lambda c: -likely[c.doer, c.target])
        for claim in told[:1]:
            kept = self._kept(claim, likely, self.policy.last)
            if kept is not None:
                yield kept

    def _within(self, claim: Claim, other: Claim) -> bool:
        """Whether a claim tells by a lower predicate what another one tells of the same two: the "support" of "gave support"."""
        if claim.turned or other.turned or claim.assertion.modality is Modality.REQUESTED:
            return False
        token, below = claim.token, False
        while token != other.token and self.parse.head[token] != token:
            below |= self.parse.dep[token] != "conj"
            token = self.parse.head[token]
        return below and token == other.token

    def _weighed(self, claim: Claim) -> Claim:
        """A claim as it is, with how sure it is."""
        sure = claim.assertion.confidence
        nobody = claim.target in self.found.things and not claim.assertion.object.targets
        if self._pair(claim) is not None and not claim.turned and not nobody:
            ends = [(claim.doer, claim.target), (claim.target, claim.doer)][: 1 + claim.mutual]
            likely = [self._acts(a, b) for a, b in ends if a in self.found.doers]
            sure = self._sure(max(likely), sure) if likely else sure
        return replace(claim, assertion=replace(claim.assertion, confidence=round(_LEAST_SURE + _SPREAD * sure, 3)))

    def _sure(self, probability: float, told: float) -> float:
        """How sure a claim is; where the weights doubt what a frame found, the frame has its say too."""
        return (probability + told) / 2 if probability < self.policy.add else min(probability, 0.99)

    def _acts(self, a: int, b: int) -> float:
        return self.weights.acts(pair_features(self.parse, self.found, a, b, self.rules))

    def _kept(self, claim: Claim, likely: dict[tuple[int, int], float], least: float | None = None) -> Claim | None:
        """A claim as it stands, of another type or not; None where it is less likely than `least` (or the policy's own)."""
        probability = likely.get((claim.doer, claim.target))
        if probability is None:
            return claim  # a person of unknown principal, or a deed of somebody to his own: nothing to judge by
        if claim.mutual:
            probability = max(probability, likely.get((claim.target, claim.doer), 0.0))
        if claim.turned:
            return claim  # the weights know deeds by their doer's place in the sentence
        policy = self.policy
        if claim.target in self.found.things and not claim.assertion.object.targets:
            return claim  # a thing of nobody: what is said of it is no deed to anybody else
        embedded = claim.assertion.attributed_to is not None or claim.assertion.modality is Modality.REQUESTED
        if embedded and probability < policy.drop:
            # What is only claimed or demanded is no main event, whose weights these are: the frame's word stands.
            return claim
        if least is None:
            least = policy.drop_thing if claim.assertion.object.type in _THINGS else policy.drop
        relation = relations()[claim.assertion.relation]
        if probability < least and relation.name not in _PLAIN:
            return None
        kinds = self.weights.kinds(self._predicate(claim.doer, claim.target, claim.rule))
        best = max(kinds, key=lambda k: kinds[k])
        if policy.ours.get(relation.name) == best:
            best = relation.plover or best
        turn = policy.turn_specific if claim.specific else policy.turn
        spared = (
            relation.name in _PLAIN
            or (best not in _TURNED_AHEAD and claim.assertion.modality in _AHEAD)
            # who does not punish somebody rejects nothing
            or (claim.assertion.negated and relation.polarity == "-" and best == "REJECT")
        )
        if (
            best != relation.plover
            and not spared
            and kinds[best] > policy.least
            and kinds[best] > turn * kinds.get(relation.plover or "", 0.0)
        ):
            turned = self._relation(claim.doer, claim.target, best, claim.assertion.object.type)
            relation = turned or relation
        changed = relation.name != claim.assertion.relation
        negated = claim.assertion.negated and not (changed and relation.plover == "REJECT")
        confidence = _share(self._sure(probability, claim.assertion.confidence))
        said = replace(claim.assertion, relation=relation.name, negated=negated, confidence=round(confidence, 3))
        return replace(claim, assertion=said)

    def _addition(self, a: int, b: int, probability: float) -> Addition | None:
        kinds = self.kinds(a, b)
        best = max(kinds, key=lambda k: kinds[k])
        if probability < self.policy.unknown and not any(self._known(t, best, b) for t in self._on_way(a, b)):
            return None
        if probability < self.policy.reported and self._reported(a, b):
            return None
        thing = self.found.things.get(b)
        target = thing or self.found.doers[b]
        relation = self._relation(a, b, best, target.entity.type)
        if relation is None:
            return None
        token = self._token(a, b, best)
        return Addition(self.found.doers[a], relation, target, b, token, round(_share(min(probability, 0.99)), 3))

    def _predicate(self, a: int, b: int, rule: Rule | None) -> Features:
        return predicate_features(self.parse, a, b, rule, self.fired)

    def _on_way(self, a: int, b: int) -> list[int]:
        """The tokens between doer and target in the tree, the highest first, then down to the target and to the doer."""
        way = between(self.parse, a, b)
        if way is None:
            return [b]
        return [way.top, *way.down[1:-1], *reversed(way.up[1:-1])]

    def _reported(self, a: int, b: int) -> bool:
        """Whether the target stands in what the doer only says: "he said Japan was looking at it"."""
        way = between(self.parse, a, b)
        return way is not None and (
            lexicon().operators.get(self.parse.lemma[way.top]) == "speech"
            and any(self.parse.dep[t] == "ccomp" for t in way.down[1:])
        )

    def _known(self, token: int, kind: str, near: int | None = None) -> list[str]:
        """The relations of one PLOVER type that the lexicon has for a word; with `near`, whose own words stand in that sentence."""
        words, lemma = lexicon(), self.parse.lemma[token]
        frames = {"VERB": words.verbs, "NOUN": words.nouns}.get(self.parse.pos[token], {}).get(lemma, ())
        names = [f for f in frames if relations()[f.relation].plover == kind]
        if near is not None:
            here = {self.parse.lemma[t] for t in range(*self.parse.sentences[self.parse.sent[near]])}
            names = [f for f in names if f.direct_words is None or f.direct_words & here]
        return [f.relation for f in names]

    def _token(self, a: int, b: int, kind: str) -> int:
        """The predicate's token: the one on the way whose word the lexicon knows for this type, else the highest verb or noun."""
        way = self._on_way(a, b)
        for token in way:
            if token not in (a, b) and self._known(token, kind):
                return token
        return next((t for t in way if self.parse.pos[t] in ("VERB", "NOUN")), way[0])

    def _relation(self, a: int, b: int, kind: str, object_type: NodeType) -> Relation | None:
        """The relation of a PLOVER type that the predicate's word has, else the most general one; None where none takes the object."""
        names = self._known(self._token(a, b, kind), kind)
        if object_type in _THINGS and kind in _GENERAL_OF_THINGS:
            names = [*names, _GENERAL_OF_THINGS[kind]]
        if object_type in _THINGS:
            names = sorted(
                names, key=lambda name: NodeType.STATE in relations()[name].range
            )  # what is signed is a text
        for name in [*names, _GENERAL[kind]]:
            if object_type in relations()[name].range:
                return relations()[name]
        return None
