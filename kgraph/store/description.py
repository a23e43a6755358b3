"""What a deposit tells of itself: the README for people, VoID and DCAT for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import kgraph
from kgraph.model import NodeType
from kgraph.store.folder import MARKER
from kgraph.store.identity import FILE as DECISIONS
from kgraph.store.mapping import ENTITIES, A, entity_key, iri
from kgraph.store.results import text_of
from kgraph.store.store import Store
from kgraph.store.vocabulary import BASE, KG, PREFIXES

_MEDIA = {
    ".nq": "application/n-quads", ".trig": "application/trig", ".ttl": "text/turtle", ".csv": "text/csv",
    ".jsonld": "application/ld+json", ".md": "text/markdown", ".json": "application/json",
}  # fmt: skip
WHAT = {
    "graph.nq": "the whole graph, sorted N-Quads; `kgraph restore` reads it",
    "graph.trig": "the same graph in TriG, for people",
    "assertions.csv": "one row for each assertion: who, relation, whom, how, when, how sure, how many sources",
    "evidence.csv": "one row for each sentence that says an assertion, with its place in its document",
    "entities.csv": "one row for each entity, with its names and identifiers",
    "documents.csv": "one row for each document",
    DECISIONS: "the decisions that two entities are the same or different, in the order of deciding, with who decided and when",
    "ontology.ttl": "the ontology (OWL 2 DL) and the code lists (SKOS)",
    "shapes.ttl": "the rules that the graph keeps (SHACL)",
    "context.jsonld": "short names for JSON-LD",
    "void.ttl": "the description of the data set in VoID and DCAT",
    MARKER: "the version of the graph's schema",
}
"""The files of a deposit, and what each is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the depositor says: title, creator and licence (an SPDX id or an address); None where nothing is said."""

    title: str = "A knowledge graph of who does what to whom"
    creator: str | None = None
    license: str | None = None


def _period(store: Store) -> tuple[str, str] | None:
    dates = sorted(text_of(q.object) for q in store.match(None, iri("dcterms:date")))
    return (dates[0], dates[-1]) if dates else None


def void(store: Store, counts: dict[str, int], files: dict[str, tuple[str, int]], terms: Terms) -> bytes:
    """The description of the data set in VoID and DCAT, as Turtle; `files` are their checksums and sizes in bytes."""
    own, dcat, spdx = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/dcat#", "http://spdx.org/rdf/terms#"
    here = ox.NamedNode(BASE + "dataset")
    found: list[ox.Triple] = []

    def say(subject: Any, predicate: str, value: Any) -> None:
        term = ox.Literal(value) if isinstance(value, (str, int)) else value
        found.append(ox.Triple(subject, ox.NamedNode(predicate), term))

    def dcterms(name: str) -> str:
        return PREFIXES["dcterms"] + name

    for kind in (own + "Dataset", dcat + "Dataset"):
        say(here, A.value, ox.NamedNode(kind))
    say(here, dcterms("title"), terms.title)
    say(here, dcterms("description"), f"{counts['assertions']} assertions of {counts['documents']} documents, each with the sentences that say it.")  # fmt: skip
    if terms.creator:
        say(here, dcterms("creator"), terms.creator)
    if terms.license:
        say(here, dcterms("license"), _address(terms.license))
    period = _period(store)
    if period:
        span = ox.BlankNode("period")
        say(here, dcterms("temporal"), span)
        say(span, A.value, ox.NamedNode(dcterms("PeriodOfTime")))
        for name, day in zip(("startDate", "endDate"), period, strict=True):
            say(span, dcat + name, ox.Literal(day, datatype=iri("xsd:date")))
    say(here, own + "triples", counts["quads"])
    say(here, own + "entities", counts["entities"])
    say(here, own + "uriSpace", BASE)
    say(here, own + "vocabulary", ox.NamedNode(KG))
    for prefix in ("prov", "nif", "skos", "dcterms"):
        say(here, own + "vocabulary", ox.NamedNode(PREFIXES[prefix]))
    classes = Counter(text_of(q.object) for q in store.match(None, A) if text_of(q.object).startswith(KG))
    relations = Counter(text_of(q.object) for q in store.match(None, iri("rdf:predicate")))
    for name, number in sorted(classes.items()):
        cell = ox.BlankNode("class-" + name.removeprefix(KG))
        say(here, own + "classPartition", cell)
        say(cell, own + "class", ox.NamedNode(name))
        say(cell, own + "entities", number)
    for name, number in sorted(relations.items()):
        cell = ox.BlankNode("relation-" + name.removeprefix(KG))
        say(here, own + "propertyPartition", cell)
        say(cell, own + "property", ox.NamedNode(name))
        say(cell, own + "triples", number)
    for name, (digest, size) in sorted(files.items()):
        file, check = ox.NamedNode(f"{BASE}dataset/{name}"), ox.BlankNode("sum-" + name.replace(".", "-"))
        say(here, dcat + "distribution", file)
        say(file, A.value, ox.NamedNode(dcat + "Distribution"))
        say(file, dcterms("title"), name)
        say(file, dcterms("description"), WHAT[name])
        say(
            file,
            dcat + "mediaType",
            ox.NamedNode("https://www.iana.org/assignments/media-types/" + _MEDIA[Path(name).suffix]),
        )
        say(file, dcat + "byteSize", ox.Literal(str(size), datatype=iri("xsd:nonNegativeInteger")))
        say(file, spdx + "checksum", check)
        say(check, spdx + "algorithm", ox.NamedNode(spdx + "checksumAlgorithm_sha256"))
        say(check, spdx + "checksumValue", digest)
    prefixes = PREFIXES | {"void": own, "dcat": dcat, "spdx": spdx}
    return ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""


def _address(told: str) -> ox.NamedNode | ox.Literal:
    """A licence as an address: as it is, or the one of its SPDX id; other words stay words."""
    try:
        if "://" in told:
            return ox.NamedNode(told)
        return ox.NamedNode("https://spdx.org/licenses/" + told)
    except ValueError:
        return ox.Literal(told)


def readme(store: Store, counts: dict[str, int], files: dict[str, tuple[str, int]], terms: Terms) -> str:
    """The README of a deposit."""
    period = _period(store)
    kinds = Counter(entity_key(text_of(q.subject))[0] for q in store.match(None, iri("kg:id"), None, ENTITIES))
    sources = len({text_of(q.object) for q in store.match(None, iri("dcterms:publisher"))})
    lines = [
        f"# {' '.join(terms.title.split())}", "",
        "States, organizations and people, what they do to one another and what they say of it, as documents tell it: a knowledge",
        f"graph made by kgraph {kgraph.__version__}. Each assertion leads to the sentences that say it.", "",
        "| what | how many |", "|---|---|",
        *(f"| {name} | {number} |" for name, number in counts.items()),
        *(f"| entities of class {kind} | {kinds[kind]} |" for kind in NodeType if kinds[kind]),
        f"| publishers | {sources} |", "",
        f"Documents are dated from {period[0]} to {period[1]}." if period else "No document tells its date.", "",
        "## Licence", "",
        f"- Creator: {terms.creator or 'not stated'}",
        f"- Licence of the graph: {terms.license or 'not stated'}",
        "- Licence of the ontology (ontology.ttl, shapes.ttl, context.jsonld): MIT",
        "- The sentences are quotations; the rights in them stay with the publishers that documents.csv names.", "",
        "## Files", "", "| file | what | bytes | SHA-256 |", "|---|---|---|---|",
        *(f"| {name} | {what} | {files[name][1]} | `{files[name][0]}` |" for name, what in WHAT.items()), "",
        "`sha256sum -c SHA256SUMS` checks them. CSV is UTF-8 with `|` between several values of a cell; empty cells are unknown.", "",
        "## Reading it back", "", "```sh", f"pip install kgraph=={kgraph.__version__}", "kgraph restore . --store graph", "```", "",
    ]  # fmt: skip
    return "\n".join(lines)
