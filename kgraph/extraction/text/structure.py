"""Structure: offices, memberships, alliances, targets and places, read from titles, appositions and prepositions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.factuality import factuality
from kgraph.extraction.text.offices import offices
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.things import thing
from kgraph.model import Entity, Modality, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

_TOWNS = frozenset({"city", "town", "village", "capital", "port", "resort", "province", "region", "suburb"})
_TALKS = frozenset({"talk", "meeting", "negotiation", "summit", "forum", "dialogue", "conference"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A structural assertion in the making: two entities, the relation, and the tokens that say it."""

    subject: Entity
    relation: str
    object: Entity
    subject_span: tuple[int, int]
    relation_token: int
    object_span: tuple[int, int]


def facts(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """The structural facts of a document, in the order of the text."""
    yield from _offices(parse, resolver)
    yield from _members(parse, resolver)
    yield from _aims(parse, resolver)
    yield from _gatherings(parse, resolver)


def _offices(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    for mention in resolver.mentions:
        if mention.kind != "person":
            continue
        ref = resolver.resolve(mention.head)
        if ref is None or ref.entity.type is not NodeType.PERSON:
            continue
        for office in offices(parse, resolver, mention):
            owner = office.owner
            body_id = owner.entity.principal if owner is not None else ref.entity.principal
            if owner is not None and owner.entity.type is NodeType.ORGANIZATION:
                body_id = owner.entity.id
            body = resolver.actor(body_id) if body_id is not None else None
            if body is not None:
                span = (owner.start, owner.end) if owner is not None else (office.title, office.title + 1)
                yield Fact(ref.entity, office.relation, body, (mention.start, mention.end), office.title, span)


def _members(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """ "Security Council members China and Russia", "NATO member Turkey", "France, a member of the EU"."""
    for i, lemma in enumerate(parse.lemma):
        if lemma == "join":
            yield from _joined(parse, resolver, i)
        if lemma != "member" and lemma != "ally":
            continue
        bodies = [resolver.resolve(c) for c in parse.kids(i, "compound", "amod", "nmod", "poss")]
        bodies += [
            resolver.resolve(o) for c in parse.kids(i, "prep") if parse.lower[c] == "of" for o in parse.kids(c, "pobj")
        ]
        wanted = (NodeType.ORGANIZATION,) if lemma == "member" else (NodeType.STATE, NodeType.ORGANIZATION)
        body = next((b for b in bodies if b is not None and b.entity.type in wanted), None)
        if body is None:
            continue
        heads = [h for a in parse.kids(i, "appos") for h in _and(parse, a)]
        if parse.dep[i] in ("appos", "attr"):
            up = parse.head[i]
            heads += [up] if parse.dep[i] == "appos" else [h for s in parse.kids(up, "nsubj") for h in _and(parse, s)]
        if parse.dep[i] in ("compound", "nmod"):
            heads += _and(parse, parse.head[i])
        for h in heads:
            ref = resolver.resolve(h)
            if ref is not None and ref.entity.type is NodeType.STATE and ref.entity.id != body.entity.id:
                relation = "memberOf" if lemma == "member" else "alliedWith"
                yield Fact(ref.entity, relation, body.entity, (ref.start, ref.end), i, (body.start, body.end))


def _joined(parse: Parse, resolver: Resolver, verb: int) -> Iterator[Fact]:
    """ "Estonia joined NATO in 2004", if it is told as done."""
    said = factuality(parse, verb)
    if said.negated or said.modality is not Modality.ACTUAL or parse.pos[verb] != "VERB":
        return
    for o in parse.kids(verb, "dobj"):
        mention = resolver.by_token.get(o)
        body = resolver.resolve(o) if mention is not None and mention.head == o else None
        if body is None or body.entity.type is not NodeType.ORGANIZATION:
            continue
        for s in arguments(parse, verb).subjects:
            ref = resolver.resolve(s)
            if ref is not None and ref.entity.type is NodeType.STATE:
                yield Fact(ref.entity, "memberOf", body.entity, (ref.start, ref.end), verb, (body.start, body.end))


def _and(parse: Parse, head: int) -> list[int]:
    return [head] + [x for c in parse.kids(head, "conj") for x in _and(parse, c)]


def _gatherings(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """Who takes part in talks of several, where an event happens, and what it is about."""
    for i, lemma in enumerate(parse.lemma):
        if lexicon().heads.get(lemma) != "Event" or parse.pos[i] != "NOUN":
            continue
        for c in parse.kids(i, "prep"):
            for o in parse.kids(c, "pobj"):
                if parse.lower[c] in ("among", "between", "of", "involving") and lemma in _TALKS:
                    parties = [
                        r for h in _and(parse, o) if (r := resolver.resolve(h)) is not None and r.entity.type.is_actor
                    ]
                    event = thing(parse, resolver, i)
                    if len(parties) > 2 and event is not None:
                        yield from (
                            Fact(r.entity, "participatesIn", event, (r.start, r.end), c, (i, i + 1)) for r in parties
                        )
                elif parse.lower[c] in ("in", "at"):
                    yield from _place(parse, resolver, i, c, o)


def _place(parse: Parse, resolver: Resolver, event_token: int, prep: int, place_token: int) -> Iterator[Fact]:
    mention = resolver.by_token.get(place_token)
    event = thing(parse, resolver, event_token)
    if mention is None or mention.actor is None or event is None or mention.kind not in ("city", "capital", "name"):
        return
    state = resolver.actor(mention.actor)
    if state is None or state.type is not NodeType.STATE:
        return
    event_span, span = (event_token, event_token + 1), (mention.start, mention.end)
    if mention.kind == "name":
        yield Fact(event, "locatedIn", state, event_span, prep, span)
        return
    place = Entity(slug(mention.label), mention.label, NodeType.PLACE, state.id)
    yield Fact(event, "locatedIn", place, event_span, prep, span)
    for c in parse.kids(mention.head, "appos"):  # "Deauville, France", "Shenyang, a northeastern city"
        named = resolver.by_token.get(c)
        if parse.lemma[c] in _TOWNS or (named is not None and named.actor == mention.actor):
            yield Fact(place, "locatedIn", state, span, c, (c, c + 1))


def _aims(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """Sanctions on a state, a resolution against it: the instrument targets the state; talks on a dispute concern it."""
    measures = lexicon().classes["@measures"] | lexicon().classes["@texts"]
    agreed = lexicon().classes["@talks"] | lexicon().classes["@deals"]
    known = resolver.things.told
    for told in known.values():
        span = (told.token, told.token + 1)
        for prep, ref in told.against if told.entity.head in measures else ():
            target = resolver.actor(ref.entity.principal or "")
            if target is not None and told.entity.type is NodeType.INSTRUMENT:
                yield Fact(told.entity, "targets", target, span, prep, (ref.start, ref.end))
        for prep, o in told.about if told.entity.head in measures | agreed else ():
            matter = known.get(o)
            if matter is not None and matter.entity != told.entity and told.entity.type is not NodeType.ISSUE:
                yield Fact(told.entity, "concerns", matter.entity, span, prep, (o, o + 1))
