"""The discourse: the mentions of a text as candidates for the phrases that come after them, weighed by salience.

Near mentions come before far ones, subjects before objects, names before adjectives (after Lappin and Leass 1994, "An
Algorithm for Pronominal Anaphora Resolution", with far fewer factors).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.mentions import Mention
from kgraph.extraction.text.parse import Parse
from kgraph.model import Entity, NodeType
from kgraph.ontology.lexicon import lexicon

_EARLY = 5  # sentences
_LEAST = 4.0  # what the matter of a text weighs at least
REACH = 3  # a pronoun reaches this many sentences back; a description twice as far
_TITLES = {"mr": "m", "mr.": "m", "king": "m", "prince": "m", "sir": "m", "lord": "m", "sheikh": "m", "mrs": "f", "mrs.": "f", "ms": "f", "ms.": "f", "queen": "f", "princess": "f", "lady": "f"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention that later phrases may mean: its entity, its host phrase's head, and how it stands in its sentence."""

    mention: Mention
    host: int
    entity: Entity
    gender: str
    salience: float


class Discourse:
    """The candidates of a text, and what limits the choice among them.

    `entity` gives the entity of a mention, `state` the state of an id, `gender` m, f or "" for a person's full name,
    `home` is the state that the text is written from, `meant` whom another phrase means,
    `owner` the actor beside a noun.
    """

    def __init__(
        self,
        parse: Parse,
        mentions: list[Mention],
        entity: Callable[[Mention], Entity],
        actor: Callable[[str], Entity | None],
        gender: Callable[[str], str],
        home: Entity | None,
        meant: Callable[[int], Entity | None],
        owner: Callable[[int], Entity | None],
    ) -> None:
        self.parse = parse
        self._mentions = mentions
        self._entity = entity
        self.actor = actor
        self._gender_of = gender
        self.home = home
        self._meant = meant
        self.owner = owner

    @cached_property
    def candidates(self) -> list[Candidate]:
        return [self._candidate(mention) for mention in self._mentions]

    def _candidate(self, mention: Mention) -> Candidate:
        parse = self.parse
        host = mention.head
        while parse.dep[host] in ("amod", "compound", "nmod", "npadvmod") and parse.head[host] != host:
            host = parse.head[host]
        subject = parse.dep[host] in ("nsubj", "nsubjpass")
        salience = (
            1.2 * subject + 0.5 * (parse.dep[parse.head[host]] in ("ROOT", "ccomp")) - 0.4 * (parse.dep[host] == "poss")
        )
        if host != mention.head or parse.dep[host] in ("amod", "compound", "nmod"):
            salience -= 1.0
            titled = lexicon().agents.get(parse.lemma[host]) in ("leader", "office") or parse.pos[host] == "PROPN"
            salience -= 1.5 * (titled and parse.tag[host] != "NNS")  # "it" is not the Syria of "the Syrian president"
        entity = self._entity(mention)
        return Candidate(mention, host, entity, self._gender(mention, entity), salience)

    def _gender(self, mention: Mention, entity: Entity) -> str:
        if entity.type is not NodeType.PERSON:
            return ""
        parse = self.parse
        known = self._gender_of(entity.label)
        if known:
            return known
        around = [parse.lower[t] for t in range(max(mention.start - 3, 0), mention.end)]
        around += [parse.lower[c] for c in parse.children[mention.head] if parse.dep[c] == "appos"]
        if parse.dep[mention.head] == "appos":
            around.append(parse.lower[parse.head[mention.head]])
        for word in around:
            if word in _TITLES:
                return _TITLES[word]
            if word.endswith("woman"):
                return "f"
            if word.endswith("sman") or word == "chairman":
                return "m"
        return ""

    def before(
        self, head: int, fits: Callable[[Candidate], bool], reach: int = REACH, topic: Entity | None = None
    ) -> Entity | None:
        """The most salient fitting mention before a token; what the text is about is the more salient for it."""
        parse = self.parse
        here = parse.sent[head]
        barred = self.barred(head)
        doers = self.doers(barred)
        best: tuple[float, Entity] | None = None
        for candidate in self.candidates:
            mention = candidate.mention
            if mention.start >= head:
                break
            distance = here - parse.sent[mention.start]
            if distance > reach or head < mention.end or candidate.host in barred or not fits(candidate):
                continue
            if candidate.entity.id in doers:
                continue
            score = (
                candidate.salience - 1.5 * distance - 0.01 * (head - mention.start) + 1.5 * (candidate.entity == topic)
            )
            if best is None or score > best[0]:
                best = (score, candidate.entity)
        return best[1] if best is not None else None

    def barred(self, head: int) -> frozenset[int]:
        """Whom a pronoun in object position cannot mean: the subject of its own verb ("telephoned Singh to thank him")."""
        parse = self.parse
        if parse.dep[head] not in ("dobj", "dative", "pobj") or parse.lower[head].endswith(("self", "selves")):
            return frozenset()
        verb = parse.head[head]
        if parse.pos[verb] == "ADP":
            verb = parse.head[verb]
        if parse.pos[verb] not in ("VERB", "AUX"):
            return frozenset()
        subjects = arguments(parse, verb).subjects
        return frozenset((*subjects, *(c for s in subjects for c in parse.kids(s, "appos") if parse.pos[c] == "PROPN")))

    def doers(self, subjects: frozenset[int]) -> frozenset[str]:
        """The ids of those whom subjects mean that are no names themselves: "the bloc asked it" is not of the bloc."""
        return frozenset(entity.id for entity in self.meant_by(subjects))

    def meant_by(self, heads: frozenset[int]) -> list[Entity]:
        """Whom the phrases among these mean that are no names."""
        meant = [self._meant(head) for head in heads if self.parse.pos[head] in ("NOUN", "PRON")]
        return [entity for entity in meant if entity is not None]

    def acting(self, head: int) -> frozenset[int]:
        """The subjects of the clause in which a phrase stands, if it is not its subject."""
        parse, t = self.parse, head
        while parse.pos[t] not in ("VERB", "AUX") and parse.head[t] != t:
            if parse.dep[t] in ("nsubj", "nsubjpass"):
                return frozenset()
            t = parse.head[t]
        return frozenset(arguments(parse, t).subjects) if parse.pos[t] in ("VERB", "AUX") else frozenset()

    def state(self, candidate: Candidate) -> Entity | None:
        state = self.actor(candidate.entity.principal) if candidate.entity.principal is not None else None
        return state if state is not None and state.type is NodeType.STATE else None

    @cached_property
    def topic(self) -> Entity | None:
        """The state that a text is about: the one that it is written from, or another named more than twice as often."""
        named: dict[str, int] = {}
        for candidate in self.candidates:
            state = self.state(candidate)
            if state is not None and self.parse.dep[candidate.host] != "pobj":
                named[state.id] = named.get(state.id, 0) + 1
        most = max(named, key=lambda s: named[s], default=None)
        if self.home is not None and (most is None or named[most] < 2 * named.get(self.home.id, 0)):
            return self.home
        return self.actor(most) if most is not None and (self.home is not None or named[most] > 1) else None

    @cached_property
    def matter(self) -> Entity | None:
        """The state that a text is about: the one to which most is done in it, and that it names early.

        Objects and possessors count in full, subjects by half, mentions in the first sentences once more. None where no
        state stands out.
        """
        weight: dict[str, float] = {}
        for candidate in self.candidates:
            state = self.state(candidate)
            if state is not None:
                done_to = self.parse.dep[candidate.host] in ("dobj", "pobj", "nsubjpass", "poss")
                early = self.parse.sent[candidate.mention.start] < _EARLY
                weight[state.id] = weight.get(state.id, 0) + (1.0 if done_to else 0.5) + early
        ranked = sorted(weight, key=lambda s: -weight[s])
        if not ranked or weight[ranked[0]] < _LEAST or (len(ranked) > 1 and weight[ranked[0]] == weight[ranked[1]]):
            return None
        return self.actor(ranked[0])
