"""Offices: what a person is to a state or an organization, by title, apposition, relative clause, copula or possessor.

"French President Nicolas Sarkozy", "Hong Lei, a spokesman for China's foreign ministry", "Hossein Karimi, who heads
Tehran's delegation", "John Mahama, chairman of ECOWAS", "Macky Sall of Senegal".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.extraction.text.mentions import Mention
from kgraph.extraction.text.parse import Parse
from kgraph.model import Entity, NodeType
from kgraph.ontology.lexicon import lexicon

if TYPE_CHECKING:
    from kgraph.extraction.text.entities import Reference, Resolver

OPPOSITE_NUMBER = frozenset({"counterpart", "colleague", "host", "guest", "interlocutor"})
_FORMER = frozenset({"former", "ex", "late", "then", "ousted", "deposed", "erstwhile", "onetime"})
_DEPUTY = frozenset(
    {"vice", "deputy", "assistant", "foreign", "interior", "finance", "defense", "defence", "opposition"}
)
_HEADS = frozenset({"head", "chief", "commander", "director", "executive", "commissioner", "founder"})
"""Titles whose holder leads an organization; of a state he is an officer."""
_RULES = frozenset({"head", "lead", "chair", "rule", "govern", "run"})
_SPEAKS = frozenset({"represent", "speak", "serve", "command"})
_REACH = 5  # tokens between a name and a title in front of it


@dataclass(frozen=True, slots=True)
class Office:
    """One office: the token of the title or verb, the relation (`leads` or `actsFor`), and the phrase of its owner if told."""

    title: int
    relation: str
    owner: Reference | None


def offices(parse: Parse, resolver: Resolver, mention: Mention) -> Iterator[Office]:
    """The offices that the text gives a person at this mention, the ones in front of the name first."""
    titles = list(dict.fromkeys(_titles(parse, mention)))
    person = resolver.resolve(mention.head)
    principal = person.entity.principal if person is not None else None
    held_by = person.entity if person is not None else None
    for title in titles:
        if _former(parse, title, mention):
            continue
        owner = resolver.beside(title)
        if owner is None and not _aside(parse, title, mention):
            owner = resolver.beside(mention.head, mention)
        if owner is not None and owner.entity.type is NodeType.PERSON and owner.entity == held_by:
            owner = None
        if owner is not None and owner.how == "coreference" and principal not in (None, owner.entity.principal):
            owner = None  # what is known of the person tells better whose minister "his minister" is
        if owner is None and parse.lemma[title] in OPPOSITE_NUMBER:
            continue
        if owner is not None:
            body: Entity | None = owner.entity
        else:
            body = resolver.actor(principal) if principal is not None else None
        organization = body is not None and body.type is NodeType.ORGANIZATION
        relation = _relation(parse, title, organization)
        if parse.lemma[title] in OPPOSITE_NUMBER and held_by is not None:
            relation = resolver.office_of(held_by.label, principal) or relation
        yield Office(title, relation, owner)
    yield from _by_clause(parse, resolver, mention)
    if not titles:
        yield from _possessed(parse, resolver, mention)


def _titles(parse: Parse, mention: Mention) -> Iterator[int]:
    """The tokens of the titles around a name: inside it, in front, in apposition, or as its predicate."""
    head, start, end = mention.head, mention.start, mention.end
    yield from [t for t in range(start, end - 1) if _is_title(parse, t)][-1:]
    for t in range(start - 1, max(start - _REACH, -1), -1):
        if parse.sent[t] != parse.sent[start] or not (
            parse.pos[t] in ("NOUN", "PROPN", "ADJ", "PART", "ADP") or parse.words[t] in ("-", ",")
        ):
            break
        if parse.words[t] == "," and (t != start - 1 or parse.dep[head] in ("conj", "nsubj")):
            break
        if _is_title(parse, t):
            yield t
            break
    for c in parse.children[head]:
        if parse.dep[c] == "appos":
            yield from (
                [c] if _is_title(parse, c) else [x for x in parse.kids(c, "compound") if _is_title(parse, x)][-1:]
            )
    # The parser may part a name at its hyphen and hang its last syllable elsewhere: "Song Min-soon".
    subject = any(parse.dep[t] == "nsubj" for t in range(start, end))
    if subject and end < len(parse.words) and parse.words[end] == ",":
        yield from [c for c in parse.kids(parse.head[head], "nsubj") if c > end and _is_title(parse, c)][:1]
    if parse.dep[head] == "appos" and _is_title(parse, parse.head[head]):
        yield parse.head[head]
    if parse.dep[head] == "nsubj" and parse.lemma[parse.head[head]] in ("be", "become", "remain"):
        yield from [c for c in parse.kids(parse.head[head], "attr") if _is_title(parse, c)]


def _is_title(parse: Parse, token: int) -> bool:
    agents = lexicon().agents
    return "leader" in (kind := (agents.get(parse.lemma[token]), agents.get(parse.lower[token]))) or "office" in kind


def _aside(parse: Parse, title: int, mention: Mention) -> bool:
    """Whether a title stands in a phrase of its own (apposition), so that its owner stands there too or goes without saying."""
    return parse.dep[title] in ("appos", "attr") and title >= mention.end


def _former(parse: Parse, title: int, mention: Mention) -> bool:
    around = [*parse.children[title], *(c for t in range(mention.start, mention.end) for c in parse.children[t])]
    return any(parse.lower[c].rstrip("-") in _FORMER for c in around if c < max(title, mention.head))


def _relation(parse: Parse, title: int, organization: bool) -> str:
    agents = lexicon().agents
    before = [parse.lower[t] for t in range(max(title - 3, 0), title)]
    last = before[-1] if before else ""
    word = parse.lemma[title]
    if word == "general":
        return "leads" if organization and {"secretary", "director"} & set(before) else "actsFor"
    if word in ("secretary", "director") and parse.lower[title + 1 : title + 3] in (["-", "general"], ["general", ","]):
        return "leads" if organization and last not in _DEPUTY else "actsFor"
    if last in _DEPUTY or (last == "prime" and len(before) > 1 and before[-2] in _DEPUTY):
        return "actsFor"
    if word in _HEADS or parse.lower[title] in _HEADS:
        return "leads" if organization and last not in ("policy", "trade", "aid", "relief") else "actsFor"
    leader = agents.get(word) == "leader" or (word == "minister" and last == "prime")
    return "leads" if leader else "actsFor"


def _by_clause(parse: Parse, resolver: Resolver, mention: Mention) -> Iterator[Office]:
    """ "who heads the delegation of", "who speaks for", "who chairs the group", "Bola Tinubu, chairs the bloc"."""
    verbs = [
        verb
        for verb in parse.kids(mention.head, "relcl")
        if any(parse.lower[s] == "who" for s in parse.kids(verb, "nsubj"))
    ]
    subject = mention.head
    while parse.dep[subject] == "appos":
        subject = parse.head[subject]
    if parse.dep[subject] == "nsubj" and parse.lemma[parse.head[subject]] == "chair":
        verbs.append(parse.head[subject])
    for verb in verbs:
        lemma = parse.lemma[verb]
        if lemma in _RULES:
            found = [resolver.resolve(o) for o in parse.kids(verb, "dobj")]
        elif lemma in _SPEAKS:
            found = [resolver.resolve(o) for o in parse.kids(verb, "dobj")]
            found += [resolver.resolve(o) for p in parse.kids(verb, "prep") for o in parse.kids(p, "pobj")]
        else:
            continue
        owner = next((f for f in found if f is not None and f.entity.principal is not None), None)
        if owner is not None and owner.entity.type is not NodeType.PERSON:
            whole = lemma in _RULES and (owner.how not in ("body", "office", "people", "thing"))
            yield Office(verb, "leads" if whole else "actsFor", owner)


def _possessed(parse: Parse, resolver: Resolver, mention: Mention) -> Iterator[Office]:
    """ "Nigeria's Goodluck Jonathan", "Macky Sall of Senegal"."""
    owners = parse.kids(mention.head, "poss")
    owners += [o for p in parse.kids(mention.head, "prep") if parse.lower[p] == "of" for o in parse.kids(p, "pobj")]
    for o in owners:
        named = resolver.by_token.get(o)
        owner = resolver.resolve(o) if named is not None and named.actor is not None else None
        if owner is not None and owner.entity.type is NodeType.STATE:
            person = resolver.resolve(mention.head)
            held = resolver.office_of(person.entity.label, owner.entity.id) if person is not None else None
            yield Office(o, held or "actsFor", owner)
