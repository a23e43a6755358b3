"""From mentions to entities: whom a noun phrase means, and for whom it acts.

A phrase that is no name itself takes its principal from what stands beside it, in this order: possessor, nationality or
organization in front, `of`-phrase, `from`/`in`-phrase, apposition ("a spokesman for the Syrian army" acts for Syria).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kgraph.extraction.text.mentions import Mention
from kgraph.extraction.text.parse import DASHES, Parse
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import OfficeHolder, actors, office_holders
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.slugs import slug

_PLACE_KINDS = frozenset({"city", "capital", "name", "region"})
_MASCULINE = frozenset({"he", "him", "his", "himself"})
_FEMININE = frozenset({"she", "her", "hers", "herself"})
_NEUTER = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "their", "them", "theirs", "themselves"})
_FIRST = frozenset({"i", "my", "me", "we", "our", "us", "mine", "ours"})
_BACK = frozenset({"country", "state", "nation", "government", "regime", "administration", "kingdom", "republic"})
_PRESS = frozenset(
    {"reporter", "journalist", "correspondent", "newspaper", "daily", "magazine", "broadcaster", "media", "press"}
)
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
        self.instrument_targets: list[tuple[int, str]] = []
        self.instruments: list[tuple[int, Entity]] = []
        self.things: dict[tuple[NodeType, str], Entity] = {}
        self.titles: list[tuple[Reference, Reference, str, int]] = []
        self._cache: dict[int, Reference | None] = {}
        self._antecedents: dict[int, Reference | None] = {}
        self.home = self._dateline()
        self._learn_people()

    def _dateline(self) -> Entity | None:
        """The state that a text is written from, by its dateline ("SEOUL --")."""
        parse = self.parse
        for mention in self.mentions[:4]:
            rest = range(mention.end, min(mention.end + 6, len(parse.words)))
            name = "".join(parse.words[mention.start : mention.end])
            if (
                mention.actor is not None
                and name.isupper()
                and len(name) > 3
                and any(parse.words[t] in DASHES for t in rest)
            ):
                actor = actors()[mention.actor]
                return self.actor(actor.principal or actor.id)
        return None

    # -- people ---------------------------------------------------------------------------------------------------

    def _learn_people(self) -> None:
        """First pass: full names with the states that titles and appositions give them, so that surnames find them."""
        for mention in self.mentions:
            if mention.kind == "person" and mention.actor is None:
                self._person(mention)

    def _person(self, mention: Mention) -> Entity:
        name = mention.label
        last = name.split()[-1]
        known = self.people.get(name) or (self.people.get(last) if " " not in name else None)
        if known is not None and known.principal is not None:
            return known
        holder = _holder(name, self.date) if "offices" not in self.without else None
        principal = holder.of if holder else None
        side = self.beside(mention.head, skip=mention)
        if side is not None and side.entity.principal is not None and principal is None:
            principal = side.entity.principal
        if principal is None and self.home is not None and self._official(mention):
            principal = self.home.id
        full = holder.person if holder else (known.label if known else name)
        entity = Entity(slug(full), full, NodeType.PERSON, principal)
        for key in (name, full, full.split()[-1], last):
            self.people[key] = entity
        return entity

    def _official(self, mention: Mention) -> bool:
        """Whether a person has an office of a state that goes without saying: "the presidential adviser" at home."""
        parse, agents = self.parse, lexicon().agents
        titles = [c for c in parse.children[mention.head] if parse.dep[c] == "appos"]
        titles += [
            t for t in range(max(mention.start - 3, 0), mention.start) if parse.sent[t] == parse.sent[mention.start]
        ]
        return any(agents.get(parse.lemma[t]) in ("leader", "office") for t in titles)

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
        if parse.pos[head] == "PRON" or lower in _FIRST:
            return self._pronoun(head) if "coreference" not in self.without else None
        lemma = parse.lemma[head]
        if parse.pos[head] not in ("NOUN", "PROPN", "ADJ", "NUM", "X", "DET"):
            return None
        if parse.words[head] in ("North", "South") and "coreference" not in self.without:
            return self._half(head)
        if lemma in _PRESS or any(
            parse.lemma[o] in _PRESS for c in parse.kids(head, "prep") for o in parse.kids(c, "pobj")
        ):
            return None  # who is told, or tells, for a living acts for no state
        side = self.beside(head)
        if (
            side is None
            and "coreference" not in self.without
            and lemma in _BACK
            and any(parse.lower[c] in ("the", "this", "that") for c in parse.children[head])
        ):
            return self._last_state(head)
        if side is None or side.entity.principal is None:
            return None
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
            poss, front = [], front + poss  # "his Iranian counterpart" is Iran's
        for c in poss + front + behind:
            if skip is not None and parse.dep[c] == "appos" and parse.pos[c] == "PROPN" and c not in self.by_token:
                continue
            ref = self.resolve(c) or (self.beside(c) if parse.dep[c] != "poss" else None)
            if ref is not None and ref.entity.principal is not None:
                return ref
        for prep in _PREPS:
            for c in kids:
                if parse.dep[c] == "prep" and parse.lower[c] == prep:
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

    def actor(self, actor_id: str) -> Entity | None:
        """The State or Organization of an id."""
        return _actor_entity(actor_id) if actor_id in actors() else None

    def inside(self, head: int) -> Reference | None:
        """The first actor named inside a phrase that is no actor's itself ("access for the U.N."); a weak reading."""
        low, high = self.parse.subtree(head)
        for mention in self.mentions:
            if low <= mention.start and mention.end <= min(high + 1, head + 12):
                ref = self._named(mention)
                if ref.entity.principal is not None:
                    return Reference(ref.entity, ref.start, ref.end, 0.5 * ref.certainty, "inside")
        return None

    # -- coreference ----------------------------------------------------------------------------------------------

    def _pronoun(self, head: int) -> Reference | None:
        lower = self.parse.lower[head]
        if lower in _FIRST:
            return None  # resolved by the speaker of the quotation
        speaker = self._reported_speaker(head)
        if speaker is not None and lower not in _NEUTER:
            return speaker
        if lower in _MASCULINE or lower in _FEMININE:
            return self._before(head, (NodeType.PERSON,), lower)
        if lower in _NEUTER:
            return self._before(head, (NodeType.STATE, NodeType.ORGANIZATION), lower)
        if lower in _PLURAL:
            return self._before(head, (NodeType.GROUP, NodeType.STATE, NodeType.ORGANIZATION), lower)
        return None

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
        for subject in parse.kids(over, "nsubj"):
            if subject != head and parse.pos[subject] != "PRON":
                ref = self.resolve(subject)
                if ref is not None:
                    return Reference(ref.entity, head, head + 1, 0.8 * ref.certainty, "reported speaker")
        return None

    def _half(self, head: int) -> Reference | None:
        """ "the North" of a state that the text has named in full: North Korea, South Sudan, South Africa."""
        word = self.parse.words[head]
        for mention in reversed(self.mentions):
            if (
                mention.start < head
                and mention.actor is not None
                and mention.label.split()[0] == word
                and " " in mention.label
            ):
                named = self._named(mention)
                return Reference(named.entity, head, head + 1, 0.7, "coreference")
        return None

    def _last_state(self, head: int) -> Reference | None:
        return self._before(head, (NodeType.STATE,), self.parse.lower[head])

    def _before(self, head: int, types: tuple[NodeType, ...], form: str) -> Reference | None:
        """The most salient mention before a token: subjects first, nearer sentences first; two sentences back at most."""
        parse = self.parse
        best: tuple[float, Reference] | None = None
        here = parse.sent[head]
        for mention in self.mentions:
            if mention.start >= head:
                break
            distance = here - parse.sent[mention.start]
            if distance > 3 or head in range(mention.start, mention.end):
                continue
            ref = self._named(mention)
            if mention.kind == "adjective" and types != (NodeType.STATE,):
                continue
            if ref.entity.type not in types or (
                ref.entity.principal is None and ref.entity.type is not NodeType.PERSON
            ):
                continue
            subject = parse.dep[mention.head] in ("nsubj", "nsubjpass")
            root = parse.dep[parse.head[mention.head]] in ("ROOT", "ccomp")
            score = -1.5 * distance + 1.2 * subject + 0.5 * root - 0.4 * (parse.dep[mention.head] == "poss")
            score -= 0.01 * (head - mention.start)
            if mention.kind == "adjective":
                score -= 1.0
            if best is None or score > best[0]:
                best = (score, ref)
        if best is None:
            return None
        ref = best[1]
        return Reference(ref.entity, head, head + 1, 0.6 * ref.certainty, "coreference")


def _actor_entity(actor_id: str) -> Entity:
    actor = actors()[actor_id]
    return Entity(actor.id, actor.label, actor.type, actor.principal, iri=actor.iri)


def _holder(name: str, date: dt.date | None) -> OfficeHolder | None:
    """Who of the office holders bears a name: one in office on the date, else the only person of that name."""
    found = _holders().get(name, ())
    if date is not None:
        day = date.isoformat()
        now = [h for h in found if (h.start or "") <= day <= ((h.end or "9999") + "-99")]
        if now:
            return now[0]
    states = {h.of for h in found}
    return found[-1] if len(states) == 1 else None


_TABLE: dict[str, tuple[OfficeHolder, ...]] = {}


def _holders() -> dict[str, tuple[OfficeHolder, ...]]:
    if not _TABLE:
        table: dict[str, list[OfficeHolder]] = {}
        for holder in office_holders():
            for name in {holder.person, *holder.aliases, holder.person.split()[-1]}:
                table.setdefault(name, []).append(holder)
        _TABLE.update({k: tuple(v) for k, v in table.items()})
    return _TABLE
