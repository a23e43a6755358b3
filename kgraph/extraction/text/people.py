"""People: for whom somebody acts, by the table of office holders, by what stands beside the name, by his title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.extraction.text.holders import holder_of
from kgraph.extraction.text.mentions import Mention
from kgraph.extraction.text.offices import offices
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import actors
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

if TYPE_CHECKING:
    from kgraph.extraction.text.entities import Resolver


def learn(resolver: Resolver, mention: Mention) -> None:
    """Keep in `resolver.people` what a mention tells of a person, by full name and by surname, unless more is known by now."""
    name = mention.label
    last = name.split()[-1]
    people = resolver.people
    known = people.get(name) or (people.get(last) if " " not in name else None)
    if known is not None and known.principal is not None:
        return
    side = resolver.beside(mention.head, skip=mention)
    given = side.entity.principal if side is not None else None
    holder = holder_of(name, resolver.date, given) if "offices" not in resolver.without and known is None else None
    principal = actors()[holder.of].principal if holder else None
    if side is not None and side.entity.principal is not None and principal is None:
        principal = side.entity.principal
    coreference = resolver.coreference
    if principal is None and coreference is not None:
        owners = [office.owner for office in offices(resolver.parse, resolver, mention) if office.owner is not None]
        principal = owners[0].entity.principal if owners else None
    if principal is None and coreference is not None and _official(resolver, mention):
        state = coreference.descriptions.in_charge(mention.start)
        principal = state.id if state is not None else None
    full = holder.person if holder else (known.label if known else name)
    entity = Entity(slug(full), full, NodeType.PERSON, principal)
    for key in (name, full, full.split()[-1], last):
        people[key] = entity


def _official(resolver: Resolver, mention: Mention) -> bool:
    """Whether a person has an office of a state that goes without saying: "the presidential adviser" at home.

    Whose he is does not go without saying where the title has an owner that nobody knows ("the tribunal's prosecutor").
    """
    parse, agents = resolver.parse, lexicon().agents
    titles = [c for c in parse.children[mention.head] if parse.dep[c] == "appos"]
    titles += [t for t in range(max(mention.start - 3, 0), mention.start) if parse.sent[t] == parse.sent[mention.start]]
    held = [t for t in titles if agents.get(parse.lemma[t]) in ("leader", "office")]
    owned = [c for t in (*held, mention.head) for c in parse.kids(t, "poss") if parse.pos[c] != "PRON"]
    return bool(held) and not owned
