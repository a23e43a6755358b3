"""Where what is stored came from: the configuration that read a document, in PROV-O.

A run is described by what decides its outcome, not by its hour: two runs of one configuration are one activity, so that
the graph does not hang on when or in how many runs it was built. The hours stand in `runs.jsonl` in the store's folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache

import pyoxigraph as ox

from kgraph.store.mapping import A, iri
from kgraph.store.vocabulary import ACTIVITY, AGENT, BASE, GRAPH

PROVENANCE = ox.NamedNode(GRAPH + "provenance")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What decides what an extractor says of a document.

    `software` is the version of kgraph, `code` a hash of the extractor's program, `extractor` its name, `model` the
    parser's name and version, `ontology` a hash of the ontology's files, `options` what the user chose.
    """

    software: str
    code: str
    extractor: str
    model: str
    ontology: str
    options: str = ""

    @property
    def key(self) -> str:
        """A hash of all of it."""
        return _key(self)

    @property
    def node(self) -> ox.NamedNode:
        """The activity."""
        return ox.NamedNode(ACTIVITY + self.key)


@lru_cache(64)
def _key(made: Configuration) -> str:
    return hashlib.sha256(json.dumps(asdict(made), sort_keys=True).encode()).hexdigest()[:20]


def configuration_quads(made: Configuration) -> Iterator[ox.Quad]:
    """The activity with its agents and the ontology that it used."""
    node = made.node
    agents = {
        f"kgraph-{made.software}": ("kgraph " + made.software, "prov:SoftwareAgent"),
        f"model-{made.model}": ("model " + made.model, "prov:SoftwareAgent"),
    }
    yield ox.Quad(node, A, iri("prov:Activity"), PROVENANCE)
    yield ox.Quad(node, iri("kg:extractor"), ox.Literal(made.extractor), PROVENANCE)
    yield ox.Quad(node, iri("kg:codeHash"), ox.Literal(made.code), PROVENANCE)
    if made.options:
        yield ox.Quad(node, iri("kg:options"), ox.Literal(made.options), PROVENANCE)
    for name, (label, kind) in agents.items():
        agent = ox.NamedNode(AGENT + "".join(c if c.isalnum() or c in "-._" else "-" for c in name))
        yield ox.Quad(node, iri("prov:wasAssociatedWith"), agent, PROVENANCE)
        yield ox.Quad(agent, A, iri(kind), PROVENANCE)
        yield ox.Quad(agent, iri("rdfs:label"), ox.Literal(label), PROVENANCE)
    ontology = ox.NamedNode(f"{BASE}ontology/{made.ontology}")
    yield ox.Quad(node, iri("kg:usedOntology"), ontology, PROVENANCE)
    yield ox.Quad(ontology, A, iri("prov:Entity"), PROVENANCE)
    yield ox.Quad(ontology, iri("kg:contentHash"), ox.Literal(made.ontology), PROVENANCE)
