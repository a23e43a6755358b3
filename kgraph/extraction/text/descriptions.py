"""Descriptions: whom "the communist state", "the bloc", "the army", "the envoy" and "its neighbor" mean.

What a description says has to fit: the words of an organization's name, the class, the number, and for states what they are
(`ontology/actors/descriptions.csv`). A description that fits nobody in the text stays unresolved, unless a single state in the
world fits it.
"""

from __future__ import annotations

from kgraph.extraction.text.discourse import REACH, Candidate, Discourse
from kgraph.extraction.text.parse import Parse
from kgraph.model import Entity, NodeType
from kgraph.ontology.actors import actors
from kgraph.ontology.descriptions import described, neighbors
from kgraph.ontology.lexicon import lexicon

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_STATE = frozenset(
    {
        "country",
        "state",
        "nation",
        "republic",
        "kingdom",
        "emirate",
        "island",
        "sheikdom",
        "homeland",
        "monarchy",
        "sultanate",
        "principality",
        "duchy",
        "archipelago",
        "theocracy",
        "sheikhdom",
        "power",
    }
)
_RULE = frozenset(
    {"government", "regime", "administration", "army", "military", "police", "parliament", "cabinet", "ministry", "junta",
     "monarchy", "presidency", "leadership", "authority", "judiciary", "legislature"}
)  # fmt: skip
OPPOSITE = frozenset({"neighbor", "neighbour", "rival", "foe", "enemy", "adversary", "archrival"})
_GATHERED = frozenset(
    {"bloc", "alliance", "union", "group", "organization", "organisation", "body", "grouping", "agency", "watchdog", "commission",
     "council", "court", "tribunal", "bank", "fund", "league", "company", "firm", "movement", "party", "militia", "association",
     "cartel", "pact", "force", "mission", "forum", "front", "faction", "charity"}
)  # fmt: skip
_ARMED = frozenset(
    {"guerrilla", "rebel", "insurgent", "militant", "fighter", "separatist", "extremist", "jihadist", "islamist"}
)
_ARMED_KINDS = frozenset({"armed group"})
_OTHER_KINDS = frozenset({"intergovernmental", "state body", "society"})
_KINDS = {
    "party": frozenset({"party", "armed group"}),
    "movement": frozenset({"party", "armed group", "society"}),
    "militia": _ARMED_KINDS,
    "faction": frozenset({"party", "armed group"}),
    "company": frozenset({"company"}),
    "firm": frozenset({"company"}),
    "league": frozenset({"intergovernmental", "party", "society"}),
    "group": frozenset({"intergovernmental", "armed group", "party", "company", "society"}),
    "organization": frozenset({"intergovernmental", "armed group", "society"}),
    "organisation": frozenset({"intergovernmental", "armed group", "society"}),
    "bloc": frozenset({"intergovernmental"}),
    "alliance": frozenset({"intergovernmental", "party"}),
    "cartel": frozenset({"intergovernmental", "armed group"}),
}
"""Noun -> the kinds of organization that it may mean."""
_NAMED_ALONE = frozenset(
    {"council", "court", "tribunal", "bank", "fund", "commission", "force", "mission", "front", "pact", "forum"}
)
"""What names alone can tell apart: "the court" is no organization that is not called a court."""
_WHOLE = frozenset({"bloc", "union", "alliance", "league", "organization", "organisation"})
"""What no organ of one is: "the bloc" is not its border agency, but whose the agency is."""
_LONG = 8  # the most words of a description that are read


def fitting(parse: Parse, head: int) -> frozenset[str] | None:
    """The ids of the states that the words of a noun phrase fit: "the Gulf kingdom"; None where it describes no state."""
    if parse.lemma[head] not in _STATE or parse.tag[head] == "NNPS":
        return None
    words = [parse.lower[t] for t in range(max(parse.subtree(head)[0], head - _LONG), head)] + [parse.lemma[head]]
    found = described(words)
    return frozenset.intersection(*found) if found else None


class Descriptions:
    """Answers whom a definite description means that has no owner of its own."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._parse = discourse.parse

    def description(self, head: int) -> Entity | None:
        """Whom a definite description means that has no owner of its own: "the communist state", "the bloc", "the army"."""
        parse = self._parse
        lemma = parse.lemma[head]
        definite = any(parse.lower[c] in _DEFINITE for c in parse.children[head])
        fits = fitting(parse, head)
        if lemma in _RULE and fits is None and (definite or lemma in ("parliament", "police")):
            return self._owned_before(head, lemma) or self.in_charge(head)
        if definite and parse.pos[head] == "PROPN" and parse.words[head][0].isupper():
            return self._short(head)
        if not definite or (lemma in _STATE and parse.tag[head] == "NNS"):
            return None
        if lemma == "power" and fits is None:
            return None
        if fits is not None:
            return self._fitting(head, fits)
        if lemma in _STATE or lemma in OPPOSITE:
            return self._discourse.before(
                head, lambda c: c.entity.type is NodeType.STATE, 2 * REACH, self._discourse.topic
            )
        if lemma in _GATHERED or (lemma in _ARMED and parse.tag[head] == "NNS"):
            return self._organization(head, lemma)
        if lexicon().agents.get(lemma) in ("leader", "office") and parse.tag[head] == "NN":
            return self._titled(head, lemma)
        return None

    def _fitting(self, head: int, fits: frozenset[str]) -> Entity | None:
        """The state that a description fits: one that the text named, else the only one in the world."""
        found = self._discourse.before(
            head, lambda c: c.entity.type is NodeType.STATE and c.entity.id in fits, 4 * REACH
        )
        if found is not None or len(fits) != 1:
            return found
        return self._discourse.actor(next(iter(fits)))

    def _owned_before(self, head: int, lemma: str) -> Entity | None:
        """Whose the same body was when the text named its owner: "the junta in Niger ... the junta"."""
        parse = self._parse
        for t in range(head - 1, parse.sentences[max(parse.sent[head] - 4 * REACH, 0)][0] - 1, -1):
            if parse.lemma[t] == lemma and parse.pos[t] in ("NOUN", "PROPN"):
                owner = self._discourse.owner(t)
                if owner is not None and owner.type is NodeType.STATE:
                    return owner
        return None

    def _organization(self, head: int, lemma: str) -> Entity | None:
        reach = 4 * REACH

        def named(c: Candidate) -> bool:
            return c.entity.type is NodeType.ORGANIZATION and lemma in c.entity.label.lower().split()

        found = self._discourse.before(head, named, reach)
        if found is not None or lemma in _NAMED_ALONE:
            return found
        kinds = _ARMED_KINDS if lemma in _ARMED else _KINDS.get(lemma, _OTHER_KINDS)

        def fits(c: Candidate) -> bool:
            return c.entity.type is NodeType.ORGANIZATION and c.mention.kind != "seat" and self._kind(c) in kinds

        found = self._discourse.before(head, fits, reach)
        whole = lemma in _WHOLE and found is not None and found.principal is not None
        return self._discourse.actor(found.principal) if found is not None and whole and found.principal else found

    def _kind(self, candidate: Candidate) -> str:
        actor = actors().get(candidate.mention.actor or "")
        return actor.kind if actor is not None else ""

    def _short(self, head: int) -> Entity | None:
        """The organization whose name ends in a capitalized word: "the Tigers", "the Front"."""
        word = self._parse.lower[head].removesuffix("s")

        def ends(c: Candidate) -> bool:
            last = {c.entity.label.lower().split()[-1], self._parse.lower[c.mention.end - 1]}
            several = c.mention.end - c.mention.start > 1 or " " in c.entity.label
            return c.entity.type is NodeType.ORGANIZATION and several and word in {w.removesuffix("s") for w in last}

        return self._discourse.before(head, ends, 8 * REACH)

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

        return self._discourse.before(head, bears, 4 * REACH)

    def half(self, head: int) -> Entity | None:
        """ "the North" of a state that the text has named in full: North Korea, South Sudan, South Africa."""
        word = self._parse.words[head]
        for candidate in reversed(self._discourse.candidates):
            label = candidate.mention.label
            named = candidate.mention.start < head and candidate.mention.actor is not None
            if named and label.startswith(word + " "):
                return candidate.entity
        return None

    def neighbor(self, head: int, owner: str) -> Entity | None:
        """The other state of "its neighbor", "her rival": not the owner, and the one spoken of last."""
        around = neighbors(owner) if self._parse.lemma[head].startswith("neighb") else frozenset()

        def other(c: Candidate) -> bool:
            return c.entity.type is NodeType.STATE and c.entity.id != owner

        if not around:
            return self._discourse.before(head, other, 2 * REACH)
        topic = self._discourse.topic
        return self._discourse.before(head, lambda c: other(c) and c.entity.id in around, 4 * REACH, topic)

    def in_charge(self, head: int) -> Entity | None:
        """The state whose army, ministry or minister is meant where none is named.

        It is the one state that acts in the paragraph before it, else the one that the text is written from, unless another
        is far more spoken of.
        """
        parse = self._parse
        acting: dict[str, Entity] = {}
        barred = self._discourse.barred(head)
        doers = {c.entity.principal for c in self._discourse.candidates if c.host in barred}
        for candidate in reversed(self._discourse.candidates):
            if candidate.mention.start >= head:
                continue
            if any("\n" in w for w in parse.words[candidate.mention.end : head]):
                break
            state = self._discourse.state(candidate)
            if (
                state is not None
                and state.id not in doers
                and parse.dep[candidate.host] in ("nsubj", "nsubjpass", "conj")
            ):
                acting[state.id] = state
        if len(acting) == 1:
            return next(iter(acting.values()))
        return self._discourse.topic
