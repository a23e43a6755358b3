"""Which assertions count, and how much each weighs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Modality
from kgraph.network.period import Period, period_of
from kgraph.ontology import intensities, relations

Sources = Callable[[Assertion], int]
"""How many independent sources say an assertion."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules for what counts; the default is deeds: what the texts state as done or held, not negated, in any period.

    `modalities` are those let in; `negated` lets in what is said not to be so; `attributed` lets in what the text gives as
    the word of somebody else than the actor; `structural` lets in memberships, offices and alliances, which are no acts; `min_confidence` (0 to 1)
    leaves out what is less sure; with a `period`, what has no date (see `period_of`) is left out.
    """

    period: Period | None = None
    modalities: frozenset[Modality] = frozenset({Modality.ACTUAL})
    negated: bool = False
    attributed: bool = True
    structural: bool = False
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise KgraphError(f"the least confidence is {self.min_confidence}; give a number from 0 to 1")

    def admits(self, assertion: Assertion, published: Mapping[str, str] | None = None) -> bool:
        """Does this assertion count?"""
        if assertion.modality not in self.modalities or (assertion.negated and not self.negated):
            return False
        if assertion.confidence < self.min_confidence or (not self.attributed and _hearsay(assertion)):
            return False
        if not self.structural and relations()[assertion.relation].structural:
            return False
        if self.period is None:
            return True
        when = period_of(assertion, published)
        return when is not None and self.period.meets(when)


def _hearsay(assertion: Assertion) -> bool:
    """Is it the word of somebody else than the actor or the one for whom it acts?"""
    speaker, actor = assertion.attributed_to, assertion.subject
    if speaker is None or (speaker.type, speaker.id) == (actor.type, actor.id):
        return False
    return speaker.principal is None or speaker.principal != actor.principal


DEEDS = Selection()
"""What is done or held, and not negated."""
EVERYTHING = Selection(modalities=frozenset(Modality), negated=True, structural=True)
"""All that the texts say, in whatever way."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """How much an assertion weighs: the product of the parts that are switched on, signed by its polarity.

    `intensity`: the size of the relation's Goldstein value (else 1); `sources`: the number of independent sources that say
    it (else 1); `confidence`: its confidence; `half_life`: days after which an act weighs half, counted back from `as_of`
    (the exponential decay 2^(-age/half_life); what has no date does not fade, what lies after `as_of` has age 0).
    """

    intensity: bool = True
    sources: bool = True
    confidence: bool = False
    half_life: float | None = None
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        if self.half_life is not None and not self.half_life > 0:
            raise KgraphError(f"the half-life is {self.half_life}; give a number of days above 0")
        if self.half_life is not None and self.as_of is None:
            raise KgraphError("a half-life needs the day from which it counts back; give as_of")

    def weigh(self, assertion: Assertion, sources: Sources, published: Mapping[str, str] | None = None) -> float:
        """The signed weight of an assertion; a negated one turns its sign, and polarity 0 weighs 0."""
        relation = relations()[assertion.relation]
        value = {"+": 1.0, "-": -1.0, "0": 0.0}[relation.polarity]
        if not value:
            return 0.0
        if assertion.negated:
            value = -value
        if self.intensity:
            value *= abs(intensities()[assertion.relation])
        if self.sources:
            value *= sources(assertion)
        if self.confidence:
            value *= assertion.confidence
        if self.half_life is not None and self.as_of is not None:
            when = period_of(assertion, published)
            if when and when.last:
                value *= 2.0 ** (-max(0, (self.as_of - when.last).days) / self.half_life)
        return value


def documents_of(assertion: Assertion) -> int:
    """The number of documents that say an assertion: an upper bound of its independent sources."""
    return len({e.document for e in assertion.evidence})


def select(
    assertions: Iterable[Assertion], selection: Selection = DEEDS, *, published: Mapping[str, str] | None = None
) -> Iterator[Assertion]:
    """The assertions that count, streamed; `published` is document id -> date, for acts whose date the text does not tell."""
    return (a for a in assertions if selection.admits(a, published))
