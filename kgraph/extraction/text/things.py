"""Things: instruments, events, issues and places as objects of assertions."""

from __future__ import annotations

from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.model import Entity, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

_TARGET_PREPS = frozenset({"on", "against", "at", "toward", "towards", "with", "for", "to"})
_DIRECTED = frozenset({"sanction", "embargo", "resolution", "draft", "move", "measure", "penalty", "motion"})
# "The move" may be any move; "the sanctions" are those that the text spoke of.
_SPECIFIC = frozenset({"sanction", "embargo", "resolution", "draft"})
_ABOUT_PREPS = frozenset({"on", "over", "about", "regarding", "concerning"})


def thing(parse: Parse, resolver: Resolver, head: int) -> Entity | None:
    """The Instrument, Event or Issue that the phrase with this head noun means; None where it is none of these."""
    kind = lexicon().heads.get(parse.lemma[head])
    if kind is None or parse.pos[head] not in ("NOUN", "PROPN", "VERB"):
        return None
    lemma = parse.lemma[head]
    targets: list[str] = []
    concerns: list[str] = []
    for c in parse.children[head]:
        if parse.dep[c] != "prep":
            continue
        for o in parse.kids(c, "pobj"):
            ref = resolver.resolve(o)
            if parse.lower[c] in _TARGET_PREPS and ref is not None and ref.entity.principal:
                targets.append(ref.entity.principal)
            elif parse.lower[c] in _ABOUT_PREPS and parse.lemma[o] in lexicon().heads:
                concerns.append(slug(parse.lemma[o]))
    if not targets and lemma in _DIRECTED:
        targets = _clause_targets(parse, resolver, head)
        if targets:
            resolver.instrument_targets.append((head, targets[0]))
        elif lemma in _SPECIFIC:
            before = [t for at, t in resolver.instrument_targets if at < head]
            targets = before[-1:]
    elif lemma in _DIRECTED:
        resolver.instrument_targets.append((head, targets[0]))
    owner = resolver.beside(head)
    # Where people gather is not whose gathering it is; where an attack happens is whom it hits.
    gathering = lemma in lexicon().classes["@talks"]
    owned = owner is not None and (not gathering or owner.end <= head)
    principal = owner.entity.principal if owner is not None and owned else None
    label = _label(parse, head)
    about = targets[0] if targets else principal
    made = Entity(
        id=slug(f"{lemma} {about}" if about else label),
        label=label,
        type=NodeType(kind),
        principal=None if targets else principal,
        head=lemma,
        targets=tuple(dict.fromkeys(targets)),
        concerns=tuple(dict.fromkeys(concerns)),
    )
    # One node has one label: that of its first mention.
    made = resolver.things.setdefault((made.type, made.id), made)
    if lemma in _DIRECTED:
        resolver.instruments.append((head, made))
    return made


def _clause_targets(parse: Parse, resolver: Resolver, head: int) -> list[str]:
    """Whom a measure is against by the clause that hangs from it: "a resolution to impose sanctions on Sudan"."""
    for t in range(head + 1, parse.subtree(head)[1] + 1):
        if parse.dep[t] == "prep" and parse.lower[t] in ("on", "against"):
            for o in parse.kids(t, "pobj"):
                ref = resolver.resolve(o)
                if ref is not None and ref.entity.principal:
                    return [ref.entity.principal]
    return []


def _label(parse: Parse, head: int) -> str:
    """The noun phrase without relative clauses and with at most one prepositional phrase."""
    low = high = head
    for c in parse.children[head]:
        if c < head and parse.dep[c] in ("amod", "compound", "nmod", "nummod", "poss", "npadvmod", "advmod"):
            low = min(low, parse.subtree(c)[0])
        elif c > head and parse.dep[c] == "prep" and high == head:
            reach = parse.subtree(c)[1]
            high = reach if reach - c <= 5 else high
    text = parse.text[parse.start[low] : parse.end[high]]
    return " ".join(text.split())


def under_discussion(resolver: Resolver, before: int) -> Entity | None:
    """The measure or draft that the text spoke of last: what "opposition from China" is opposition to."""
    told = [(at, made) for at, made in resolver.instruments if at < before]
    return max(told, key=lambda pair: pair[0])[1] if told else None
