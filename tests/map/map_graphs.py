"""Made-up graphs for the tests and benchmarks of the map."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx

from kgraph.model import Assertion, Entity, Evidence, Mark, Modality, NodeType, Role
from kgraph.network import project
from kgraph.ontology.relations import relations


def said(subject: Entity, relation: str, thing: Entity, document: str = "d", **more: Any) -> Assertion:
    """An assertion with a sentence of the usual form, its subject, relation and object marked."""
    verb = relations()[relation].label
    parts = [subject.label, " ", verb, " ", thing.label]
    text = "".join(parts) + "."
    places = [0, len(parts[0]) + 1, len(parts[0]) + len(verb) + 2]
    roles = zip((Role.SUBJECT, Role.RELATION, Role.OBJECT), places, parts[::2], strict=True)
    marks = tuple(Mark(role, start, start + len(part)) for role, start, part in roles)
    return Assertion(subject, relation, thing, (Evidence(document, 0, len(text), text, marks),), "text", **more)


def random_graph(nodes: int, edges: int, seed: int = 1) -> nx.MultiDiGraph:
    """A graph with hubs, as the press makes them: who acts is drawn evenly, who is acted on by Zipf's law."""
    draw = random.Random(seed)
    names = sorted(r.name for r in relations().values() if not r.structural)
    classes = [NodeType.STATE, NodeType.ORGANIZATION, NodeType.PERSON, NodeType.EVENT, NodeType.INSTRUMENT]
    cast = [Entity(f"n{i}", f"Actor number {i}", classes[min(4, i % 9)]) for i in range(nodes)]

    def assertions() -> list[Assertion]:
        found = []
        for k in range(edges):
            subject = cast[k % nodes] if k < nodes else draw.choice(cast)
            thing = cast[min(nodes - 1, int(draw.paretovariate(0.6)) - 1)]
            if subject is thing:
                thing = cast[(cast.index(subject) + 1) % nodes]
            found.append(
                said(
                    subject, draw.choice(names), thing, f"doc{k % 400}", date=f"2024-{1 + k % 12:02}-{1 + k % 28:02}",
                    modality=draw.choice(list(Modality)), negated=draw.random() < 0.05, confidence=round(draw.random(), 2),
                )
            )  # fmt: skip
        return found

    return project(assertions())


DOCUMENTS = {
    "post": {"title": "A week of missiles", "source": "The Delta Post", "url": "https://example.org/a", "date": "2006-07-10"},
    "ledger": {"title": "Envoys and threats", "source": "Mekong Ledger", "date": "2006-07-12"},
}  # fmt: skip

USA = Entity("USA", "United States", NodeType.STATE)
CHN = Entity("CHN", "China", NodeType.STATE)
PRK = Entity("PRK", "North Korea", NodeType.STATE)
JPN = Entity("JPN", "Japan", NodeType.STATE)
RUS = Entity("RUS", "Russia", NodeType.STATE)
UNSC = Entity("UNSC", "UN Security Council", NodeType.ORGANIZATION)
HILL = Entity("christopher-hill", "Christopher Hill", NodeType.PERSON, "USA")
SANCTIONS = Entity("sanctions-PRK", "sanctions on North Korea", NodeType.INSTRUMENT, targets=("PRK",))
TALKS = Entity("talks", "six-party talks", NodeType.EVENT)


def crisis() -> nx.MultiDiGraph:
    """A small crisis with every way to say a thing: parallel, negated, planned, possible, demanded, denied, attributed."""
    rows = [
        said(JPN, "proposes", SANCTIONS, "post", date="2006-07-05"),
        said(CHN, "opposes", SANCTIONS, "post", date="2006-07-09", attributed_to=USA, confidence=0.8),
        said(RUS, "opposes", SANCTIONS, "ledger", date="2006-07-09"),
        said(SANCTIONS, "targets", PRK, "post"),
        said(HILL, "supports", TALKS, "post", date="2006-07-10"),
        said(HILL, "meets", CHN, "post", date="2006-07-10", confidence=0.4),
        said(HILL, "actsFor", USA, "post"),
        said(PRK, "rejects", TALKS, "ledger", modality=Modality.PLANNED, negated=True),
        said(PRK, "threatens", JPN, "post", date="2006-07-06"),
        said(PRK, "accuses", JPN, "post", date="2006-07-07"),
        said(PRK, "condemns", JPN, "ledger", date="2006-07-11"),
        said(JPN, "condemns", PRK, "post", date="2006-07-05"),
        said(CHN, "mediates", TALKS, "ledger", modality=Modality.POSSIBLE),
        said(JPN, "requests", UNSC, "ledger", date="2006-07-12", modality=Modality.REQUESTED),
        said(RUS, "aids", PRK, "ledger", modality=Modality.DENIED),
        said(CHN, "memberOf", UNSC, "post"),
    ]
    graph = project(rows)
    graph.edges["State:CHN", "Instrument:sanctions-PRK", 0]["sources"] = 2
    return graph


def blocs() -> nx.MultiDiGraph:
    """Two blocs of five friends each, at enmity, and one actor on good terms with both."""
    east, west = ([Entity(f"{side}{i}", f"{side} {i}", NodeType.STATE) for i in range(5)] for side in ("East", "West"))
    between = Entity("between", "Go-between", NodeType.STATE)
    rows = [said(a, "alliedWith", b) for side in (east, west) for a in side for b in side if a.id < b.id]
    rows += [said(a, "condemns", b) for a in east for b in west]
    rows += [said(between, "cooperatesWith", other) for other in (*east[:3], *west[:3])]
    return project(rows)
