"""The annotated articles are sound gold, and the extractor does not fall below what it reached on them.

The floors are a little under the figures of docs/extraction-log.md; those of `held_out` are of articles that nobody looked at
while mending the rules.
"""

import json
from pathlib import Path

import pytest

from kgraph.errors import KgraphError
from kgraph.evaluation import evaluate, load_gold
from kgraph.extraction.text import extract_many
from kgraph.model import Modality
from kgraph.ontology import relations

HERE = Path(__file__).parent / "articles"
FILES = sorted(HERE.rglob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=[p.stem for p in FILES])
def test_gold_is_sound(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    text = (path.parent / gold["document"]).read_text(encoding="utf-8")
    assert gold["id"] == path.stem
    assert 200 <= len(text.split()) <= 450
    assert len(gold["assertions"]) >= 24
    for item in gold["assertions"]:
        assert item["quote"] in text
        assert item["relation"] in relations()
        Modality(item["modality"])


@pytest.mark.parametrize(
    ("folder", "floors"),
    [
        (HERE, {"dyad": 0.57, "stance": 0.51, "strict": 0.49, "structure": 0.80}),
        (HERE / "held_out", {"dyad": 0.45, "stance": 0.31, "strict": 0.36, "structure": 0.82}),
    ],
    ids=["tuned on", "held out"],
)
def test_figures_hold(folder: Path, floors: dict[str, float]) -> None:
    golds = load_gold(folder)
    found = [assertions for _, assertions in extract_many(g.document for g in golds)]
    measures = evaluate(zip(golds, found, strict=True)).measures
    assert {name: measures[name].f1 for name in floors if measures[name].f1 < floors[name]} == {}


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KgraphError, match="no gold in this folder"):
        load_gold(tmp_path)
