"""Several at once: whom "both countries", "the two sides", "the three", "the pair" and "they" after "A and B" mean."""

from __future__ import annotations

from collections.abc import Callable

from kgraph.extraction.text.arguments import is_listed
from kgraph.extraction.text.descriptions import fitting
from kgraph.extraction.text.discourse import REACH, Candidate, Discourse
from kgraph.model import Entity, NodeType
from kgraph.ontology.descriptions import plural_name

PLURAL = frozenset({"they", "their", "them", "theirs", "themselves"})
_MANY = {
    "both": 2,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "each": 2,
    "either": 2,
    "neither": 2,
}
_SIDES = frozenset({"side", "party", "country", "nation", "state", "government", "neighbor", "neighbour", "capital", "rival", "power", "ally", "foe", "army", "partner", "bloc", "belligerent", "combatant"})  # fmt: skip
_COUNTED = frozenset({"regime", "junta", "republic", "monarchy", "kingdom", "emirate", "member", "signatory"})
"""Words for sides where they are counted."""
_THE = frozenset({"the", "both", "all", "these", "those", "its", "his", "her", "their"})
_UNLISTED = 4  # more than so many must have been named in one list
_COUNTING = {"pair": 2, "duo": 2, "twosome": 2, "trio": 3, "threesome": 3, "quartet": 4}
_MEN = frozenset({"man", "woman", "leader", "president", "minister", "premier", "envoy", "diplomat", "general"})


class Sides:
    """Answers whom a phrase means that stands for two or more."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._parse = discourse.parse

    def several(self, head: int) -> list[Entity]:
        """The two or more whom a phrase means: "both countries", "the two sides", "the three", "they" after "A and B"."""
        parse = self._parse
        lower = parse.lower[head]
        if lower in PLURAL:
            return self._coordinated(head)
        if plural_name(lower):
            named = [self._discourse.actor(state) for state in plural_name(lower)]
            return [state for state in named if state is not None]
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
        if lower in _MANY and parse.dep[head] in ("nsubj", "dobj", "pobj", "nsubjpass"):
            definite = (
                lower == "both"
                or self._each_other(head)
                or any(parse.lower[c] in ("the", "these", "all") for c in parse.children[head])
            )
            return _MANY[lower] if definite and not parse.kids(head, "prep") else None
        if (
            lower == "other"
            and parse.dep[head] in ("dobj", "pobj")
            and any(parse.lower[c] == "the" for c in parse.children[head])
        ):
            return 2
        if lemma in _COUNTING:
            return _COUNTING[lemma] if any(parse.lower[c] in ("the", "both") for c in parse.children[head]) else None
        if lemma not in _SIDES | _COUNTED and lemma not in _MEN:
            return None
        if any(parse.dep[c] in ("poss", "prep", "relcl", "acl") for c in parse.children[head]):
            return None
        if lemma not in _SIDES and not any(parse.lower[c] in _THE for c in parse.children[head]):
            return None  # "two envoys" are not the two of before
        if lemma in _MEN and any(parse.words[c][0].isupper() for c in parse.kids(head, "amod", "compound", "nmod")):
            return None
        for c in parse.children[head]:
            if parse.lower[c] in _MANY and parse.dep[c] in ("det", "nummod", "predet", "amod", "preconj"):
                return _MANY[parse.lower[c]]
        if lemma in _SIDES - {"party", "capital", "power", "government", "army"} and parse.tag[head] == "NNS":
            return 2 if any(parse.lower[c] == "the" for c in parse.children[head]) else None
        return None

    def _each_other(self, head: int) -> bool:
        """ "each accused the other"."""
        parse = self._parse
        return parse.lower[head] == "each" and any(
            parse.lower[o] == "other" for o in parse.kids(parse.head[head], "dobj")
        )

    def _side(self, candidate: Candidate) -> Entity | None:
        entity = candidate.entity
        if entity.type is NodeType.PERSON:
            return None
        return self._discourse.actor(entity.principal) if entity.principal is not None else None

    def _last(self, head: int, number: int, of: Callable[[Candidate], Entity | None]) -> list[Entity]:
        """So many of those named before a token: a coordination of just so many, if it is near, else those spoken of most.

        People are taken as they come, the last ones first.
        """
        parse = self._parse
        acting = self._discourse.barred(head) or self._discourse.acting(head)
        barred = {c.entity.principal for c in self._discourse.candidates if c.host in acting}
        barred |= {entity.principal for entity in self._discourse.meant_by(acting)}
        owners = [self._discourse.owner(subject) for subject in acting if parse.kids(subject, "poss")]
        barred |= {owner.principal for owner in owners if owner is not None}
        fits = fitting(parse, head)
        found: dict[str, Entity] = {}
        times: dict[str, float] = {}
        joined: dict[int, dict[str, Entity]] = {}
        hosts: set[int] = set()
        for candidate in reversed(self._discourse.candidates):
            distance = parse.sent[head] - parse.sent[candidate.mention.start]
            if candidate.mention.end > head:
                continue
            entity = of(candidate)
            if entity is None or entity.principal in barred or (fits is not None and entity.id not in fits):
                continue
            if distance <= 4 * REACH:
                found.setdefault(entity.id, entity)
            times[entity.id] = times.get(entity.id, 0) + 1 + (distance <= 1)
            if distance <= REACH and candidate.host not in hosts:  # one name may stand for two: "U.N. Security Council"
                hosts.add(candidate.host)
                joined.setdefault(self._up(candidate.host)[-1], {}).setdefault(entity.id, entity)
        for group in joined.values():
            if len(group) == number:
                return list(reversed(group.values()))
        if number > _UNLISTED:
            return []
        if number == 2 and parse.lemma[head] in _SIDES and (pair := self._pair(head, barred, of)):
            return pair
        ranked = list(found.values())
        if parse.lemma[head] not in _MEN and number < 4:
            ranked.sort(key=lambda entity: -times[entity.id])
        return list(reversed(ranked[:number])) if len(ranked) >= number else []

    def _pair(self, head: int, barred: set[str | None], of: Callable[[Candidate], Entity | None]) -> list[Entity]:
        """The two that the text joins most often, if it does so twice: "Armenia and Azerbaijan"."""
        groups: dict[int, dict[str, Entity]] = {}
        for candidate in self._discourse.candidates:
            if candidate.mention.end > head or candidate.mention.head != candidate.host:
                continue
            entity = of(candidate)
            if entity is not None and entity.principal not in barred:
                groups.setdefault(self._up(candidate.host)[-1], {}).setdefault(entity.id, entity)
        times: dict[frozenset[str], int] = {}
        for group in groups.values():
            if len(group) == 2:
                times[frozenset(group)] = times.get(frozenset(group), 0) + 1
        best = max(times, key=lambda ids: times[ids], default=frozenset())
        return (
            next((list(g.values()) for g in groups.values() if frozenset(g) == best), [])
            if best and times[best] > 1
            else []
        )

    def _coordinated(self, head: int) -> list[Entity]:
        """The coordinated actors that a plural pronoun means, if the last subject before it is a coordination."""
        parse = self._parse
        here = parse.sent[head]
        for candidate in reversed(self._discourse.candidates):
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
            # "spoke with A and B and thanked them"
            near = (
                parse.sent[first] == here
                and parse.dep[first] in ("dobj", "pobj")
                and candidate.mention.head == candidate.host
            )
            near = near and all(parse.words[t] != "," for t in range(first, head))
            if not (near or parse.dep[first] in ("nsubj", "nsubjpass")) or first in self._discourse.barred(head):
                continue
            group = [
                c.entity for c in self._discourse.candidates if c.mention.end <= head and first in self._up(c.host)
            ]
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
        while parse.dep[out[-1]] in ("conj", "appos") and parse.head[out[-1]] != out[-1]:
            if parse.dep[out[-1]] == "appos" and not is_listed(parse, out[-1]):
                break
            out.append(parse.head[out[-1]])
        return out
