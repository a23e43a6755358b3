"""What can be read of a store: assertions, documents, patterns, SPARQL, and the whole of it for other programs."""

from __future__ import annotations

import json
import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Entity
from kgraph.serialization import assertion_from_dict
from kgraph.store.changes import Changes
from kgraph.store.folder import DATABASE, reading
from kgraph.store.identity import Identity, key_of
from kgraph.store.mapping import ENTITIES, assertion_id, entity_node, iri
from kgraph.store.remote import Remote
from kgraph.store.results import Answer, Parts, QueryResult, result_of, result_of_parts
from kgraph.store.safety import checked
from kgraph.store.sandbox import Dataset, Limits, ask, run
from kgraph.store.sorting import sorted_lines
from kgraph.store.streams import stream
from kgraph.store.vocabulary import ASSERTION, PREFIXES, document_iri
from kgraph.store.writer import Writer, canonical_assertion

_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_FACTS = {"dcterms:title": "title", "dcterms:publisher": "source", "dcterms:source": "url", "dcterms:date": "date"}
_ASSEMBLED = 1_000
"""So many assertions are read at once."""


class Reading:
    """The reading half of `kgraph.store.Store`."""

    def __init__(self, database: ox.Store | Remote, folder: Path | None) -> None:
        self._database = database
        self._folder = folder
        self._changes = Changes(database)
        self._writer = Writer(self._changes, Identity.stored(self.match))
        self._told: dict[str, Entity] = {}

    @property
    def remote(self) -> bool:
        """Is the store on a SPARQL server?"""
        return isinstance(self._database, Remote)

    @abstractmethod
    def checkpoint(self) -> None:
        """Write all documents that were put."""

    def assertions(self) -> Iterator[Assertion]:
        """Every assertion with all its evidence, ordered by its id."""
        self.checkpoint()
        with reading(self._folder):
            told = self._database.quads_for_pattern(None, iri("kg:mentionOf"), None, None)
            links = sorted(((q.object, q.subject) for q in told), key=lambda link: (str(link[0]), str(link[1])))
            groups = ([mention for _, mention in group] for _, group in groupby(links, key=lambda link: link[0]))
            while batch := list(islice(groups, _ASSEMBLED)):
                records = self._records([mention for group in batch for mention in group])
                for group in batch:
                    yield self._assembled([records[mention] for mention in group])

    def _records(self, mentions: Sequence[Any]) -> dict[Any, str]:
        predicate = iri("kg:record")
        if isinstance(self._database, Remote):
            found = self._database.of(mentions, predicate)
        else:
            found = (q for m in mentions for q in self._database.quads_for_pattern(m, predicate, None, None))
        return {q.subject: str(getattr(q.object, "value", "")) for q in found}

    def assertion(self, node: str) -> Assertion:
        """The assertion of this IRI with all its evidence; KgraphError where there is none."""
        found = self._database.quads_for_pattern(None, iri("kg:mentionOf"), ox.NamedNode(node), None)
        mentions = [q.subject for q in found]
        if not mentions:
            raise KgraphError(f"the store has no assertion {node}")
        return self._assembled(list(self._records(mentions).values()))

    def _assembled(self, records: Sequence[str]) -> Assertion:
        told = [canonical_assertion(assertion_from_dict(json.loads(r)), self._merged) for r in sorted(records)]
        evidence = {(e.document, e.start, e.end): e for a in told for e in a.evidence}
        best = max(a.confidence for a in told)
        return replace(told[0], evidence=tuple(evidence[k] for k in sorted(evidence)), confidence=best)

    def _merged(self, entity: Entity) -> Entity:
        """The entity that was decided to be meant, as all its documents tell it."""
        key = key_of(own := self._writer.identity(entity))
        if key not in self._writer.identity.members:
            return own
        if key not in self._told:
            node = entity_node(own)
            known: dict[str, list[str]] = {}
            for quad in self._database.quads_for_pattern(node, None, None, ENTITIES):
                known.setdefault(quad.predicate.value, []).append(str(getattr(quad.object, "value", "")))

            def many(name: str) -> list[str]:
                return sorted(known.get(iri(name).value, ()))

            self._told[key] = Entity(
                own.id, next(iter(many("rdfs:label")), own.label), own.type, next(iter(many("kg:principal")), None),
                next(iter(many("kg:head")), None), tuple(many("kg:target")), tuple(many("kg:concern")),
                next(iter(many("owl:sameAs")), None),
            )  # fmt: skip
        return self._told[key]

    def independent_sources(self) -> Callable[[Assertion], int]:
        """A function that tells how many independent sources say an assertion, as counted at its call; 1 at least."""
        self.checkpoint()
        found = self._database.quads_for_pattern(None, iri("kg:independentSources"), None, None)
        counts = {str(getattr(q.subject, "value", "")): int(getattr(q.object, "value", "1")) for q in found}
        return lambda a: counts.get(ASSERTION + assertion_id(a), 1)

    def documents(self) -> dict[str, dict[str, str]]:
        """What is known of each document: id -> title, source (publisher), url, date."""
        self.checkpoint()
        known = self._database.quads_for_pattern(None, iri("dcterms:identifier"), None, None)
        names = {q.subject: str(getattr(q.object, "value", "")) for q in known}
        out: dict[str, dict[str, str]] = {name: {} for name in sorted(names.values())}
        for predicate, key in _FACTS.items():
            for quad in self._database.quads_for_pattern(None, iri(predicate), None, None):
                if quad.subject in names:
                    out[names[quad.subject]][key] = str(getattr(quad.object, "value", ""))
        return out

    def document(self, document_id: str) -> dict[str, str]:
        """What is known of one document: title, source (publisher), url, date."""
        node = ox.NamedNode(document_iri(document_id))
        return {
            key: str(getattr(found.object, "value", ""))
            for predicate, key in _FACTS.items()
            for found in self._changes.match(node, iri(predicate))
        }

    def holds(self, document_id: str) -> bool:
        """Is a document of this id stored?"""
        return self._changes.holds(ox.NamedNode(document_iri(document_id)))

    def match(
        self, subject: object = None, predicate: object = None, value: object = None, graph: object = None
    ) -> Iterator[ox.Quad]:
        """The quads of a pattern, as they are written."""
        return iter(self._database.quads_for_pattern(subject, predicate, value, graph))  # type: ignore[arg-type]

    def query(self, sparql: str) -> QueryResult:
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query over all graphs; prefixes are declared already.

        Raises KgraphError for updates, SERVICE, FROM and syntax errors. There is no time limit: see `ask`.
        """
        self.checkpoint()
        text = checked(sparql)
        if isinstance(self._database, Remote):
            return result_of_parts(self._database.parts(text))
        with reading(self._folder):
            return result_of(self._database.query(text, use_default_graph_as_union=True))

    def ask(
        self,
        sparql: str,
        limits: Limits | None = None,
        *,
        dataset: Dataset | None = None,
        cancelled: threading.Event | None = None,
    ) -> QueryResult:
        """Like `query`, for the queries of strangers: stopped at the limits of time, memory and rows.

        Over all graphs, or those of a `dataset`. Raises LimitError where a limit of time or memory is reached or
        `cancelled` is set; at the limit of rows, the result is `truncated`. A store in memory knows no limits.
        """
        return result_of_parts(self._asked(sparql, limits or Limits(), dataset, cancelled))

    def stream(
        self,
        sparql: str,
        limits: Limits | None = None,
        *,
        dataset: Dataset | None = None,
        cancelled: threading.Event | None = None,
    ) -> Answer:
        """Like `ask`, as the answer comes; to be read while the store is open, and to be closed."""
        return Answer(self._asked(sparql, limits or Limits(), dataset, cancelled))

    def _asked(self, sparql: str, limits: Limits, dataset: Dataset | None, cancelled: threading.Event | None) -> Parts:
        text = checked(sparql)
        self.checkpoint()
        if self._folder is None and not isinstance(self._database, Remote):
            return result_of(ask(self._database, text, dataset)).parts()
        if isinstance(self._database, Remote):
            return self._database.parts(text, limits, dataset, cancelled)
        assert self._folder is not None
        return run(self._folder / DATABASE, text, limits, dataset, cancelled)

    def export(self, out: IO[bytes], form: str) -> None:
        """Write all quads as nquads (sorted), trig, turtle or jsonld; the same store gives the same bytes."""
        if form not in _FORMATS:
            raise KgraphError(f"there is no export format {form!r}; use one of {', '.join(sorted(_FORMATS))}")
        self.checkpoint()
        with reading(self._folder):
            lines = sorted_lines(f"{quad} ." for quad in self._database)
            if form == "nquads":
                out.writelines(lines)
                return
            quads = ox.parse(stream(lines), format=ox.RdfFormat.N_QUADS)
            if form == "turtle":
                triples = (triple for triple, _ in groupby(quad.triple for quad in quads))
                ox.serialize(triples, out, _FORMATS[form], prefixes=PREFIXES)
            else:
                ox.serialize(quads, out, _FORMATS[form], prefixes=PREFIXES)
