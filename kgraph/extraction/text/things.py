"""Things: instruments, events, issues and places as objects of assertions; one thing told twice is one node.

The nouns of a text that name things are read once, in order, so that "the text", "the deal" and "the sanctions" find what
was told before. What a thing is directed at (`targets`) comes from its prepositions or its clause, whose it is from what
stands beside it ("Beijing's proposal", "a plan put forward by the African Union").
"""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.extraction.text.arguments import prep_objects
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.pronouns import pronoun
from kgraph.extraction.text.taking_up import deed, maker
from kgraph.model import Entity, NodeType
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import relations
from kgraph.ontology.slugs import slug

_TARGET_PREPS = frozenset({"on", "against", "at", "toward", "towards", "with", "for", "to"})
_ABOUT_PREPS = frozenset({"on", "over", "about", "regarding", "concerning", "against"})
_AGAINST = frozenset({"on", "against", "at"})
_DIRECTED = frozenset(
    {"sanction", "embargo", "resolution", "draft", "move", "measure", "penalty", "motion", "tariff", "ban"}
)
_SPECIFIC = frozenset({"sanction", "embargo", "resolution", "draft", "penalty"})
"""Words that go on meaning the ones that the text spoke of, even without an article."""
_KINDRED = ("@deals", "@texts", "@talks", "@strikes", "@wars", "@measures", "@votes", "@papers", "@offers", "@rulings", "@arrests", "@polls", "@deadlines", "@actions")  # fmt: skip
"""Classes of the lexicon whose words may take up each other: "the accord ... the agreement"."""
_ONE = {"draft": "resolution", "text": "resolution", "measure": "sanction", "penalty": "sanction"}
"""Words for one thing, where both are directed at the same state: "the resolution on Iran ... Japan's draft"."""
_LOOSE = frozenset(
    {"measure", "statement", "move", "operation", "campaign", "vote", "war", "fire", "missile", "rocket"}
)
"""Words of those classes that may mean anything of their kind."""
_DOMESTIC = frozenset(
    {
        "coup",
        "takeover",
        "junta",
        "election",
        "referendum",
        "uprising",
        "constitution",
        "plebiscite",
        "crackdown",
        "unrest",
    }
)
"""What is some state's own affair, be it named or not: "the coup" in a text about Burkina Faso."""
_ABOUT_SOMEBODY = frozenset(
    {"sanction", "resolution", "embargo", "penalty", "election", "result", "vote", "violence", "runoff"}
)
"""What is about the state that the text is about, where it says nothing else."""
_AIMED = frozenset({"aimed", "designed", "meant", "intended"})
_IMPOSE = frozenset(
    {"impose", "slap", "levy", "place", "put", "clamp", "reimpose", "use", "decree", "extend", "tighten"}
)
_TAKING_UP = frozenset({"the", "this", "that", "these", "those", "such", "both"})
_ADDRESSED = frozenset({"call", "request", "demand", "appeal", "plea", "offer", "proposal", "invitation", "suggestion", "overture"})  # fmt: skip
"""What is said to somebody: who declines it declines him that said it, not those whom it is about."""
_LABEL_TOKENS = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A thing told by a noun: its node, and the phrases that say at whom it is directed and what it is about.

    `against` and `about` pair the preposition's (or verb's) token with the phrase.
    """

    token: int
    entity: Entity
    against: tuple[tuple[int, Reference], ...] = ()
    about: tuple[tuple[int, int], ...] = ()


class Things:
    """All things of a document, by the token of their noun."""

    def __init__(self, parse: Parse, resolver: Resolver) -> None:
        self._parse = parse
        self._resolver = resolver
        self._nodes: dict[tuple[NodeType, str], Entity] = {}
        self.told: dict[int, Told] = {}

    def read(self) -> None:
        """Read the document's nouns in order; pronouns ask meanwhile for what has been told so far."""
        parse = self._parse
        kinds = lexicon().heads
        for token, lemma in enumerate(parse.lemma):
            named = parse.pos[token] in ("NOUN", "PROPN") or (
                parse.tag[token] == "VBG"
                and parse.dep[token] not in ("pcomp", "xcomp", "advcl", "acl", "ccomp", "ROOT")
            )
            within = (
                parse.dep[token] == "compound" and parse.lemma[parse.head[token]] in kinds
            )  # "draft" of "draft resolution"
            if lemma in kinds and named and not within and token not in self._resolver.by_token:
                self.told[token] = self._tell(token, NodeType(kinds[lemma]))

    def pronoun(self, head: int) -> Told | None:
        """The thing that a pronoun means, None where it means none of those told before it."""
        return pronoun(self._parse, self.told, head)

    def _tell(self, head: int, kind: NodeType) -> Told:
        parse = self._parse
        lemma = parse.lemma[head]
        targets: list[str] = []
        against: list[tuple[int, Reference]] = []
        about: list[tuple[int, int]] = []
        for c in parse.kids(head, "prep"):
            for prep, o in prep_objects(parse, head):
                if prep != parse.lower[c] or not c < o <= parse.subtree(c)[1]:
                    continue
                ref = self._resolver.resolve(o)
                if prep in _TARGET_PREPS and ref is not None and ref.entity.principal:
                    targets.append(ref.entity.principal)
                    if prep in _AGAINST:
                        against.append((c, ref))
                elif prep in _ABOUT_PREPS and parse.lemma[o] in lexicon().heads:
                    about.append((c, o))
        if not targets and lemma in _DIRECTED:
            against = self._imposed(head) or self._clause(head)
            targets = [ref.entity.principal for _, ref in against if ref.entity.principal]
            if not targets and lemma in _SPECIFIC:
                targets = self._spoken_of()
        if not targets and kind is NodeType.INSTRUMENT:
            against = self._meant_for(head)
            targets = [ref.entity.principal for _, ref in against if ref.entity.principal]
        about += self._purpose(head) if not about else []
        owner = self._owner(head)
        principal = owner.entity.principal if owner is not None else None
        if principal is not None and (lemma in _ADDRESSED or not against) and lemma not in _DIRECTED:
            targets = []
        if principal is None and lemma in _DOMESTIC and not targets:
            principal = self._resolver.state_in_charge(head)
        if not targets and (owner is not None or principal is None):
            before = self._taken_up(head, lemma, principal)
            if before is not None:
                return Told(head, before.entity)
        if principal is None and not targets:
            principal, targets = self._elsewhere(head, lemma)
        made = self._node(head, kind, principal, targets, [slug(parse.lemma[o]) for _, o in about])
        return Told(head, made, tuple(against), tuple(about))

    def _node(
        self, head: int, kind: NodeType, principal: str | None, targets: list[str], concerns: list[str]
    ) -> Entity:
        lemma = self._parse.lemma[head]
        label = _label(self._parse, head)
        about = targets[0] if targets else principal
        made = Entity(
            id=slug(f"{_ONE.get(lemma, lemma) if targets else lemma} {about}" if about else label),
            label=label,
            type=kind,
            principal=None if targets else principal,
            head=lemma,
            targets=tuple(dict.fromkeys(targets)),
            concerns=tuple(dict.fromkeys(concerns)),
        )
        # One node has one label: that of its first mention.
        return self._nodes.setdefault((made.type, made.id), made)

    def _owner(self, head: int) -> Reference | None:
        """Whose a thing is: of whom stands beside it, or who made it by the clause that hangs from it."""
        parse, resolver = self._parse, self._resolver
        owner = resolver.beside(head)
        # Where people gather is not whose gathering it is; where an attack happens is whom it hits.
        gathering = parse.lemma[head] in lexicon().classes["@talks"]
        if owner is not None and (not gathering or owner.end <= head):
            return owner
        for verb in parse.kids(head, "acl", "relcl"):
            for agent in parse.kids(verb, "agent", "prep"):
                makers = parse.kids(agent, "pobj") if parse.lower[agent] == "by" else []
                if makers and not parse.kids(makers[0], "conj"):
                    return resolver.resolve(makers[0])
        return None

    def _elsewhere(self, head: int, lemma: str) -> tuple[str | None, list[str]]:
        """Whose a thing is, and at whom it is directed, by another clause of the text, or by what the text is about."""
        made = maker(self._parse, self._resolver, head)
        if made is not None:
            return made.entity.principal, []
        doer, target = deed(self._parse, self._resolver, head)
        if doer is not None or target is not None:
            hit = target.entity.principal if target is not None else None
            return (doer.entity.principal if doer is not None else None), [hit] if hit is not None else []
        if lemma in _ABOUT_SOMEBODY:
            matter = self._resolver.matter()
            return None, [matter.id] if matter is not None else []
        return None, []

    def _clause(self, head: int) -> list[tuple[int, Reference]]:
        """Whom a measure is against by the clause that hangs from it: "a resolution to impose sanctions on Sudan"."""
        parse, resolver = self._parse, self._resolver
        for t in range(head + 1, parse.subtree(head)[1] + 1):
            if parse.dep[t] == "prep" and parse.lower[t] in ("on", "against", "upon"):
                heads = parse.kids(t, "pobj")
            elif parse.dep[t] in ("acl", "relcl") and parse.head[t] == head:
                heads = parse.kids(t, "dobj")
            else:
                continue
            for o in heads:
                ref = resolver.resolve(o)
                if ref is not None and ref.entity.principal:
                    return [(t, ref)]
        return []

    def _imposed(self, head: int) -> list[tuple[int, Reference]]:
        """Whom a measure hits by the verb that imposes it: "slapped tariffs last week on Canada"."""
        parse, resolver = self._parse, self._resolver
        verb = parse.head[head]
        if parse.dep[head] not in ("dobj", "nsubjpass") or parse.lemma[verb] not in _IMPOSE:
            return []
        return [
            (c, ref)
            for c in parse.kids(verb, "prep")
            if parse.lower[c] in ("on", "against", "upon")
            for o in parse.kids(c, "pobj")
            if not any(
                parse.pos[p] == "PRON" for p in parse.kids(o, "poss")
            )  # "its program" is the hit one's, as a rule
            for ref in resolver.several(o) or _one(resolver.resolve(o))
            if ref.entity.principal
        ]

    def _meant_for(self, head: int) -> list[tuple[int, Reference]]:
        """Whom a text means harm by its clause: "a plan to strip Syria of its arms", "an attempt to punish Sudan"."""
        parse = self._parse
        for clause in parse.kids(head, "acl"):
            frames = lexicon().verbs.get(parse.lemma[clause], ())
            if not frames or parse.tag[clause] not in ("VB", "VBG"):
                continue
            if any(relations()[f.relation].polarity != "-" for f in frames):
                continue
            for o in parse.kids(clause, "dobj"):
                ref = self._resolver.resolve(o)
                if ref is not None and ref.entity.principal:
                    return [(clause, ref)]
        return []

    def _purpose(self, head: int) -> list[tuple[int, int]]:
        """What a text or talks are about by their purpose: "a plan to end the war", "talks aimed at scrapping its programs"."""
        parse = self._parse
        kinds = lexicon().heads
        for clause in parse.kids(head, "acl"):
            if parse.tag[clause] != "VB" and parse.lower[clause] not in _AIMED:
                continue
            for t in range(clause + 1, parse.subtree(clause)[1] + 1):
                if (
                    kinds.get(parse.lemma[t]) in ("Issue", "Event")
                    and parse.dep[t] in ("dobj", "pobj")
                    and parse.pos[t] == "NOUN"
                ):
                    return [(clause, t)]
        return []

    def _spoken_of(self) -> list[str]:
        """At whom the last measure or draft was directed: sanctions go on meaning those that a text spoke of."""
        for told in reversed(self.told.values()):
            if told.entity.head in _DIRECTED and told.entity.targets:
                return list(told.entity.targets)
        return []

    def _taken_up(self, head: int, lemma: str, principal: str | None) -> Told | None:
        """The thing told before that a noun with an article takes up: by the same word, or by a kindred one."""
        parse = self._parse
        kids = parse.children[head]
        definite = any(parse.lower[c] in _TAKING_UP for c in kids if parse.dep[c] in ("det", "predet"))
        if principal is not None or not definite:
            return None
        if any(
            parse.dep[c] == "nummod"
            or (parse.dep[c] == "relcl" and parse.words[head + 1] != ",")  # "the text, which ..." is the one of before
            or parse.lower[c] in ("new", "another", "other", "second")
            for c in kids
        ):
            return None
        classes = lexicon().classes
        bare = not any(
            parse.dep[c] in ("amod", "compound", "prep") or (parse.dep[c] == "acl" and parse.words[head + 1] != ",")
            for c in kids
        )
        kindred = frozenset().union(*(classes[name] for name in _KINDRED if lemma in classes[name])) - _LOOSE
        for told in reversed(self.told.values()):
            other = told.entity.head
            if other == lemma or (bare and other in kindred):
                return told
        return None


def _one(reference: Reference | None) -> list[Reference]:
    return [reference] if reference is not None else []


def thing(parse: Parse, resolver: Resolver, head: int) -> Entity | None:
    """The Instrument, Event or Issue that the phrase with this head means, a noun or a pronoun; None where it is none of these."""
    things = resolver.things
    told = things.pronoun(head) if parse.pos[head] == "PRON" else things.told.get(head)
    return told.entity if told is not None else None


def _label(parse: Parse, head: int) -> str:
    """The noun phrase without relative clauses and with at most one prepositional phrase."""
    low = high = head
    for c in parse.children[head]:
        if c < head and parse.dep[c] in ("amod", "compound", "nmod", "nummod", "poss", "npadvmod", "advmod"):
            low = min(low, parse.subtree(c)[0])
        elif c > head and parse.dep[c] == "prep" and high == head:
            reach = parse.subtree(c)[1]
            high = reach if reach - c <= _LABEL_TOKENS else high
    text = parse.text[parse.start[low] : parse.end[high]]
    return " ".join(text.split())


def under_discussion(parse: Parse, resolver: Resolver, before: int) -> Entity | None:
    """The measure or draft that the text spoke of last: what "opposition from China" is opposition to."""
    told = [t.entity for at, t in resolver.things.told.items() if at < before and t.entity.head in _DIRECTED]
    last = next((e for e in reversed(told) if e.targets), told[-1] if told else None)
    if last is None or last.head not in lexicon().classes["@texts"]:
        return last
    # Who is against a text is so because of the measure in it.
    measures = lexicon().classes["@measures"]
    return next((e for e in reversed(told) if e.head in measures and e.targets == last.targets), last)
