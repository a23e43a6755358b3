"""How many independent sources say a thing: wire copies and near-duplicate sentences count once.

MinHash estimates of Jaccard similarity over word shingles (Broder 1997, "On the resemblance and containment of
documents"), found through locality-sensitive hashing (datasketch); candidates are then checked exactly or by the
estimate, and what is alike is joined (single linkage), so that the number does not hang on the order of reading.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasketch import MinHash

Join = Callable[[int, int], None]

SENTENCE_LIKENESS = 0.7
"""Sentences with at least this Jaccard similarity of word pairs are copies."""
DOCUMENT_LIKENESS = 0.5
"""Documents with at least this similarity of five-word shingles are copies; wire stories are cut and get a new lead."""
_PERMUTATIONS = 64
_SCHEME = "affine32"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Testimony:
    """One sentence, beginning at `start` of a document, that says a thing; `signature` is the document's, or None.

    `origin` is set for the row of a table: who reports it (the address or the publisher that it names). Rows of one origin
    are one source; their words are columns, in which all rows are alike, and are compared with nothing.
    """

    document: str
    start: int
    sentence: str
    signature: str | None = None
    origin: str | None = None


def signature(text: str) -> str:
    """The MinHash of a text's five-word shingles, as text of 344 characters (64 permutations of 32 bits)."""
    import numpy as np

    values = _minhash(_shingles(text, 5)).hashvalues
    return base64.b64encode(np.asarray(values, dtype="<u4").tobytes()).decode()


def likeness(one: str, other: str) -> float:
    """The estimated Jaccard similarity (0 to 1) of two signatures."""
    import numpy as np

    a, b = (np.frombuffer(base64.b64decode(s), dtype="<u4") for s in (one, other))
    return float(np.mean(a == b)) if len(a) == len(b) and len(a) else 0.0


def independent(said: Sequence[Testimony]) -> list[list[int]]:
    """The testimonies by source: groups of indexes, each group one source, in the order of their first index."""
    parent = list(range(len(said)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        a, b = sorted((root(i), root(j)))
        parent[b] = a

    _join_equal([t.origin or t.document for t in said], join)
    first = _join_equal([t.origin or " ".join(_words(t.sentence)) for t in said], join)
    heads = [i for i in first if said[i].origin is None]
    if len(heads) > 1:
        _join_alike_sentences({i: _shingles(said[i].sentence, 2) for i in heads}, join)
        _join_alike_documents({i: s for i, t in enumerate(said) if (s := t.signature)}, join)
    groups: dict[int, list[int]] = {}
    for i in range(len(said)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _join_equal(keys: Sequence[str], join: Join) -> list[int]:
    """Join what has the same key; returns the first index of each key."""
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key in first:
            join(first[key], i)
        else:
            first[key] = i
    return list(first.values())


def _join_alike_sentences(shingles: dict[int, frozenset[str]], join: Join) -> None:
    # A low threshold for candidates: LSH misses some pairs near its own threshold, the exact figure decides.
    index = _index(0.4)
    for i, own in shingles.items():
        hashed = _minhash(own)
        for j in index.query(hashed):
            if len(own & shingles[j]) >= SENTENCE_LIKENESS * len(own | shingles[j]):
                join(j, i)
        index.insert(i, hashed)


def _join_alike_documents(signatures: dict[int, str], join: Join) -> None:
    import numpy as np
    from datasketch import MinHash

    index = _index(0.3)
    first: dict[str, int] = {}
    for i, own in signatures.items():
        if own in first:
            join(first[own], i)
            continue
        first[own] = i
        values = np.frombuffer(base64.b64decode(own), dtype="<u4").astype(np.uint64)
        hashed = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME, hashvalues=values)
        for j in index.query(hashed):
            if likeness(own, signatures[j]) >= DOCUMENT_LIKENESS:
                join(j, i)
        index.insert(i, hashed)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(text: str, size: int) -> frozenset[str]:
    words = _words(text)
    return frozenset(" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


@cache
def _empty() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME)


@cache
def _bands(threshold: float) -> tuple[int, int]:
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
    return index.b, index.r


def _index(threshold: float) -> Any:
    """An empty index; its bands are computed once, for that is slow."""
    from datasketch import MinHashLSH

    return MinHashLSH(num_perm=_PERMUTATIONS, params=_bands(threshold))


def _minhash(shingles: frozenset[str]) -> MinHash:
    out = _empty().copy()
    out.update_batch([s.encode() for s in sorted(shingles)])
    return out
