"""Candidates for one and the same: entities of a class whose names are alike, scored with the grounds for it.

Names of people are compared part by part: rigour (OpenSanctions) knows the spellings and transliterations of some hundred
thousand given and family names. Names of all else are compared as strings. Offices, principals, targets and dates then
speak for or against. The score orders the work of a person who decides; it is no probability.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgraph.errors import KgraphError
from kgraph.model import NodeType
from kgraph.ontology.actors import actors, office_holders
from kgraph.store.identity import Decision, in_force, key_of_node, replacements
from kgraph.store.mapping import EDGES, ENTITIES, LEDGER, iri
from kgraph.store.store import Store

if TYPE_CHECKING:
    from rigour.names import Name, NamePart

_CROWD = 60
"""A word that stands in more names than this leads to no candidates: it is no name of anybody."""
# Parts of names that tell little, and words of descriptions that tell nothing.
_SLIGHT = frozenset(
    """al el ul bin ibn ben abu abdel de del della der den di da du la le van von y e o king queen prince princess crown sheikh
    sultan emir ayatollah pope general gen col colonel captain president jr sr ii iii iv""".split()  # noqa: SIM905
)
_GLUE = frozenset(
    "a an the of on in at for against by with to over from his her its their our this that s".split()  # noqa: SIM905
)
_NUMBER = re.compile(r"[0-9]+")
_YEARS_APART = 12
NAMED = (NodeType.PERSON, NodeType.ORGANIZATION, NodeType.INSTRUMENT)
"""The classes that are searched where none is named: groups and events have descriptions more than names."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the store knows of an entity: names, whom it acts for, what it is about, offices, the years of its documents."""

    key: str
    kind: NodeType
    label: str
    names: tuple[str, ...]
    principals: frozenset[str]
    heads: frozenset[str]
    targets: frozenset[str]
    offices: frozenset[str]
    years: tuple[int, int] | None
    documents: int
    known: str | None
    """Which person or body of the ontology it is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entities that may be one, `left` being the one to keep, with a score in 0..1 and the grounds in words."""

    left: Profile
    right: Profile
    score: float
    grounds: tuple[str, ...]

    def decision(self, verdict: str, by: str, when: str) -> Decision:
        """The decision on this pair."""
        return Decision(
            verdict, self.left.key, self.right.key, by, when, f"{self.score:.2f}", self.left.label, self.right.label
        )


def candidates(store: Store, *, threshold: float = 0.6, kinds: Iterable[NodeType] | None = None) -> list[Candidate]:
    """The undecided pairs of this score or more, best first. States are a closed list and never candidates.

    Raises KgraphError where the extra `identity` is not installed.
    """
    try:
        import rapidfuzz  # noqa: F401
        import rigour.names  # noqa: F401
    except ImportError as error:
        raise KgraphError(
            "candidates need rigour and rapidfuzz; install them with `pip install 'kgraph[identity]'`"
        ) from error
    wanted = frozenset(kinds or NAMED) - {NodeType.STATE}
    found = [p for p in profiles(store) if p.kind in wanted]
    blocked = _Decided(store.decisions())
    out = []
    for kind in sorted(wanted):
        own = [p for p in found if p.kind is kind]
        compare = _People(own) if kind is NodeType.PERSON else _Strings(own)
        for a, b in _pairs(own, compare.words):
            if blocked(a.key, b.key) or (a.known and b.known and a.known != b.known) or _other_numbers(a, b):
                continue
            likeness, grounds = compare(a, b)
            score, more = _weighed(likeness, a, b)
            if score >= threshold:
                left, right = sorted(
                    (a, b), key=lambda p: (p.known is None, -len(p.label.split()), -p.documents, p.key)
                )
                out.append(Candidate(left, right, score, (grounds, *more)))
    return sorted(out, key=lambda c: (-c.score, c.left.key, c.right.key))


def unambiguous(found: Iterable[Candidate], threshold: float) -> list[Candidate]:
    """The candidates of this score or more in which no entity could as well be a third one."""
    best = [c for c in found if c.score >= threshold]
    rivals: dict[str, set[str]] = defaultdict(set)
    linked = {frozenset((c.left.key, c.right.key)) for c in best}
    for c in best:
        rivals[c.left.key].add(c.right.key)
        rivals[c.right.key].add(c.left.key)

    def clear(one: str, other: str) -> bool:
        return all(rival == other or frozenset((rival, other)) in linked for rival in rivals[one])

    return [c for c in best if clear(c.left.key, c.right.key) and clear(c.right.key, c.left.key)]


class _Decided:
    """Was it decided already that two entities are the same, or different, by itself or by what follows?"""

    def __init__(self, decisions: list[Decision]) -> None:
        self._standing = replacements(decisions)
        self._apart = {
            frozenset((self._root(d.left), self._root(d.right)))
            for d in in_force(decisions)
            if d.verdict == "different"
        }

    def _root(self, key: str) -> str:
        return self._standing.get(key, key)

    def __call__(self, a: str, b: str) -> bool:
        a, b = self._root(a), self._root(b)
        return a == b or frozenset((a, b)) in self._apart


def profiles(store: Store) -> Iterator[Profile]:
    """What the store knows of each of its entities, ordered by key."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in store.match(None, None, None, ENTITIES):
        told[_text(quad.subject)][quad.predicate.value].add(_text(quad.object))
    offices: dict[str, set[str]] = defaultdict(set)
    for name in ("leads", "actsFor"):
        for quad in store.match(None, iri("kg:" + name), None, EDGES):
            offices[_text(quad.subject)].add(f"{name} {key_of_node(_text(quad.object)).split(':', 1)[1]}")
    dates = {_text(q.subject): int(_text(q.object)[:4]) for q in store.match(None, iri("dcterms:date"))}
    owner = {_text(q.subject): _text(q.object) for q in store.match(None, iri("kg:formOf"), None, LEDGER)}
    documents: dict[str, set[str]] = defaultdict(set)
    for quad in store.match(None, iri("kg:tells"), None, LEDGER):
        documents[owner[_text(quad.object)]].add(_text(quad.subject))
    known = _known()
    for node in sorted(told):
        facts = {
            n: told[node].get(iri(n).value, set())
            for n in ("rdfs:label", "skos:altLabel", "kg:principal", "kg:head", "kg:target")
        }
        key = key_of_node(node)
        kind = key.split(":", 1)[0]
        names = (*facts["rdfs:label"], *sorted(facts["skos:altLabel"]))
        years = sorted(dates[d] for d in documents[node] if d in dates)
        yield Profile(
            key, NodeType(kind), names[0], names, frozenset(facts["kg:principal"]), frozenset(facts["kg:head"]),
            frozenset(facts["kg:target"]), frozenset(offices[node]), (years[0], years[-1]) if years else None,
            len(documents[node]), next((known[n] for n in (key, *(n.casefold() for n in names)) if n in known), None),
        )  # fmt: skip


def _text(term: Any) -> str:
    return str(term.value)


def _known() -> dict[str, str]:
    """Whom the ontology knows, by name; bodies by key."""
    people = {n.casefold(): h.person for h in office_holders() for n in (h.person, *h.aliases)}
    return people | {f"Organization:{a.id}": a.id for a in actors().values()}


def _pairs(own: list[Profile], words: Callable[[Profile], frozenset[str]]) -> Iterator[tuple[Profile, Profile]]:
    """Pairs with a word in common, each once."""
    holders: dict[str, list[int]] = defaultdict(list)
    for i, profile in enumerate(own):
        for word in words(profile):
            holders[word].append(i)
    pairs = {(i, j) for held in holders.values() if len(held) <= _CROWD for i in held for j in held if i < j}
    for i, j in sorted(pairs):
        yield own[i], own[j]


def _other_numbers(a: Profile, b: Profile) -> bool:
    """Are both numbered, and otherwise? One digit makes two resolutions of what to the eye are like names."""
    left, right = ([set(_NUMBER.findall(name)) for name in p.names if _NUMBER.search(name)] for p in (a, b))
    return bool(left and right) and not any(one <= other or other <= one for one in left for other in right)


def _weighed(score: float, a: Profile, b: Profile) -> tuple[float, list[str]]:
    """The likeness of names, with what speaks for and against."""
    grounds = []

    def speaks(what: str, left: frozenset[str], right: frozenset[str], gain: float, loss: float) -> None:
        nonlocal score
        if left & right:
            score += gain * (1 - score)
            grounds.append(f"same {what} {', '.join(sorted(left & right))}")
        elif left and right:
            score *= loss
            grounds.append(f"other {what}: {', '.join(sorted(left))} and {', '.join(sorted(right))}")

    speaks("principal", a.principals, b.principals, 0.25, 0.75)
    if a.offices & b.offices:
        speaks("office", a.offices, b.offices, 0.25, 1)
    if not a.kind.is_actor:
        speaks("head", a.heads, b.heads, 0.1, 0.6)
        speaks("target", a.targets, b.targets, 0.25, 0.5)
        if bool(a.targets) != bool(b.targets):
            score *= 0.8
            grounds.append("only one has a target")
    if a.years and b.years:
        gap = max(a.years[0], b.years[0]) - min(a.years[1], b.years[1])
        if gap > (_YEARS_APART if a.kind.is_actor else 1):
            score *= 0.8 if a.kind.is_actor else 0.5
            grounds.append(f"{gap} years apart")
    return round(score, 3), grounds


class _People:
    """The likeness of people's names: the weight of the parts that agree in the weight of all parts."""

    def __init__(self, own: list[Profile]) -> None:
        from rigour.names import NameTypeTag, analyze_names

        self._names: dict[str, list[Name]] = {
            p.key: sorted(analyze_names(NameTypeTag.PER, p.names[:8], infer_initials=True, consolidate=False), key=lambda n: str(n.form))
            for p in own
        }  # fmt: skip

    def words(self, profile: Profile) -> frozenset[str]:
        """What a name shares with its other spellings: the sound of its parts, and rigour's symbols of them."""
        from rigour.names import SymbolCategory

        out = set()
        for name in self._names[profile.key]:
            out |= {p.metaphone or p.comparable for p in name.parts if _weight(p) == 1}
            out |= {str(s) for s in name.symbols if s.category == SymbolCategory.NAME}
        return frozenset(out)

    def __call__(self, a: Profile, b: Profile) -> tuple[float, str]:
        pairs = [(x, y) for x in self._names[a.key] for y in self._names[b.key]]
        return max((_person_likeness(x, y) for x, y in pairs), default=(0.0, ""))


def _weight(part: NamePart) -> float:
    from rigour.names import NamePartTag

    slight = len(part.comparable) == 1 or part.comparable in _SLIGHT or part.tag == NamePartTag.STOP
    return 0.2 if slight else 1.0


def _person_likeness(a: Name, b: Name) -> tuple[float, str]:
    from rigour.names import compare_parts, pair_symbols

    best = 0.0
    for paired in pair_symbols(a, b)[:4] or [()]:
        left = [p for p in a.parts if not any(p in x.qps for x in paired)]
        right = [p for p in b.parts if not any(p in x.rps for x in paired)]
        aligned = [*((x, 1.0) for x in paired), *((x, x.score) for x in compare_parts(left, right))]
        agreed = sum(s * _weight(p) for x, s in aligned if x.qps and x.rps for p in (*x.qps, *x.rps))
        total = sum(_weight(p) for p in (*a.parts, *b.parts))
        lonely = [[p for p in side if _weight(p) == 1] for x, s in aligned if s < 0.5 for side in (x.qps, x.rps)]
        score = agreed / total if total else 0.0
        # Each has a part that the other lacks: Kim Jong-il and Kim Jong-un.
        score *= 0.6 if any(lonely[::2]) and any(lonely[1::2]) else 1
        full = min(sum(_weight(p) == 1 for p in name.parts) for name in (a, b))
        # A family name alone is anybody's of the family.
        best = max(best, min(score, 0.7) if full < 2 else score)
    return best, f"names {a.form} and {b.form} {best:.2f}"


class _Strings:
    """The likeness of other names: the order of words does not count, an acronym is as good as what it stands for."""

    def __init__(self, own: list[Profile]) -> None:
        from rapidfuzz.utils import default_process
        from rigour.text.translit import maybe_ascii

        # "Sanctions" is no name of any sanctions; what stands beside the head noun is.
        self._names = {p.key: [_beside_head(default_process(maybe_ascii(n)), p) for n in p.names[:8]] for p in own}

    def words(self, profile: Profile) -> frozenset[str]:
        """Words of more than two letters, and acronyms."""
        names = self._names[profile.key]
        return frozenset(w for n in names for w in n.split() if len(w) > 2) | {_acronym(n) for n in names if n}

    def __call__(self, a: Profile, b: Profile) -> tuple[float, str]:
        from rapidfuzz import fuzz

        best = (0.0, "")
        for x in self._names[a.key]:
            for y in self._names[b.key]:
                if not x or not y:
                    continue
                score = (0.6 * fuzz.token_sort_ratio(x, y) + 0.4 * fuzz.token_set_ratio(x, y)) / 100
                if a.kind.is_actor and len(x) > 2 < len(y) and (x == _acronym(y) or y == _acronym(x)):
                    score = max(score, 0.85)
                best = max(best, (score, f"names {x} and {y} {score:.2f}"))
        return best


def _beside_head(name: str, profile: Profile) -> str:
    if not profile.heads:
        return name
    return " ".join(w for w in name.split() if w not in _GLUE and not w.startswith(tuple(profile.heads)))


def _acronym(name: str) -> str:
    return (
        "".join(w[0] for w in name.split() if w not in ("of", "the", "for", "and", "on", "in")) if " " in name else name
    )
