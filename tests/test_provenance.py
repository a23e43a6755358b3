"""Why the graph says a thing: the sentences, their marks, and sources that are counted once."""

import base64
import itertools
import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import datasketch
import pyoxigraph as ox
import pytest

from kgraph.errors import KgraphError
from kgraph.pipeline import build_store
from kgraph.serialization import assertion_to_dict
from kgraph.store import Store, independence
from kgraph.store.folder import MARKER
from kgraph.store.independence import SENTENCE_LIKENESS, independent, likeness, signature
from kgraph.store.independence import Testimony as Said
from kgraph.store.search import search
from kgraph.store.testimony import why
from kgraph.store.vocabulary import ASSERTION, GRAPH, KG

WIRE = (
    "GENEVA (Wire) -- Japan condemned North Korea on Monday after the launch of seven missiles into the sea. "
    "Officials in Tokyo said that the launch had been watched from ships and from the air for most of the morning. "
    "Markets fell in the afternoon and the yen was lower against the dollar in thin trade."
)
COPY = "Markets first.\n" + WIRE.replace("GENEVA (Wire) -- ", "").replace("lower against", "weaker against")
OTHER = "In a statement of its own that no agency carried, the foreign ministry told reporters that Japan condemned North Korea."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    for name, text in (("wire", WIRE), ("copy", COPY), ("other", OTHER)):
        row = {"id": name, "text": text, "date": "2006-07-05", "source": f"The {name}", "title": f"About {name}"}
        with (tmp_path / "rows.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
    opened = Store.open(None)
    build_store([tmp_path / "rows.jsonl"], opened)
    return opened


def test_near_duplicates_count_once() -> None:
    one = "Japan said on Monday that it would sponsor a resolution against the missile tests of North Korea."
    said = [
        Said("a", 0, one),
        Said("b", 0, one.replace("Monday", "Tuesday")),
        Said("c", 9, "Tokyo's envoy introduced the text, diplomats said."),
        Said("a", 200, "Quite another sentence of the first paper."),
    ]
    assert independent(said) == [[0, 1, 3], [2]]
    assert [len(g) for g in independent(said[::-1])] == [3, 1]


PLAIN = (
    "japan condemned the missile test of north korea on monday and asked the council to meet about the launch at once",
    "envoys of six states who had come to beijing said that no text was ready and that they would meet there again in march",
)


def edited(chance: random.Random, sentence: str, edits: int, n: int) -> Said:
    words = sentence.split()
    for k in range(edits):
        words[chance.randrange(len(words))] = f"word{n}x{k}"
    return Said(f"d{n:05}", 0, " ".join(words))


def test_groups_are_those_of_comparing_all_pairs() -> None:
    """Single linkage over every pair, in which nothing is left out."""
    for seed in range(20):
        chance = random.Random(seed)
        said = [edited(chance, chance.choice(PLAIN), chance.randrange(6), n) for n in range(60)]
        # Of some, the beginning or the end is cut off.
        cut = (" ".join(t.sentence.split()[chance.randrange(3) : 22 - chance.randrange(6)]) for t in said)
        said = [replace(t, sentence=chance.choice([t.sentence, own])) for t, own in zip(said, cut, strict=True)]
        pairs = [frozenset(itertools.pairwise(t.sentence.split())) for t in said]
        group = list(range(len(said)))
        for i, j in itertools.combinations(range(len(said)), 2):
            if len(pairs[i] & pairs[j]) >= SENTENCE_LIKENESS * len(pairs[i] | pairs[j]):
                group = [group[i] if g == group[j] else g for g in group]
        wanted = [[i for i, g in enumerate(group) if g == own] for own in dict.fromkeys(group)]
        assert independent(said) == wanted
        assert 1 < len(wanted) < len(said)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pairs were compared."""
    count = [0]
    test = independence._Alike.__call__

    def counted(self: independence._Alike, one: frozenset[str], other: frozenset[str]) -> bool:
        count[0] += 1
        return test(self, one, other)

    monkeypatch.setattr(independence._Alike, "__call__", counted)
    return count


def test_thousands_of_copies_are_few_comparisons(compared: list[int]) -> None:
    chance = random.Random(3)
    said = [edited(chance, PLAIN[n % 2], 1, n) for n in range(2_000)]
    said = [replace(t, signature=signature(t.sentence)) for t in said]
    assert independent(said) == [list(range(0, 2_000, 2)), list(range(1, 2_000, 2))]
    assert compared[0] < 5 * len(said)


def test_what_is_nearly_alike_is_not_compared(compared: list[int]) -> None:
    """Sentences of one template that are a little less alike than copies: 30 of 48 word pairs are common to any two."""
    common = " ".join(f"common{k}" for k in range(31))
    said = [Said(f"d{n:04}", 0, common + "".join(f" own{n}x{k}" for k in range(9))) for n in range(500)]
    assert len(independent(said)) == len(said)
    assert compared[0] == 0


def test_sentences_with_chance_words_in_them_are_few_comparisons(compared: list[int]) -> None:
    """Of one template, one to four words each are others; half of the sentences have a copy then."""
    chance, template = random.Random(5), " ".join(f"w{k}" for k in range(25))
    said = [edited(chance, template, chance.choice([1, 2, 3, 4]), n) for n in range(1_200)]
    assert 400 < len(independent(said)) < 700
    assert compared[0] < 40 * len(said)  # without positional filtering 200 for each


def test_the_signature_is_that_of_datasketch() -> None:
    for text in (WIRE, "", "one", "ein Überblick über 東京 and five words more"):
        words = [word.casefold() for word in re.findall(r"\w+", text)]
        values = datasketch.MinHash(num_perm=64, seed=1, scheme="affine32")
        values.update_batch({" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))})
        assert base64.b64decode(signature(text)) == values.hashvalues.astype("<u4").tobytes()


def test_cut_wire_stories_are_alike_and_others_not() -> None:
    assert likeness(signature(WIRE), signature(COPY)) > 0.7
    assert likeness(signature(WIRE), signature(OTHER)) < 0.1


def test_why_counts_wire_copies_once(store: Store) -> None:
    accounts = why(store, "japan", "condemns", "North Korea")
    assert {w.evidence.document for a in accounts for w in a.witnesses} == {"wire", "copy", "other"}
    by_document = {w.evidence.document: (a, w) for a in accounts for w in a.witnesses}
    account, witness = by_document["wire"]
    assert (account.sources, len(account.witnesses)) == (1, 2)
    assert [w.copy for w in account.witnesses] == [False, True]
    assert witness.document["title"] == "About wire"
    marked = {m.role.value: WIRE[m.start : m.end] for m in witness.evidence.marks}
    assert (marked["subject"], marked["object"]) == ("Japan", "North Korea")
    rows = store.query("SELECT ?n { ?a rdf:predicate kg:condemns ; kg:independentSources ?n }").rows
    assert {r[0] for r in rows} == {"1"}


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("Japan", "hates", "PRK"), "no relation"),
        (("Atlantis", "condemns", "PRK"), "knows no"),
        (("State", "condemns", "PRK"), "knows no"),
        (("PRK", "aids", "Japan"), "does not say"),
    ],
)
def test_why_not(store: Store, names: tuple[str, str, str], word: str) -> None:
    with pytest.raises(KgraphError, match=word):
        why(store, *names)


def test_provenance_leads_from_assertion_to_ontology_and_software(store: Store) -> None:
    rows = store.query(
        "SELECT DISTINCT ?software ?hash ?source { ?a rdf:predicate kg:condemns ; prov:wasDerivedFrom ?d ; prov:wasGeneratedBy ?run . "
        "?run prov:used ?d ; prov:wasAssociatedWith ?agent ; kg:usedOntology/kg:contentHash ?hash . ?agent rdfs:label ?software . "
        "?d prov:wasAttributedTo/rdfs:label ?source FILTER(STRSTARTS(?software, 'kgraph')) }"
    ).rows
    assert {r[2] for r in rows} == {"The wire", "The copy", "The other"}
    assert len({r[:2] for r in rows}) == 1


def test_search_finds_inflections_phrases_and_what_was_added(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Japan condemned the missile tests of North Korea.", encoding="utf-8")
    with Store.open(tmp_path / "s", create=True) as store:
        build_store([tmp_path / "a.txt"], store)
        assert [h.place for h in search(store, "missiles condemn") if h.kind == "sentence"] == ["a.txt"]
        assert search(store, '"tests missile"') == []
        assert search(store, "japan")[0].kind == "name"
        for hostile in ('" OR 1', "text:NEAR(a", "a* ^ - ("):
            search(store, hostile)
        with pytest.raises(KgraphError, match="no word"):
            search(store, '"*"')
        assert search(store, "Mali") == []
        (tmp_path / "a.txt").write_text("France praised Mali.", encoding="utf-8")
        build_store([tmp_path / "a.txt"], store)
        assert {h.place for h in search(store, "Mali")} == {"State:MLI", "a.txt"}
        assert search(store, "missile") == []
    (tmp_path / "s" / "search.sqlite").write_bytes(b"no database, " * 1000)
    with Store.open(tmp_path / "s") as store:
        assert search(store, "Mali")


def test_a_store_of_schema_1_is_refused_and_migrated(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / MARKER).write_text('{"kgraph_store": 1}')
    database = ox.Store(str(folder / "oxigraph"))
    graph = ox.NamedNode(GRAPH + "corpus")
    said = list(store.assertions())
    for number, a in enumerate(said):
        for n, _ in enumerate(a.evidence):
            data = assertion_to_dict(a)
            data["evidence"] = [data["evidence"][n]]
            node = ox.NamedNode(f"{ASSERTION}{number}")
            database.add(ox.Quad(node, ox.NamedNode(KG + "record"), ox.Literal(json.dumps(data)), graph))
    del database
    with pytest.raises(KgraphError, match="kgraph migrate"):
        Store.open(folder)
    command = [sys.executable, "-c", "from kgraph.cli import main; main()", "migrate", "--store", str(folder)]
    assert "from schema 1 to 2" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with Store.open(folder) as opened:
        assert list(opened.assertions()) == said
    assert "nothing to do" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (folder / MARKER).write_text('{"kgraph_store": 9}')
    with pytest.raises(KgraphError, match="newer kgraph"):
        Store.open(folder)
