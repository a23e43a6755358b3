"""A small corpus of invented assertions for the tests of the network room."""

from typing import Any

from kgraph.model import Assertion, Entity, Evidence, Modality, NodeType
from kgraph.network import Corpus


def state(code: str, label: str) -> Entity:
    return Entity(code, label, NodeType.STATE)


USA, RUS, CHN, JPN = (
    state(*x) for x in (("USA", "United States"), ("RUS", "Russia"), ("CHN", "China"), ("JPN", "Japan"))
)
PRK = state("PRK", "North Korea")
ENVOY = Entity("ann-lee", "Ann Lee", NodeType.PERSON, "USA")
LOOSE = Entity("jo-doe", "Jo Doe", NodeType.PERSON)
SANCTIONS = Entity("sanctions-PRK", "sanctions on North Korea", NodeType.INSTRUMENT, head="sanction", targets=("PRK",))
TALKS = Entity("talks-PRK", "talks with North Korea", NodeType.EVENT, head="talks", targets=("PRK",))
ODD = Entity("thing-PRK", "thing", NodeType.INSTRUMENT, head="thing", targets=("PRK",))


def make(subject: Entity, relation: str, thing: Entity, sentence: str, *documents: str, **more: Any) -> Assertion:
    evidence = tuple(Evidence(d, 0, len(sentence), sentence) for d in documents or ("d1",))
    return Assertion(subject, relation, thing, evidence, "text", **more)


ROWS = [
    make(USA, "condemns", RUS, "The United States condemned Russia.", "d1", "d2", date="2006-07-09"),
    make(ENVOY, "meets", RUS, "Ann Lee met Russia.", "d2", date="2006-07"),
    make(ENVOY, "visits", USA, "Ann Lee visited the United States."),
    make(RUS, "meets", USA, "Russia may meet the United States.", modality=Modality.POSSIBLE),
    make(CHN, "supports", RUS, "China did not back Russia.", "d3", negated=True),
    make(CHN, "supports", RUS, "China backed Russia, Japan said.", "d3", attributed_to=JPN, confidence=0.4),
    make(CHN, "opposes", SANCTIONS, "China opposed sanctions.", "d1"),
    make(RUS, "opposes", SANCTIONS, "Russia opposed sanctions.", "d1"),
    make(JPN, "sponsors", SANCTIONS, "Japan sponsored sanctions.", "d3", date="2006-08-01/2006-08-03"),
    make(JPN, "rejects", TALKS, "Japan rejected talks.", "d3"),
    make(JPN, "rejects", ODD, "Japan rejected it.", "d3"),
    make(JPN, "memberOf", Entity("UN", "United Nations", NodeType.ORGANIZATION), "Japan is a member of the UN."),
    make(LOOSE, "accuses", JPN, "Jo Doe accused Japan.", "d3"),
]
DOCUMENTS = {"d1": {"date": "2006-07-10", "title": "One"}, "d2": {"date": "2006-07-11"}, "d3": {"source": "The Post"}}


def corpus() -> Corpus:
    return Corpus(tuple(ROWS), DOCUMENTS)
