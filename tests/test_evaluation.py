"""Measuring: gold in, figures, errors and a page out; each part of the extractor can be switched off."""

import json
from pathlib import Path

import pytest

from kgraph.cli import main
from kgraph.errors import KgraphError
from kgraph.evaluation import calibration, evaluate, load_gold
from kgraph.extraction.text import extract_many
from kgraph.extraction.text.parts import PARTS

TEXT = "Kenya accused Chad of spying. Japan did not support the sanctions on Iran. President William Ruto visited Peru."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    def statement(  # type: ignore[no-untyped-def]
        subject, doer, relation, label, target, head=None, negated=False
    ):
        return {
            "subject": subject, "subject_principal": doer, "relation": relation, "object": label,
            "object_principal": target, "object_head": head, "negated": negated, "modality": "actual", "quote": "",
        }  # fmt: skip

    (tmp_path / "a.txt").write_text(TEXT)
    gold = {
        "id": "a",
        "document": "a.txt",
        "date": "2020-01-02",
        "assertions": [
            statement("Kenya", "KEN", "accuses", "Chad", "TCD"),
            statement("Japan", "JPN", "supports", "sanctions", "IRN", "sanction", True),
            statement("Fiji", "FJI", "attacks", "Tonga", "TON"),
        ],
    }
    (tmp_path / "a.json").write_text(json.dumps(gold))
    return tmp_path / "a.json"


def test_an_article_is_scored(article: Path) -> None:
    (gold,) = load_gold(article)
    ((_, found),) = extract_many([gold.document])
    outcome = evaluate([(gold, found)])
    assert outcome.measures["dyad"].right == 2  # the sanctions are directed at Iran
    assert outcome.measures["dyad"].wanted == 3
    assert outcome.measures["stance"].f1 == 1.0
    assert [e.said for e in outcome.errors if e.kind == "missed" and e.measure == "dyad"] == [
        "FJI attacks Tonga (TON, actual)"
    ]


def test_sentences_are_scored_and_principals_made_alike(tmp_path: Path) -> None:
    row = {"id": "1", "text": "Kenya attacked Chad.", "gold": [{"source": "EAST", "target": "TCD", "code": "ASSAULT"}]}
    (tmp_path / "s.jsonl").write_text(json.dumps(row))
    gold = load_gold(tmp_path / "s.jsonl")
    found = [a for _, a in extract_many(g.document for g in gold)]
    pairs = list(zip(gold, found, strict=True))
    assert evaluate(pairs).measures["type"].f1 == 0.0
    assert evaluate(pairs, {"KEN": "EAST"}).measures["type"].f1 == 1.0
    assert calibration(pairs, aliases={"KEN": "EAST"}).bins[0][3] == 1.0


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"id":"a"}', '{"id":"a","document":"a.txt","assertions":[{"relation":"hugs"}]}']
)
def test_bad_gold_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(KgraphError, match=r"bad\.json"):
        load_gold(tmp_path / "bad.json")


def test_the_command_writes_an_escaped_page(
    article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = article.with_name("r.html")
    gold = json.loads(article.read_text())
    gold["assertions"][2]["object"] = "<script>alert(1)</script>"
    article.write_text(json.dumps(gold))
    monkeypatch.setattr("sys.argv", ["kgraph", "evaluate", str(article), "--errors", "--html", str(page)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert "dyad       P" in capsys.readouterr().out
    assert "<script>" not in page.read_text()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_switched_off(article: Path, part: str) -> None:
    (gold,) = load_gold(article)
    texts = {
        "coreference": "Kenya met Chad. It attacked Peru.",
        "offices": "On Friday Angela Merkel criticised Iran.",
        "verbs": "Kenya accused Chad of spying on the Japanese navy and of attacking Peru.",
        "nouns": "Opposition from Russia to the sanctions grew.",
        "governors": "Kenya refused to meet Chad.",
        "factuality": TEXT,
        "dates": "Kenya attacked Chad on Monday.",
        "things": TEXT,
        "structure": TEXT,
        "learned": "Kenya attacked Chad.",
    }
    from dataclasses import replace

    document = replace(gold.document, text=texts[part])
    ((_, whole),) = extract_many([document])
    ((_, less),) = extract_many([document], without=[part])
    assert whole != less


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(KgraphError, match="there is no part 'luck'"):
        list(extract_many([], without=["luck"]))


def test_explain_names_the_frame(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["kgraph", "explain", "Japan urged China to talk."])
    with pytest.raises(SystemExit):
        main()
    out = capsys.readouterr().out
    assert "'urged': verb frame O to ... -> requests" in out
    assert "'Japan' -> 'China'" in out
