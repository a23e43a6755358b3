"""The ontology in RDF: OWL 2 DL by a profile checker and a reasoner, all terms declared, readable pages, a context that fits."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.errors import KgraphError
from kgraph.model import NodeType
from kgraph.ontology import ontology_dir, plover_types, relations
from kgraph.pipeline import build_store
from kgraph.store import Store
from kgraph.store.mapping import A, iri
from kgraph.store.ontology import context, ontology_quads, ontology_triples, ontology_turtle, turtle
from kgraph.store.vocabulary import CODES, KG

TEXT = "Japan condemned North Korea's missile test on Monday. Christopher Hill, the U.S. envoy, visited China, officials said."

# HermiT's jar holds the OWL API with its profile checker as well; a process of its own keeps Java out of this one.
CHECK = """
import json, sys
import jpype
jpype.startJVM(classpath=[sys.argv[1]])
manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
source = jpype.JClass("org.semanticweb.owlapi.io.StringDocumentSource")(sys.stdin.read())
ontology = manager.loadOntologyFromOntologyDocument(source)
report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(ontology)
reasoner = jpype.JClass("org.semanticweb.HermiT.Reasoner")(ontology)
consistent = bool(reasoner.isConsistent())
empty = [str(c) for c in reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()] if consistent else []
print(json.dumps({"faults": [str(v) for v in report.getViolations()], "consistent": consistent, "empty": empty, "axioms": int(ontology.getLogicalAxiomCount())}))
"""


def checked(text: str) -> dict[str, object]:
    found = importlib.util.find_spec("owlready2")
    if found is None or not found.submodule_search_locations or shutil.which("java") is None:
        pytest.skip("the check needs Java and owlready2's jars")
    jar = Path(found.submodule_search_locations[0]) / "hermit" / "HermiT.jar"
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(jar)], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_it_is_owl_2_dl_and_no_class_is_empty() -> None:
    told = checked(ontology_turtle())
    assert told["faults"] == []
    assert told["consistent"] is True
    assert told["empty"] == []
    assert int(str(told["axioms"])) > 400


def test_the_checkers_see_what_is_wrong() -> None:
    text = ontology_turtle()
    undeclared = checked(text + "\nkg:State rdfs:subClassOf kg:Nowhere .")
    assert "Nowhere" in str(undeclared["faults"])
    # A resolution cannot meet anybody: an edge outside its relation's domain contradicts the disjoint classes.
    edge = "\nkg:x a kg:Instrument . kg:y a kg:State . kg:x kg:meets kg:y ."
    assert checked(text + edge)["consistent"] is False
    assert checked(text + edge.replace("Instrument", "State"))["consistent"] is True


def test_every_relation_has_its_row_in_owl() -> None:
    said = set(ontology_triples())
    for relation in relations().values():
        node = iri("kg:" + relation.name)
        about = {t.predicate for t in said if t.subject == node}
        wanted = (
            "rdf:type rdfs:label rdfs:domain rdfs:range rdfs:subPropertyOf skos:definition dcterms:source kg:polarity"
        )
        assert {iri(p) for p in wanted.split()} <= about, relation.name
        assert (ox.Triple(node, A, iri("owl:SymmetricProperty")) in said) == relation.symmetric
        for kind in relation.range:
            assert ox.Triple(node, iri("schema:rangeIncludes"), iri("kg:" + kind)) in said
    named = {
        t.subject.value for t in said if t.predicate == iri("skos:inScheme") and isinstance(t.subject, ox.NamedNode)
    }
    assert {CODES + "plover/" + code for code in plover_types()} <= named
    assert {CODES + "cameo/" + code for r in relations().values() for code in r.cameo} <= named
    narrower = {
        t.object.value for t in said if t.predicate == iri("skos:broader") and isinstance(t.object, ox.NamedNode)
    }
    assert narrower <= named


def test_axioms_speak_of_relations_that_are() -> None:
    """A relation that is taken out of the table must not live on in the file of axioms."""
    declared = {t.subject for t in ontology_triples() if t.predicate == A}
    used = {x for t in turtle("vocabulary.ttl") for x in (t.subject, t.predicate, t.object)}
    ours = {x for x in used if isinstance(x, ox.NamedNode) and x.value.startswith(KG)}
    assert ours <= declared


def test_every_term_of_a_store_is_declared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    store = Store.open(None)
    build_store([tmp_path], store, min_confidence=0.1)
    declared = {t.subject for t in ontology_triples() if t.predicate == A}
    used = {q.predicate for q in store.match()} | {q.object for q in store.match(None, A)}
    assert {u.value for u in used - declared if isinstance(u, ox.NamedNode) and u.value.startswith(KG)} == set()


def test_a_store_carries_it_without_blank_nodes() -> None:
    quads = list(ontology_quads(ox.NamedNode("http://g.example/")))
    assert not any(isinstance(x, ox.BlankNode) for q in quads for x in (q.subject, q.object))
    assert len(quads) > 800


def test_the_context_names_what_is_declared_and_reads_as_the_graph(tmp_path: Path) -> None:
    from rdflib import Graph

    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    store = Store.open(None)
    build_store([tmp_path], store)
    triples = {q.triple for q in store.match() if not q.graph_name.value.endswith("ontology")}  # type: ignore[union-attr]
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    graph = Graph().parse(data=data, format="nt")
    text = graph.serialize(format="json-ld", context=context()["@context"], auto_compact=True)
    assert '"modality": "kg:actual"' in text
    assert '"Assertion"' in text
    assert {q.triple for q in ox.parse(text, format=ox.RdfFormat.JSON_LD)} == triples
    declared = {t.subject for t in ontology_triples() if t.predicate == A}
    for term in context()["@context"].values():
        name = term["@id"] if isinstance(term, dict) else str(term)
        if name.startswith("kg:"):
            assert iri(name) in declared
    assert {str(t) for t in NodeType} <= set(context()["@context"])


def test_pages_and_files_are_written(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from kgraph.cli import main; main()", "ontology", "-o", str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    codes = (tmp_path / "site" / "codes.html").read_text(encoding="utf-8")
    for relation in relations().values():
        assert f'id="{relation.name}"' in page
        assert f'href="index.html#{relation.name}"' in codes or relation.structural
    assert "Polarity -; PLOVER REJECT" in page
    outside = {w for w in ("<script src", '<link rel="stylesheet"', "@import", "url(") if w in page + codes}
    assert outside == set()
    assert (tmp_path / "site" / "ontology.ttl").read_text(encoding="utf-8") == ontology_turtle()
    assert json.loads((tmp_path / "site" / "context.jsonld").read_text(encoding="utf-8")) == context()
    done = subprocess.run([*command[:-1], "/proc/none"], capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the ontology that is in force."""
    caches = (relations, plover_types, ontology_triples, context)
    copy = Path(shutil.copytree(ontology_dir(), tmp_path / "ontology"))
    monkeypatch.setenv("KGRAPH_ONTOLOGY", str(copy))
    for cached in caches:
        cached.cache_clear()
    yield copy
    os.environ.pop("KGRAPH_ONTOLOGY")
    for cached in caches:
        cached.cache_clear()


def test_a_row_of_the_table_is_all_that_a_new_relation_needs(mine: Path) -> None:
    with (mine / "relations.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(
            ["recognizes", "recognizes", "AGREE", "+", "05", "actor", "actor|Group", "no", "Treats a body as a state."]
        )
    assert ox.Triple(iri("kg:recognizes"), A, iri("owl:ObjectProperty")) in ontology_triples()
    assert "recognizes" in context()["@context"]
    assert checked(ontology_turtle())["faults"] == []


def test_wrong_files_are_named(mine: Path) -> None:
    (mine / "vocabulary.ttl").write_text("kg:x a", encoding="utf-8")
    with pytest.raises(KgraphError, match=r"vocabulary\.ttl"):
        ontology_triples()
    (mine / "context.jsonld").write_text("{", encoding="utf-8")
    with pytest.raises(KgraphError, match=r"context\.jsonld"):
        context()
