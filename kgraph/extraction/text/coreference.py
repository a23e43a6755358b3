"""Coreference: whom pronouns, titles and descriptions mean.

The mentions before a phrase are weighed by salience: near ones before far ones, subjects before objects, names before
adjectives (after Lappin and Leass 1994, "An Algorithm for Pronominal Anaphora Resolution", with far fewer factors). What
the phrase itself says limits the choice: number, gender, person or state or organization, and for organizations the words
of their names ("the council", "the court").
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

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "their", "them", "theirs", "themselves"})
FIRST = frozenset({"i", "my", "me", "we", "our", "us", "mine", "ours"})
RELATIVE = frozenset({"who", "whom", "whose", "which"})

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_STATE = frozenset({"country", "state", "nation", "republic", "kingdom", "emirate", "island", "sheikdom", "homeland"})
_RULE = frozenset(
    {"government", "regime", "administration", "army", "military", "police", "parliament", "cabinet", "ministry", "junta"}
)  # fmt: skip
OPPOSITE = frozenset({"neighbor", "neighbour", "rival", "foe", "enemy", "adversary", "archrival"})
_GATHERED = frozenset(
    {"bloc", "alliance", "union", "group", "organization", "organisation", "body", "grouping", "agency", "watchdog", "commission",
     "council", "court", "tribunal", "bank", "fund", "league", "company", "firm", "movement", "party", "militia", "association"}
)  # fmt: skip
_ARMED = frozenset({"guerrilla", "rebel", "insurgent", "militant"})
_MANY = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "each": 2, "either": 2, "neither": 2}
_SIDES = frozenset({"side", "party", "country", "nation", "state", "government", "neighbor", "neighbour", "capital", "rival", "power", "ally", "foe", "army", "partner"})  # fmt: skip
_MEN = frozenset({"man", "woman", "leader", "president", "minister", "premier", "envoy", "diplomat", "general"})
_TITLES = {"mr": "m", "mr.": "m", "king": "m", "prince": "m", "sir": "m", "lord": "m", "sheikh": "m", "mrs": "f", "mrs.": "f", "ms": "f", "ms.": "f", "queen": "f", "princess": "f", "lady": "f"}  # fmt: skip
_FAINT = -0.9  # below this salience a mention is not taken up by a pronoun
_REACH = 3  # a pronoun reaches this many sentences back; a description twice as far


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention that later phrases may mean: its entity, its host phrase's head, and how it stands in its sentence."""

    mention: Mention
    host: int
    entity: Entity
    gender: str
    salience: float


class Coreference:
    """Answers whom an anaphoric phrase means, from the mentions before it.

    `entity` gives the entity of a mention, `state` the state of an id, `gender` m, f or "" for a person's full name,
    `home` is the state that the text is written from.
    """

    def __init__(
        self,
        parse: Parse,
        mentions: list[Mention],
        entity: Callable[[Mention], Entity],
        actor: Callable[[str], Entity | None],
        gender: Callable[[str], str],
        home: Entity | None,
    ) -> None:
        self._parse = parse
        self._mentions = mentions
        self._entity = entity
        self._actor = actor
        self._gender_of = gender
        self._home = home

    @cached_property
    def _candidates(self) -> list[Candidate]:
        return [self._candidate(mention) for mention in self._mentions]

    def _candidate(self, mention: Mention) -> Candidate:
        parse = self._parse
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
        parse = self._parse
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

    # -- pronouns -------------------------------------------------------------------------------------------------

    def pronoun(self, head: int) -> Entity | None:
        """Whom a pronoun of the third person means."""
        lower = self._parse.lower[head]
        if lower in MASCULINE or lower in FEMININE:
            gender = "m" if lower in MASCULINE else "f"

            def fits(c: Candidate) -> bool:
                return c.entity.type is NodeType.PERSON and c.gender in ("", gender)

        elif lower in NEUTER or lower in PLURAL:
            kinds = {NodeType.STATE, NodeType.ORGANIZATION} | ({NodeType.GROUP} if lower in PLURAL else set())

            def fits(c: Candidate) -> bool:
                return c.entity.type in kinds and c.entity.principal is not None and c.salience > _FAINT

        else:
            return None
        return self._ahead(head, fits) or self._before(head, fits)

    def _ahead(self, head: int, fits: Callable[[Candidate], bool]) -> Entity | None:
        """The subject that a pronoun in a fronted phrase looks forward to: "In his first speech, President Calderon ..."."""
        parse = self._parse
        top = head
        while parse.dep[top] not in ("prep", "advcl") and parse.head[top] != top:
            top = parse.head[top]
        verb = parse.head[top]
        if parse.dep[top] not in ("prep", "advcl") or parse.dep[verb] not in ("ROOT", "ccomp") or verb < head:
            return None
        subjects = [s for s in parse.kids(verb, "nsubj", "nsubjpass") if s > head]
        return next(
            (c.entity for c in self._candidates if c.host in subjects and c.mention.head == c.host and fits(c)), None
        )

    def _before(
        self, head: int, fits: Callable[[Candidate], bool], reach: int = _REACH, topic: Entity | None = None
    ) -> Entity | None:
        """The most salient fitting mention before a token; what the text is about is the more salient for it."""
        parse = self._parse
        here = parse.sent[head]
        barred = self._barred(head)
        best: tuple[float, Entity] | None = None
        for candidate in self._candidates:
            mention = candidate.mention
            if mention.start >= head:
                break
            distance = here - parse.sent[mention.start]
            if distance > reach or head < mention.end or candidate.host in barred or not fits(candidate):
                continue
            score = (
                candidate.salience - 1.5 * distance - 0.01 * (head - mention.start) + 1.5 * (candidate.entity == topic)
            )
            if best is None or score > best[0]:
                best = (score, candidate.entity)
        return best[1] if best is not None else None

    def _barred(self, head: int) -> frozenset[int]:
        """Whom a pronoun in object position cannot mean: the subject of its own verb ("telephoned Singh to thank him")."""
        parse = self._parse
        if parse.dep[head] not in ("dobj", "dative", "pobj") or parse.lower[head].endswith(("self", "selves")):
            return frozenset()
        verb = parse.head[head]
        if parse.pos[verb] == "ADP":
            verb = parse.head[verb]
        if parse.pos[verb] not in ("VERB", "AUX"):
            return frozenset()
        return frozenset(arguments(parse, verb).subjects)

    def _acting(self, head: int) -> frozenset[int]:
        """The subjects of the clause in which a phrase stands, if it is not its subject."""
        parse, t = self._parse, head
        while parse.pos[t] not in ("VERB", "AUX") and parse.head[t] != t:
            if parse.dep[t] in ("nsubj", "nsubjpass"):
                return frozenset()
            t = parse.head[t]
        return frozenset(arguments(parse, t).subjects) if parse.pos[t] in ("VERB", "AUX") else frozenset()

    # -- descriptions ---------------------------------------------------------------------------------------------

    def description(self, head: int) -> Entity | None:
        """Whom a definite description means that has no owner of its own: "the communist state", "the bloc", "the army"."""
        parse = self._parse
        lemma = parse.lemma[head]
        definite = any(parse.lower[c] in _DEFINITE for c in parse.children[head])
        if lemma in _RULE and (definite or lemma in ("parliament", "police")):
            return self.in_charge(head)
        if not definite:
            return None
        if lemma in _STATE or lemma in OPPOSITE:
            return self._before(head, lambda c: c.entity.type is NodeType.STATE, 2 * _REACH, self._topic)
        if lemma in _GATHERED or (lemma in _ARMED and parse.tag[head] == "NNS"):
            return self._organization(head, lemma)
        if lexicon().agents.get(lemma) in ("leader", "office") and parse.tag[head] == "NN":
            return self._titled(head, lemma)
        return None

    def _organization(self, head: int, lemma: str) -> Entity | None:
        reach = 4 * _REACH

        def named(c: Candidate) -> bool:
            return c.entity.type is NodeType.ORGANIZATION and lemma in c.entity.label.lower().split()

        found = self._before(head, named, reach)
        if found is not None or lemma in ("council", "court", "tribunal", "bank", "fund", "commission"):
            return found
        return self._before(head, lambda c: c.entity.type is NodeType.ORGANIZATION and c.mention.kind != "seat", reach)

    def _titled(self, head: int, lemma: str) -> Entity | None:
        """The person whom the text called by a title: "the president", "the envoy"."""
        parse = self._parse

        def bears(c: Candidate) -> bool:
            m = c.mention
            if c.entity.type is not NodeType.PERSON or c.entity.principal is None:
                return False
            words = {parse.lemma[t] for t in range(max(m.start - 3, 0), m.end) if parse.sent[t] == parse.sent[m.start]}
            words |= {parse.lemma[x] for x in parse.children[m.head] if parse.dep[x] == "appos"}
            return lemma in words

        return self._before(head, bears, 4 * _REACH)

    def neighbor(self, head: int, owner: str) -> Entity | None:
        """The other state of "its neighbor", "her rival": not the owner, and the one spoken of last."""
        return self._before(head, lambda c: c.entity.type is NodeType.STATE and c.entity.id != owner, 2 * _REACH)

    def in_charge(self, head: int) -> Entity | None:
        """The state whose army, ministry or minister is meant where none is named.

        It is the one state that acts in the paragraph before it, else the one that the text is written from, unless another
        is far more spoken of.
        """
        parse = self._parse
        acting: dict[str, Entity] = {}
        barred = self._barred(head)
        doers = {c.entity.principal for c in self._candidates if c.host in barred}
        for candidate in reversed(self._candidates):
            if candidate.mention.start >= head:
                continue
            if any("\n" in w for w in parse.words[candidate.mention.end : head]):
                break
            state = self._state(candidate)
            if (
                state is not None
                and state.id not in doers
                and parse.dep[candidate.host] in ("nsubj", "nsubjpass", "conj")
            ):
                acting[state.id] = state
        if len(acting) == 1:
            return next(iter(acting.values()))
        return self._topic

    def _state(self, candidate: Candidate) -> Entity | None:
        state = self._actor(candidate.entity.principal) if candidate.entity.principal is not None else None
        return state if state is not None and state.type is NodeType.STATE else None

    @cached_property
    def _topic(self) -> Entity | None:
        """The state that a text is about: the one that it is written from, or another named more than twice as often."""
        named: dict[str, int] = {}
        for candidate in self._candidates:
            state = self._state(candidate)
            if state is not None and self._parse.dep[candidate.host] != "pobj":
                named[state.id] = named.get(state.id, 0) + 1
        most = max(named, key=lambda s: named[s], default=None)
        if self._home is not None and (most is None or named[most] < 2 * named.get(self._home.id, 0)):
            return self._home
        return self._actor(most) if most is not None and (self._home is not None or named[most] > 1) else None

    # -- several --------------------------------------------------------------------------------------------------

    def several(self, head: int) -> list[Entity]:
        """The two or more whom a phrase means: "both countries", "the two sides", "the three", "they" after "A and B"."""
        parse = self._parse
        lower = parse.lower[head]
        if lower in PLURAL:
            return self._coordinated(head)
        number = self._number(head)
        if number is None:
            return []
        if parse.lemma[head] in _MEN:
            return self._last(head, number, lambda c: c.entity if c.entity.type is NodeType.PERSON else None)
        return self._last(head, number, self._side)

    def _number(self, head: int) -> int | None:
        """How many a phrase counts, if it means sides, states or men that the text has named."""
        parse = self._parse
        lower, lemma = parse.lower[head], parse.lemma[head]
        if lower in ("both", "two", "three", "four", "five") and parse.dep[head] in (
            "nsubj",
            "dobj",
            "pobj",
            "nsubjpass",
        ):
            return None if parse.kids(head, "prep") else _MANY[lower]
        if (
            lower == "other"
            and parse.dep[head] in ("dobj", "pobj")
            and any(parse.lower[c] == "the" for c in parse.children[head])
        ):
            return 2
        if lemma not in _SIDES and lemma not in _MEN:
            return None
        if any(parse.dep[c] in ("poss", "prep", "relcl", "acl") for c in parse.children[head]):
            return None
        for c in parse.children[head]:
            if parse.lower[c] in _MANY and parse.dep[c] in ("det", "nummod", "predet", "amod", "preconj"):
                return _MANY[parse.lower[c]]
        if lemma in _SIDES - {"party", "capital", "power", "government", "army"} and parse.tag[head] == "NNS":
            return 2 if any(parse.lower[c] == "the" for c in parse.children[head]) else None
        return None

    def _side(self, candidate: Candidate) -> Entity | None:
        entity = candidate.entity
        if entity.type is NodeType.PERSON:
            return None
        return self._actor(entity.principal) if entity.principal is not None else None

    def _last(self, head: int, number: int, of: Callable[[Candidate], Entity | None]) -> list[Entity]:
        """So many of those named before a token: a coordination of just so many, if it is near, else the last ones."""
        parse = self._parse
        acting = self._barred(head) or self._acting(head)
        barred = {c.entity.principal for c in self._candidates if c.host in acting}
        found: dict[str, Entity] = {}
        joined: dict[int, dict[str, Entity]] = {}
        for candidate in reversed(self._candidates):
            distance = parse.sent[head] - parse.sent[candidate.mention.start]
            if candidate.mention.end > head:
                continue
            if distance > 4 * _REACH:
                break
            entity = of(candidate)
            if entity is None or entity.principal in barred:
                continue
            if len(found) < number:
                found.setdefault(entity.id, entity)
            if distance <= 2 * _REACH:
                joined.setdefault(self._up(candidate.host)[-1], {}).setdefault(entity.id, entity)
        for group in joined.values():
            if len(group) == number:
                return list(reversed(group.values()))
        return list(reversed(found.values())) if len(found) == number else []

    def _coordinated(self, head: int) -> list[Entity]:
        """The coordinated actors that a plural pronoun means, if the last subject before it is a coordination."""
        parse = self._parse
        here = parse.sent[head]
        for candidate in reversed(self._candidates):
            m = candidate.mention
            if m.end > head:
                continue
            if here - parse.sent[m.start] > 1:
                break
            if candidate.salience < 0:
                continue
            first = candidate.host
            while parse.dep[first] == "conj" and parse.pos[parse.head[first]] in ("NOUN", "PROPN"):
                first = parse.head[first]
            if parse.dep[first] not in ("nsubj", "nsubjpass") or first in self._barred(head):
                continue
            group = [c.entity for c in self._candidates if c.mention.end <= head and first in self._up(c.host)]
            return group if len(group) > 1 and candidate.host != first else self._counted(head)
        return self._counted(head)

    def _counted(self, head: int) -> list[Entity]:
        """Those of a counted phrase in the sentence before: "met both men. He urged them ..."."""
        parse = self._parse
        first = parse.sentences[max(parse.sent[head] - 1, 0)][0]
        for t in range(head - 1, first - 1, -1):
            if parse.lower[t] not in PLURAL and self._number(t) is not None:
                return self.several(t)
        return []

    def _up(self, token: int) -> list[int]:
        """A token and those that it is coordinated to."""
        parse = self._parse
        out = [token]
        while parse.dep[out[-1]] == "conj" and parse.head[out[-1]] != out[-1]:
            out.append(parse.head[out[-1]])
        return out
