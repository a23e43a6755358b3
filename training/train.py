"""Fit the learned part of the text extractor and write its weights.

    python training/train.py [GOLD.jsonl] [--keep-out 3] [--articles FOLDER] [-o WEIGHTS.json]

GOLD is a file of sentences with one annotated event each (see `examples.py`); without it the sentences and articles that
ship with the source are all that is learned from. `--keep-out N` leaves each N-th sentence out of those whose gold names
two different actors (`source`, `target`), so that they stay fit to measure on. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from examples import Examples, Text, lines_of, of_annotated, of_article, of_dense, of_marked, rows_of
from kgraph.extraction.text.features import Features
from kgraph.extraction.text.learned import WEIGHTS, Kind
from kgraph.model import Document
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import relations

HERE = Path(__file__).parent
SEEN = 2  # a feature seen in fewer examples is noise
LEXICON = 0.04  # how much one word of the lexicon counts beside one annotated sentence
COUNTS = {
    Kind.SENTENCE: {"annotated": 1.0, "marked": 0.7, "nothing": 2.0, "dense": 0.0, "article": 0.0},
    Kind.ARTICLE: {"annotated": 0.0, "marked": 0.3, "nothing": 0.5, "dense": 0.7, "article": 1.0},
}
"""How much an example of each source counts for each kind of text."""
PAIR_STRENGTH, TYPE_STRENGTH = 0.3, 1.0


def kept_out(rows: list[dict[str, object]], every: int) -> set[int]:
    """The numbers of the rows to leave out: each `every`-th of those that name two different actors."""

    def whole(gold: object) -> bool:
        return isinstance(gold, list) and any(
            g.get("source") and g.get("target") and g["source"] != g["target"] for g in gold
        )

    named = [n for n, row in enumerate(rows) if whole(row["gold"])]
    return {n for place, n in enumerate(named) if every and place % every == every - 1}


def lexicon_examples() -> list[tuple[Features, str]]:
    """What the lexicon teaches of types: each word of it, as the predicate of a bare sentence."""
    words = lexicon()
    out: list[tuple[Features, str]] = []
    for table in (words.verbs, words.nouns):
        for lemma, frames in sorted(table.items()):
            kinds = {kind for f in frames if (kind := relations()[f.relation].plover)}
            for kind in sorted(kinds):
                features = {f"top={lemma}": 1.0, f"on={lemma}": 1.0, f"has={lemma}": 1.0, f"rule={kind}": 1.0}
                if any(f.specificity >= 2 for f in frames if relations()[f.relation].plover == kind):
                    features[f"specific rule={kind}"] = 1.0
                out.append((features | {f"on type={k}": 1.0 for k in kinds}, kind))
    return out


def fit(
    data: list[tuple[Features, object]], strength: float, weight: list[float]
) -> tuple[LogisticRegression, list[str]]:
    """A logistic regression over the features seen often enough."""
    seen = Counter(name for features, _ in data for name in features)
    vectors = DictVectorizer()
    table = vectors.fit_transform([{n: v for n, v in f.items() if seen[n] >= SEEN} for f, _ in data])
    labels = [label for _, label in data]
    fitted = LogisticRegression(C=strength, max_iter=5000).fit(table, labels, weight)
    return fitted, list(vectors.get_feature_names_out())


def weights_of(weighted: list[tuple[Examples, float]], taught: list[tuple[Features, str]]) -> dict[str, object]:
    """Both models fitted on examples with how much each counts, as the file of weights holds them."""
    pairs = [(p, w) for examples, w in weighted for p in examples.pairs]
    types = [(t, w) for examples, w in weighted for t in examples.types] + [(t, LEXICON) for t in taught]
    acts, pair_names = fit([p for p, _ in pairs], PAIR_STRENGTH, [w for _, w in pairs])
    kinds, type_names = fit([t for t, _ in types], TYPE_STRENGTH, [w for _, w in types])
    return {
        "bias": round(float(acts.intercept_[0]), 4),
        "pair": {n: round(float(w), 4) for n, w in zip(pair_names, acts.coef_[0], strict=True)},
        "types": [str(c) for c in kinds.classes_],
        "type_bias": [round(float(w), 4) for w in kinds.intercept_],
        "type": {n: [round(float(w), 3) for w in kinds.coef_[:, k]] for k, n in enumerate(type_names)},
    }


def main() -> None:
    """Read all that is learned from, fit both models, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="?")
    parser.add_argument("--articles", type=Path, default=HERE.parent / "tests" / "articles")
    parser.add_argument("--keep-out", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    rows = rows_of(args.gold) if args.gold else []
    out = kept_out(rows, args.keep_out)
    sources = {
        "annotated": [of_annotated(row) for number, row in enumerate(rows) if number not in out],
        "marked": list(of_marked(HERE / "sentences")),
        "nothing": [Text(Document("training", line)).nothing() for line in lines_of(HERE / "negatives.txt")],
        "dense": list(of_dense(HERE / "dense")),
        "article": [
            of_article(path)
            for path in sorted(args.articles.glob("*.json")) + sorted((args.articles / "more").glob("*.json"))
        ],
    }
    taught = lexicon_examples()
    weights = {
        kind.value: weights_of(
            [(e, counts[name]) for name, found in sources.items() for e in found if counts[name]], taught
        )
        for kind, counts in COUNTS.items()
    }
    args.output.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{args.output}: " + ", ".join(f"{len(found)} {name}" for name, found in sources.items()))


if __name__ == "__main__":
    main()
