"""Objects that fit their relation: the thing that a stance is about, what is demanded of nobody, whose a thing is."""

from __future__ import annotations

from dataclasses import replace

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.mentions import head_of
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.things import thing
from kgraph.model import Entity
from kgraph.ontology.relations import Relation, relations

_WIDER = {
    "accuses": "condemns",
    "coerces": "opposes",
    "violates": "opposes",
}
"""Relation -> the one that says as much of things that its own range leaves out."""
_ABOUT_THINGS = frozenset({"supports", "opposes", "rejects", "condemns", "requests", "breaksWith"})
_ANYBODY = frozenset({"community", "world", "everybody", "everyone", "country", "nation", "mankind", "side", "party", "all", "faction", "actor", "leader", "people"})  # fmt: skip


def asked_for(parse: Parse, resolver: Resolver, verb: int) -> list[Reference]:
    """What is asked for where whoever is to act is nobody in particular: "insists the world must come up with a response"."""
    for clause in parse.kids(verb, "ccomp", "xcomp"):
        told = arguments(parse, clause)
        if not any(parse.lemma[s] in _ANYBODY for s in told.subjects):
            continue
        for o in [*told.direct, *(o for _, o in told.preps)]:
            made = thing(parse, resolver, o) if o not in resolver.by_token else None
            if made is not None:
                return [Reference(made, o, o + 1, 0.6, "thing")]
    return []


def matter(parse: Parse, resolver: Resolver, relation: Relation, token: int, b: Reference) -> Reference:
    """The thing that a stance is about, where its owner or target was taken for the object: "declined a request from Paris"."""
    if relation.name not in _ABOUT_THINGS or not b.entity.type.is_actor or "things" in resolver.without:
        return b
    head = head_of(parse, b.start, b.end)
    up = parse.head[head]
    if parse.dep[head] == "pobj" and parse.lower[up] in ("from", "of", "by", "with") and relation.name != "requests":
        up = parse.head[up]
    elif parse.dep[head] not in ("poss", "compound", "amod", "nmod"):
        return b
    told = resolver.things.told.get(up)
    if told is None or up == token or parse.dep[up] not in ("dobj", "nsubjpass", "pobj"):
        return b
    entity = told.entity
    ours = b.entity.principal in (entity.principal, *entity.targets)
    return Reference(entity, up, up + 1, b.certainty, "thing") if ours and entity.type in relation.range else b


def fitted(relation: Relation, resolver: Resolver, a: Reference, b: Reference) -> tuple[Relation, Reference] | None:
    """A relation and an object that fit each other: whose the thing is, else a wider relation that takes it; None where none does."""
    if b.entity.type in relation.range:
        return relation, b
    owner = resolver.actor(about(b.entity) or "")
    if owner is not None and owner.id not in (a.entity.id, a.entity.principal) and owner.type in relation.range:
        return relation, replace(b, entity=owner)
    wider = relations().get(_WIDER.get(relation.name, ""))
    return (wider, b) if wider is not None and b.entity.type in wider.range else None


def about(entity: Entity) -> str | None:
    """The state or organization that an object is about: its principal, else its first target."""
    return entity.principal or (entity.targets[0] if entity.targets else None)
