"""From mentions to entities: whom a noun phrase means, and for whom it acts.

A phrase that is no name itself takes its principal from what stands beside it, in this order: possessor, nationality or
organization in front, `of`-phrase, `from`/`in`-phrase, apposition ("a spokesman for the Syrian army" acts for Syria).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kgraph.extraction.text.arguments import conjuncts
from kgraph.extraction.text.coreference import FIRST, NEUTER, RELATIVE, Coreference
from kgraph.extraction.text.descriptions import OPPOSITE, fitting
from kgraph.extraction.text.discourse import Discourse
from kgraph.extraction.text.holders import gender_of, holder_of
from kgraph.extraction.text.mentions import Mention
from kgraph.extraction.text.offices import OPPOSITE_NUMBER
from kgraph.extraction.text.parse import DASHES, Parse
from kgraph.extraction.text.people import learn
from kgraph.extraction.text.pronouns import means_a_thing
from kgraph.extraction.text.quotations import Quotations
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import actors
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

if TYPE_CHECKING:
    from kgraph.extraction.text.things import Things

_PRESS = frozenset({"reporter", "journalist", "correspondent", "newspaper", "daily", "magazine", "broadcaster", "media", "press"})  # fmt: skip
_SENT = frozenset({"ambassador", "envoy", "consul", "emissary"})
_SIDED = frozenset({*OPPOSITE, "ally", "partner", "friend"})  # "its Houthi allies" are the Houthis
_SEATS = frozenset({"Hague", "Strasbourg", "Luxembourg", "Arusha", "Geneva"})  # of international courts
_OF_MANY = frozenset({"state", "country", "nation", "leader", "government", "capital", "power", "diplomat", "ally"})
_HEAD = 8  # the sentences among which a dateline is looked for
_PREPS = ("of", "from", "in", "for", "to", "at", "on", "by", "with")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a noun phrase means: the entity, the tokens `start:end` that say it, and how sure the reading is (0..1)."""

    entity: Entity
    start: int
    end: int
    certainty: float
    how: str


class Resolver:
    """Answers, for one document, which entity a noun phrase's head token means."""

    def __init__(
        self, parse: Parse, mentions: list[Mention], date: dt.date | None, without: frozenset[str] = frozenset()
    ) -> None:
        self.parse = parse
        self.without = without
        self.date = date
        self.mentions = mentions
        self.by_token: dict[int, Mention] = {t: m for m in mentions for t in range(m.start, m.end)}
        self.people: dict[str, Entity] = {}
        self._things: Things | None = None
        self.quotations = Quotations(parse)
        self._cache: dict[int, Reference | None] = {}
        self.coreference: Coreference | None = None
        self.home = self._dateline()
        self._knows_people = False
        self._learn_people()
        self._knows_people = True

    def _dateline(self) -> Entity | None:
        """The state that a text is written from, by its dateline ("SEOUL --")."""
        parse = self.parse
        for first, last in parse.sentences[:_HEAD]:
            while first < last and "\n" in parse.words[first]:
                first += 1
            closing = next((t for t in range(last - 1, first, -1) if not parse.words[t].isspace()), first)
            if parse.words[closing] not in {*DASHES, "-"} or not parse.words[first].isupper():
                continue
            for mention in reversed([m for m in self.mentions if first <= m.start < closing and m.actor is not None]):
                principal = actors()[mention.actor or ""].principal
                state = self.actor(principal) if principal is not None else None
                if state is not None and state.type is NodeType.STATE:
                    return state
        return None

    @property
    def things(self) -> Things:
        """The instruments, events and issues of the document, read on first demand."""
        if self._things is None:
            from kgraph.extraction.text.things import Things  # it reads the phrases of things with a resolver

            self._things = Things(self.parse, self)
            self._things.read()
        return self._things

    # -- people ---------------------------------------------------------------------------------------------------

    def _learn_people(self) -> None:
        """Full names with the states that titles and appositions give them, so that surnames find them.

        In a second pass titles are read that need the rest of the text: "the foreign minister", "the bloc's envoy".
        """
        people = [mention for mention in self.mentions if mention.kind == "person" and mention.actor is None]
        for mention in people:
            learn(self, mention)
        if "coreference" not in self.without:
            self._refer()
            for mention in people:
                if self._person(mention).principal is None:
                    learn(self, mention)
            self._refer()

    def _refer(self) -> None:
        """Coreference anew, from what is known of the people by now."""
        self._cache.clear()
        self.coreference = Coreference(
            Discourse(
                self.parse,
                self.mentions,
                lambda m: self._named(m).entity,
                self.actor,
                gender_of,
                self.home,
                lambda head: _meant(self.resolve(head)),
                lambda head: _meant(self.beside(head)),
            )
        )

    def _person(self, mention: Mention) -> Entity:
        """The person of a mention: by full name, else by the surname that the text gave in full before."""
        name = mention.label
        known = self.people.get(name) or self.people.get(name.split()[-1])
        return known if known is not None else Entity(slug(name), name, NodeType.PERSON)

    # -- noun phrases ---------------------------------------------------------------------------------------------

    def resolve(self, head: int) -> Reference | None:
        """The actor or place that the phrase with this head token means, or None."""
        if head not in self._cache:
            self._cache[head] = None  # a phrase that refers to itself in a circle means nothing
            self._cache[head] = self._resolve(head)
        return self._cache[head]

    def _resolve(self, head: int) -> Reference | None:
        parse = self.parse
        mention = self.by_token.get(head)
        if mention is not None and (mention.head == head or parse.head[head] in range(mention.start, mention.end)):
            return self._named(mention)
        lower = parse.lower[head]
        if parse.pos[head] == "PRON" or lower in FIRST or lower in RELATIVE:
            return self._pronoun(head) if self.coreference is not None else None
        lemma = parse.lemma[head]
        if parse.pos[head] not in ("NOUN", "PROPN", "ADJ", "NUM", "X", "DET"):
            return None
        if parse.words[head] in ("North", "South") and self.coreference is not None:
            half = self.coreference.descriptions.half(head)
            return Reference(half, head, head + 1, 0.7, "coreference") if half is not None else None
        if lemma in _PRESS or any(
            parse.lemma[o] in _PRESS for c in parse.kids(head, "prep") for o in parse.kids(c, "pobj")
        ):
            return None  # who is told, or tells, for a living acts for no state
        side = self.beside(head)
        if self.coreference is not None:
            fits = fitting(parse, head)
            if fits is not None and side is not None and side.entity.id not in fits:
                side = None  # "the former Soviet republic" is not the Soviet Union
            owned = side is not None and side.entity.type is not NodeType.PERSON and parse.kids(head, "poss")
            if side is not None and owned and lemma in OPPOSITE:
                meant = self.coreference.descriptions.neighbor(head, side.entity.id)
                side = None  # Ethiopia's neighbor is not Ethiopia
            else:
                meant = self.coreference.descriptions.description(head) if side is None else None
            if meant is not None:
                return Reference(meant, head, head + 1, 0.55, "coreference")
        if side is None or side.entity.principal is None:
            # "Hezbollah, the movement that Iran supports": what stands in apposition to a name means the same.
            up = parse.head[head]
            return self._named(self.by_token[up]) if parse.dep[head] == "appos" and up in self.by_token else None
        return self._described(head, lemma, side)

    def _named(self, mention: Mention) -> Reference:
        if mention.kind == "person" or mention.actor is None:
            return Reference(self._person(mention), mention.start, mention.end, 0.95, "person")
        actor = actors()[mention.actor]
        if mention.kind in ("demonym",):
            state = actor.principal or actor.id
            entity = Entity(slug(self.parse.text[self.parse.start[mention.start] : self.parse.end[mention.end - 1]]),
                            mention.label, NodeType.GROUP, state)  # fmt: skip
            entity = _actor_entity(actor.id) if actor.type is NodeType.STATE else entity
            return Reference(entity, mention.start, mention.end, 0.85, "demonym")
        return Reference(
            _actor_entity(actor.id), mention.start, mention.end, 0.95 if mention.kind != "city" else 0.8, mention.kind
        )

    def _described(self, head: int, lemma: str, side: Reference) -> Reference:
        """An unnamed body, office holder or thing that belongs to the state or organization beside it."""
        parse = self.parse
        words = lexicon()
        kind = words.agents.get(lemma)
        start = min(side.start, head)
        span = (start, head + 1) if start < head else (head, max(side.end, head + 1))
        principal = side.entity.principal
        certainty = side.certainty * (0.9 if kind else 0.6)
        owner = self.actor(principal) if principal is not None else None
        if owner is not None and kind != "people":
            # An organ, an office holder without a name, a ship: the state itself is what the graph knows.
            return Reference(owner, *span, certainty, kind or "thing")
        label = parse.text[parse.start[span[0]] : parse.end[span[1] - 1]]
        return Reference(Entity(slug(label), label, NodeType.GROUP, principal), *span, certainty, kind or "thing")

    def beside(self, head: int, skip: Mention | None = None) -> Reference | None:
        """The actor that stands beside a head noun and to which its phrase belongs."""
        parse = self.parse
        kids = parse.children[head]
        if skip is not None:
            kids = [c for t in range(skip.start, skip.end) for c in parse.children[t] if not skip.start <= c < skip.end]
        poss = [c for c in kids if parse.dep[c] == "poss"]
        front = [
            c for c in reversed(kids) if c < head and parse.dep[c] in ("amod", "compound", "nmod", "nummod", "npadvmod")
        ]
        behind = [c for c in kids if c > head and parse.dep[c] == "appos"]
        if poss and parse.pos[poss[0]] == "PRON":
            if parse.lemma[head] in OPPOSITE_NUMBER or (
                parse.lemma[head] in _SIDED and any(c in self.by_token for c in front)
            ):
                poss = []  # "his Iranian counterpart" is Iran's
            elif self.coreference is None:
                return None  # "its British president" is not Britain's: whose he is is not known yet
        for c in poss + front + behind:
            if skip is not None and parse.dep[c] == "appos" and parse.pos[c] == "PROPN" and c not in self.by_token:
                continue
            if self._vague(head, c):
                continue
            ref = self.resolve(c) or (self.beside(c) if parse.dep[c] != "poss" else None)
            if ref is not None and ref.entity.principal is not None:
                return ref
        for prep in _PREPS:
            for c in kids:
                if parse.dep[c] == "prep" and parse.lower[c] == prep:
                    if parse.lemma[head] in ("court", "tribunal") and any(
                        parse.words[o] in _SEATS for o in parse.kids(c, "pobj")
                    ):
                        continue  # the tribunal in The Hague is not the Netherlands'
                    if parse.lemma[head] in _SENT and prep not in ("of", "from"):
                        continue  # an ambassador to France, an envoy in Paris, is not France's
                    for o in parse.kids(c, "pobj"):
                        if parse.lemma[head] in ("talk", "war", "visit", "trip") and prep in ("with", "to", "on"):
                            continue
                        ref = self.resolve(o)
                        if ref is not None and ref.entity.principal is not None:
                            return ref
        if skip is not None and parse.dep[skip.head] == "appos":
            ref = self.resolve(parse.head[skip.head])
            if ref is not None:
                return ref
        return None

    def _vague(self, head: int, owner: int) -> bool:
        """ "European leaders", "Arab states": some of a continent, not the union that bears its name."""
        mention = self.by_token.get(owner)
        return (
            mention is not None and mention.kind == "adjective" and self.parse.tag[head] == "NNS"
            and self.parse.lemma[head] in _OF_MANY and _actor_entity(mention.actor or "").type is NodeType.ORGANIZATION
        )  # fmt: skip

    def office_of(self, name: str, principal: str | None) -> str | None:
        """What somebody was to a state on the date, by the table of offices: `leads`, `actsFor`, None where it does not tell."""
        holder = holder_of(name, self.date, principal) if "offices" not in self.without else None
        return holder.relation if holder is not None and actors()[holder.of].principal == principal else None

    def actor(self, actor_id: str) -> Entity | None:
        """The State or Organization of an id."""
        return _actor_entity(actor_id) if actor_id in actors() else None

    def inside(self, head: int) -> Reference | None:
        """The first actor named inside a phrase that is no actor's itself ("access for the U.N."); a weak reading."""
        low, high = self.parse.subtree(head)
        for mention in self.mentions:
            vague = self._vague(self.parse.head[mention.head], mention.head)
            if not vague and low <= mention.start and mention.end <= min(high + 1, head + 12):
                ref = self._named(mention)
                if ref.entity.principal is not None:
                    return Reference(ref.entity, ref.start, ref.end, 0.5 * ref.certainty, "inside")
        return None

    # -- coreference ----------------------------------------------------------------------------------------------

    def several(self, head: int) -> list[Reference]:
        """The two or more whom a phrase means: "both countries", "the presidents of Ghana and Mali", "French and German envoys".

        Empty where it means one or none.
        """
        if self.coreference is None or head in self.by_token:
            return []
        if self.parse.tag[head] == "NNS" and self.parse.lemma[head] in lexicon().agents:
            shared = self._shared(head)
            if len(shared) > 1:
                return shared
            for owner in self.parse.kids(head, "poss"):
                if self.parse.tag[owner] in ("NNS", "NNPS") and len(owners := self.several(owner)) > 1:
                    return [replace(r, start=head, end=head + 1) for r in owners]  # "both countries' ambassadors"
        return [Reference(e, head, head + 1, 0.6, "coreference") for e in self.coreference.sides.several(head)]

    def matter(self) -> Entity | None:
        """The state that the text is about: the one to which most is done in it."""
        return self.coreference.matter if self.coreference is not None else None

    def state_in_charge(self, head: int) -> str | None:
        """The id of the state whose affair a thing is that has no owner in the text: "the coup", "the vote"."""
        parse = self.parse
        if self.coreference is None or not any(parse.lower[c] in ("the", "this", "that") for c in parse.children[head]):
            return None
        state = self.coreference.descriptions.in_charge(head)
        return state.id if state is not None else None

    def _shared(self, head: int) -> list[Reference]:
        """Each of the coordinated states or organizations whose officials a plural phrase means."""
        parse = self.parse
        owners = [c for c in parse.kids(head, "amod", "compound", "nmod", "poss") if c in self.by_token]
        whose = ("of", "from", "in") if parse.lemma[head] in OPPOSITE_NUMBER else ("of", "from")
        owners += [o for p in parse.kids(head, "prep") if parse.lower[p] in whose for o in parse.kids(p, "pobj")]
        found: dict[str, Reference] = {}
        for owner in (h for o in owners for h in conjuncts(parse, o)):
            mention = self.by_token.get(owner)
            if mention is not None and mention.actor is not None:
                named = self._named(mention)
                state = self.actor(named.entity.principal or "")
                if state is not None:
                    found.setdefault(state.id, replace(named, entity=state, certainty=0.85 * named.certainty))
        return list(found.values())

    def _pronoun(self, head: int) -> Reference | None:
        lower = self.parse.lower[head]
        if lower in FIRST:
            speaker = self.quotations.speaker(head)
            said = self._speaking(speaker) if speaker is not None else None
            return replace(said, start=head, end=head + 1) if said is not None else None
        if lower in RELATIVE:
            return self._relative(head)
        if means_a_thing(self.parse, head) or (
            self._knows_people and "things" not in self.without and self.things.pronoun(head) is not None
        ):
            return None
        speaker_ref = self._reported_speaker(head)
        if speaker_ref is not None and (
            lower not in NEUTER or speaker_ref.entity.type in (NodeType.STATE, NodeType.ORGANIZATION)
        ):
            return speaker_ref
        meant = self.coreference.pronoun(head) if self.coreference is not None else None
        return Reference(meant, head, head + 1, 0.55, "coreference") if meant is not None else None

    def _speaking(self, speaker: int) -> Reference | None:
        """Who speaks: the one named in apposition ("Turkey's president, Recep Tayyip Erdogan"), else whom the phrase means."""
        named = [c for c in self.parse.kids(speaker, "appos") if c in self.by_token and c > speaker]
        people = [self._named(self.by_token[c]) for c in named if self.by_token[c].kind == "person"]
        return people[0] if people else self.resolve(speaker)

    def _relative(self, head: int) -> Reference | None:
        """ "the United States, whose envoy ...": a relative pronoun means the phrase that its clause hangs from."""
        parse = self.parse
        t = head
        while parse.dep[t] != "relcl" and parse.head[t] != t:
            t = parse.head[t]
        if parse.dep[t] != "relcl" or parse.head[t] >= head:
            return None
        meant = self.resolve(parse.head[t])
        return replace(meant, start=head, end=head + 1, how="coreference") if meant is not None else None

    def _reported_speaker(self, head: int) -> Reference | None:
        """Whoever says a sentence whose subject is a pronoun means himself, as a rule: "the envoy said he backed the plan"."""
        parse = self.parse
        verb = parse.head[head]
        over = parse.head[verb]
        if (
            parse.dep[head] != "nsubj"
            or parse.dep[verb] != "ccomp"
            or lexicon().operators.get(parse.lemma[over]) != "speech"
        ):
            return None
        if parse.tag[verb] == "VB" and not parse.kids(verb, "aux"):
            return None  # "suggested that it lift the ban"
        for subject in parse.kids(over, "nsubj"):
            if subject != head and parse.pos[subject] != "PRON":
                ref = self.resolve(subject)
                if ref is not None:
                    return Reference(ref.entity, head, head + 1, 0.8 * ref.certainty, "reported speaker")
        return None


def _actor_entity(actor_id: str) -> Entity:
    actor = actors()[actor_id]
    return Entity(actor.id, actor.label, actor.type, actor.principal, iri=actor.iri)


def _meant(reference: Reference | None) -> Entity | None:
    return reference.entity if reference is not None else None
