"""A corpus and a view of it: the assertions with what is known of their documents, and how to look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import networkx as nx

from kgraph.errors import KgraphError
from kgraph.model import Assertion
from kgraph.network.period import period_of
from kgraph.network.projection import dyads, project
from kgraph.network.selection import DEEDS, Selection, Sources, Weighting, documents_of
from kgraph.network.series import span
from kgraph.network.uncertainty import SMALL

FEW = 50
"""Acts below which a network is called small."""


@dataclass(frozen=True, slots=True)
class View:
    """How to look at a corpus; the parts are the options of `project`."""

    selection: Selection = DEEDS
    weighting: Weighting = field(default_factory=Weighting)
    principals: bool = True
    through: bool = False


@dataclass(frozen=True)
class Corpus:
    """Assertions, how many independent sources say each, and what is known of each document (title, source, url, date)."""

    assertions: Sequence[Assertion]
    documents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: Sources = documents_of

    @cached_property
    def published(self) -> dict[str, str]:
        """The day of publication of each document that tells it."""
        return {name: facts["date"] for name, facts in self.documents.items() if facts.get("date")}

    def projection(self, view: View, *, things: bool = False) -> nx.MultiDiGraph:
        """The multigraph of acts (`project`), of actors only unless `things`."""
        return project(
            self.assertions, selection=view.selection, things=things, principals=view.principals,
            through=view.through and not things, weighting=view.weighting, sources=self.sources, published=self.published,
        )  # fmt: skip

    def signed(self, view: View) -> nx.DiGraph:
        """The signed network of dyads."""
        return dyads(self.projection(view))

    def need(self, view: View) -> None:
        """Raise KgraphError where nothing counts in this view, with what would."""
        if any(view.selection.admits(a, self.published) for a in self.assertions):
            return
        if not self.assertions:
            raise KgraphError("the store holds no assertion; fill it with `kgraph build`")
        told = span(self.assertions, self.published)
        where = f" in {view.selection.period}" if view.selection.period else ""
        when = f"what is dated lies in {told}" if told else "nothing here has a date"
        raise KgraphError(f"no act counts{where}; {when}: widen the period or the selection")

    def caution(self, view: View) -> list[str]:
        """What a reader must know of the sample: its size, and that it is small where it is."""
        acts = [a for a in self.assertions if view.selection.admits(a, self.published)]
        documents = {e.document for a in acts for e in a.evidence}
        out = [f"{_many(len(acts), 'act')} from {_many(len(documents), 'document')}"]
        if len(documents) < SMALL or len(acts) < FEW:
            out.append(
                "a small sample: the figures describe these texts and no more; one further article may turn them"
            )
        if view.selection.period:
            timeless = replace(view.selection, period=None)
            undated = sum(timeless.admits(a) and period_of(a, self.published) is None for a in self.assertions)
            out += [f"{_many(undated, 'act')} without a date left out"] if undated else []
        return out


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
