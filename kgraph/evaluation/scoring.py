"""Precision, recall and F1 of assertions against gold, pooled over documents, and the calibration of confidences.

Sentences with one annotated event: `pair` (who and whom), `quad` (and which of the four PLOVER quads), `type` (and the
PLOVER type). Whole articles: `dyad` (who, PLOVER type, whom), `stance` (who, relation, what, for objects that are no
actors), `strict` (both with the exact relation, negation and modality), `structure` (relations that are no events).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kgraph.evaluation.gold import Gold, GoldItem
from kgraph.model import Assertion
from kgraph.ontology import plover_types, relations


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of right, found and wanted items, and the three figures they give (each 0 to 1)."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: `missed` (in the gold, not found) or `invented` (found, not in the gold), with its sentence."""

    measure: str
    kind: str
    document: str
    said: str
    sentence: str


@dataclass(slots=True)
class Outcome:
    """The measures, the errors, and how often each PLOVER type was taken for which."""

    measures: dict[str, Figures] = field(default_factory=dict)
    errors: list[Wrong] = field(default_factory=list)
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)


def evaluate(pairs: Iterable[tuple[Gold, Sequence[Assertion]]], aliases: Mapping[str, str] | None = None) -> Outcome:
    """The measures of the assertions found in each gold document; `aliases` makes the principals of both alike first."""
    alike = aliases or {}
    outcome = Outcome()
    counts: dict[str, list[int]] = {}
    for gold, found in pairs:
        wanted = [_alike(item, alike) for item in gold.items]
        system = [_alike(_item(a), alike) for a in found]
        for name, measure in (_ARTICLE if gold.whole else _SENTENCE).items():
            right, wrong = _compare(measure, wanted, system)
            total = counts.setdefault(name, [0, 0, 0])
            total[0] += right[0]
            total[1] += right[1]
            total[2] += right[2]
            outcome.errors += [
                Wrong(name, k, gold.document.id, _said(i), i.quote or gold.document.text[:300]) for k, i in wrong
            ]
        _confuse(outcome, wanted, system)
    outcome.measures = {name: Figures(*total) for name, total in counts.items()}
    return outcome


def _alike(item: GoldItem, aliases: Mapping[str, str]) -> GoldItem:
    doer, target = (aliases.get(p, p) if p else p for p in (item.doer, item.target))
    return replace(item, doer=doer, target=target)


@dataclass(frozen=True, slots=True)
class _Measure:
    keep: Callable[[GoldItem], bool]
    key: Callable[[GoldItem], Hashable]
    same: Callable[[GoldItem, GoldItem], bool]


def _item(a: Assertion) -> GoldItem:
    thing = not a.object.type.is_actor
    target = a.object.principal or (a.object.targets[0] if a.object.targets else None)
    return GoldItem(
        a.subject.principal, a.subject.label, a.relation, relations()[a.relation].plover, target, a.object.label,
        (a.object.head or a.object.label) if thing else None, a.negated, a.modality.value, a.evidence[0].text,
    )  # fmt: skip


def _compare(
    measure: _Measure, gold: Sequence[GoldItem], system: Sequence[GoldItem]
) -> tuple[tuple[int, int, int], list[tuple[str, GoldItem]]]:
    """Greedy one-to-one matching; an item told twice counts once."""
    wanted = list({measure.key(i): i for i in reversed(gold) if measure.keep(i)}.values())
    found = list({measure.key(i): i for i in reversed(system) if measure.keep(i)}.values())
    free = list(found)
    missed = []
    for item in wanted:
        hit = next((f for f in free if measure.same(item, f)), None)
        if hit is None:
            missed.append(item)
        else:
            free.remove(hit)
    right = len(wanted) - len(missed)
    return (right, len(found), len(wanted)), [("missed", i) for i in missed] + [("invented", i) for i in free]


def _confuse(outcome: Outcome, gold: Sequence[GoldItem], system: Sequence[GoldItem]) -> None:
    for item in gold:
        if not item.plover or not item.doer or not item.target:
            continue
        kinds = {s.plover for s in system if (s.doer, s.target) == (item.doer, item.target) and s.plover}
        said = item.plover if item.plover in kinds else (sorted(k for k in kinds if k) or ["nothing"])[0]
        outcome.confusion[item.plover, said] = outcome.confusion.get((item.plover, said), 0) + 1


def _said(item: GoldItem) -> str:
    return f"{item.doer or item.doer_label} {'not ' if item.negated else ''}{item.relation or item.plover} {item.target_label} ({item.target}, {item.modality})"


def _words(text: str | None) -> set[str]:
    out: set[str] = set()
    for word in re.findall(r"[a-z]+", (text or "").lower()):
        out |= {word, re.sub(r"ies$", "y", word), re.sub(r"e?s$", "", word), re.sub(r"s$", "", word)}
    return out


_KINDRED = tuple(
    frozenset(group.split())
    for group in (
        "sanction measure move embargo tariff penalty restriction ban crackdown action",
        "resolution draft text proposal plan motion initiative",
        "talk meeting negotiation dialogue summit forum diplomacy process discussion session conference",
        "deal agreement accord pact treaty truce ceasefire commitment term",
        "test launch missile explosion attack shelling firing strike violation killing use poisoning",
        "program programme weapon arm arsenal",
        "coup junta takeover",
        "tie relation contact link",
    )
)
"""Head nouns that may name one and the same thing where the target agrees: "moves" and "measures" against a state."""


def _same_object(gold: GoldItem, found: GoldItem) -> bool:
    if gold.head is None and found.head is None:
        if gold.target or found.target:
            return gold.target == found.target
        return bool(_words(gold.target_label) & _words(found.target_label))
    if gold.head is None or found.head is None:
        return False
    said = _words(found.target_label) | _words(found.head)
    if _words(gold.head) & said:
        return True
    kindred = next((group for group in _KINDRED if group & _words(gold.head)), frozenset())
    return bool(kindred & said) and (gold.target == found.target or None in (gold.target, found.target))


def _same_subject(gold: GoldItem, found: GoldItem) -> bool:
    if gold.doer or found.doer:
        return gold.doer == found.doer
    return bool(_words(gold.doer_label) & _words(found.doer_label))


def _structural(item: GoldItem) -> bool:
    """To take part is told as a fact of structure in whole articles, though PLOVER has a type for it."""
    return item.plover is None or item.relation == "participatesIn"


def _event(item: GoldItem) -> bool:
    return bool(item.doer and item.target and not _structural(item) and item.doer != item.target)


def _by(*names: str) -> _Measure:
    def key(item: GoldItem) -> Hashable:
        return tuple(_value(item, name) for name in names)

    return _Measure(_event, key, lambda g, s: key(g) == key(s))


def _value(item: GoldItem, name: str) -> str | None:
    if name == "quad":
        return plover_types()[item.plover].quad if item.plover else None
    value: str | None = getattr(item, name)
    return value


_SENTENCE = {
    "pair": _by("doer", "target"),
    "quad": _by("doer", "target", "quad"),
    "type": _by("doer", "target", "plover"),
}
_ARTICLE = {
    "dyad": _by("doer", "plover", "target"),
    "stance": _Measure(
        lambda i: bool(i.doer and not _structural(i) and i.head is not None),
        lambda i: (i.doer, i.relation, i.target_label.lower()),
        lambda g, s: (g.doer, g.relation) == (s.doer, s.relation) and _same_object(g, s),
    ),
    "strict": _Measure(
        lambda i: bool(i.doer and not _structural(i)),
        lambda i: (i.doer, i.relation, i.target, i.target_label.lower(), i.negated, i.modality),
        lambda g, s: (
            (g.doer, g.relation, g.negated, g.modality) == (s.doer, s.relation, s.negated, s.modality)
            and _same_object(g, s)
        ),
    ),
    "structure": _Measure(
        _structural,
        lambda i: (i.doer, i.doer_label.lower(), i.relation, i.target or i.target_label.lower()),
        lambda g, s: (
            g.relation == s.relation
            and _same_subject(g, s)
            and (_same_object(g, s) or bool(_words(g.target_label) & _words(s.target_label)))
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins of confidence: (lowest, highest, mean confidence, share right, number); `error` is the expected calibration error."""

    bins: tuple[tuple[float, float, float, float, int], ...]
    error: float


def calibration(
    pairs: Iterable[tuple[Gold, Sequence[Assertion]]], bins: int = 10, aliases: Mapping[str, str] | None = None
) -> Calibration:
    """How often assertions between two actors are right about the pair, by confidence.

    The expected calibration error is the mean gap between confidence and share right, weighted by the bins' sizes
    (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    """
    rows: list[tuple[float, bool]] = []
    for gold, found in pairs:
        wanted = {(i.doer, i.target) for i in (_alike(item, aliases or {}) for item in gold.items)}
        best: dict[tuple[str, str], float] = {}
        for a in found:
            item = _alike(_item(a), aliases or {})
            if _event(item) and item.doer and item.target:
                best[item.doer, item.target] = max(best.get((item.doer, item.target), 0.0), a.confidence)
        rows += [(confidence, pair in wanted) for pair, confidence in best.items()]
    out = []
    error = 0.0
    for n in range(bins):
        inside = [(c, r) for c, r in rows if min(int(c * bins), bins - 1) == n]
        if inside:
            mean, share = sum(c for c, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)
            error += abs(mean - share) * len(inside) / len(rows)
            out.append((n / bins, (n + 1) / bins, mean, share, len(inside)))
    return Calibration(tuple(out), error)
