"""Each saved query with its answer on a small graph of invented and of well-known facts."""

import datetime as dt

import pytest

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, Modality, NodeType
from kgraph.store import Store, saved_queries

S, P, O, I, E = NodeType.STATE, NodeType.PERSON, NodeType.ORGANIZATION, NodeType.INSTRUMENT, NodeType.EVENT  # noqa: E741
WHO = {
    e.id: e
    for e in (
        Entity("USA", "United States", S), Entity("CHN", "China", S), Entity("JPN", "Japan", S), Entity("PRK", "North Korea", S),
        Entity("RUS", "Russia", S), Entity("NOR", "Norway", S), Entity("SDN", "Sudan", S), Entity("FRA", "France", S),
        Entity("UN", "United Nations", O), Entity("NATO", "NATO", O), Entity("hill", "Christopher Hill", P, principal="USA"),
        Entity("sanctions-PRK", "sanctions on North Korea", I, head="sanction", targets=("PRK",)),
        Entity("resolution", "draft resolution", I, head="resolution"), Entity("treaty", "test-ban treaty", I, head="treaty"),
        Entity("talks", "six-party talks", E, head="talk"), Entity("accusation", "accusation of Japan", I, head="accusation"),
    )
}  # fmt: skip
R, PL, D = Modality.REQUESTED, Modality.PLANNED, Modality.DENIED
# document, subject, relation, object, then what differs from a plain assertion
FACTS: list[tuple[str, str, str, str, dict[str, object]]] = [
    ("a", "USA", "sanctions", "PRK", {"date": "2006-07-05"}),
    ("b", "JPN", "sanctions", "PRK", {"date": "2006-09"}),
    ("a", "CHN", "supports", "sanctions-PRK", {"date": "2006-07-01"}),
    ("b", "CHN", "opposes", "sanctions-PRK", {"date": "2006-07-09"}),
    ("a", "RUS", "rejects", "sanctions-PRK", {}),
    ("a", "NOR", "mediates", "SDN", {}),
    ("a", "JPN", "accuses", "PRK", {}),
    ("b", "PRK", "rejects", "accusation", {}),
    ("a", "RUS", "signs", "treaty", {}),
    ("b", "RUS", "signs", "treaty", {"negated": True}),
    ("a", "RUS", "vetoes", "resolution", {}),
    ("a", "CHN", "abstains", "resolution", {}),
    ("a", "JPN", "sponsors", "resolution", {}),
    ("b", "FRA", "sponsors", "resolution", {}),
    ("a", "USA", "alliedWith", "JPN", {}),
    ("b", "NOR", "memberOf", "NATO", {}),
    ("a", "PRK", "threatens", "JPN", {"date": "2006-07-04"}),
    ("a", "USA", "requests", "PRK", {}),
    ("b", "USA", "requests", "CHN", {}),
    ("b", "CHN", "concedes", "USA", {}),
    ("a", "hill", "actsFor", "USA", {}),
    ("a", "hill", "visits", "CHN", {"date": "2006-07-07", "modality": PL, "confidence": 0.3}),
    ("b", "RUS", "attacks", "SDN", {"attributed_to": "hill"}),
    ("b", "UN", "aids", "SDN", {}),
    ("c", "UN", "aids", "SDN", {}),
    ("b", "UN", "condemns", "talks", {"negated": True}),
]


@pytest.fixture(scope="module")
def store() -> Store:
    texts: dict[str, str] = {}
    spans = []
    for document, subject, relation, other, _ in FACTS:
        text = texts.get(document, "")
        sentence = f"{document}: {WHO[subject].label} {relation} {WHO[other].label}."
        if document == "c":
            sentence = "Quite other words of a paper that nobody copied tell of relief on its way."
        spans.append((len(text), len(text) + len(sentence)))
        texts[document] = text + sentence + " "
    known = {
        "a": Document("a", texts["a"], dt.date(2006, 7, 10), "The first", "The Wire"),
        "b": Document("b", texts["b"], dt.date(2006, 9, 30), source="The Paper"),
        "c": Document("c", texts["c"], dt.date(2006, 10, 1), source="The Paper"),
    }
    said: dict[str, list[Assertion]] = {"a": [], "b": [], "c": []}
    for (document, subject, relation, other, more), (start, end) in zip(FACTS, spans, strict=True):
        given = {**more, "attributed_to": WHO[str(more["attributed_to"])] if "attributed_to" in more else None}
        evidence = (Evidence.cut(known[document], start, end),)
        said[document].append(Assertion(WHO[subject], relation, WHO[other], evidence, "text", **given))  # type: ignore[arg-type]
    store = Store.open(None)
    for name, document in known.items():
        store.put(document, said[name])
    store.settle()
    return store


# query, parameters, columns to look at, the rows
ANSWERS: list[tuple[str, dict[str, str], str, list[str]]] = [
    ("accusations", {}, "subject object", ["Japan|North Korea", "United Nations|six-party talks"]),
    ("actors", {}, "actor assertions", ["China|4", "Russia|5", "United States|4"]),
    ("aid", {}, "subject relation object", ["China|supports|sanctions on North Korea", "United Nations|aids|Sudan"]),
    ("alliances", {}, "subject relation object", ["Norway|is a member of|NATO", "United States|is allied with|Japan"]),
    ("attacks", {}, "subject object said_by", ["Russia|Sudan|Christopher Hill"]),
    ("attributed", {}, "said_by subject relation", ["Christopher Hill|Russia|attacks"]),
    ("between", {"one": "china", "other": "USA"}, "when subject relation object",
     ["2006-07-07|Christopher Hill|visits|China", "2006-09-30|China|concedes to|United States", "2006-09-30|United States|asks|China"]),
    ("claims-of", {"name": "hill"}, "speaker subject object", ["Christopher Hill|Russia|Sudan"]),
    ("claims-of", {"name": "nobody"}, "speaker", []),
    ("common-adversaries", {}, "one other against", ["Japan|United States|North Korea"]),
    ("confirmed", {}, "subject object sources", ["United Nations|Sudan|2"]),
    ("contradictions", {}, "subject object affirmed_in negated_in", ["Russia|test-ban treaty|a|b"]),
    ("demands", {}, "subject object", ["United States|China", "United States|North Korea"]),
    ("denied", {}, "accuser accused denied", ["Japan|North Korea|accusation of Japan"]),
    ("documents", {}, "document source assertions", ["a|The Wire|14", "b|The Paper|11", "c|The Paper|1"]),
    ("doubtful", {}, "confidence subject", ["0.3|Christopher Hill"]),
    ("doubtful", {"below": "0.2"}, "subject", []),
    ("mediators", {}, "subject object", ["Norway|Sudan"]),
    ("mediators-of", {"name": "SDN"}, "subject object", ["Norway|Sudan"]),
    ("mediators-of", {"name": "Mali"}, "subject", []),
    ("meetings", {}, "date subject object modality", ["2006-07-07|Christopher Hill|China|planned"]),
    ("negated", {}, "subject relation", ["Russia|signs", "United Nations|condemns"]),
    ("offices", {}, "subject relation object", ["Christopher Hill|acts for|United States"]),
    ("opposes-sanctions", {}, "subject relation", ["China|opposes", "Russia|rejects", "Russia|vetoes"]),
    ("planned", {}, "subject object", ["Christopher Hill|China"]),
    ("sanctions", {}, "subject object date", ["Japan|North Korea|2006-09", "United States|North Korea|2006-07-05"]),
    ("sanctions-in-period", {"from": "2006-09-15"}, "subject when", ["Japan|2006-09"]),
    ("sanctions-in-period", {"to": "2006-08"}, "subject when", ["United States|2006-07-05"]),
    ("sanctions-in-period", {}, "subject when", ["Japan|2006-09", "United States|2006-07-05"]),
    ("says-and-acts-for", {"name": "Hill"}, "subject acts_for relation", ["Christopher Hill|USA|acts for", "Christopher Hill|USA|visits"]),
    ("side-by-side", {}, "one other things", ["France|Japan|1"]),
    ("sources", {}, "source documents assertions alone", ["The Paper|2|11|10", "The Wire|1|14|14"]),
    ("sponsors", {}, "subject object", ["France|draft resolution", "Japan|draft resolution"]),
    ("stance-changes", {"name": "China"}, "subject object before after", ["China|sanctions on North Korea|2006-07-01|2006-07-09"]),
    ("threats", {"from": "2006-07-04", "to": "2006-07-04"}, "subject object", ["North Korea|Japan"]),
    ("threats", {"from": "2006-07-05"}, "subject", []),
    ("treaties", {"name": "treaty"}, "subject relation negated", ["Russia|signs|false", "Russia|signs|true"]),
    ("unanswered-demands", {}, "subject asked", ["United States|North Korea"]),
    ("unconfirmed", {"name": "UN"}, "subject object", []),
    ("unconfirmed", {"name": "NOR"}, "subject object", ["Norway|NATO", "Norway|Sudan"]),
    ("votes", {"name": "resolution"}, "subject relation", ["China|abstains on", "Russia|vetoes"]),
    # Its rows are those of tables: see test_records_store.py.
    ("words-and-votes", {"word": "accuses", "vote": "abstains"}, "state", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameters", "columns", "rows"), ANSWERS)
def test_answer(store: Store, name: str, parameters: dict[str, str], columns: str, rows: list[str]) -> None:
    result = store.query(saved_queries()[name].sparql(**parameters))
    at = [result.variables.index(c) for c in columns.split()]
    found = sorted({"|".join(row[i] or "" for i in at) for row in result.rows})
    if name == "actors":
        found = [f for f in found if f in rows]
    assert found == sorted(rows)


def test_each_query_has_a_title_an_answer_and_its_parameters() -> None:
    assert len(saved_queries()) >= 20
    assert {a[0] for a in ANSWERS} == set(saved_queries())
    assert len({q.title for q in saved_queries().values()}) == len(saved_queries())
    for query in saved_queries().values():
        assert all("Example: " in meaning for meaning in query.parameters.values())


def test_parameters_stay_text(store: Store) -> None:
    query = saved_queries()["between"]
    for hostile in ('") } DELETE', "{{other}}", "\\", '"', "a\nb", "\u202e"):
        assert store.query(query.sparql(one=hostile, other="x")).rows == ()
    with pytest.raises(KgraphError, match="no parameter"):
        query.sparql(third="x")
