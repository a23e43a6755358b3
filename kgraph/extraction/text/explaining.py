"""Why a sentence says what it says to kgraph: mentions, entities, frames, and what the learned part thinks of each pair."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extraction.text.assertions import assertions, rule_pairs
from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.features import between, pair_features, predicate_features, references
from kgraph.extraction.text.learned import model
from kgraph.extraction.text.mentions import find_mentions
from kgraph.extraction.text.parse import Parse, from_spacy, language
from kgraph.extraction.text.predicates import predications
from kgraph.model import Assertion, Document
from kgraph.ontology.lexicon import Frame


def explain(document: Document) -> Iterator[str]:
    """Lines that show each stage at work on a short text."""
    parse = from_spacy(language()(document.text))
    resolver = Resolver(parse, find_mentions(parse, document.date.year if document.date else None), document.date)
    yield "mentions"
    for mention in resolver.mentions:
        yield f"  {_text(parse, mention.start, mention.end)!r}: {mention.kind} {mention.actor or ''}".rstrip()
    yield "who is meant"
    for number in range(len(parse.sentences)):
        for token, r in references(parse, resolver, number).items():
            yield f"  {parse.words[token]!r} = {r.entity.id} ({r.entity.type}), acts for {r.entity.principal}, by {r.how}"
    yield "frames that fired"
    for p in predications(parse):
        doers, objects = (", ".join(repr(parse.words[t]) for t in tokens) for tokens in (p.subjects, p.objects))
        yield f"  {parse.words[p.token]!r}: {_frame(p.frame)} -> {p.frame.relation}; subject {doers or 'none'}; object {objects or 'none'}"
    yield "pairs, by the learned part"
    rules, types = rule_pairs(document, parse)
    for number in range(len(parse.sentences)):
        yield from _pairs(parse, resolver, number, rules, types)
    yield "assertions"
    for a in assertions(document, parse):
        yield f"  {_assertion(a)}"


def _pairs(
    parse: Parse, resolver: Resolver, number: int, rules: dict[tuple[str, str], float], types: dict[tuple[str, str], tuple[str, bool]]
) -> Iterator[str]:  # fmt: skip
    found = references(parse, resolver, number)
    principals = {t: r.entity.principal or "" for t, r in found.items()}
    kinds = {t: (r.how, r.entity.type.value) for t, r in found.items()}
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for a in found:
        for b in found:
            pair = (principals[a], principals[b])
            if pair[0] != pair[1]:
                p = model().acts(pair_features(parse, principals, kinds, a, b, rules))
                best[pair] = max(best.get(pair, (0.0, a, b)), (p, a, b))
    for pair, (p, a, b) in sorted(best.items(), key=lambda x: -x[1][0]):
        likely = model().kinds(predicate_features(parse, a, b, *types.get(pair, (None, False))))
        first = sorted(likely.items(), key=lambda x: -x[1])[:2]
        way = between(parse, a, b)
        over = parse.words[way.top] if way else "no common word"
        yield f"  {pair[0]} -> {pair[1]}: {p:.2f} over {over!r}; " + ", ".join(f"{k} {v:.2f}" for k, v in first)


def _text(parse: Parse, start: int, end: int) -> str:
    return parse.text[parse.start[start] : parse.end[end - 1]]


def _frame(frame: Frame) -> str:
    words = [frame.particle or ""]
    words += ["O" if frame.direct_object else ""]
    words += [f"{'|'.join(sorted(s.prepositions))} {'O' if s.is_object else '...'}" for s in frame.preps]
    return f"{'noun' if frame.noun else 'verb'} frame {' '.join(w for w in words if w)}".strip()


def _assertion(a: Assertion) -> str:
    said = f", said by {a.attributed_to.label}" if a.attributed_to else ""
    return f"{a.subject.label} {'not ' if a.negated else ''}{a.relation} {a.object.label} ({a.modality}{said}, {a.date or 'no date'}, confidence {a.confidence})"
