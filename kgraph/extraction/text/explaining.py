"""Why a sentence says what it says to kgraph: mentions, entities, frames, and what the learned part thinks of each pair."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extraction.text.assertions import assertions, claims_of
from kgraph.extraction.text.entities import Resolver
from kgraph.extraction.text.features import between, candidates
from kgraph.extraction.text.judging import Claim, SentenceJudge, kind_of
from kgraph.extraction.text.learned import Kind
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
        found = candidates(parse, resolver, number)
        for token, r in sorted((found.doers | found.things).items()):
            acts = f"acts for {r.entity.principal}" if r.entity.principal else "of nobody"
            yield f"  {parse.words[token]!r} = {r.entity.id} ({r.entity.type}), {acts}, by {r.how}"
    yield "frames that fired"
    for p in predications(parse, kind_of(parse) is Kind.ARTICLE):
        doers, objects = (", ".join(repr(parse.words[t]) for t in tokens) for tokens in (p.subjects, p.objects))
        yield f"  {parse.words[p.token]!r}: {_frame(p.frame)} -> {p.frame.relation}; subject {doers or 'none'}; object {objects or 'none'}"
    yield "pairs, by the learned part"
    claims = claims_of(document, parse, resolver)
    for number in range(len(parse.sentences)):
        yield from _pairs(parse, resolver, number, [c for c in claims if parse.sent[c.token] == number])
    yield "assertions"
    for a in assertions(document, parse):
        yield f"  {_assertion(a)}"


def _pairs(parse: Parse, resolver: Resolver, number: int, claims: list[Claim]) -> Iterator[str]:
    judge = SentenceJudge(parse, candidates(parse, resolver, number), claims, kind_of(parse))
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for (a, b), p in judge.likely().items():
        pair = (judge.found.keys[a], judge.found.keys[b])
        best[pair] = max(best.get(pair, (0.0, a, b)), (p, a, b))
    for p, a, b in sorted(best.values(), reverse=True):
        first = sorted(judge.kinds(a, b).items(), key=lambda x: -x[1])[:2]
        way = between(parse, a, b)
        over = parse.words[way.top] if way else "no common word"
        yield f"  {parse.words[a]!r} -> {parse.words[b]!r}: {p:.2f} over {over!r}; " + ", ".join(
            f"{k} {v:.2f}" for k, v in first
        )


def _text(parse: Parse, start: int, end: int) -> str:
    return parse.text[parse.start[start] : parse.end[end - 1]]


def _frame(frame: Frame) -> str:
    words = ["|".join(sorted(frame.particle or ()))]
    words += ["O" if frame.direct_object else ""]
    words += [f"{'|'.join(sorted(s.prepositions))} {'O' if s.is_object else '...'}" for s in frame.preps]
    return f"{'noun' if frame.noun else 'verb'} frame {' '.join(w for w in words if w)}".strip()


def _assertion(a: Assertion) -> str:
    said = f", said by {a.attributed_to.label}" if a.attributed_to else ""
    return f"{a.subject.label} {'not ' if a.negated else ''}{a.relation} {a.object.label} ({a.modality}{said}, {a.date or 'no date'}, confidence {a.confidence})"
