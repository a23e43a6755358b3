"""The last stage: predications and facts become assertions with evidence, speaker, date and confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kgraph.extraction.text.arguments import conjuncts
from kgraph.extraction.text.dates import date_of
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.factuality import Factuality, factuality
from kgraph.extraction.text.fitting import about, asked_for, fitted, matter
from kgraph.extraction.text.judging import Addition, Claim, judge, kind_of
from kgraph.extraction.text.learned import Kind
from kgraph.extraction.text.left_out import dispute, lacks_receiver, left_out, receiver
from kgraph.extraction.text.mentions import find_mentions, head_of
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.predicates import Predication, predications
from kgraph.extraction.text.structure import facts
from kgraph.extraction.text.things import thing, under_discussion
from kgraph.model import Assertion, Document, Entity, Evidence, Mark, Modality, NodeType, Role
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import Relation, relations

NAME = "text"
_ON_A_TEXT = frozenset({"vetoes", "abstains", "votesAgainst"})  # votes need not say on what
_BY_WORD = frozenset(
    {"supports", "opposes", "rejects", "condemns", "accuses", "threatens", "requests", "agreesWith", "proposes"}
)
_REFUSABLE = frozenset({"agreesWith", "concedes", "meets"})
"""Who says that he will not do these refuses to: "would not apologize to Chad"."""
_HELD = frozenset({"opposes", "rejects"})
"""Stances that are held by saying what one will do: "would fight any resolution"."""
_GIVEN = frozenset({"aids", "agreesWith", "cooperatesWith"})
_FORCES = frozenset({"force", "mission", "operation", "peacekeeper"})
"""Who gives troops to these helps the state in which they are: "the U.N. force in Lebanon"."""
_FIRST_PERSON = frozenset({"i", "we", "my", "our", "us", "me"})


def assertions(document: Document, parse: Parse, without: frozenset[str] = frozenset()) -> Iterator[Assertion]:
    """Every assertion that a parsed document makes, each fact once, in the order of the text.

    `without` names parts of the extractor to switch off (see `parts.PARTS`).
    """
    mentions = find_mentions(parse, document.date.year if document.date else None)
    resolver = Resolver(parse, mentions, document.date, without)
    found: dict[tuple[object, ...], Assertion] = {}
    for made in _all(document, parse, resolver, without):
        speaker = made.attributed_to.id if made.attributed_to else None
        key = (
            made.subject.type,
            made.subject.id,
            made.relation,
            made.object.type,
            made.object.id,
            made.negated,
            made.modality,
            speaker,
            made.date,
        )
        old = found.get(key)
        if old is None:
            found[key] = made
        elif made.evidence[0] not in old.evidence:
            found[key] = replace(
                old, evidence=old.evidence + made.evidence, confidence=max(old.confidence, made.confidence)
            )
    yield from found.values()


def claims_of(
    document: Document, parse: Parse, resolver: Resolver, elsewhere: frozenset[int] = frozenset()
) -> list[Claim]:
    """What the lexicon alone says, outside the sentences whose numbers are in `elsewhere`."""
    every = kind_of(parse) is Kind.ARTICLE
    told = predications(parse, every)
    if "coreference" not in resolver.without:
        told += left_out(parse, told)
    claims: list[Claim] = []
    foes: dict[str, Entity] = {}
    for predication in sorted(told, key=lambda p: p.token):
        if _kind(predication) not in resolver.without and parse.sent[predication.token] not in elsewhere:
            claims += _event(document, parse, resolver, predication, foes, every)
            for claim in claims[-1:]:
                _fall_out(resolver, foes, claim.assertion)
    return claims


def _fall_out(resolver: Resolver, foes: dict[str, Entity], made: Assertion) -> None:
    """Keep in `foes`, by principal, with whom each one fell out last."""
    ends = made.subject.principal, about(made.object)
    if relations()[made.relation].polarity == "-" and None not in ends and ends[0] != ends[1]:
        for one, other in (ends, ends[::-1]):
            if (entity := resolver.actor(other or "")) is not None:
                foes[one or ""] = entity


def _all(document: Document, parse: Parse, resolver: Resolver, without: frozenset[str]) -> Iterator[Assertion]:
    for fact in facts(parse, resolver) if "structure" not in without else ():
        evidence = _evidence(
            document, parse, fact.subject_span, (fact.relation_token, fact.relation_token + 1), fact.object_span
        )
        yield Assertion(fact.subject, fact.relation, fact.object, (evidence,), NAME, confidence=0.85)
    elsewhere = _elsewhere(parse)
    claims = claims_of(document, parse, resolver, elsewhere)
    if "learned" in without:
        yield from (claim.assertion for claim in claims)
        return
    for judged in judge(parse, resolver, claims, elsewhere):
        made = judged.assertion if isinstance(judged, Claim) else _added(document, parse, resolver, judged)
        if made is not None:
            yield made


_SCORE = re.compile(r"(?<![\w-])\d-\d(?![\w-])")


def _elsewhere(parse: Parse) -> frozenset[int]:
    """The sentences about sport: a word of that world, or a score; teams named after states do states' deeds there."""
    words = lexicon().elsewhere
    found = {parse.sent[t] for t, word in enumerate(parse.lower) if word in words or parse.lemma[t] in words}
    for number, (first, last) in enumerate(parse.sentences):
        if _SCORE.search(parse.text[parse.start[first] : parse.end[last - 1]]):
            found.add(number)
    return frozenset(found)


def _kind(predication: Predication) -> str:
    """The part that found a predication."""
    if predication.first_only:
        return "governors"
    return "nouns" if predication.frame.noun else "verbs"


def _added(document: Document, parse: Parse, resolver: Resolver, event: Addition) -> Assertion | None:
    """The assertion of an event that the learned part found: factuality, speaker and date as for any other."""
    relation = event.relation
    said = (
        Factuality() if "factuality" in resolver.without else factuality(parse, event.token, None, resolver.quotations)
    )
    relation, said = _refused(relation, said, False) if relation.name in _HELD else (relation, said)
    target = event.target
    if target.entity.type.is_actor:
        target = _object(parse, resolver, event.target_token, relation) or target
    target = matter(parse, resolver, relation, event.token, target)
    if (fit := fitted(relation, resolver, event.doer, target)) is None:
        return None
    relation, target = fit
    speakers = [r for t in said.speaker if (r := resolver.resolve(t)) is not None and r.entity.principal is not None]
    who = speakers[0].entity if speakers and speakers[0].entity != event.doer.entity else None
    evidence = _evidence(
        document,
        parse,
        (event.doer.start, event.doer.end),
        (event.token, event.token + 1),
        (target.start, target.end),
    )
    return Assertion(
        event.doer.entity,
        relation.name,
        target.entity,
        (evidence,),
        NAME,
        said.negated and relation.plover != "REJECT",
        said.modality,
        who,
        _date(parse, resolver, event.token, document, said, _says(event.doer, speakers, relation)),
        event.probability,
    )


def _event(
    document: Document, parse: Parse, resolver: Resolver, p: Predication, foes: Mapping[str, Entity], every: bool
) -> Iterator[Claim]:
    relation = relations()[p.frame.relation]
    said = (
        Factuality() if "factuality" in resolver.without else factuality(parse, p.token, p.light, resolver.quotations)
    )
    relation, said = _refused(relation, said, p.frame.denied)
    speakers = [r for t in said.speaker if (r := resolver.resolve(t)) is not None and r.entity.principal is not None]
    speaker = speakers[0] if speakers else None
    speaking = {r.entity for r in speakers}
    if p.frame.speaker:
        subjects = speakers[:1]
        if said.modality is Modality.PLANNED:
            said = replace(said, modality=Modality.ACTUAL)  # "would be a crime"
    else:
        subjects = [
            r
            for t in _named(parse, resolver, p.subjects)
            for r in resolver.several(t) or _one(_subject(parse, resolver, t, speaker))
        ]
    if not subjects:
        return
    date = _date(parse, resolver, p.token, document, said, _says(subjects[0], speakers, relation))
    pairs: list[tuple[Reference, Reference]] = []
    mutual = relation.symmetric or relation.name in ("agreesWith", "attacks", "accuses")
    mutual_pairs = p.reciprocal or (mutual and not p.frame.has_object and len(subjects) > 1)
    ours = {a.entity.principal for a in subjects}
    if (
        mutual_pairs
        and p.first_only
        and any(about(b.entity) not in {*ours, None} for b in _objects(parse, resolver, p, relation))
    ):
        mutual_pairs = False  # "Kenya and Uganda agreed to lift a ban on Egyptian fruit"
    if mutual_pairs:
        pairs = [(a, b) for a in subjects for b in subjects if a.entity.id != b.entity.id]
        if relation.symmetric or (relation.name == "agreesWith" and (p.frame.noun or not every)):
            pairs = [(a, b) for n, a in enumerate(subjects) for b in subjects[n + 1 :] if a.entity.id != b.entity.id]
    else:
        objects = _objects(parse, resolver, p, relation)
        if (
            not p.objects
            and (p.frame.has_object or relation.name in _ON_A_TEXT)
            and (meant := under_discussion(parse, resolver, p.token)) is not None
        ):
            objects = [Reference(meant, p.token, p.token + 1, 0.5, "under discussion")]
        ours = {a.entity.principal for a in subjects}
        if not any(o.entity.principal for o in objects if o.entity.principal not in ours) and lacks_receiver(parse, p):
            objects = _one(receiver(resolver, p.token, relation.name, subjects, foes))
        if (
            not p.objects
            and relation.name == "mediates"
            and (quarrel := dispute(resolver, p.token, subjects)) is not None
        ):
            objects = [quarrel]
        if not objects and relation.name == "requests":
            objects = asked_for(parse, resolver, p.token)
        if p.first_only:
            others = [b for b in objects if about(b.entity) not in {*ours, None}]
            objects = others[:1] or [b for b in objects if not b.entity.type.is_actor][:1]
        pairs = [(a, b) for a in subjects for b in objects]
    for a, b in pairs:
        if a.entity == b.entity or (
            a.entity.principal == b.entity.principal
            and b.entity.type.is_actor
            and (a.entity.id == b.entity.id or relation.name == "visits")  # nobody is on a visit at home
        ):
            continue
        ends = head_of(parse, a.start, a.end), head_of(parse, b.start, b.end)
        b = matter(parse, resolver, relation, p.token, b)
        if (fit := fitted(relation, resolver, a, b)) is None:
            continue
        as_what, b = fit
        so = replace(said, negated=not said.negated) if _excepted(parse, ends[0]) else said
        who = speaker if a.entity not in speaking else None
        made = _assertion(document, parse, p, as_what, so, a, b, who, date)
        yield Claim(made, p.token, *ends, specific=p.frame.specificity >= 2, mutual=mutual_pairs, turned=p.turned)


def _objects(parse: Parse, resolver: Resolver, p: Predication, relation: Relation) -> list[Reference]:
    """Whom and what the objects of a predication mean."""
    return [
        r
        for t in _named(parse, resolver, p.objects)
        for r in resolver.several(t) or _one(_object(parse, resolver, t, relation))
    ]


def _excepted(parse: Parse, token: int) -> bool:
    """Whether somebody is excepted from what all others do: "all members but Turkey and Hungary", "no state but Iran"."""
    while parse.dep[token] == "conj":
        up = parse.head[token]
        if any(parse.lower[c] == "but" for c in parse.kids(up, "cc") if c < token):
            return True
        token = up
    return False


def _refused(relation: Relation, said: Factuality, denied: bool) -> tuple[Relation, Factuality]:
    """ "would not accept", "could not agree" refuse, which is a relation of its own; a plain "did not agree" denies.

    Where the frame is one of denying itself ("would not budge"), nothing more is denied by its "not".
    """
    if denied:
        modality = Modality.ACTUAL if said.modality in (Modality.PLANNED, Modality.POSSIBLE) else said.modality
        return relation, replace(said, negated=not said.negated, modality=modality)
    if relation.name in _HELD and said.modality is Modality.PLANNED:
        return relation, replace(said, modality=Modality.ACTUAL)
    unwilling = said.modality is Modality.PLANNED or (
        relation.name == "agreesWith" and said.modality is Modality.POSSIBLE
    )
    if relation.name in _REFUSABLE and said.negated and unwilling:
        return relations()["rejects"], replace(said, negated=False, modality=Modality.ACTUAL)
    return relation, said


def _says(doer: Reference, speakers: list[Reference], relation: Relation) -> bool:
    """Whether a deed is done by saying so, and its doer says it himself: "the envoy said on Monday that he backed the plan"."""
    return relation.name in _BY_WORD and bool(speakers) and speakers[0].entity.principal == doer.entity.principal


def _date(
    parse: Parse, resolver: Resolver, token: int, document: Document, said: Factuality, by_word: bool
) -> str | None:
    if "dates" in resolver.without:
        return None
    ahead = said.modality is not Modality.ACTUAL
    date = date_of(parse, token, document.date, ahead=ahead)
    if date is None and by_word and not ahead:
        date = date_of(parse, parse.head[said.speaker[0]], document.date)
    return date


def _assertion(
    document: Document, parse: Parse, p: Predication, relation: Relation, said: Factuality,
    a: Reference, b: Reference, speaker: Reference | None, date: str | None,
) -> Assertion:  # fmt: skip
    who = speaker.entity if speaker is not None else None
    evidence = _evidence(document, parse, (a.start, a.end), (p.token, p.token + 1), (b.start, b.end))
    confidence = 0.9 * a.certainty * b.certainty * (0.85 if p.inherited else 1.0) * (0.95 if p.frame.noun else 1.0)
    return Assertion(
        a.entity,
        relation.name,
        b.entity,
        (evidence,),
        NAME,
        said.negated,
        said.modality,
        who,
        date,
        round(min(confidence, 0.99), 3),
    )


def _named(parse: Parse, resolver: Resolver, heads: tuple[int, ...]) -> list[int]:
    """Heads of phrases, with a common noun replaced by the names in apposition to it ("members China and Russia")."""
    out: list[int] = []
    for head in heads:
        apposed = [c for c in parse.kids(head, "appos") if c in resolver.by_token and head not in resolver.by_token]
        out += [x for c in apposed for x in conjuncts(parse, c)] or [head]
    return out


def _one(reference: Reference | None) -> list[Reference]:
    return [reference] if reference is not None else []


def _subject(parse: Parse, resolver: Resolver, token: int, speaker: Reference | None) -> Reference | None:
    if parse.lower[token] in _FIRST_PERSON and token not in resolver.by_token:
        return replace(speaker, start=token, end=token + 1) if speaker is not None else None
    ref = resolver.resolve(token)
    if ref is None or (ref.entity.principal is None and ref.entity.type is not NodeType.PERSON):
        return None
    return ref


def _object(parse: Parse, resolver: Resolver, token: int, relation: Relation) -> Reference | None:
    """What fills the object: an actor, or where the relation takes things, the thing."""
    takes_things = "things" not in resolver.without and bool(
        relation.range & {NodeType.INSTRUMENT, NodeType.EVENT, NodeType.ISSUE}
    )
    if relation.name in _GIVEN and parse.lemma[token] in _FORCES:
        behind = [token + 1] if token + 1 < len(parse.words) and parse.lower[token + 1] == "in" else []
        where = [
            o for t in (*parse.kids(token, "prep"), *behind) if parse.lower[t] == "in" for o in parse.kids(t, "pobj")
        ]
        if where and (place := resolver.resolve(where[0])) is not None and place.entity.type is NodeType.STATE:
            return place
    ref = resolver.resolve(token)
    made = thing(parse, resolver, token) if token not in resolver.by_token else None
    if made is not None and takes_things:
        return Reference(made, token, token + 1, 0.8, "thing")
    if ref is None:
        return resolver.inside(token)
    return ref


def _evidence(document: Document, parse: Parse, a: tuple[int, int], r: tuple[int, int], b: tuple[int, int]) -> Evidence:
    """The sentence around the relation, with the words that carry subject, relation and object marked."""
    first, last = parse.sentences[parse.sent[r[0]]]
    start, end = parse.start[first], parse.end[last - 1]
    while end > start and document.text[end - 1].isspace():
        end -= 1
    while start < end and document.text[start].isspace():
        start += 1
    marks = []
    for role, (x, y) in ((Role.SUBJECT, a), (Role.RELATION, r), (Role.OBJECT, b)):
        low, high = parse.start[x], parse.end[y - 1]
        if start <= low < high <= end:
            marks.append(Mark(role, low, high))
    return Evidence.cut(document, start, end, tuple(sorted(marks)))


__all__ = ["NAME", "assertions"]
