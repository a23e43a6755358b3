"""The text extractor: parse, mentions, entities, predicates and roles, factuality, assertions. No network, no LLM.

Two public functions: `extract` for one document, `extract_many` for a stream of them (faster: parsed in batches).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph.model import Assertion, Document

__all__ = ["extract", "extract_many"]

_BATCH = 64


def extract(document: Document) -> Iterator[Assertion]:
    """The assertions that one document makes, in the order of the text."""
    for _, found in extract_many([document]):
        yield from found


def extract_many(documents: Iterable[Document]) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each document with its assertions, in the order given; parsed in batches, never all in memory."""
    from kgraph.extraction.text.assertions import assertions
    from kgraph.extraction.text.parse import from_spacy, language

    pairs = ((document.text, document) for document in documents)
    for parsed, document in language().pipe(pairs, as_tuples=True, batch_size=_BATCH):
        yield document, list(assertions(document, from_spacy(parsed)))
