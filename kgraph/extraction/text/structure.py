"""Structure: offices, memberships, alliances, targets and places, read from titles, appositions and prepositions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.factuality import factuality
from kgraph.extraction.text.holders import holder_of
from kgraph.extraction.text.offices import OPPOSITE_NUMBER, offices
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.things import thing
from kgraph.model import Entity, Modality, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

_TOWNS = frozenset({"city", "town", "village", "capital", "port", "resort", "province", "region", "suburb"})
_MEMBERS = frozenset({"member", "chair", "state", "country", "nation", "government"})
_STATES = _MEMBERS - {"member", "chair"}
_EXAMPLES = frozenset({"including", "like", "as"})
_ORGANS = frozenset(
    {
        "agency",
        "watchdog",
        "arm",
        "body",
        "court",
        "force",
        "council",
        "commission",
        "organ",
        "branch",
        "committee",
        "wing",
    }
)
_TRUCES = frozenset({"ceasefire", "truce"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
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
    yield from _allied(parse, resolver)
    yield from _organs(parse, resolver)
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
            relation = office.relation
            if relation == "actsFor" and body is not None and parse.lemma[office.title] in OPPOSITE_NUMBER:
                relation = _held(ref.entity.label, resolver, body.id) or relation
            if body is not None:
                span = (owner.start, owner.end) if owner is not None else (office.title, office.title + 1)
                yield Fact(ref.entity, relation, body, (mention.start, mention.end), office.title, span)


def _held(person: str, resolver: Resolver, body: str) -> str | None:
    """The relation of the office that the table has for a person on the document's date; None where it has none."""
    if "offices" in resolver.without:
        return None
    holder = holder_of(person, resolver.date, body)
    agents = lexicon().agents
    day = resolver.date.isoformat() if resolver.date is not None else ""
    if holder is None or holder.of != body or not (holder.start or "") <= day <= ((holder.end or "9999") + "-99"):
        return None
    return "leads" if agents.get(holder.office) == "leader" else None


def _members(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """ "Security Council members China and Russia", "NATO member Turkey", "France, a member of the EU", "EU states such as Poland"."""
    for i, lemma in enumerate(parse.lemma):
        if lemma in ("join", "belong"):
            yield from _joined(parse, resolver, i)
        if lemma not in _MEMBERS and lemma != "ally":
            continue
        bodies = [resolver.resolve(c) for c in parse.kids(i, "compound", "amod", "nmod", "poss")]
        bodies += [
            resolver.resolve(o) for c in parse.kids(i, "prep") if parse.lower[c] == "of" for o in parse.kids(c, "pobj")
        ]
        actors = (NodeType.STATE, NodeType.ORGANIZATION, NodeType.PERSON)
        wanted = (NodeType.ORGANIZATION,) if lemma in _MEMBERS else actors
        body = next((b for b in bodies if b is not None and b.entity.type in wanted), None)
        if body is None:
            continue
        # Who is an ally of an organization is in it: "NATO allies".
        relation = "memberOf" if body.entity.type is NodeType.ORGANIZATION else "alliedWith"
        for h in _called(parse, i, lemma):
            ref = resolver.resolve(h)
            if ref is None or ref.entity.principal in (None, body.entity.principal, body.entity.id):
                continue
            if ref.entity.type is NodeType.STATE or (ref.entity.type in actors and relation == "alliedWith"):
                yield Fact(ref.entity, relation, body.entity, (ref.start, ref.end), i, (body.start, body.end))


def _called(parse: Parse, noun: int, lemma: str) -> list[int]:
    """Who is said to be what a noun says: by apposition, as its predicate, in front of it or as its examples."""
    heads = [h for a in parse.kids(noun, "appos") for h in _and(parse, a)]
    heads += [
        h
        for c in parse.kids(noun, "prep")
        if parse.lower[c] in _EXAMPLES
        for o in parse.kids(c, "pobj")
        for h in _and(parse, o)
    ]
    if lemma in _STATES:
        return heads
    if any(parse.lower[c] == "but" for c in parse.kids(noun, "cc")):
        heads += [h for c in parse.kids(noun, "conj") for h in _and(parse, c)]  # "all its members but Turkey"
    if parse.dep[noun] in ("appos", "attr"):
        up = parse.head[noun]
        if parse.dep[noun] == "attr":
            heads += [h for s in parse.kids(up, "nsubj") for h in _and(parse, s)]
        else:
            everybody = any(parse.lower[c] in ("all", "both") for c in parse.children[noun])
            while everybody and parse.dep[up] == "conj":
                up = parse.head[up]
            heads += _and(parse, up) if everybody else [up]
    if parse.dep[noun] in ("compound", "nmod"):
        heads += _and(parse, parse.head[noun])
    return heads


def _allied(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """ "militiamen allied with the army"."""
    for i, lower in enumerate(parse.lower):
        if lower != "allied" or parse.dep[i] not in ("acl", "amod", "acomp", "ROOT", "relcl"):
            continue
        ours = resolver.resolve(parse.head[i]) if parse.dep[i] in ("acl", "amod") else None
        if ours is None or not ours.entity.type.is_actor:
            continue
        for c in parse.kids(i, "prep"):
            for o in parse.kids(c, "pobj") if parse.lower[c] in ("with", "to") else ():
                theirs = resolver.resolve(o)
                if theirs is not None and theirs.entity.type.is_actor and theirs.entity.id != ours.entity.id:
                    span = (theirs.start, theirs.end)
                    yield Fact(ours.entity, "alliedWith", theirs.entity, (ours.start, ours.end), i, span)


def _organs(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """ "Frontex, the EU border agency": an organization acts for the one whose agency it is."""
    for mention in resolver.mentions:
        body = resolver.actor(mention.actor) if mention.actor is not None else None
        if body is None or body.type is not NodeType.ORGANIZATION:
            continue
        up = parse.head[mention.head]
        nouns = parse.kids(mention.head, "appos") + ([up] if parse.dep[mention.head] == "appos" else [])
        for noun in nouns:
            owner = resolver.beside(noun) if parse.lemma[noun] in _ORGANS and noun not in resolver.by_token else None
            if (
                owner is not None
                and owner.entity.type in (NodeType.STATE, NodeType.ORGANIZATION)
                and owner.entity != body
            ):
                yield Fact(body, "actsFor", owner.entity, (mention.start, mention.end), noun, (owner.start, owner.end))


def _joined(parse: Parse, resolver: Resolver, verb: int) -> Iterator[Fact]:
    """ "Estonia joined NATO in 2004", if it is told as done."""
    said = factuality(parse, verb)
    if said.negated or said.modality is not Modality.ACTUAL or parse.pos[verb] != "VERB":
        return
    objects = parse.kids(verb, "dobj")
    if parse.lemma[verb] == "belong":
        objects = [o for c in parse.kids(verb, "prep") if parse.lower[c] == "to" for o in parse.kids(c, "pobj")]
    for o in objects:
        mention = resolver.by_token.get(o)
        named = mention is not None and mention.head == o
        body = resolver.resolve(o) if named or parse.lemma[verb] == "belong" else None
        if body is None or body.entity.type is not NodeType.ORGANIZATION:
            continue
        for s in arguments(parse, verb).subjects:
            ref = resolver.resolve(s)
            if ref is not None and ref.entity.type is NodeType.STATE:
                yield Fact(ref.entity, "memberOf", body.entity, (ref.start, ref.end), verb, (body.start, body.end))


def _and(parse: Parse, head: int) -> list[int]:
    return [head] + [x for c in parse.kids(head, "conj") for x in _and(parse, c)]


def _gatherings(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """Who takes part in talks of several, where an event happens or an organization sits, and in what state a town lies."""
    for i, lemma in enumerate(parse.lemma):
        if parse.lower[i] == "based" and parse.dep[i] in ("acl", "amod", "relcl"):
            yield from _seat(parse, resolver, i)
        if lemma in _TOWNS:
            yield from _town(parse, resolver, i)
        if parse.pos[i] != "NOUN" or not (lexicon().heads.get(lemma) == "Event" or lemma in _TRUCES):
            continue
        event = thing(parse, resolver, i)
        if event is None:
            continue
        event = _nobodys(event)
        for c in parse.kids(i, "prep"):
            for o in parse.kids(c, "pobj"):
                if parse.lower[c] in ("among", "between", "of", "involving") and lemma in _TALKS:
                    parties = [r for h in _and(parse, o) for r in _meant(resolver, h) if r.entity.type.is_actor]
                    if len(parties) > 2:
                        yield from (
                            Fact(r.entity, "participatesIn", event, (r.start, r.end), c, (i, i + 1)) for r in parties
                        )
                elif parse.lower[c] in ("in", "at"):
                    yield from _place(parse, resolver, event, i, c, o)
                # "a summit of the Group of Eight in Japan"
                for d in parse.kids(o, "prep") if parse.lower[c] in ("of", "on", "with", "between") else ():
                    if parse.lower[d] == "in" and o in resolver.by_token:
                        for place in parse.kids(d, "pobj"):
                            yield from _place(parse, resolver, event, i, d, place)


def _place(parse: Parse, resolver: Resolver, event: Entity, token: int, prep: int, where: int) -> Iterator[Fact]:
    """ "the talks in Deauville, France": where an event happens, and where that place lies."""
    place = _named_place(parse, resolver, where)
    if place is None:
        owner = resolver.beside(where) if parse.lemma[where] in _TOWNS else None
        if owner is not None and owner.entity.type is NodeType.STATE:  # "in the Nigerian capital"
            yield Fact(event, "locatedIn", owner.entity, (token, token + 1), prep, (owner.start, where + 1))
        return
    entity, span = place
    yield Fact(event, "locatedIn", entity, (token, token + 1), prep, span)
    mention = resolver.by_token.get(where)
    state = resolver.actor(mention.actor or "") if mention is not None else None
    if mention is None or state is None or entity.type is not NodeType.PLACE:
        return
    for c in parse.kids(mention.head, "appos"):  # "Deauville, France", "Shenyang, a northeastern city"
        named = resolver.by_token.get(c)
        if parse.lemma[c] in _TOWNS or (named is not None and named.actor == mention.actor):
            yield Fact(entity, "locatedIn", state, span, c, (c, c + 1))


def _named_place(parse: Parse, resolver: Resolver, token: int) -> tuple[Entity, tuple[int, int]] | None:
    """The state or place that a name means, and its tokens."""
    mention = resolver.by_token.get(token)
    if mention is None:
        found = next(((a, b) for a, b, label in parse.entities if label in _PLACES and a <= token < b), None)
        if found is None:
            return None
        a, b = found
        a += parse.lower[a] == "the"
        label = " ".join(parse.text[parse.start[a] : parse.end[b - 1]].split())
        return (Entity(slug(label), label, NodeType.PLACE), (a, b)) if a < b else None
    state = resolver.actor(mention.actor) if mention.actor is not None else None
    if state is None or state.type is not NodeType.STATE or mention.kind not in ("city", "capital", "name"):
        return None
    span = (mention.start, mention.end)
    if mention.kind == "name":
        return state, span
    return Entity(slug(mention.label), mention.label, NodeType.PLACE, state.id), span


def _seat(parse: Parse, resolver: Resolver, based: int) -> Iterator[Fact]:
    """ "the watchdog based in Vienna": where an organization sits."""
    noun = parse.head[based]
    body = resolver.resolve(parse.head[noun] if parse.dep[noun] == "appos" else noun)
    if body is None or body.entity.type is not NodeType.ORGANIZATION:
        return
    for c in parse.kids(based, "prep"):
        for o in parse.kids(c, "pobj") if parse.lower[c] in ("in", "at") else ():
            place = _named_place(parse, resolver, o)
            if place is not None:
                yield Fact(body.entity, "locatedIn", place[0], (body.start, body.end), based, place[1])


def _town(parse: Parse, resolver: Resolver, noun: int) -> Iterator[Fact]:
    """ "the Yemeni capital, Sanaa", "the Georgian city of Gori": the state that a town lies in."""
    owner = next(
        (r for c in parse.kids(noun, "amod", "poss", "nmod", "compound") if (r := resolver.resolve(c)) is not None),
        None,
    )
    if owner is None or owner.entity.type is not NodeType.STATE:
        return
    names = parse.kids(noun, "appos") + ([parse.head[noun]] if parse.dep[noun] == "appos" else [])
    names += [o for c in parse.kids(noun, "prep") if parse.lower[c] == "of" for o in parse.kids(c, "pobj")]
    for name in names:
        place = _named_place(parse, resolver, name)
        if place is not None and place[0].type is NodeType.PLACE:
            town = replace(place[0], principal=owner.entity.id)
            yield Fact(town, "locatedIn", owner.entity, place[1], noun, (owner.start, owner.end))


def _meant(resolver: Resolver, head: int) -> list[Reference]:
    """The one or the several whom a phrase means."""
    several = resolver.several(head)
    one = resolver.resolve(head) if not several else None
    return several or ([one] if one is not None else [])


def _nobodys(entity: Entity) -> Entity:
    """A thing as the subject of a fact: it acts for nobody."""
    return replace(entity, principal=None)


def _aims(parse: Parse, resolver: Resolver) -> Iterator[Fact]:
    """Sanctions on a state, a resolution against it: the instrument targets the state; talks on a dispute concern it."""
    measures = lexicon().classes["@measures"] | lexicon().classes["@texts"]
    agreed = lexicon().classes["@talks"] | lexicon().classes["@deals"] | lexicon().classes["@polls"]
    known = resolver.things.told
    for told in known.values():
        span = (told.token, told.token + 1)
        entity = _nobodys(told.entity)
        for at, ref in told.against if entity.head in measures else ():
            target = resolver.actor(ref.entity.principal or "")
            if target is not None and entity.type is NodeType.INSTRUMENT:
                yield Fact(entity, "targets", target, span, at, (ref.start, ref.end))
        for prep, o in told.about if entity.head in measures | agreed and entity.type is not NodeType.ISSUE else ():
            matter = known.get(o)
            if matter is not None and matter.entity.id != entity.id:
                yield Fact(entity, "concerns", matter.entity, span, prep, (o, o + 1))
