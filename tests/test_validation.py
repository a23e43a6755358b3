"""Each rule of the shapes fails on a graph that breaks it, for the built-in check and for pyshacl alike."""

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kgraph.errors import KgraphError, LimitError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.ontology import ontology_dir
from kgraph.store import Store
from kgraph.store.mapping import CORPUS, A, iri
from kgraph.store.ontology import ontology_quads
from kgraph.store.provenance import Configuration
from kgraph.store.shapes import rules
from kgraph.store.validation import shacl_violations, violations
from kgraph.store.vocabulary import BASE, GRAPH, KG

TEXT = "Japan condemned the test on Monday."
Term = ox.NamedNode | ox.Literal


def lit(value: object, datatype: str = "string") -> ox.Literal:
    return ox.Literal(str(value), datatype=iri("xsd:" + datatype))


@pytest.fixture(scope="module")
def whole() -> list[ox.Quad]:
    store = Store.open(None)
    document = Document("d", TEXT, source="The Wire")
    who, what = Entity("JPN", "Japan", NodeType.STATE), Entity("test", "the test", NodeType.EVENT, head="test")
    said = Assertion(
        who, "condemns", what, (Evidence.cut(document, 0, 35),), "text", attributed_to=who, date="2006-07-05"
    )
    store.put(document, [said], Configuration("1", "c", "text", "m", "o"))
    store.settle()
    assert list(violations(store)) == []
    return list(store.match())


def at(quads: list[ox.Quad], kind: str) -> ox.NamedNode:
    return next(q.subject for q in quads if q.predicate == A and q.object == iri(kind))  # type: ignore[return-value]


Break = Callable[[list[ox.Quad]], list[ox.Quad]]


def drop(kind: str, predicate: str) -> Break:
    """Without all values of a property."""
    return lambda quads: [q for q in quads if not (q.subject == at(quads, kind) and q.predicate == iri(predicate))]


def put(kind: str, predicate: str, *values: Term) -> Break:
    """With other values of a property."""
    return lambda quads: (
        drop(kind, predicate)(quads) + [ox.Quad(at(quads, kind), iri(predicate), value, CORPUS) for value in values]
    )


def more(kind: str, predicate: str, value: Term) -> Break:
    """With one value more."""
    return lambda quads: [*quads, ox.Quad(at(quads, kind), iri(predicate), value, CORPUS)]


def without(predicate: str) -> Break:
    """Without a property of all nodes."""
    return lambda quads: [q for q in quads if q.predicate != iri(predicate)]


ONE, STATE, DOC, RUN = "kg:Assertion", "kg:State", "kg:Document", "prov:Activity"
SENTENCE, MENTION = "nif:Sentence", "kg:Mention"
X = ox.NamedNode("http://x.example/")
BROKEN: list[tuple[str, Break]] = [
    ("an assertion has one subject, an entity", drop(ONE, "rdf:subject")),
    ("an assertion has one subject, an entity", put(ONE, "rdf:subject", X)),
    ("an assertion has one object, an entity", more(ONE, "rdf:object", X)),
    ("an assertion has one relation", put(ONE, "rdf:predicate", lit("condemns"))),
    ("an assertion has one relation", drop(ONE, "rdf:predicate")),
    ("an assertion is negated or not: one boolean", drop(ONE, "kg:negated")),
    ("an assertion is negated or not: one boolean", put(ONE, "kg:negated", lit("maybe", "boolean"))),
    ("an assertion is negated or not: one boolean", more(ONE, "kg:negated", lit("true", "boolean"))),
    ("an assertion has one modality: actual, planned, possible, requested or denied", put(ONE, "kg:modality", iri("kg:hoped"))),
    ("an assertion is attributed to one entity at most", put(ONE, "kg:attributedTo", lit("Japan"))),
    ("the date of an assertion is one day, month or year", put(ONE, "kg:date", lit("5 July"))),
    ("the date of an assertion is one day, month or year", more(ONE, "kg:date", lit("2006", "gYear"))),
    ("the confidence of an assertion is one decimal from 0 to 1", put(ONE, "kg:confidence", lit("1.5", "decimal"))),
    ("the confidence of an assertion is one decimal from 0 to 1", put(ONE, "kg:confidence", lit("-0.5", "decimal"))),
    ("the confidence of an assertion is one decimal from 0 to 1", put(ONE, "kg:confidence", lit("high"))),
    ("an assertion has a number of independent sources, 1 or more", put(ONE, "kg:independentSources", lit(0, "integer"))),
    ("an assertion has at least one sentence as evidence", drop(ONE, "kg:evidence")),
    ("an assertion has at least one sentence as evidence", put(ONE, "kg:evidence", X)),
    ("an assertion was derived from at least one document", drop(ONE, "prov:wasDerivedFrom")),
    ("what generated an assertion is a run", put(ONE, "prov:wasGeneratedBy", X)),
    ("the relation of an assertion is one of the ontology's", put(ONE, "rdf:predicate", iri("kg:hates"))),
    ("the subject of an assertion is in the domain of its relation", put(ONE, "rdf:predicate", iri("kg:concerns"))),
    ("the object of an assertion is in the range of its relation", put(ONE, "rdf:predicate", iri("kg:meets"))),
    ("an assertion that is affirmed and actual has its plain triple", without("kg:condemns")),
    ("the sentence of an assertion stands in a document that it was derived from", put(ONE, "prov:wasDerivedFrom", X)),
    ("each document that an assertion was derived from has a mention of it", without("kg:mentionIn")),
    ("a sentence begins at one offset, 0 or more, before its end", put(SENTENCE, "nif:beginIndex", lit(-1, "integer"))),
    ("a sentence begins at one offset, 0 or more, before its end", put(SENTENCE, "nif:beginIndex", lit(40, "integer"))),
    ("a sentence ends at one offset", drop(SENTENCE, "nif:endIndex")),
    ("a sentence has its text", put(SENTENCE, "nif:anchorOf", lit(""))),
    ("a sentence stands in one document", put(SENTENCE, "nif:referenceContext", X)),
    ("the text of a sentence is as long as its offsets say", put(SENTENCE, "nif:anchorOf", lit(TEXT[:-1]))),
    ("the IRI of a sentence tells its offsets", put(SENTENCE, "nif:endIndex", lit(36, "integer"))),
    ("a sentence is the evidence of an assertion", without("kg:evidence")),
    ("an entity has one id", drop(STATE, "kg:id")),
    ("an entity has one label", more(STATE, "rdfs:label", lit("Nippon"))),
    ("an entity has one label", put(STATE, "rdfs:label", lit(""))),
    ("an entity is of one class", more(STATE, "rdf:type", iri("kg:Place"))),
    ("the principal of an entity is an id", put(STATE, "kg:principal", X)),
    ("the target of an entity is an id", put(STATE, "kg:target", lit(""))),
    ("a document has one identifier", drop(DOC, "dcterms:identifier")),
    ("a document was published on one day at most", put(DOC, "dcterms:date", lit("Monday"))),
    ("the content hash of a document is one SHA-256", put(DOC, "kg:contentHash", lit("abc"))),
    ("a document was published by one source at most", put(DOC, "prov:wasAttributedTo", X)),
    ("a mention is one of an assertion", put(MENTION, "kg:mentionOf", X)),
    ("a mention stands in one document", drop(MENTION, "kg:mentionIn")),
    ("the confidence of a mention is one decimal from 0 to 1", put(MENTION, "kg:mentionConfidence", lit(2, "decimal"))),
    ("a mention tells its extractor", drop(MENTION, "kg:extractor")),
    ("a mention holds the record of what was said", put(MENTION, "kg:record", lit("{"))),
    ("a run tells its software", drop(RUN, "prov:wasAssociatedWith")),
    ("a run tells its ontology", put(RUN, "kg:usedOntology", X)),
    ("a run tells its extractor", drop(RUN, "kg:extractor")),
]  # fmt: skip


def moved(quads: list[ox.Quad], number: int) -> list[ox.Quad]:
    """The same nodes in a world of their own, so that one store holds all broken graphs."""

    def own(term: Any) -> Any:
        if not isinstance(term, ox.NamedNode) or not term.value.startswith(BASE) or term.value.startswith(KG):
            return term
        return ox.NamedNode(f"{BASE}world{number}/{term.value.removeprefix(BASE)}")

    return [ox.Quad(own(q.subject), q.predicate, own(q.object), q.graph_name) for q in quads]


@pytest.fixture(scope="module")
def reports(whole: list[ox.Quad]) -> list[dict[int, set[str]]]:
    """The messages about each broken graph, by the built-in check and by pyshacl."""
    database = ox.Store()
    ontology = ox.NamedNode(GRAPH + "ontology")
    database.extend(ontology_quads(ontology))
    data = [q for q in whole if q.graph_name != ontology]
    for number, (_, spoil) in enumerate(BROKEN):
        database.extend(moved(spoil(data), number))
    store = Store(database, writable=False)
    found = []
    for violations_found in (violations(store), shacl_violations(store)):
        messages: dict[int, set[str]] = defaultdict(set)
        for violation in violations_found:
            messages[int(violation.node.removeprefix(BASE + "world").partition("/")[0])].add(violation.message)
        found.append(messages)
    return found


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=[message for message, _ in BROKEN])
def test_each_rule_fails_on_a_graph_that_breaks_it(reports: list[dict[int, set[str]]], number: int) -> None:
    ours, standard = (found[number] for found in reports)
    assert BROKEN[number][0] in ours
    assert ours == standard


def test_the_rules_are_stopped_at_their_limit(tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "s", create=True) as store,
        pytest.raises(LimitError, match=r"after 0\.001 seconds"),
    ):
        violations(store, 0.001)


def test_every_rule_is_broken_above() -> None:
    assert {message for message, _ in BROKEN} == {rule.message for rule in rules()}


def test_a_shape_that_is_not_understood_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Path(shutil.copytree(ontology_dir(), tmp_path / "ontology"))
    text = (copy / "shapes.ttl").read_text(encoding="utf-8")
    monkeypatch.setenv("KGRAPH_ONTOLOGY", str(copy))
    for old, new in (
        ("sh:minLength 1", "sh:maxLength 9"),
        ("sh:maxCount 1", "sh:maxCount 2"),
        ("sh:minCount 1", "sh:minCount 3"),
    ):
        (copy / "shapes.ttl").write_text(text.replace(old, new), encoding="utf-8")
        rules.cache_clear()
        with pytest.raises(KgraphError, match=r"shapes\.ttl"):
            rules()
    rules.cache_clear()


def test_the_command_tells_what_is_wrong(tmp_path: Path, whole: list[ox.Quad]) -> None:
    with Store.open(tmp_path / "s", create=True):
        pass
    database = ox.Store(str(tmp_path / "s" / "oxigraph"))
    database.extend(whole)
    database.flush()
    del database
    command = [sys.executable, "-c", "from kgraph.cli import main; main()", "validate", "--store", str(tmp_path / "s")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "0 violations, 0 warnings" in done.stdout
    database = ox.Store(str(tmp_path / "s" / "oxigraph"))
    database.update("DELETE WHERE { GRAPH ?g { ?a <https://kgraph.example/ontology#evidence> ?e } }")
    database.flush()
    del database
    done = subprocess.run([*command, "--fast"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (
        "violation: an assertion has at least one sentence as evidence: 1 not so\n  Japan condemns the test <"
        in done.stdout
    )
