"""The learned part at work: each sentence's pairs of actors are judged, after the lexicon has had its say.

What a frame connected is kept with the probability that the pair is right, dropped where that is near nothing, and given
another relation where the predicate plainly tells of another type of event. Pairs that no frame connected are added where
they are likely: the lexicon never knows every word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.features import Features, Pair, between, pair_features, predicate_features, references
from kgraph.extraction.text.learned import Model, model
from kgraph.extraction.text.parse import Parse
from kgraph.model import Assertion
from kgraph.ontology import plover_types, relations
from kgraph.ontology.lexicon import lexicon

DROP = 0.08
"""A frame's assertion whose pair is less likely than this is left out."""
SURE = 0.65
"""A frame that found both its slots in its own clause, among names, is this sure of itself: it is not left out."""
ADD = 0.3
"""A pair that no frame connected is asserted from this probability on."""
PLAIN, UNKNOWN = 0.5, 0.5
"""Where no word between the two is in the lexicon, the type must be this plain and the pair this likely."""
REPORTED = 0.6
"""The same where the target is only spoken of."""
SPEECH = 0.6
"""The same where nothing but a verb of saying stands between the two."""
TURN = 3.0
"""Another type must be this many times as likely as the frame's own before the relation is changed."""
TURN_NEAR = 5.0
"""The same where both types are of one quad: a planned meeting may be called an agreement, and is still a meeting."""
TURN_SPECIFIC = 5.0
"""The same where the frame names more words than its verb."""
SHARED = 0.8
"""How much of a pair's probability passes to the other pairs of its predicate."""
LEAST = 0.5
"""And it must be this likely by itself."""
_OURS = {"sanctions": "COERCE", "meets": "AGREE", "visits": "AGREE"}
"""Relations of ours that annotators of PLOVER types file elsewhere: sanctions as coercion, a planned visit as agreement."""
_MOST_REFERENCES = 16  # a sentence with more is a list, and the pairs grow with the square
_GENERAL = {
    "AGREE": "agreesWith", "CONSULT": "meets", "SUPPORT": "supports", "COOPERATE": "cooperatesWith", "AID": "aids",
    "CONCEDE": "concedes", "REQUEST": "requests", "REJECT": "rejects", "ACCUSE": "accuses", "THREATEN": "threatens",
    "PROTEST": "protests", "SANCTION": "sanctions", "MOBILIZE": "mobilizes", "COERCE": "coerces", "ASSAULT": "attacks",
}  # fmt: skip
"""PLOVER type -> the relation that says no more than the type does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a pair of principals is in one sentence, and the head tokens of the mentions that make it so."""

    probability: float
    doer: int
    target: int


@dataclass(frozen=True, slots=True)
class Claim:
    """An assertion that a frame made, with its pair of principals (if it has one) and its predicate's token.

    `specific` tells a frame with words of its own ("impose sanctions on") from a bare verb ("impose").
    """

    assertion: Assertion
    pair: Pair | None
    token: int
    specific: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """An event that no frame found: who, what, whom, at which predicate, how likely."""

    doer: Reference
    relation: str
    target: Reference
    token: int
    probability: float


def judge(
    parse: Parse, resolver: Resolver, claims: Sequence[Claim], elsewhere: frozenset[int] = frozenset()
) -> Iterator[Claim | Addition]:
    """The claims that hold, with their probability, and the additions, sentence by sentence.

    Nothing is added in the sentences whose numbers are in `elsewhere`.
    """
    weights = model()
    for number in range(len(parse.sentences)):
        if number in elsewhere:
            continue
        ours = [claim for claim in claims if parse.sent[claim.token] == number]
        found = references(parse, resolver, number)
        if len(found) > _MOST_REFERENCES:
            found = dict(sorted(found.items())[:_MOST_REFERENCES])
        verdicts = _verdicts(parse, found, ours, weights)
        asserted: set[Pair] = set()
        for claim in ours:
            kept = _kept(parse, claim, verdicts, weights, _together(claim, ours, verdicts))
            if kept is not None:
                yield kept
                if kept.pair is not None:
                    asserted.add(kept.pair)
        yield from _additions(parse, found, verdicts, asserted, weights)


def _verdicts(
    parse: Parse, found: dict[int, Reference], claims: Sequence[Claim], weights: Model
) -> dict[Pair, Verdict]:
    principals = {t: r.entity.principal or "" for t, r in found.items()}
    if len(set(principals.values())) < 2:
        return {}
    kinds = {t: (r.how, r.entity.type.value) for t, r in found.items()}
    rules: dict[Pair, float] = {}
    for claim in claims:
        if claim.pair is not None:
            rules[claim.pair] = max(rules.get(claim.pair, 0.0), claim.assertion.confidence)
    best: dict[Pair, Verdict] = {}
    for a in found:
        for b in found:
            pair = (principals[a], principals[b])
            if pair[0] == pair[1]:
                continue
            probability = weights.acts(pair_features(parse, principals, kinds, a, b, rules))
            if pair not in best or probability > best[pair].probability:
                best[pair] = Verdict(probability, a, b)
    return best


def _together(claim: Claim, claims: Sequence[Claim], verdicts: dict[Pair, Verdict]) -> float:
    """The probability of the likeliest pair of the same predicate: "called on Thailand and Cambodia" is right of both."""
    same = [verdicts[c.pair].probability for c in claims if c.token == claim.token and c.pair in verdicts]
    return SHARED * max(same, default=0.0)


def _kept(parse: Parse, claim: Claim, verdicts: dict[Pair, Verdict], weights: Model, together: float) -> Claim | None:
    verdict = verdicts.get(claim.pair) if claim.pair is not None else None
    if verdict is None or not claim.assertion.object.type.is_actor:
        return claim  # a thing's target is not itself acted on: "opposes sanctions on Iran" is no deed to Iran
    probability = max(verdict.probability, together)
    if probability < DROP and claim.assertion.confidence < SURE and claim.assertion.attributed_to is None:
        return None
    if probability < DROP:
        probability = (probability + claim.assertion.confidence) / 2
    relation = relations()[claim.assertion.relation]
    kinds = weights.kinds(_predicate(parse, verdict, relation.plover, claim.specific))
    likely = max(kinds, key=lambda k: kinds[k])
    kind = plover_types().get(likely)
    near = (kind.quad if kind else None) == relation.quad
    if _OURS.get(relation.name) == likely:
        likely = relation.plover or likely
    turn = TURN_SPECIFIC if claim.specific else TURN_NEAR if near else TURN
    if (
        likely != relation.plover
        and kinds[likely] > LEAST
        and kinds[likely] > turn * kinds.get(relation.plover or "", 0.0)
    ):
        relation = relations()[_relation(parse, verdict, likely)]
    changed = relation.name != claim.assertion.relation
    if changed and claim.assertion.object.type not in relation.range:
        return claim
    negated = claim.assertion.negated and not (changed and relation.plover == "REJECT")
    return replace(
        claim,
        assertion=replace(
            claim.assertion,
            relation=relation.name,
            negated=negated,
            confidence=round(min(probability, 0.99), 3),
        ),
    )


def _additions(
    parse: Parse, found: dict[int, Reference], verdicts: dict[Pair, Verdict], asserted: set[Pair], weights: Model
) -> Iterator[Addition]:
    for pair, verdict in verdicts.items():
        if pair in asserted or verdict.probability < ADD:
            continue
        kinds = weights.kinds(_predicate(parse, verdict, None))
        likely = max(kinds, key=lambda k: kinds[k])
        token = _token(parse, verdict, likely)
        if not any(_known(parse, t, likely) for t in _on_way(parse, verdict)) and (
            kinds[likely] < PLAIN or verdict.probability < UNKNOWN
        ):
            continue
        if _reported(parse, verdict) and verdict.probability < REPORTED:
            continue
        if lexicon().operators.get(parse.lemma[token]) == "speech" and verdict.probability < SPEECH:
            continue
        yield Addition(
            found[verdict.doer],
            _relation(parse, verdict, likely),
            found[verdict.target],
            token,
            round(min(verdict.probability, 0.99), 3),
        )


def _reported(parse: Parse, verdict: Verdict) -> bool:
    """Whether the target stands in what the doer only says: "he said Japan was looking at it"."""
    way = between(parse, verdict.doer, verdict.target)
    return way is not None and (
        lexicon().operators.get(parse.lemma[way.top]) == "speech" and any(parse.dep[t] == "ccomp" for t in way.down[1:])
    )


def _predicate(parse: Parse, verdict: Verdict, rule: str | None, specific: bool = False) -> Features:
    return predicate_features(parse, verdict.doer, verdict.target, rule, specific)


def _on_way(parse: Parse, verdict: Verdict) -> list[int]:
    """The tokens between doer and target in the tree, the highest first, then downwards to the target and to the doer."""
    way = between(parse, verdict.doer, verdict.target)
    if way is None:
        return [verdict.target]
    return [way.top, *way.down[1:-1], *reversed(way.up[1:-1])]


def _known(parse: Parse, token: int, kind: str) -> list[str]:
    """The relations of one PLOVER type that the lexicon has for a word."""
    words, lemma = lexicon(), parse.lemma[token]
    frames = {"VERB": words.verbs, "NOUN": words.nouns}.get(parse.pos[token], {}).get(lemma, ())
    return [f.relation for f in frames if relations()[f.relation].plover == kind]


def _token(parse: Parse, verdict: Verdict, kind: str) -> int:
    """The predicate's token: the one on the way whose word the lexicon knows for this type, else the highest verb or noun."""
    way = _on_way(parse, verdict)
    for token in way:
        if token not in (verdict.doer, verdict.target) and _known(parse, token, kind):
            return token
    return next((t for t in way if parse.pos[t] in ("VERB", "NOUN")), way[0])


def _relation(parse: Parse, verdict: Verdict, kind: str) -> str:
    known = _known(parse, _token(parse, verdict, kind), kind)
    return known[0] if known else _GENERAL[kind]
