"""How many independent sources say a thing: wire copies and near-duplicate sentences count once.

MinHash estimates of Jaccard similarity over word shingles (Broder 1997, "On the resemblance and containment of
documents"), found through locality-sensitive hashing in bands as datasketch computes them; candidates are then checked
exactly or by the estimate, and what is alike is joined (single linkage), so that the number does not hang on the order
of reading.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

SENTENCE_LIKENESS = 0.7
"""Sentences with at least this Jaccard similarity of word pairs are copies."""
DOCUMENT_LIKENESS = 0.5
"""Documents with at least this similarity of five-word shingles are copies; wire stories are cut and get a new lead."""
_PERMUTATIONS = 64
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
    return base64.b64encode(_minhash(_shingles(text, 5)).astype("<u4").tobytes()).decode()


def likeness(one: str, other: str) -> float:
    """The estimated Jaccard similarity (0 to 1) of two signatures."""
    return _likeness(_values(one), _values(other))


def _values(signature: str) -> Any:
    import numpy as np

    return np.frombuffer(base64.b64decode(signature), dtype="<u4")


def _likeness(one: Any, other: Any) -> float:
    return float((one == other).mean()) if len(one) == len(other) and len(one) else 0.0


def independent(said: Sequence[Testimony]) -> list[list[int]]:
    """The testimonies by source: groups of indexes, each group one source, in the order of their first index."""
    sources = _Sources(len(said))
    _join_equal([t.origin or t.document for t in said], sources)
    first = _join_equal([t.origin or " ".join(_words(t.sentence)) for t in said], sources)
    heads = [i for i in first if said[i].origin is None]
    if len(heads) > 1:
        _join_alike_sentences({i: _shingles(said[i].sentence, 2) for i in heads}, sources)
        _join_alike_documents({i: s for i, t in enumerate(said) if (s := t.signature)}, sources)
    groups: dict[int, list[int]] = {}
    for i in range(len(said)):
        groups.setdefault(sources.root(i), []).append(i)
    return list(groups.values())


class _Sources:
    """Indexes joined into sources (union-find); the root of a source is its least index."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, i: int) -> int:
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = sorted((self.root(i), self.root(j)))
        self._parent[b] = a


class _Buckets:
    """Locality-sensitive hashing that joins what is alike; of things joined already no two are compared.

    Thousands of copies fall into one bucket. A bucket keeps them by source, and a newcomer is compared with the members
    of a source only until one is alike: the sources are those of comparing all pairs that share a bucket.
    """

    def __init__(self, threshold: float, sources: _Sources, alike: Callable[[int, int], bool]) -> None:
        self._bands, self._rows = _bands(threshold)
        self._buckets: dict[tuple[int, bytes], list[list[int]]] = {}
        self._sources, self._alike = sources, alike

    def add(self, i: int, values: Any) -> None:
        """Join `i`, of these MinHash values, to what is alike."""
        root, different = self._sources.root, set[int]()
        for band in range(self._bands):
            key = band, values[band * self._rows : (band + 1) * self._rows].tobytes()
            by_source: dict[int, list[int]] = {}
            for group in self._buckets.get(key, ()):
                kept = by_source.setdefault(root(group[0]), group)
                if kept is not group:
                    kept += group
            for source, group in by_source.items():
                if root(source) != root(i) and self._is_alike(i, group, different):
                    self._sources.join(source, i)
            by_source.setdefault(root(i), []).append(i)
            self._buckets[key] = list(by_source.values())

    def _is_alike(self, i: int, group: list[int], different: set[int]) -> bool:
        for j in group:
            if j not in different:
                if self._alike(i, j):
                    return True
                different.add(j)
        return False


def _join_equal(keys: Sequence[str], sources: _Sources) -> list[int]:
    """Join what has the same key; returns the first index of each key."""
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key in first:
            sources.join(first[key], i)
        else:
            first[key] = i
    return list(first.values())


def _join_alike_sentences(shingles: dict[int, frozenset[str]], sources: _Sources) -> None:
    def alike(i: int, j: int) -> bool:
        one, other = shingles[i], shingles[j]
        common = len(one & other)
        return common >= SENTENCE_LIKENESS * (len(one) + len(other) - common)

    # A low threshold for candidates: LSH misses some pairs near its own threshold, the exact figure decides.
    buckets = _Buckets(0.4, sources, alike)
    for i, own in shingles.items():
        buckets.add(i, _minhash(own))


def _join_alike_documents(signatures: dict[int, str], sources: _Sources) -> None:
    values: dict[int, Any] = {}

    def alike(i: int, j: int) -> bool:
        return _likeness(values[i], values[j]) >= DOCUMENT_LIKENESS

    buckets = _Buckets(0.3, sources, alike)
    first: dict[str, int] = {}
    for i, own in signatures.items():
        if own in first:
            sources.join(first[own], i)
        else:
            first[own] = i
            values[i] = _values(own)
            buckets.add(i, values[i])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(text: str, size: int) -> frozenset[str]:
    words = _words(text)
    if len(words) < size:
        return frozenset([" ".join(words)])
    return frozenset(map(" ".join, zip(*(words[i:] for i in range(size)), strict=False)))


@cache
def _bands(threshold: float) -> tuple[int, int]:
    """Into how many bands of how many values a MinHash is cut; computed once, for that is slow."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
    return index.b, index.r


@cache
def _permutations() -> Any:
    """The factors and the summands of datasketch's permutations."""
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=1, scheme="affine32").permutations


def _minhash(shingles: frozenset[str]) -> Any:
    """The values of datasketch's MinHash of the scheme affine32, without its loop over shingles: twice as fast."""
    import numpy as np

    digests = b"".join([hashlib.sha1(s.encode(), usedforsecurity=False).digest() for s in shingles])
    hashed = np.frombuffer(digests, "<u4")[::5].astype(np.uint32)
    # The finalizer of MurmurHash3 (Appleby 2011), with which the scheme mixes before it permutes.
    hashed ^= hashed >> 16
    hashed *= np.uint32(0x85EBCA6B)
    hashed ^= hashed >> 13
    hashed *= np.uint32(0xC2B2AE35)
    hashed ^= hashed >> 16
    factors, summands = _permutations()
    return (hashed[:, None] * factors + summands).min(axis=0)
