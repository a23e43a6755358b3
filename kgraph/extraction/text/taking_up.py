"""How a text takes up what it has told: things whose owner stands in another clause.

"Chad blamed Sudan, a charge Khartoum denies" (the charge is Chad's);
"Israel stormed the ship ... Turkey condemned the raid" (the raid is Israel's); "Japan tabled a draft" (the draft is Japan's).
"""

from __future__ import annotations

from kgraph.extraction.text.arguments import arguments
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, lexicon

_MAKING = frozenset(
    {"test", "launch", "fire", "table", "propose", "draft", "offer", "issue", "submit", "present", "announce", "declare",
     "hold", "conduct", "stage", "make", "unveil", "circulate", "introduce", "carry", "mount", "file", "bring", "put",
     "publish", "deploy", "order", "start", "begin", "float"}
)  # fmt: skip
"""Verbs whose subject is the maker of what their object names."""
_ACTS = frozenset(
    {"charge", "accusation", "allegation", "claim", "step", "move", "suggestion", "condition", "offer", "proposal", "idea",
     "demand", "plan", "decision", "request", "assertion", "gesture", "threat", "call", "act", "action", "term", "appeal",
     "warning", "contention", "argument", "finding", "ruling", "verdict", "measure", "deadline", "ultimatum"}
)  # fmt: skip
_WORDS = frozenset({"charge", "accusation", "allegation", "claim", "assertion", "contention"})
_FORCE = frozenset({"attacks", "coerces"})
_BLAME = frozenset({"accuses"})
_STEM = 4  # letters that a deed's noun shares with its verb: "decide", "decision"
_SENTENCES = 2  # how far back the deed of "the decision" is looked for


def maker(parse: Parse, resolver: Resolver, head: int) -> Reference | None:
    """Who made a thing that nobody owns in its own phrase."""
    return _of_clause(parse, resolver, head) or _of_relative(parse, resolver, head) or _of_verb(parse, resolver, head)


def _of_clause(parse: Parse, resolver: Resolver, head: int) -> Reference | None:
    """ "..., a charge Tehran denies": an act in apposition to a clause is that of its subject."""
    if parse.lemma[head] not in _ACTS or not _set_off(parse, head):
        return None
    up = parse.head[head]
    if parse.dep[head] == "dobj" and up > head:
        # What the parser takes for the main clause is the relative one, and the clause in front of it a quotation.
        told = [c for c in parse.kids(up, "ccomp") if c < head]
        return _first(resolver, arguments(parse, told[0]).subjects) if told else None
    if not parse.kids(head, "relcl"):
        return None
    first, _ = parse.sentences[parse.sent[head]]
    while parse.pos[up] not in ("VERB", "AUX") and parse.head[up] != up:
        up = parse.head[up]
    relative = set(parse.kids(head, "relcl"))
    verbs = [up] if parse.pos[up] in ("VERB", "AUX") else [
        t for t in range(head - 1, first - 1, -1) if parse.pos[t] == "VERB" and t not in relative
    ]  # fmt: skip
    return _first(resolver, arguments(parse, verbs[0]).subjects) if verbs else None


def _set_off(parse: Parse, head: int) -> bool:
    low = parse.subtree(head)[0]
    article = any(parse.lower[c] in ("a", "an") for c in parse.children[head])
    return article and low > 0 and parse.words[low - 1] in (",", "--", "—", "-", "–")


def _of_relative(parse: Parse, resolver: Resolver, head: int) -> Reference | None:
    """ "the five tests that India carried out", "the rocket it fired": who did it by the relative clause."""
    for verb in parse.kids(head, "relcl"):
        subjects = [s for s in parse.kids(verb, "nsubj") if parse.lower[s] not in ("who", "which", "that")]
        if subjects and parse.lemma[verb] in _MAKING and not parse.kids(verb, "dobj")[1:]:
            return _first(resolver, subjects)
    return None


def _of_verb(parse: Parse, resolver: Resolver, head: int) -> Reference | None:
    """ "North Korea tested a missile": the maker is the subject, where the article says that it is new."""
    verb = parse.head[head]
    article = [c for c in parse.children[head] if parse.dep[c] in ("det", "poss")]
    new = all(parse.lower[c] in ("a", "an", "another") for c in article)
    if parse.dep[head] != "dobj" or parse.lemma[verb] not in _MAKING or not new:
        return None
    if lexicon().classes["@talks"] & {parse.lemma[head]}:
        return None
    return _first(resolver, arguments(parse, verb).subjects)


def deed(parse: Parse, resolver: Resolver, head: int) -> tuple[Reference | None, Reference | None]:
    """Doer and target of the deed that a noun with an article takes up: "stormed the ship ... the raid".

    The deed is a verb of the same word ("decided ... the decision") or of the same kind, told shortly before.
    """
    lemma = parse.lemma[head]
    if not any(parse.lower[c] in ("the", "this", "that", "these", "those", "such") for c in parse.children[head]):
        return None, None
    kinds = _kinds(lexicon().nouns.get(lemma, ())) if lemma not in _WORDS else frozenset()
    first = parse.sentences[max(parse.sent[head] - _SENTENCES, 0)][0]
    top = head
    while parse.pos[top] not in ("VERB", "AUX") and parse.head[top] != top:
        top = parse.head[top]
    for verb in range(head - 1, first - 1, -1):
        if parse.pos[verb] != "VERB" or verb == top:
            continue
        word = parse.lemma[verb]
        same = len(word) >= _STEM and word[:_STEM] == lemma[:_STEM]
        alike = kinds & _kinds(lexicon().verbs.get(word, ()))
        accused = lemma in _WORDS and _kinds(lexicon().verbs.get(word, ()), _BLAME)
        if not (same or alike or accused):
            continue
        told = arguments(parse, verb)
        doer = _first(resolver, told.subjects)
        target = _first(resolver, told.direct) if lemma in lexicon().classes["@violence"] else None
        if doer is not None or target is not None:
            return doer, target
    return None, None


def _kinds(frames: tuple[Frame, ...], relations: frozenset[str] = _FORCE) -> frozenset[str]:
    return frozenset(frame.relation for frame in frames) & relations


def _first(resolver: Resolver, heads: list[int]) -> Reference | None:
    found = resolver.resolve(heads[0]) if heads else None
    return found if found is not None and found.entity.principal is not None else None
