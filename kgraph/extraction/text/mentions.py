"""Mentions: the stretches of text that name an actor or a place.

The gazetteer of `ontology/actors/` is matched over tokens, longest match first, case as written; spaCy's named entities
add the people that no table knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from kgraph.extraction.text.parse import Parse, language
from kgraph.ontology.actors import Name, actors, blockers, names, office_holders

_TITLES = frozenset(["mr", "mrs", "ms", "dr", "sir", "lord", "lady", "president", "premier", "chancellor", "king", "queen", "prince", "princess", "general", "colonel", "minister", "secretary", "senator", "ambassador", "sheikh", "ayatollah", "pope", "crown", "prime", "foreign", "defense", "defence", "vice", "sen", "rep", "gen", "col", "lt", "capt", "gov"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of tokens `start:end` with its head token, and the actor it names (None for a person not in the table).

    `kind` is the kind of the gazetteer's name, or `person`.
    """

    start: int
    end: int
    head: int
    actor: str | None
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class _Entry:
    tokens: tuple[str, ...]
    name: Name | None


@cache
def _gazetteer() -> dict[str, tuple[_Entry, ...]]:
    """First token -> entries, longest first; an entry without a name blocks its tokens."""
    tokenizer = language().tokenizer
    table: dict[str, dict[tuple[str, ...], _Entry]] = {}

    def put(text: str, name: Name | None) -> None:
        tokens = tuple(t.text for t in tokenizer(text))
        if tokens:
            table.setdefault(tokens[0], {}).setdefault(tokens, _Entry(tokens, name))

    for phrase in blockers():
        put(phrase, None)
    for name in names():
        put(name.text, name)
        if len(name.text) > 4 and name.kind in ("name", "capital", "city"):
            put(name.text.upper(), name)
    for holder in office_holders():
        for person in {holder.person, *holder.aliases}:
            if " " in person:
                put(person, Name(person, holder.of, "person"))
    return {k: tuple(sorted(v.values(), key=lambda e: -len(e.tokens))) for k, v in table.items()}


def find_mentions(parse: Parse, year: int | None) -> list[Mention]:
    """All mentions of a document in order, none overlapping; `year` decides between historical names."""
    words = parse.words
    taken = [False] * len(words)
    found: list[Mention] = []
    gazetteer = _gazetteer()
    i, n = 0, len(words)
    people = {a: b for a, b, label in parse.entities if label == "PERSON"}
    while i < n:
        hit = _match(gazetteer.get(words[i]), words, i, year) or _hyphenated(gazetteer, words[i], year)
        if hit is None:
            i += 1
            continue
        end = i + len(hit.tokens)
        # "Jordan" in "Michael Jordan" is no state: a longer person's name around a place name wins.
        inside = next((a for a, b in people.items() if a <= i and end <= b and b - a > end - i), None)
        person_wins = inside is not None and hit.name is not None and hit.name.kind in ("name", "city", "capital", "nickname") and (
            inside < i and words[inside].lower().rstrip(".") not in _TITLES
        )  # fmt: skip
        if hit.name is not None and not person_wins:
            if hit.name.kind == "person":
                found.append(Mention(i, end, _head(parse, i, end), None, "person", hit.name.text))
                taken[i:end] = [True] * (end - i)
                i = end
                continue
            actor = actors()[hit.name.actor_id]
            label = actor.label if hit.name.kind not in ("city", "capital", "seat") else hit.name.text
            found.append(Mention(i, end, _head(parse, i, end), actor.id, hit.name.kind, label))
        if not person_wins:
            for t in range(i, end):
                taken[t] = True
        i = end
    for a, b, label in parse.entities:
        if label != "PERSON" or any(taken[a:b]):
            continue
        while a < b and (parse.lower[a].rstrip(".") in _TITLES or parse.pos[a] == "PUNCT"):
            a += 1
        while b > a and (parse.lower[b - 1] in ("'s", "’s") or parse.pos[b - 1] == "PUNCT"):
            b -= 1
        if a < b and parse.words[a][0].isupper():
            name = parse.text[parse.start[a] : parse.end[b - 1]]
            found.append(Mention(a, b, _head(parse, a, b), None, "person", name))
    found.sort(key=lambda m: m.start)
    return found


def _hyphenated(gazetteer: dict[str, tuple[_Entry, ...]], word: str, year: int | None) -> _Entry | None:
    """ "U.N.-backed" and its like, which the tokenizer leaves whole, begin with a name."""
    stem, hyphen, _ = word.partition("-")
    hit = _match(gazetteer.get(stem), [stem], 0, year) if hyphen and stem else None
    if hit is None or hit.name is None or len(hit.tokens) > 1:
        return None
    return _Entry((word,), replace(hit.name, kind="adjective"))


def _match(entries: tuple[_Entry, ...] | None, words: list[str], i: int, year: int | None) -> _Entry | None:
    for entry in entries or ():
        if tuple(words[i : i + len(entry.tokens)]) != entry.tokens:
            continue
        name = entry.name
        if name is None or year is None or (name.start or 0) <= year <= (name.end or 9999):
            return entry
    return None


def _head(parse: Parse, start: int, end: int) -> int:
    """The token of a stretch whose own head lies outside it (the last one where several do)."""
    head = end - 1
    for t in range(end - 1, start - 1, -1):
        if not start <= parse.head[t] < end or parse.head[t] == t:
            head = t
            break
    return head
