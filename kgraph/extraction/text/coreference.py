"""Coreference: whom pronouns, titles and descriptions mean, by rules over the mentions before them.

The candidates are those of `discourse`; descriptions and phrases for several have rooms of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.descriptions import Descriptions
from kgraph.extraction.text.discourse import Candidate, Discourse
from kgraph.extraction.text.sides import PLURAL, Sides
from kgraph.model import Entity, NodeType

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
FIRST = frozenset({"i", "my", "me", "we", "our", "us", "mine", "ours"})
RELATIVE = frozenset({"who", "whom", "whose", "which"})
_FAINT = -0.9  # below this salience a mention is not taken up by a pronoun


class Coreference:
    """Answers whom an anaphoric phrase means, from the mentions of a discourse."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._parse = discourse.parse
        self.descriptions = Descriptions(discourse)
        self.sides = Sides(discourse)

    @property
    def matter(self) -> Entity | None:
        """The state that a text is about: the one to which most is done in it."""
        return self._discourse.matter

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
        nearby = self._joined(head, fits) or self._ahead(head, fits) or self._controlled(head, fits)
        return nearby or self._discourse.before(head, fits)

    def _joined(self, head: int, fits: Callable[[Candidate], bool]) -> Entity | None:
        """Whose something is that is joined to its owner: "Georgia and its breakaway region"."""
        parse, owned = self._parse, self._parse.head[head]
        if parse.dep[head] != "poss" or parse.dep[owned] != "conj":
            return None
        first = parse.head[owned]
        return next((c.entity for c in self._discourse.candidates if c.mention.head == first and fits(c)), None)

    def _ahead(self, head: int, fits: Callable[[Candidate], bool]) -> Entity | None:
        """The subject that a pronoun in a fronted phrase looks forward to: "In his first speech, President Calderon ..."."""
        parse, top = self._parse, head
        while parse.head[top] != top and parse.dep[top] not in ("ROOT", "ccomp"):
            top = parse.head[top]
        fronted = self._fronted(head, top)
        subjects = [s for s in parse.kids(top, "nsubj", "nsubjpass") if s > head] if fronted else []
        return next(
            (
                c.entity
                for c in self._discourse.candidates
                if c.host in subjects and c.mention.head == c.host and fits(c)
            ),
            None,
        )

    def _fronted(self, token: int, verb: int) -> bool:
        """Whether a token stands in a prepositional phrase or a clause in front of a main verb."""
        parse, t = self._parse, token
        while parse.head[t] not in (t, verb):
            t = parse.head[t]
        return token < verb and t < verb and parse.dep[t] in ("prep", "advcl")

    def _controlled(self, head: int, fits: Callable[[Candidate], bool]) -> Entity | None:
        """Who is to do what an infinitive says, for a possessive in it: "asked Poland to take back its envoys"."""
        parse, t = self._parse, head
        if parse.dep[head] != "poss":
            return None
        while parse.pos[t] not in ("VERB", "AUX") and parse.head[t] != t:
            t = parse.head[t]
        if parse.dep[t] != "xcomp":
            return None
        asked = arguments(parse, t)
        hosts = asked.subjects if asked.inherited else []
        return next((c.entity for c in self._discourse.candidates if c.host in hosts and c.host < t and fits(c)), None)
