"""Quotations: which tokens stand between quotation marks, and who said them.

A quotation may run over several sentences, and go on after its speaker was named:
"A freeze is out of the question," said the envoy. "We will not give it up." The second sentence is the envoy's too.
"""

from __future__ import annotations

from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import lexicon

_OPEN, _CLOSE, _EITHER = frozenset({"“", "‟", "``"}), frozenset({"”", "''"}), frozenset({'"', "＂"})
_LEAST = 3
"""Fewer words in quotation marks are a phrase that the writer keeps at a distance, not a statement."""


class Quotations:
    """The quotations of one document; `speaker(token)` is the head token of who says it."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._number: dict[int, int] = {}
        self._spans: list[tuple[int, int]] = []
        self._paragraph: list[int] = []
        self._find()
        self._speakers: list[int | None] = []
        for n in range(len(self._spans)):
            self._speakers.append(self._named(n))

    def inside(self, token: int) -> bool:
        """Whether a token stands in a quotation that makes a statement."""
        return token in self._number

    def speaker(self, token: int) -> int | None:
        """The head token of the phrase that names who says this token; None outside quotations or where nobody is named."""
        number = self._number.get(token)
        return self._speakers[number] if number is not None else None

    def _find(self) -> None:
        parse = self._parse
        start: int | None = None
        paragraph = 0
        for t, word in enumerate(parse.words):
            if "\n" in word:
                if start is not None:
                    self._add(start, t, paragraph)
                start = None  # a quotation that goes on in the next paragraph opens anew there
                paragraph += 1
            elif word in _OPEN or (word in _EITHER and start is None):
                start = t + 1
            elif start is not None and word in _CLOSE | _EITHER:
                self._add(start, t, paragraph)
                start = None
        if start is not None:
            self._add(start, len(parse.words), paragraph)

    def _add(self, start: int, end: int, paragraph: int) -> None:
        if sum(w[0].isalnum() for w in self._parse.words[start:end]) < _LEAST:
            return
        self._number.update({t: len(self._spans) for t in range(start, end)})
        self._spans.append((start, end))
        self._paragraph.append(paragraph)

    def _named(self, number: int) -> int | None:
        """Who says a quotation: the subject of the verb of saying around it, else who said the one before it in the paragraph."""
        parse = self._parse
        start, end = self._spans[number]
        operators = lexicon().operators
        sentences = {parse.sent[start], parse.sent[end - 1], parse.sent[min(end, len(parse.sent) - 1)]}
        told = [
            verb
            for s in sorted(sentences)
            for verb in range(*parse.sentences[s])
            if verb not in self._number
            and parse.pos[verb] == "VERB"
            and (operators.get(parse.lemma[verb]) == "speech" or parse.lemma[verb] == "tell")
            and parse.kids(verb, "nsubj")
        ]
        if told:
            nearest = min(told, key=lambda v: min(abs(v - start), abs(v - end)))
            return parse.kids(nearest, "nsubj")[0]
        if number and self._paragraph[number] - self._paragraph[number - 1] <= (start == self._first(number)):
            return self._speakers[number - 1]
        return None

    def _first(self, number: int) -> int:
        """The place right after the opening mark, if the quotation opens its paragraph; else -1."""
        start, _ = self._spans[number]
        before = start - 2
        return start if before < 0 or "\n" in self._parse.words[before] else -1
