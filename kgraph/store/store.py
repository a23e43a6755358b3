"""The store: a folder with an Oxigraph database and a marker file that says what it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document
from kgraph.ontology.relations import relations
from kgraph.serialization import assertion_from_dict
from kgraph.store.mapping import assertion_id, assertion_quads, document_quads
from kgraph.store.results import QueryResult, result_of
from kgraph.store.safety import checked
from kgraph.store.vocabulary import ASSERTION, GRAPH, KG, PREFIXES, document_iri

SCHEMA = 1
_MARKER = "kgraph-store.json"
_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class Store:
    """Assertions on disk (or in memory, with no path), open for one process. Use as a context manager."""

    def __init__(self, database: ox.Store) -> None:
        self._database = database

    @classmethod
    def open(cls, path: str | Path | None, *, create: bool = False) -> Store:
        """Open the store in a folder; with `create`, make one in a new or empty folder.

        Raises KgraphError where the folder is missing, is something else, has another schema, or is held by a process.
        """
        if path is None:
            return cls._described(ox.Store())
        folder = Path(path)
        marker = folder / _MARKER
        if not marker.is_file():
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise KgraphError(f"{folder}: this is no kgraph store; name another folder with --store")
            if not create:
                raise KgraphError(f"{folder}: there is no store; make one with `kgraph build SOURCE --store {folder}`")
            try:
                folder.mkdir(parents=True, exist_ok=True)
                marker.write_text(json.dumps({"kgraph_store": SCHEMA}) + "\n", encoding="utf-8")
            except OSError as error:
                raise KgraphError(
                    f"{folder}: the store cannot be made ({error.strerror}); choose a writable folder"
                ) from error
        else:
            try:
                found = json.loads(marker.read_text(encoding="utf-8"))["kgraph_store"]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise KgraphError(
                    f"{marker}: the marker file is damaged; restore it or build anew elsewhere"
                ) from error
            if found != SCHEMA:
                raise KgraphError(f"{folder}: the store has schema {found}, this kgraph reads {SCHEMA}; build it anew")
        try:
            return cls._described(ox.Store(str(folder / "oxigraph")))
        except OSError as error:
            if "lock" in str(error).lower():
                raise KgraphError(f"{folder}: another process holds the store; wait for it or stop it") from error
            raise KgraphError(f"{folder}: the store cannot be opened ({error}); restore it from a copy") from error

    @classmethod
    def _described(cls, database: ox.Store) -> Store:
        store = cls(database)
        graph = ox.NamedNode(GRAPH + "ontology")
        if not any(database.quads_for_pattern(None, None, None, graph)):
            database.extend(_ontology_quads(graph))
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is pending and let the folder go."""
        self._database.flush()
        del self._database

    def add(self, assertions: Iterable[Assertion], document: Document | None = None) -> int:
        """Store assertions, with the document that they rest on, all or none; returns how many were given."""
        quads: list[ox.Quad] = list(document_quads(document)) if document else []
        predicate = ox.NamedNode(KG + "confidence")
        lower: list[ox.Quad] = []
        count = 0
        for assertion in assertions:
            node = ox.NamedNode(ASSERTION + assertion_id(assertion))
            known = {
                q: float(str(getattr(q.object, "value", 0)))
                for q in self._database.quads_for_pattern(node, predicate, None, None)
            }
            best = max([*known.values(), assertion.confidence])
            lower += [q for q, value in known.items() if value < best]
            quads.extend(assertion_quads(assertion, best))
            count += 1
        self._database.extend(quads)
        # Only now: a process killed in between leaves two figures, never none.
        for quad in lower:
            self._database.remove(quad)
        return count

    def assertions(self) -> Iterator[Assertion]:
        """Every assertion with all its evidence, ordered by its id."""
        records: dict[str, list[str]] = {}
        for quad in self._database.quads_for_pattern(None, ox.NamedNode(KG + "record"), None, None):
            records.setdefault(str(quad.subject), []).append(str(getattr(quad.object, "value", "")))
        for key in sorted(records):
            told = [assertion_from_dict(json.loads(r)) for r in sorted(records[key])]
            evidence = {(e.document, e.start, e.end): e for a in told for e in a.evidence}
            yield replace(
                told[0],
                evidence=tuple(evidence[k] for k in sorted(evidence)),
                confidence=max(a.confidence for a in told),
            )

    def documents(self) -> dict[str, dict[str, str]]:
        """What is known of each document: id -> title, source (publisher), url, date."""
        names = {"title": "title", "publisher": "source", "source": "url", "date": "date"}
        out: dict[str, dict[str, str]] = {}
        for quad in self._database.quads_for_pattern(
            None, ox.NamedNode(PREFIXES["dcterms"] + "identifier"), None, None
        ):
            known: dict[str, str] = {}
            for name, key in names.items():
                for found in self._database.quads_for_pattern(
                    quad.subject, ox.NamedNode(PREFIXES["dcterms"] + name), None, None
                ):
                    known[key] = str(getattr(found.object, "value", ""))
            out[str(getattr(quad.object, "value", ""))] = known
        return out

    def holds(self, document_id: str) -> bool:
        """Is a document of this id stored?"""
        return any(self._database.quads_for_pattern(ox.NamedNode(document_iri(document_id)), None, None, None))

    def query(self, sparql: str) -> QueryResult:
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query over all graphs; prefixes are declared already.

        Raises KgraphError for updates, SERVICE, FROM and syntax errors.
        """
        return result_of(self._database.query(checked(sparql), use_default_graph_as_union=True))

    def export(self, stream: IO[bytes], form: str) -> None:
        """Write all quads as nquads (sorted), trig, turtle or jsonld; the same store gives the same bytes."""
        if form not in _FORMATS:
            raise KgraphError(f"there is no export format {form!r}; use one of {', '.join(sorted(_FORMATS))}")
        quads = sorted(self._database, key=str)
        if form == "turtle":
            triples = sorted({q.triple for q in quads}, key=str)
            ox.serialize(triples, stream, _FORMATS[form], prefixes=PREFIXES)
        elif form == "nquads":
            ox.serialize(quads, stream, _FORMATS[form])
        else:
            ox.serialize(quads, stream, _FORMATS[form], prefixes=PREFIXES)


def _ontology_quads(graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """The relations as OWL object properties with their PLOVER and CAMEO codes."""
    rdf, rdfs, owl, skos = (PREFIXES[p] for p in ("rdf", "rdfs", "owl", "skos"))
    for relation in relations().values():
        node = ox.NamedNode(KG + relation.name)
        yield ox.Quad(node, ox.NamedNode(rdf + "type"), ox.NamedNode(owl + "ObjectProperty"), graph)
        yield ox.Quad(node, ox.NamedNode(rdfs + "label"), ox.Literal(relation.label, language="en"), graph)
        yield ox.Quad(node, ox.NamedNode(rdfs + "comment"), ox.Literal(relation.definition, language="en"), graph)
        yield ox.Quad(node, ox.NamedNode(KG + "polarity"), ox.Literal(relation.polarity), graph)
        if relation.plover:
            yield ox.Quad(node, ox.NamedNode(KG + "plover"), ox.Literal(relation.plover), graph)
        for code in relation.cameo:
            yield ox.Quad(node, ox.NamedNode(skos + "notation"), ox.Literal(code), graph)
