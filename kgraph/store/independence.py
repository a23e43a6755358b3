"""How many independent sources say a thing: wire copies and near-duplicate sentences count once.

Sentences are compared by the Jaccard similarity of their word pairs, documents by its MinHash estimate over shingles of
five words (Broder 1997, "On the resemblance and containment of documents"), and what is alike is joined (single linkage),
so that the number does not hang on the order of reading. Not all pairs are compared, and no pair that is alike is missed:
two sets of which a share is common have in common one of the rarest members of each (prefix filtering: Chaudhuri, Ganti
and Kaushik 2006, "A primitive operator for similarity joins in data cleaning"). Sentences of one template that differ in
what only they have are thus never compared, also where they are nearly alike.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

SENTENCE_LIKENESS = 0.7
"""Sentences with at least this Jaccard similarity of word pairs are copies."""
DOCUMENT_LIKENESS = 0.5
"""Documents with at least this similarity of five-word shingles are copies; wire stories are cut and get a new lead."""
_PERMUTATIONS = 64
_FEW = 6
"""Of so many sets each pair is compared: to look for the rarest members costs more."""
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
    every = range(len(said))
    _join_equal((t.origin or t.document for t in said), every, sources)
    first = _join_equal((t.origin or " ".join(_words(t.sentence)) for t in said), every, sources)
    heads = [i for i in first if said[i].origin is None]
    if len(heads) > 1:
        _join_alike({i: _shingles(said[i].sentence, 2) for i in heads}, _COPIES, sources)
        signed = {i: s for i, t in enumerate(said) if (s := t.signature)}
        first = _join_equal(signed.values(), signed, sources)
        _join_alike({i: _placed(signed[i]) for i in first}, _VERSIONS, sources)
    groups: dict[int, list[int]] = {}
    for i in every:
        groups.setdefault(sources.root(i), []).append(i)
    return list(groups.values())


class _Alike(NamedTuple):
    """When two sets are alike; then this share at least of each is common to both, and this share of the smaller one.

    `common` tells how many members at least are common to two sets of these sizes that are alike.
    """

    share: float
    share_of_smaller: float
    common: Callable[[int, int], float]
    test: Callable[[frozenset[Any], frozenset[Any]], bool]

    def __call__(self, one: frozenset[Any], other: frozenset[Any]) -> bool:
        return self.test(one, other)


def _are_copies(one: frozenset[Any], other: frozenset[Any]) -> bool:
    common = len(one & other)
    return common >= SENTENCE_LIKENESS * (len(one) + len(other) - common)


def _are_versions(one: frozenset[Any], other: frozenset[Any]) -> bool:
    return len(one) == len(other) and len(one & other) >= DOCUMENT_LIKENESS * len(one)


_SHARE = SENTENCE_LIKENESS / (1 + SENTENCE_LIKENESS)
_COPIES = _Alike(SENTENCE_LIKENESS, 2 * _SHARE, lambda one, other: _SHARE * (one + other), _are_copies)
_VERSIONS = _Alike(DOCUMENT_LIKENESS, DOCUMENT_LIKENESS, lambda one, _: DOCUMENT_LIKENESS * one, _are_versions)


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


def _join_alike(sets: dict[int, frozenset[Any]], alike: _Alike, sources: _Sources) -> None:
    """Join what is alike; of things joined already no two are compared.

    Sets come by size, the smaller first: a set then waits for others of its size at least, with which it must have more in
    common, and shows fewer of its members. Thousands of copies have a member in common; they wait by source, and a newcomer
    is compared with the members of a source only until one is alike.

    The rarest member that two sets have in common leaves each with few enough others to tell that they are not alike
    (positional filtering: Xiao, Wang, Lin and Yu 2008, "Efficient similarity joins for near duplicate detection"). So sets
    wait by their size and by how many members are no rarer than the one that they show.
    """
    if len(sets) <= _FEW:
        for i, j in combinations(sets, 2):
            if sources.root(i) != sources.root(j) and alike(sets[i], sets[j]):
                sources.join(i, j)
        return
    frequency = Counter(member for own in sets.values() for member in own)
    waiting: dict[Any, dict[tuple[int, int], list[list[int]]]] = {}
    root = sources.root
    for i in sorted(sets, key=lambda i: (len(sets[i]), i)):
        own = sets[i]
        rarest = sorted(own, key=lambda member: (frequency[member], member))
        different = set[int]()
        for place, member in enumerate(rarest[: len(own) - int(alike.share * len(own)) + 1]):
            there = waiting.get(member, {})
            for (size, rest), groups in there.items():
                # A hair less, since the least is a product of fractions.
                if min(rest, len(own) - place) < alike.common(len(own), size) - 1e-9:
                    continue
                by_source: dict[int, list[int]] = {}
                for group in groups:
                    kept = by_source.setdefault(root(group[0]), group)
                    if kept is not group:
                        kept += group
                there[size, rest] = list(by_source.values())
                for source, group in by_source.items():
                    if root(source) != root(i) and _is_alike(i, group, different, sets, alike):
                        sources.join(source, i)
        for place, member in enumerate(rarest[: len(own) - int(alike.share_of_smaller * len(own)) + 1]):
            if frequency[member] > 1:
                waiting.setdefault(member, {}).setdefault((len(own), len(own) - place), []).append([i])


def _is_alike(
    i: int, group: Iterable[int], different: set[int], sets: Mapping[int, frozenset[Any]], alike: _Alike
) -> bool:
    for j in group:
        if j not in different:
            if alike(sets[i], sets[j]):
                return True
            different.add(j)
    return False


def _join_equal(keys: Iterable[str], own: Iterable[int], sources: _Sources) -> list[int]:
    """Join what has the same key; returns the first of each key."""
    first: dict[str, int] = {}
    for i, key in zip(own, keys, strict=True):
        if key in first:
            sources.join(first[key], i)
        else:
            first[key] = i
    return list(first.values())


def _placed(signature: str) -> frozenset[int]:
    """The values of a signature, each with its place as one number: the share that two have in common is their likeness."""
    import numpy as np

    values = _values(signature).astype(np.int64)
    return frozenset((values + (np.arange(len(values)) << 32)).tolist())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(text: str, size: int) -> frozenset[str]:
    words = _words(text)
    if len(words) < size:
        return frozenset([" ".join(words)])
    return frozenset(map(" ".join, zip(*(words[i:] for i in range(size)), strict=False)))


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
