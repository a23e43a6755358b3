"""A frame of the lexicon and the phrases around a predicate: whether it fits, and what fills its slots."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.extraction.text.arguments import Arguments, conjuncts, prep_objects
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import SOMEBODY, Frame, PrepSlot, lexicon

PARTS_OF = frozenset({"one", "some", "most", "dozen", "hundred", "thousand", "million", "number", "group", "series", "many", "several", "week", "day", "month", "hour", "year", "round", "wave", "string", "spate", "couple", "pair", "batch", "bout", "set"})  # fmt: skip
_SUMS = frozenset({"million", "billion", "trillion"})  # "$2 million in aid"
_OFFICIALS = frozenset({"president", "minister"})
"""A slot with these words takes named people too: "received Mr. Hill"."""
_TIMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "week",
        "month",
        "year",
        "day",
        "night",
        "morning",
        "afternoon",
        "evening",
        "weekend",
        "decade",
    ]
)  # "condemned the raid on Monday" condemns nobody for a Monday
_OF_TIME = frozenset({"on", "in", "over", "for", "to"})
_STANCES = frozenset({"supports", "opposes", "rejects", "condemns", "agreesWith", "proposes", "sponsors", "violates"})
"""What these are about is the thing itself: "rejected Iran's offer" rejects the offer."""
_HARMS = frozenset({"attacks", "coerces"})
_ABOUT = frozenset({"on", "of", "about", "over", "for"})
_WHERE = frozenset({"in", "at", "near"})
_OWNER, _MAKER = "'s", "'s by"
_AS_OWNED = {_OWNER: frozenset({"of", "from", "by"}), _MAKER: frozenset({"from", "by"})}
"""The prepositions that an owner stands for."""


@dataclass(frozen=True, slots=True)
class Predication:
    """A frame that fired: the predicate's token and the head tokens of its subjects and objects.

    With `first_only`, the first object that can be resolved is meant. `light` is the light verb over an event noun, or the verb
    itself where it only tells of what is to come ("pledged aid"). `turned` tells a deed told from its end ("drew criticism from").
    """

    frame: Frame
    token: int
    subjects: tuple[int, ...]
    objects: tuple[int, ...]
    light: int | None = None
    inherited: bool = False
    reciprocal: bool = False
    first_only: bool = False
    turned: bool = False


def fit(parse: Parse, frame: Frame, args: Arguments) -> list[int] | None:
    """The object heads that a frame finds among the arguments (an inverse frame's doers); None where it does not fit."""
    if frame.particle and not frame.particle & (args.particles | _like_particles(frame, args)):
        return None
    if frame.complement is not None and not any(
        (_is_called if frame.speaker else is_one_of)(parse, c, frame.complement) for c in args.complements
    ):
        return None
    if frame.subject_words is not None and not any(is_one_of(parse, s, frame.subject_words) for s in args.subjects):
        return None
    objects: list[int] = []
    if frame.speaker:
        return list(args.subjects) or None
    if frame.clause:
        if not args.spoken:
            return None
        objects.extend(args.spoken)
    if args.verdicts and not any("as" in slot.prepositions for slot in frame.preps):
        judged = [o for o, word in args.verdicts if frame.dative and _is_called(parse, word, frame.direct_words)]
        return judged or None  # who calls a man a dictator does nothing else to him
    if frame.dative:
        receivers = args.dative or (
            [d for d in args.direct if not is_one_of(parse, d, frame.direct_words)] if len(args.direct) > 1 else []
        )
        if not receivers or not any(is_one_of(parse, d, frame.direct_words) for d in args.direct):
            return None
        objects.extend(receivers)
    elif frame.direct_words is not None:
        direct = [d for d in args.direct if is_one_of(parse, d, frame.direct_words)]
        if not direct:
            return None
        if frame.direct_object:
            objects.extend(direct)
    elif frame.direct_object:
        if not args.direct:
            return None
        objects.extend(args.direct)
    elif args.direct and not args.passive and frame.relation == "visits":
        return None  # "returned the frogs to Brazil" is not "returned to Brazil"
    own = args.preps if frame.direct_words is not None else [p for p in args.preps if p not in args.genitives]
    fixed = frame.direct_words is not None and not frame.direct_object
    if fixed and frame.relation not in _STANCES:
        owners = [(d, p) for d in args.direct if is_one_of(parse, d, frame.direct_words) for p in owned_by(parse, d)]
        if any(parse.lemma[d] in lexicon().classes["@offices"] for d, _ in owners):
            own = [p for p in own if p[0] not in _WHERE]  # "closed Norway's embassy in the capital"
        own = own + [p for _, p in owners]
    filled = slots_filled(parse, frame, own, args)
    if filled is None and fixed:
        filled = slots_filled(parse, frame, own + _deeper(parse, frame, args), args)
    if filled is None:
        return None
    if (
        frame.relation in _HARMS
        and fixed
        and not any(slot.prepositions & {"on", "against", "to"} for slot in frame.preps)
    ):
        # "bombed Iranian forces in Syria": whose the forces are is hit as well; "fired missiles at" hits no missiles.
        objects.extend(d for d in args.direct if has_owner(parse, d) and is_one_of(parse, d, frame.direct_words))
    objects.extend(filled)
    if not frame.has_object and args.direct:
        objects.extend(args.direct)
    return objects


def _deeper(parse: Parse, frame: Frame, args: Arguments) -> list[tuple[str, int]]:
    """The phrases inside the phrases of a frame's fixed word: "froze talks on closer ties with Belgrade", "weeks of drills with"."""
    inner = [
        o
        for d in args.direct
        if is_one_of(parse, d, frame.direct_words)
        for p, o in prep_objects(parse, d)
        if p in _ABOUT and parse.pos[o] == "NOUN" and parse.lemma[o] not in lexicon().agents
    ]
    return [(p, x) for o in inner for p, x in prep_objects(parse, o) if p not in ("by", "of")]


def _is_called(parse: Parse, word: int, words: frozenset[str] | None) -> bool:
    """Whether a verdict is one of these words, or has one in front of it: "a dangerous precedent", "a terror state"."""
    return is_one_of(parse, word, words) or any(
        is_one_of(parse, c, words) for c in parse.kids(word, "amod", "compound")
    )


def _like_particles(frame: Frame, args: Arguments) -> set[str]:
    """The prepositions that the parser may have made of a particle; "called the emir on Friday" is not "called on the emir"."""
    found = {p for p, _ in args.preps}
    return found - _OF_TIME if frame.direct_object or frame.direct_words else found


def slots_filled(
    parse: Parse, frame: Frame, preps: list[tuple[str, int]], args: Arguments | None = None
) -> list[int] | None:
    """What fills the prepositional objects of a frame; None where a slot stays empty.

    A slot may hang from the fixed words of the slot before it: "came to the defence of Georgia", "came to Georgia's defence".
    """
    objects: list[int] = []
    for slot in frame.preps:
        receivers = args.dative if args is not None and slot.prepositions & {"to", "for"} and slot.is_object else []
        if receivers and frame.direct_words is not None:
            objects.extend(receivers)  # "gave Kenya $20 million for roads"
            continue
        fillers = fillers_of(parse, slot, preps)
        if fillers and slot.words is not None and not slot.is_object:
            inner = [(_OWNER, o) for f in fillers for _, o in owned_by(parse, f)]
            preps = [p for f in fillers for p in prep_objects(parse, f)] + inner + preps
        free = not slot.is_object and slot.words is None and not slot.is_subject
        if not fillers and args is not None and free and args.infinitive and "to" in slot.prepositions:
            continue
        if not fillers:
            return None
        if slot.is_object or slot.is_subject:
            objects.extend(fillers)
    return objects


def fillers_of(parse: Parse, slot: PrepSlot, preps: list[tuple[str, int]]) -> list[int]:
    """The phrases that a slot takes; an owner stands for "of" where no phrase does."""
    fitting = [
        (p, o)
        for p, o in preps
        if (p in slot.prepositions or slot.prepositions & _AS_OWNED.get(p, frozenset()))
        and (parse.lower[o] not in _TIMES or not (slot.is_object or slot.is_subject))
        and parse.tag[o] != "CD"
        and not (p == "with" and parse.lemma[o] in lexicon().classes["@means"])  # "sued it with the backing of"
        and (slot.words is None or is_one_of(parse, o, slot.words) or (p == "as" and _is_called(parse, o, slot.words)))
    ]
    return [o for p, o in fitting if p not in _AS_OWNED] or [o for _, o in fitting]


def is_one_of(parse: Parse, token: int, words: frozenset[str] | None) -> bool:
    """Whether a phrase's head is one of these words; "one of its experts" is an expert, a named person an official."""
    if words is None or parse.lemma[token] in words or parse.lower[token] in words:
        return True
    if SOMEBODY in words and parse.pos[token] in ("PROPN", "PRON"):
        return True
    if parse.lemma[token] in PARTS_OF:
        inner = ("of", "in") if parse.lemma[token] in _SUMS else ("of",)
        return any(is_one_of(parse, o, words) for p, o in prep_objects(parse, token) if p in inner)
    return token in parse.people and words >= _OFFICIALS


def fronted(parse: Parse, noun: int) -> list[int]:
    """The capitalised words in front of a noun."""
    return [c for c in parse.kids(noun, "amod", "compound", "nmod") if parse.words[c][0].isupper()]


def has_owner(parse: Parse, noun: int) -> bool:
    """Whether a noun has a possessor or a capitalised modifier."""
    return bool(parse.kids(noun, "poss") or fronted(parse, noun))


def owned_by(parse: Parse, noun: int) -> list[tuple[str, int]]:
    """Whose a fixed word of a frame is: "met Iran's demands" is "met the demands of Iran"."""
    if parse.lemma[noun] in lexicon().agents and parse.lemma[noun] not in lexicon().classes["@offices"]:
        return []  # "Chinese sailors" are themselves whom it is done to
    owners = [x for c in parse.kids(noun, "poss") if parse.pos[c] != "PRON" for x in conjuncts(parse, c)]
    owners += fronted(parse, noun)
    # The owner of an event made it: "rejected an American request".
    return [(_MAKER if parse.lemma[noun] in lexicon().nouns else _OWNER, o) for o in owners]
