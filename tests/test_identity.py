"""Who is who: decisions are data, every build honours them, and undoing leaves no trace."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.ontology.actors import actors
from kgraph.store import Store
from kgraph.store.candidates import candidates, unambiguous
from kgraph.store.identity import Decision, Identity, read_decisions, replacements, write_decisions
from kgraph.store.provenance import Configuration

MADE = Configuration("1", "c", "text", "m", "o")
P, O = NodeType.PERSON, NodeType.ORGANIZATION  # noqa: E741
JAPAN = Entity("JPN", "Japan", NodeType.STATE)
PEOPLE = {
    name: Entity(name.lower().replace(" ", "-"), name, P, principal)
    for name, principal in {
        "Gerald Ford": "USA", "Gerald R. Ford": None, "Sergei Lavrov": "RUS", "Sergey Lavrov": "RUS", "Fayez al-Sarraj": "LBY",
        "Fayez Serraj": "LBY", "Kim Jong-il": "PRK", "Kim Jong-un": "PRK", "Hill": None, "Jonah Hill": "USA", "Faith Hill": "USA",
        "Владимир Зеленский": "UKR", "Volodymyr Zelensky": "UKR",
    }.items()
}  # fmt: skip
BODY = Entity("river-commission", "River Commission", O)
BODY_AGAIN = Entity("commission-of-the-river", "Commission of the River", O)
ENVOY = Entity("envoy", "Ann Envoy", P, principal="commission-of-the-river")


def said(name: str, *pairs: tuple[Entity, Entity]) -> tuple[Document, list[Assertion]]:
    document = Document(name, "Somebody met somebody else at some length. " * 5, source=f"The {name}")
    return document, [
        Assertion(a, "meets", b, (Evidence.cut(document, i * 43, i * 43 + 42),), "text")
        for i, (a, b) in enumerate(pairs)
    ]


def lines(store: Store) -> list[str]:
    stream = io.BytesIO()
    store.export(stream, "nquads")
    return stream.getvalue().decode().splitlines()


@pytest.fixture
def store() -> Store:
    opened = Store.open(None)
    for entity in (*PEOPLE.values(), BODY, BODY_AGAIN, ENVOY):
        opened.put(*said(entity.id, (entity, JAPAN)), MADE)
    opened.settle()
    return opened


def same(left: str, right: str) -> Decision:
    return Decision("same", left, right)


def test_spellings_initials_and_scripts_are_candidates_and_namesakes_are_not(store: Store) -> None:
    found = candidates(store, threshold=0.6)
    pairs = {frozenset((c.left.label, c.right.label)) for c in found}
    for pair in (
        ("Gerald Ford", "Gerald R. Ford"),
        ("Sergei Lavrov", "Sergey Lavrov"),
        ("Fayez al-Sarraj", "Fayez Serraj"),
        ("Владимир Зеленский", "Volodymyr Zelensky"),
        ("River Commission", "Commission of the River"),
        ("Hill", "Jonah Hill"),
    ):
        assert frozenset(pair) in pairs, pair
    assert frozenset(("Kim Jong-il", "Kim Jong-un")) not in pairs
    assert frozenset(("Jonah Hill", "Faith Hill")) not in pairs
    # Hill may be either: no program decides that.
    assert not [c for c in unambiguous(found, 0.6) if "Hill" in (c.left.label, c.right.label)]


def test_other_numbers_are_other_things() -> None:
    store = Store.open(None)
    names = (
        "General Assembly resolution R/75/901",
        "General Assembly resolution R/75/902",
        "Assembly resolution R/75/901",
    )
    things = [Entity(f"r{n}", name, NodeType.INSTRUMENT, head="resolution") for n, name in enumerate(names)]
    store.put(*said("d", *((Entity("CHN", "China", NodeType.STATE), thing) for thing in things)))
    store.settle()
    assert [{c.left.key, c.right.key} for c in candidates(store)] == [{"Instrument:r0", "Instrument:r2"}]


def test_the_one_the_ontology_knows_stays(store: Store) -> None:
    (ford,) = [c for c in candidates(store) if "Gerald R. Ford" in (c.left.label, c.right.label)]
    assert (ford.left.label, ford.left.known) == ("Gerald Ford", "Gerald Ford")
    assert "names gerald" in ford.grounds[0]


def test_merging_moves_everything_and_undoing_leaves_no_trace(store: Store) -> None:
    before = lines(store)
    store.decide(
        [
            same("Person:gerald-ford", "Person:gerald-r.-ford"),
            same("Organization:river-commission", "Organization:commission-of-the-river"),
        ]
    )
    rows = store.query("SELECT ?name { ?e kg:id 'gerald-ford' ; rdfs:label|skos:altLabel ?name } ORDER BY ?name").rows
    assert rows == (("Gerald Ford",), ("Gerald R. Ford",))
    assert store.query("SELECT ?x { ?x rdfs:label 'Ann Envoy' ; kg:principal 'river-commission' }").rows
    assert not store.query("SELECT ?s { ?s kg:meets ?o . FILTER(STRENDS(STR(?s), 'gerald-r.-ford')) }").rows
    (merged,) = {a.subject for a in store.assertions() if a.subject.id == "gerald-ford"}
    assert (merged.label, merged.principal) == ("Gerald Ford", "USA")
    assert store.query("SELECT ?name { ?e kg:id 'gerald-ford' ; rdfs:label ?name }").rows == (("Gerald Ford",),)
    assert store.query("ASK { ?old dcterms:isReplacedBy ?new }").rows == (("true",),)
    store.decide(
        [
            Decision("undone", "Person:gerald-ford", "Person:gerald-r.-ford"),
            Decision("undone", "Organization:river-commission", "Organization:commission-of-the-river"),
        ]
    )
    assert lines(store) == before


KEYS = [f"Person:p{n}" for n in range(5)]


@given(
    st.lists(st.tuples(st.sampled_from(["same", "undone"]), st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda t: t[1] != t[2]), max_size=6),
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4), min_size=1, max_size=4),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_deciding_late_and_early_come_to_the_same(
    told: list[tuple[str, str, str]], texts: list[list[tuple[int, int]]]
) -> None:
    people = [Entity(f"p{n}", f"P {n}", P) for n in range(5)]
    documents = [said(f"d{i}", *((people[a], people[b]) for a, b in pairs)) for i, pairs in enumerate(texts)]
    decisions = [Decision(*t) for t in told]
    late, early = Store.open(None), Store.open(None)
    early.decide(decisions)
    for store in (late, early):
        for document, assertions in documents:
            store.put(document, assertions, MADE)
        store.settle()
    for decision in decisions:
        late.decide([decision])
    assert lines(late) == lines(early)
    for document, _ in documents:
        late.remove(document.id)
    late.decide([replace(d, verdict="undone") for d in decisions])
    assert lines(late) == lines(Store.open(None))


def test_later_builds_and_other_stores_honour_the_file(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        store.put(*said("a", (PEOPLE["Sergei Lavrov"], JAPAN)), MADE)
        store.decide([same("Person:sergei-lavrov", "Person:sergey-lavrov")])
    with Store.open(tmp_path / "s") as store:
        store.put(*said("b", (PEOPLE["Sergey Lavrov"], JAPAN)), MADE)
        store.settle()
        assert {a.subject.id for a in store.assertions()} == {"sergei-lavrov"}
        wanted = lines(store)
    # A process killed between the file and the graph: the next one brings the graph in line.
    with Store.open(tmp_path / "t", create=True) as store:
        for name, person in (("a", "Sergei Lavrov"), ("b", "Sergey Lavrov")):
            store.put(*said(name, (PEOPLE[person], JAPAN)), MADE)
        store.settle()
    write_decisions(tmp_path / "t" / "identity.csv", read_decisions(tmp_path / "s" / "identity.csv"))
    with Store.open(tmp_path / "t") as store:
        assert lines(store) == wanted
    # Without the file, as where only the graph was handed on, what it says stands and can be undone.
    (tmp_path / "t" / "identity.csv").unlink()
    with Store.open(tmp_path / "t") as store:
        assert lines(store) == wanted
        store.decide([Decision("undone", "Person:sergei-lavrov", "Person:sergey-lavrov")])
        assert {a.subject.id for a in store.assertions()} == {"sergei-lavrov", "sergey-lavrov"}


def test_contradictions_are_refused_and_nothing_is_done(store: Store) -> None:
    store.decide([same("Person:a", "Person:b"), same("Person:b", "Person:c")])
    before = lines(store)
    with pytest.raises(KgraphError, match="undo one of them"):
        store.decide([Decision("different", "Person:a", "Person:c")])
    assert len(store.decisions()) == 2
    assert lines(store) == before
    with pytest.raises(KgraphError, match="never the same"):
        same("Person:a", "Event:a")
    with pytest.raises(KgraphError, match="both sides"):
        same("Person:a", "Person:a")


def test_chains_lead_to_the_first_and_different_ends_them() -> None:
    chain = [same("Person:a", "Person:b"), same("Person:b", "Person:c"), same("Person:d", "Person:a")]
    assert replacements(chain) == dict.fromkeys(("Person:a", "Person:b", "Person:c"), "Person:d")
    assert replacements([*chain, Decision("different", "Person:c", "Person:b")]) == dict.fromkeys(
        ("Person:a", "Person:b"), "Person:d"
    )
    assert Identity({}).changed(Identity({"Person:a": "Person:b"})) == ({"Person:a"}, frozenset())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("verdict,left\nsame,Person:a\n", "line 1"),
        (
            "verdict,left,right,by,when,score,left_label,right_label\nperhaps,Person:a,Person:b,,,,,\n",
            "line 2: the verdict",
        ),
        ("verdict,left,right,by,when,score,left_label,right_label\nsame,Person:a,Human:b,,,,,\n", "line 2: 'Human:b'"),
        ("verdict,left,right,by,when,score,left_label,right_label\nsame,Person:a\n", "line 2: there must be 8 cells"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "identity.csv").write_text(text, encoding="utf-8")
    with pytest.raises(KgraphError, match=word):
        read_decisions(tmp_path / "identity.csv")


@given(
    st.lists(
        st.builds(
            Decision,
            st.sampled_from(["same", "different"]),
            st.sampled_from(KEYS[:2]),
            st.sampled_from(KEYS[2:]),
            st.text(),
            st.text(),
        )
    )
)
@settings(deadline=None)
def test_the_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, decisions: list[Decision]
) -> None:
    path = tmp_path_factory.mktemp("decisions") / "identity.csv"
    write_decisions(path, decisions)
    assert read_decisions(path) == decisions


def test_states_and_bodies_have_their_wikidata_items() -> None:
    assert actors()["PRK"].iri == "http://www.wikidata.org/entity/Q423"
    assert actors()["UN"].iri == "http://www.wikidata.org/entity/Q1065"
    assert sum(a.iri is not None for a in actors().values()) > 300


def test_on_the_command_line(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s", create=True) as store:
        for entity in PEOPLE.values():
            store.put(*said(entity.id, (entity, JAPAN)), MADE)

    def kgraph(*words: str, answers: str = "") -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-c",
            "from kgraph.cli import main; main()",
            "resolve",
            "--store",
            str(tmp_path / "s"),
            *words,
        ]
        return subprocess.run(command, input=answers, capture_output=True, text=True, check=False)

    done = kgraph("--ask", "--min-score", "0.8", "--by", "Ann", answers="s\nd\nq\n")
    assert "[s]ame" in done.stdout
    assert "2 decisions kept" in done.stdout
    listed = kgraph("--decisions").stdout.splitlines()
    assert [line.split()[1] for line in listed] == ["same", "different"]
    assert "by Ann" in listed[0]
    first = read_decisions(tmp_path / "s" / "identity.csv")[0]
    assert kgraph("--undo", first.right_label, first.left_label).returncode == 0
    again = kgraph("--undo", first.right_label, first.left_label)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "nothing was decided" in again.stderr
    assert "same: " in kgraph("--auto", "0.9").stdout
