"""Mentions: the stretches of text that name an actor or a place.

The gazetteer of `ontology/actors/` is matched over tokens, longest match first, case as written; spaCy's named entities
add the people that no table knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from kgraph.extraction.text.parse import Parse, language
from kgraph.model import NodeType
from kgraph.ontology.actors import (
    Name,
    actors,
    blockers,
    common_surnames,
    names,
    office_holders,
    spellings,
    surname,
)

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
    table: dict[str, dict[tuple[str, ...], _Entry]] = {}

    def put(text: str, name: Name | None) -> None:
        tokens = _tokens(text)
        if tokens:
            same = table.setdefault(tokens[0], {})
            if tokens not in same or (name is not None and name.start is not None):
                same[tokens] = _Entry(tokens, name)

    for phrase in blockers():
        put(phrase, None)
    for name in names():
        put(name.text, name)
    for text, person, of, kind in _people():
        put(text, Name(person, of, kind))
    return {k: tuple(sorted(v.values(), key=lambda e: -len(e.tokens))) for k, v in table.items()}


_ENGLISH = frozenset(
    {"USA", "GBR", "CAN", "AUS", "NZL", "IRL", "JAM", "BRB", "TTO", "BHS", "GUY", "BLZ"}
)  # surnames of many


def _people() -> Iterator[tuple[str, str, str, str]]:
    """How the holders of offices are written: form, full name, for whom they act, person or surname."""
    states: dict[str, set[str]] = {}
    for holder in office_holders():
        states.setdefault(surname(holder), set()).add(actors()[holder.of].principal or holder.of)
    for holder in office_holders():
        for full in (holder.person, *holder.aliases):
            kind = "person" if " " in full or "-" in full else "surname"
            if kind == "surname" and full in common_surnames():
                continue
            for form in _forms(full):
                yield form, holder.person, holder.of, kind
        last = surname(holder)
        alone = len(states[last]) == 1 and holder.of not in _ENGLISH and last not in common_surnames()
        if alone and len(last) > 4 and " " in holder.person:
            yield last, holder.person, holder.of, "surname"


def _forms(full: str) -> set[str]:
    """A name as agencies write it: with and without the article and the hyphens."""
    forms = {full}
    if "al-" in full:
        forms |= {full.replace("al-", ""), full.replace("al-", "al ")}
    elif "-" in full:
        forms.add(" ".join(part[0].upper() + part[1:] for part in full.replace("-", " ").split()))
    return forms


_WORDS = re.compile(r"^[^\W\d_]+(?:[ -][^\W\d_]+)*$")
_PARTS = re.compile(r"[^\W\d_]+|-")
_LETTERS = str.maketrans({"’": "'", "‘": "'", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "đ": "d", "Đ": "D", "æ": "ae", "ß": "ss", "ə": "a", "Ə": "A", "–": "-"})  # fmt: skip


def _tokens(text: str) -> tuple[str, ...]:
    """A name's tokens as the parser would make them, each in its plain spelling."""
    if _WORDS.match(text):
        words = _PARTS.findall(text)
        if not any(w in _contractions() for w in words):
            return tuple(_plain(w) for w in words)
    return tuple(_plain(t.text) for t in language().tokenizer(text))


@cache
def _contractions() -> frozenset[str]:
    """Words that the tokenizer splits or joins in a way of its own."""
    return frozenset(getattr(language().tokenizer, "rules", None) or ())


def _plain(word: str) -> str:
    """A word of a name without accents, in the spelling that the tables use."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_LETTERS))
        word = "".join(c for c in word if not unicodedata.combining(c))
    return spellings().get(word, word)


def plain_name(name: str) -> str:
    """A person's name with each word in its plain spelling, as a key."""
    return " ".join(_plain(w) for w in name.split())


def find_mentions(parse: Parse, year: int | None) -> list[Mention]:
    """All mentions of a document in order, none overlapping; `year` decides between historical names."""
    words = [_plain(w) for w in parse.words]
    taken = [False] * len(words)
    found: list[Mention] = []
    bodies: list[Mention] = []
    gazetteer = _gazetteer()
    labels = {t: (a, b, label) for a, b, label in parse.entities for t in range(a, b)}
    i, n = 0, len(words)
    while i < n:
        word = words[i]
        hit = _match(gazetteer.get(word), words, i, year)
        if hit is None and len(word) > 2 and word.isupper():
            hit = _shouted(gazetteer, words, i, year)
        if hit is None and "-" in word:
            hit = _hyphenated(gazetteer, word, year)
        if hit is None:
            i += 1
            continue
        end = i + len(hit.tokens)
        name = hit.name
        if name is None or (name.kind in ("name", "adjective") and _opposed(words, i)):
            taken[i:end] = [True] * (end - i)
            i = end
            continue
        if not _means(parse, labels, name, i, end, found):
            i = end if name.kind == "body" else i + 1
            continue
        if name.kind in ("person", "surname"):
            found.append(Mention(i, end, head_of(parse, i, end), None, "person", name.text))
        else:
            actor = actors()[name.actor_id]
            kind = "city" if name.kind == "place" else "seat" if name.kind == "body" else name.kind
            label = name.text if kind in ("city", "capital", "seat") else actor.label
            found.append(Mention(i, end, head_of(parse, i, end), actor.id, kind, label))
            if name.kind == "body":
                bodies.append(found[-1])
        taken[i:end] = [True] * (end - i)
        i = end
    found = _at_home(found, bodies)
    for a, b, label in parse.entities:
        if label != "PERSON" or any(taken[a:b]):
            continue
        while a < b and (parse.lower[a].rstrip(".") in _TITLES or parse.pos[a] == "PUNCT"):
            a += 1
        while b > a and (parse.lower[b - 1] in ("'s", "’s") or parse.pos[b - 1] == "PUNCT"):
            b -= 1
        if a < b and parse.words[a][0].isupper():
            text = parse.text[parse.start[a] : parse.end[b - 1]]
            found.append(Mention(a, b, head_of(parse, a, b), None, "person", text))
            taken[a:b] = [True] * (b - a)
    found += _surnames(parse, found, taken)
    found.sort(key=lambda m: m.start)
    return found


def _surnames(parse: Parse, found: list[Mention], taken: list[bool]) -> list[Mention]:
    """The surnames, standing alone, of people whom the text names in full before: "Taro Aso ... Aso"."""
    known: dict[str, int] = {}
    for mention in found:
        if mention.kind == "person" and mention.actor is None and mention.end - mention.start > 1:
            last = parse.words[mention.end - 1]
            known[last] = min(known.get(last, mention.start), mention.start)
    again = []
    for t, word in enumerate(parse.words):
        first = t == parse.sentences[parse.sent[t]][0]
        if taken[t] or known.get(word, t) >= t or len(word) < 3 or (parse.pos[t] != "PROPN" and first):
            continue  # "May" in mid-sentence is the one named before, whatever the parser takes it for
        beside = [
            parse.words[x] for x in (t - 1, t + 1) if 0 <= x < len(taken) and parse.pos[x] == "PROPN" and not taken[x]
        ]
        if all(b.lower().rstrip(".") in _TITLES for b in beside):
            again.append(Mention(t, t + 1, t, None, "person", word))
    return again


_IN = frozenset({"in", "at", "near", "from", "of", "around", "outside", "across", "into", "over", "between", "toward"})
_GIVEN = frozenset({"Jordan", "Chad", "Israel", "Georgia", "India", "Kenya", "Paris", "London", "Austin", "Virginia", "Sydney", "Holland", "Dallas", "Houston", "Washington", "Florence", "Brooklyn", "Phoenix", "Cuba"})  # fmt: skip
_OFFICIAL = frozenset({"police", "court", "council", "government", "province", "state", "university", "airport", "port", "command", "parliament", "assembly", "authority", "prison", "hospital", "district", "county", "region", "office", "department", "commission", "ministry", "house", "base"})  # fmt: skip
_PLACES = frozenset({"GPE", "LOC", "FAC", "NORP", "ORG"})


def _means(
    parse: Parse, labels: dict[int, tuple[int, int, str]], name: Name, i: int, end: int, found: list[Mention]
) -> bool:
    """Whether the tokens `i:end` mean the actor of a name that they spell, from what stands around them."""
    words, kind = parse.words, name.kind
    first, last, label = labels.get(i, (i, i, ""))
    if kind == "surname":
        # "Ahmed Karzai" is another Karzai; "President Karzai" is he.
        before = words[i - 1] if i else ""
        title = before.lower().rstrip(".") in _TITLES or parse.sent[i] != parse.sent[max(i - 1, 0)] or i == 0
        named = i > 0 and before[:1].isupper() and parse.pos[i - 1] == "PROPN"
        after = end < len(words) and words[end][:1].isupper() and parse.pos[end] == "PROPN" and last > end
        return (title or not named) and not after
    if kind == "person" or kind in ("adjective", "demonym"):
        return True
    acts_for = actors()[name.actor_id].principal
    if kind == "body" or acts_for != name.actor_id:
        # "Russia's Supreme Court" and "the Senate of Kenya" are another state's.
        if found and found[-1].actor is not None and found[-1].end + (words[i - 1] in ("'s", "’s", "'")) == i:
            owner = actors()[found[-1].actor]
            if owner.type is NodeType.STATE and owner.principal != acts_for:
                return False
        return kind != "body" or not (end + 1 < len(words) and words[end] == "of" and words[end + 1][:1].isupper())
    if kind == "seat":
        return True
    # "Jordan" in "Michael Jordan" is no state: a longer person's name around a place name wins.
    if label == "PERSON" and first <= i and end <= last and last - first > end - i:
        return name.text not in _GIVEN and not (first < i and words[first].lower().rstrip(".") not in _TITLES)
    if kind == "place":
        if label == "ORG" and last - first > end - i and words[last - 1].lower() not in _OFFICIAL:
            return False
        before = words[i - 1].lower() if i else ""
        followed = end < len(words) and words[end] == "," and label != "PERSON"
        return label in _PLACES or (before in _IN and label != "PERSON") or (followed and words[i].isupper())
    return True


def _opposed(words: list[str], i: int) -> bool:
    """ "anti-American protesters" are not American, "non-Arab" is not Arab."""
    return i > 1 and words[i - 1] == "-" and words[i - 2].lower() in ("anti", "non")


def _at_home(found: list[Mention], bodies: list[Mention]) -> list[Mention]:
    """Without the bodies ("Congress") of a state that the text does not speak of, where it speaks of others."""
    others = {m.actor for m in found if m not in bodies and m.actor is not None}
    states = {a for a in others if actors()[a].type is NodeType.STATE or actors()[a].principal != a}
    return [m for m in found if m not in bodies or not states or {actors()[a].principal for a in states} & {m.actor}]


def _shouted(gazetteer: dict[str, tuple[_Entry, ...]], words: list[str], i: int, year: int | None) -> _Entry | None:
    """A name in capitals, as in datelines and headlines: "KHARTOUM, Sudan"."""
    for first in (words[i].capitalize(), words[i].title()):
        for entry in gazetteer.get(first, ()):
            tokens = entry.tokens
            if sum(map(len, tokens)) > 4 and all(w == t.upper() for w, t in zip(words[i:], tokens, strict=False)):
                hit = _match((_Entry(tuple(words[i : i + len(tokens)]), entry.name),), words, i, year)
                if hit is not None and len(words) >= i + len(tokens):
                    return hit
    return None


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


def head_of(parse: Parse, start: int, end: int) -> int:
    """The token of a stretch whose own head lies outside it (the last one where several do)."""
    head = end - 1
    for t in range(end - 1, start - 1, -1):
        if not start <= parse.head[t] < end or parse.head[t] == t:
            head = t
            break
    return head
