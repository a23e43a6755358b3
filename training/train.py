"""Fit the learned part of the text extractor and write its weights.

    python training/train.py GOLD.jsonl [--negatives training/negatives.txt] [--keep-out 3] [-o WEIGHTS.json]

GOLD has a JSON object a line: `text` and `gold`, a list of objects with `source_text` and `target_text` (the words in the
text that name who acts and who is acted on) and `code` (a PLOVER type). The negatives are sentences, one a line, that
name two actors and tell of no deed between them. `--keep-out N` leaves each N-th sentence out of those whose gold names
two different actors (`source`, `target`), so that they stay fit to measure on. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from kgraph.extraction.text.assertions import rule_pairs
from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.features import Features, pair_features, predicate_features, references
from kgraph.extraction.text.learned import WEIGHTS
from kgraph.extraction.text.mentions import find_mentions
from kgraph.extraction.text.parse import Parse, from_spacy, language
from kgraph.model import Document
from kgraph.ontology.lexicon import lexicon
from kgraph.ontology.relations import relations

SEEN = 2  # a feature seen in fewer examples is noise

NEGATIVE = 1  # how often a sentence without a deed counts
LEXICON = 0.04  # how much one word of the lexicon counts beside one annotated sentence


class Sentence:
    """One training text, parsed, with the references and the pairs that the lexicon's frames connect."""

    def __init__(self, text: str) -> None:
        self.parse: Parse = from_spacy(language()(text))
        self.text = text
        resolver = Resolver(self.parse, find_mentions(self.parse, None), None)
        self.principals: dict[int, str] = {}
        self.kinds: dict[int, tuple[str, str]] = {}
        for number in range(len(self.parse.sentences)):
            for token, reference in references(self.parse, resolver, number).items():
                self.principals[token] = reference.entity.principal or ""
                self.kinds[token] = (reference.how, reference.entity.type.value)
        self.rules, self.rule_types = rule_pairs(Document("training", text), self.parse)

    def span(self, words: str) -> list[int]:
        """The tokens of the first place where these words stand."""
        start = self.text.find(words) if words else -1
        if start < 0:
            return []
        p = self.parse
        return [t for t in range(len(p.words)) if p.start[t] >= start and p.end[t] <= start + len(words)]

    def head(self, tokens: list[int]) -> int | None:
        p = self.parse
        return next((t for t in tokens if p.head[t] not in tokens or p.head[t] == t), None)

    def place(self, token: int, tokens: list[int], unknown: str) -> None:
        """Make an annotated phrase a reference, though the gazetteer may not know whom it means."""
        if token in self.principals:
            return
        known = [t for t in tokens if t in self.principals]
        self.principals[token] = self.principals[known[-1]] if known else unknown
        self.kinds[token] = ("described" if known else "name", "Group")

    def pairs(self, gold: tuple[int, int] | None) -> list[tuple[Features, bool]]:
        """Each ordered pair with its label; other mentions of the two right actors are neither right nor wrong."""
        p = self.principals
        out = []
        for a in p:
            for b in p:
                right = gold == (a, b)
                same = gold is not None and (p[a], p[b]) == (p[gold[0]], p[gold[1]])
                if p[a] != p[b] and (right or not same):
                    out.append((pair_features(self.parse, p, self.kinds, a, b, self.rules), right))
        return out


def examples(row: dict[str, object]) -> tuple[list[tuple[Features, bool]], list[tuple[Features, str]]]:
    """The pairs and the typed predicates that one line of gold teaches."""
    sentence = Sentence(str(row["text"]))
    gold = row["gold"]
    if not isinstance(gold, list) or not gold:
        return sentence.pairs(None), []
    source, target = sentence.span(gold[0]["source_text"]), sentence.span(gold[0]["target_text"])
    a, b = sentence.head(source), sentence.head(target)
    if a is None or b is None or a == b:
        return [], []
    sentence.place(a, source, "the source")
    sentence.place(b, target, "the target")
    if sentence.principals[a] == sentence.principals[b]:
        sentence.principals[b] = "the target"
    rule = sentence.rule_types.get((sentence.principals[a], sentence.principals[b]), (None, False))
    code = {"YIELD": "CONCEDE"}.get(gold[0]["code"], gold[0]["code"])
    return sentence.pairs((a, b)), [(predicate_features(sentence.parse, a, b, *rule), code)]


def kept_out(rows: list[dict[str, object]], every: int) -> set[int]:
    """The numbers of the rows to leave out: each `every`-th of those that name two different actors."""

    def whole(gold: object) -> bool:
        return isinstance(gold, list) and any(
            g.get("source") and g.get("target") and g["source"] != g["target"] for g in gold
        )

    named = [n for n, row in enumerate(rows) if whole(row["gold"])]
    return {n for place, n in enumerate(named) if every and place % every == every - 1}


def lexicon_examples() -> list[tuple[Features, object]]:
    """What the lexicon teaches of types: each word of it, as the predicate of a bare sentence."""
    words = lexicon()
    out: list[tuple[Features, object]] = []
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
    data: list[tuple[Features, object]], strength: float, weight: list[float] | None = None
) -> tuple[LogisticRegression, list[str]]:
    """A logistic regression over the features seen often enough."""
    seen = Counter(name for features, _ in data for name in features)
    vectors = DictVectorizer()
    table = vectors.fit_transform([{n: v for n, v in f.items() if seen[n] >= SEEN} for f, _ in data])
    labels = [label for _, label in data]
    return LogisticRegression(C=strength, max_iter=5000).fit(table, labels, weight), list(
        vectors.get_feature_names_out()
    )


def main() -> None:
    """Read the gold, fit both models, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--negatives", type=Path, default=Path(__file__).with_name("negatives.txt"))
    parser.add_argument("--keep-out", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    out = kept_out(rows, args.keep_out)
    pairs: list[tuple[Features, object]] = []
    types: list[tuple[Features, object]] = []
    for number, row in enumerate(rows):
        if number not in out:
            more_pairs, more_types = examples(row)
            pairs += more_pairs
            types += more_types
    for line in args.negatives.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pairs += Sentence(line.strip()).pairs(None) * NEGATIVE
    acts, pair_names = fit(pairs, 0.3)
    taught = lexicon_examples()
    kinds, type_names = fit(types + taught, 1.0, [1.0] * len(types) + [LEXICON] * len(taught))
    weights = {
        "trained_on": f"{len(rows) - len(out)} sentences of {args.gold.name}; {len(pairs)} pairs; {args.negatives.name}",
        "bias": round(float(acts.intercept_[0]), 4),
        "pair": {n: round(float(w), 4) for n, w in zip(pair_names, acts.coef_[0], strict=True)},
        "types": [str(c) for c in kinds.classes_],
        "type_bias": [round(float(w), 4) for w in kinds.intercept_],
        "type": {n: [round(float(w), 3) for w in kinds.coef_[:, k]] for k, n in enumerate(type_names)},
    }
    args.output.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{args.output}: {len(pair_names)} pair features, {len(type_names)} type features, {weights['trained_on']}")


if __name__ == "__main__":
    main()
