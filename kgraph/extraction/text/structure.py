"""Structure: offices, memberships, alliances, targets and places, read from titles, appositions and prepositions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.things import thing
from kgraph.model import Entity, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

_TALKS = frozenset({"talk", "meeting", "negotiation", "summit", "forum", "dialogue", "conference"})
_FORMER = frozenset({"former", "ex", "late", "then", "ousted", "deposed", "outgoing"})


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
    yield from _targets(parse, resolver)
    yield from _gatherings(parse, resolver)


def _offices(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    agents = lexicon().agents
    for mention in resolver.mentions:
        if mention.kind != "person":
            continue
        ref = resolver.resolve(mention.head)
        if ref is None or ref.entity.type is not NodeType.PERSON or ref.entity.principal is None:
            continue
        title = _title(parse, mention.head, mention.start, mention.end, agents)
        if title is None:
            continue
        around = [
            c for c in [*parse.children[mention.head], *parse.children[title]] if parse.lower[c].rstrip("-") in _FORMER
        ]
        if around:
            continue
        body = resolver.actor(ref.entity.principal)
        if body is None:
            continue
        word = parse.lemma[title]
        before = parse.lower[title - 1] if title else ""
        deputy = before in ("vice", "deputy", "assistant", "foreign", "interior", "finance", "defense", "defence")
        leads = agents.get(word) == "leader" or (word == "minister" and before == "prime")
        owner = resolver.beside(mention.head, mention) or resolver.beside(title)
        span = (owner.start, owner.end) if owner is not None else (title, title + 1)
        relation = "leads" if leads and not deputy and word not in ("head", "chief") else "actsFor"
        yield Fact(ref.entity, relation, body, (mention.start, mention.end), title, span)


def _title(parse: Parse, head: int, start: int, end: int, agents: dict[str, str]) -> int | None:
    """The token of the title that stands with a person's name: in front of it, or in apposition."""
    own = [t for t in range(start, end - 1) if agents.get(parse.lower[t]) in ("leader", "office")]
    if own:
        return own[-1]
    for t in range(start - 1, max(start - 5, -1), -1):
        if parse.sent[t] != parse.sent[start] or parse.pos[t] not in ("NOUN", "PROPN", "ADJ", "PART", "ADP"):
            break
        if agents.get(parse.lower[t]) in ("leader", "office"):
            return t
    for c in parse.children[head]:
        if parse.dep[c] == "appos" and agents.get(parse.lemma[c]) in ("leader", "office"):
            return c
    if parse.dep[head] == "appos" and agents.get(parse.lemma[parse.head[head]]) in ("leader", "office"):
        return parse.head[head]
    return None


def _members(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """ "Security Council members China and Russia", "NATO member Turkey", "France, a member of the EU"."""
    for i, lemma in enumerate(parse.lemma):
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
    yield Fact(place, "locatedIn", state, span, prep, span)


def _targets(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """Sanctions on a state, a resolution against it: the instrument targets the state."""
    measures = lexicon().classes.get("@measures", frozenset())
    for i, lemma in enumerate(parse.lemma):
        if lemma not in measures or parse.pos[i] != "NOUN":
            continue
        for c in parse.kids(i, "prep"):
            if parse.lower[c] not in ("on", "against"):
                continue
            for o in parse.kids(c, "pobj"):
                ref = resolver.resolve(o)
                made = thing(parse, resolver, i)
                target = resolver.actor(ref.entity.principal) if ref is not None and ref.entity.principal else None
                if ref is not None and made is not None and target is not None and made.type is NodeType.INSTRUMENT:
                    yield Fact(made, "targets", target, (i, i + 1), c, (ref.start, ref.end))
