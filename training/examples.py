"""What the learned part is taught: pairs of phrases with or without a deed, and predicates with their PLOVER type.

Four sources: sentences with one annotated event (JSON Lines: `text` and `gold`, a list of objects with `source_text`,
`target_text` and `code`), sentences marked with [doer] and {target} (one file a PLOVER type), articles annotated as
docs/evaluation.md says, and sentences that tell of no deed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kgraph.evaluation import load_gold
from kgraph.extraction.text.assertions import claims_of
from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.features import Candidates, Features, between, candidates, pair_features, predicate_features
from kgraph.extraction.text.judging import fired
from kgraph.extraction.text.mentions import find_mentions, head_of
from kgraph.extraction.text.parse import Parse, from_spacy, language
from kgraph.model import Document
from kgraph.ontology.relations import relations

Event = tuple[int, int, str]
CODES = {"YIELD": "CONCEDE"}


@dataclass
class Examples:
    """Pairs with whether there is a deed, and predicates with their PLOVER type."""

    pairs: list[tuple[Features, bool]] = field(default_factory=list)
    types: list[tuple[Features, str]] = field(default_factory=list)

    def __iadd__(self, other: Examples) -> Examples:
        self.pairs += other.pairs
        self.types += other.types
        return self


class Text:
    """A parsed text with what the lexicon says of it."""

    def __init__(self, document: Document, parse: Parse | None = None) -> None:
        self.parse = parse or from_spacy(language()(document.text))
        self.text = document.text
        mentions = find_mentions(self.parse, document.date.year if document.date else None)
        self.resolver = Resolver(self.parse, mentions, document.date)
        self.claims = claims_of(document, self.parse, self.resolver)

    def tokens(self, start: int, end: int) -> list[int]:
        """The tokens of a stretch of text, without those that cross its ends."""
        p = self.parse
        return [t for t in range(len(p.words)) if p.start[t] >= start and p.end[t] <= end]

    def head(self, start: int, end: int) -> int | None:
        """The head token of a stretch of text."""
        tokens = self.tokens(start, end)
        return head_of(self.parse, tokens[0], tokens[-1] + 1) if tokens else None

    def find(self, words: str) -> tuple[int, int]:
        """Where some words stand first."""
        start = self.text.find(words) if words else -1
        return start, start + len(words) if start >= 0 else start

    def taught(self, number: int, found: Candidates, events: Iterable[Event], *, complete: bool) -> Examples:
        """What one sentence teaches; where it is not `complete`, only its doers are known to do nothing else."""
        out = Examples()
        keys = found.keys
        told = [c for c in self.claims if self.parse.sent[c.token] == number]
        claims = [c for c in told if c.doer in keys and c.target in keys]
        rules = {(keys[c.doer], keys[c.target]): c.assertion.confidence for c in claims}
        events = list(events)
        right = {(a, b) for a, b, _ in events}
        same = {(keys[a], keys[b]) for a, b in right}
        for a, b in found.pairs():
            if (a, b) in right:
                out.pairs.append((pair_features(self.parse, found, a, b, rules), True))
            # other mentions of the right two are neither right nor wrong
            elif (keys[a], keys[b]) not in same and (complete or b not in found.things):
                out.pairs.append((pair_features(self.parse, found, a, b, rules), False))
        for a, b, kind in dict.fromkeys(events):
            own = [c for c in claims if (keys[c.doer], keys[c.target]) == (keys[a], keys[b])]
            own.sort(key=lambda c: -c.assertion.confidence)
            rule = own[0].rule if own else None
            out.types.append((predicate_features(self.parse, a, b, rule, fired(told)), kind))
        return out

    def place(self, found: Candidates, token: int, tokens: list[int], unknown: str) -> None:
        """Make an annotated phrase a candidate, though the gazetteer may not know whom it means."""
        if token not in found.doers:
            known = [t for t in tokens if t in found.doers]
            if known:
                found.doers[token] = found.doers[known[-1]]
                found.put(token, found.keys[known[-1]], ("described", "Group"))
            elif token not in found.things:
                found.doers[token] = next(iter(found.doers.values()), None)  # type: ignore[assignment]
                found.put(token, unknown, ("name", "Group"))

    def marked(self, sources: list[tuple[int, int]], targets: list[tuple[int, int]], kind: str) -> Examples:
        """What a text teaches in which stretches are marked as doers and targets of one event."""
        heads = [(self.head(*s), s, "source") for s in sources] + [(self.head(*t), t, "target") for t in targets]
        placed = [(h, s, role) for h, s, role in heads if h is not None]
        if not placed:
            return Examples()
        number = self.parse.sent[placed[-1][0]]
        found = candidates(self.parse, self.resolver, number)
        for h, s, role in placed:
            if self.parse.sent[h] == number:
                self.place(found, h, self.tokens(*s), f"the {role} at {s[0]}")
        doers = [h for h, _, role in placed if role == "source" and h in found.doers]
        ends = [h for h, _, role in placed if role == "target" and h in found.keys]
        for a in doers:
            for b in ends:
                if a != b and found.keys[a] == found.keys[b]:
                    found.put(b, "the target", found.kinds[b])
        return self.taught(number, found, [(a, b, kind) for a in doers for b in ends if a != b], complete=False)

    def place_of(self, words: str) -> tuple[int, int] | None:
        """Where some words stand, for the n-th time with `#n` behind them; ValueError where they do not."""
        words, _, times = words.partition("#")
        start = -1
        for _ in range(int(times or 1)):
            start = self.text.find(words, start + 1)
            if start < 0:
                raise ValueError(f"{words!r} does not stand in {self.text!r}")
        return start, start + len(words)

    def complete(self, events: Iterable[tuple[tuple[int, int], str, tuple[int, int]]]) -> Examples:
        """What a sentence teaches of which all events are known: doer, PLOVER type, target."""
        heads = [(self.head(*a), kind, self.head(*b), a, b) for a, kind, b in events]
        known = [(a, kind, b, s, t) for a, kind, b, s, t in heads if a is not None and b is not None]
        if not known:
            return Examples()
        number = self.parse.sent[known[0][0]]
        found = candidates(self.parse, self.resolver, number)
        for a, _, b, s, t in known:
            self.place(found, a, self.tokens(*s), f"at {s[0]}")
            self.place(found, b, self.tokens(*t), f"at {t[0]}")
        told = [
            (a, b, kind)
            for a, kind, b, *_ in known
            if a in found.doers and b in found.keys and self.parse.sent[b] == number
        ]
        return self.taught(
            number, found, [(a, b, k) for a, b, k in told if found.keys[a] != found.keys[b]], complete=True
        )

    def nothing(self) -> Examples:
        """What a text teaches in which nobody does anything to anybody."""
        out = Examples()
        for number in range(len(self.parse.sentences)):
            out += self.taught(number, candidates(self.parse, self.resolver, number), [], complete=True)
        return out


def of_annotated(row: dict[str, object], parse: Parse | None = None) -> Examples:
    """What a sentence with one annotated event teaches."""
    text = Text(Document("training", str(row["text"])), parse)
    gold = row["gold"]
    if not isinstance(gold, list) or not gold:
        return text.nothing()
    source, target = text.find(gold[0]["source_text"]), text.find(gold[0]["target_text"])
    if source[0] < 0 or target[0] < 0 or source == target:
        return Examples()
    return text.marked([source], [target], CODES.get(gold[0]["code"], gold[0]["code"]))


def of_marked(folder: Path) -> Iterator[Examples]:
    """What the sentences teach that are marked with [doer] and {target}; a file's name is its PLOVER type."""
    for path in sorted(folder.glob("*.txt")):
        kind = CODES.get(path.stem.upper(), path.stem.upper())
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                text, sources, targets = unmarked(line.strip())
                yield Text(Document("training", text)).marked(sources, targets, kind)


def unmarked(line: str) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """A sentence without its marks, and where the [doers] and the {targets} stand in it."""
    text, start = "", 0
    sources: list[tuple[int, int]] = []
    targets: list[tuple[int, int]] = []
    for character in line:
        if character in "[{":
            start = len(text)
        elif character in "]}":
            (sources if character == "]" else targets).append((start, len(text)))
        else:
            text += character
    return text, sources, targets


def of_article(path: Path) -> Examples:
    """What an annotated article teaches: each sentence, whole."""
    out = Examples()
    for gold in load_gold(path):
        text = Text(gold.document)
        wanted: dict[int, list[tuple[str | None, str | None, str | None, str, tuple[int, int]]]] = {}
        for item in gold.items:
            span = text.find(item.quote)
            tokens = text.tokens(*span)
            if item.plover and tokens:
                told = (item.doer, item.target, item.head, item.plover, span)
                wanted.setdefault(text.parse.sent[tokens[0]], []).append(told)
        for number in range(len(text.parse.sentences)):
            found = candidates(text.parse, text.resolver, number)
            events = [e for told in wanted.get(number, []) if (e := _closest(text, found, *told)) is not None]
            out += text.taught(number, found, events, complete=True)
    return out


def _closest(
    text: Text,
    found: Candidates,
    doer: str | None,
    target: str | None,
    head: str | None,
    kind: str,
    span: tuple[int, int],
) -> Event | None:
    """The two phrases of a sentence that an annotated statement most likely speaks of: in its quote, near in the tree."""
    parse = text.parse
    best: tuple[tuple[int, ...], Event] | None = None
    for a, b in found.pairs():
        thing = b in found.things
        fits = parse.lemma[b] == head if thing else found.keys[b] == target
        if found.keys[a] != doer or not fits:
            continue
        way = between(parse, a, b)
        inside = sum(span[0] <= parse.start[t] < span[1] for t in (a, b))
        rank = (
            -inside,
            head is not None and parse.lemma[b] != head,
            len(way.up) + len(way.down) if way else 30,
            abs(a - b),
        )
        if best is None or rank < best[0]:
            best = (rank, (a, b, kind))
    return best[1] if best else None


def lines_of(path: Path) -> list[str]:
    """The lines of a file that are no comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def rows_of(path: Path) -> list[dict[str, object]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def of_dense(folder: Path) -> Iterator[Examples]:
    """What the sentences teach under which all events stand, `| doer > relation > target | ...`, as words of the sentence."""
    for path in sorted(folder.glob("*.txt")):
        lines = lines_of(path)
        for sentence, told in zip(lines[::2], lines[1::2], strict=True):
            text = Text(Document("training", sentence))
            if told.strip("| ") == "-":
                yield text.nothing()
                continue
            events = [[part.strip() for part in event.split(">")] for event in told.strip("| ").split("|")]
            placed = [(text.place_of(doer), relation, text.place_of(target)) for doer, relation, target in events]
            yield text.complete([(a, relations()[r].plover or "", b) for a, r, b in placed if a and b])
