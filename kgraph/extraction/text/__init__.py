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


def extract_many(
    documents: Iterable[Document], *, without: Iterable[str] = (), min_confidence: float = 0.0
) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each document with its assertions, in the order given; parsed in batches, never all in memory.

    `without` names parts to switch off (`parts.PARTS`; KgraphError for another name); assertions less sure than
    `min_confidence` (0 to 1) are left out.
    """
    from kgraph.extraction.text.assertions import assertions
    from kgraph.extraction.text.parse import from_spacy, language
    from kgraph.extraction.text.parts import parts_without

    off = parts_without(without)

    pairs = ((document.text, document) for document in documents)
    for parsed, document in language().pipe(pairs, as_tuples=True, batch_size=_BATCH):
        found = assertions(document, from_spacy(parsed), off)
        yield document, [a for a in found if a.confidence >= min_confidence]
