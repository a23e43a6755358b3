"""Predicates and their roles: which frame of the lexicon fires on a token, and which phrases fill its slots.

Voice, coordination, control, relative clauses and light verbs are undone here, so that a frame is written once, in the
active voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.text.arguments import Arguments, arguments, conjuncts, prep_objects
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, PrepSlot, lexicon

_MUTUAL = frozenset({"meets", "agreesWith", "cooperatesWith", "attacks", "accuses"})
_LIGHT = frozenset(
    [
        "have",
        "make",
        "give",
        "offer",
        "express",
        "voice",
        "announce",
        "launch",
        "carry",
        "conduct",
        "stage",
        "hold",
        "mount",
        "begin",
        "start",
        "continue",
        "step",
        "resume",
        "impose",
        "pay",
        "take",
        "issue",
        "send",
        "provide",
        "lend",
        "throw",
        "show",
        "reiterate",
        "renew",
        "win",
        "seek",
        "get",
        "receive",
        "lead",
        "deliver",
        "do",
        "open",
        "wage",
        "unleash",
        "undertake",
        "declare",
        "extend",
        "face",
        "file",
        "lodge",
        "voice",
        "put",
        "perform",
        "order",
        "pursue",
        "suffer",
        "maintain",
    ]
)
_ALLEGE = Frame("accuses", "S allege that O", False, frozenset({"allege", "charge", "complain"}), direct_object=True)
_DEMAND = Frame("requests", "S demand that O", False, frozenset({"demand"}), direct_object=True)
_PARTS_OF = frozenset(
    {"one", "some", "most", "dozen", "hundred", "thousand", "million", "number", "group", "series", "many", "several"}
)
_OFFICIALS = frozenset({"president", "minister"})
"""A slot with these words takes named people too: "received Mr. Hill"."""
_WISHES = frozenset({"want", "like", "wish"})
_MUST = frozenset({"must", "should", "ought", "need", "have"})
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
_OF_OTHERS = frozenset({"threatens", "accuses", "condemns"})
_CIRCUMSTANCE = frozenset({"by", "after", "before", "during", "until", "as", "without", "despite", "since"})


@dataclass(frozen=True, slots=True)
class Predication:
    """A frame that fired: the predicate's token and the head tokens of its subjects and objects.

    With `first_only`, the first object that can be resolved is meant. `light` is the light verb over an event noun.
    """

    frame: Frame
    token: int
    subjects: tuple[int, ...]
    objects: tuple[int, ...]
    light: int | None = None
    inherited: bool = False
    reciprocal: bool = False
    first_only: bool = False


def predications(parse: Parse) -> list[Predication]:
    """Every frame that fires in a document, the most demanding one for each predicate."""
    words = lexicon()
    found: list[Predication] = []
    governed: set[int] = set()
    for i in range(len(parse.words)):
        pos = parse.pos[i]
        if pos in ("VERB", "ADJ") and parse.lemma[i] in words.governors:
            hit = _governor(parse, i, words.governors[parse.lemma[i]], governed)
            if hit is not None:
                found.append(hit)
        if pos == "VERB" and (demand := _demand(parse, i)) is not None:
            found.append(demand)
        if pos in ("VERB", "AUX") or (pos == "ADJ" and parse.tag[i] == "VBN"):
            frames = words.verbs.get(parse.lemma[i])
            if frames:
                hit = _verb(parse, i, frames)
                if hit is not None:
                    found.append(hit)
                    governed.update(_said_nouns(parse, hit))
        elif pos in ("NOUN", "PROPN"):
            frames = words.nouns.get(parse.lemma[i])
            if frames and (pos == "NOUN" or parse.words[i].islower()):
                hit = _noun(parse, i, frames)
                if hit is not None:
                    found.append(hit)
        found += _beside(parse, i)
    return [p for p in found if p.first_only or not (p.token in governed or p.light in governed)]


def _beside(parse: Parse, token: int) -> Iterator[Predication]:
    """Whose a plan is made it ("Beijing's proposal"); who stands in a compound acts on its noun ("a U.S.-backed bid")."""
    words = lexicon()
    owned = words.owned.get(parse.lemma[token]) if parse.pos[token] == "NOUN" else None
    if owned is not None:
        front = parse.kids(token, "poss") or [
            c for c in parse.kids(token, "amod", "compound", "nmod") if parse.words[c][0].isupper()
        ]
        if front:
            yield Predication(owned, token, tuple(conjuncts(parse, front[0])), (token,))
    whole, hyphen, last = parse.lower[token].rpartition("-")
    split = token >= 2 and parse.words[token - 1] == "-"
    frame = words.compounds.get(last if hyphen and whole else parse.lower[token] if split else "")
    if frame is not None:
        noun = parse.head[token]
        fits = frame.direct_words is None or parse.lemma[noun] in frame.direct_words
        if parse.pos[noun] in ("NOUN", "PROPN") and noun > token and fits:
            yield Predication(frame, token, (token if whole else token - 2,), (noun,))


def _demand(parse: Parse, verb: int) -> Predication | None:
    """ "demanded that Belgrade hand him over", "said Iran must halt its work": whoever is to act is asked to.

    Who alleges that somebody did something accuses him.
    """
    kind = lexicon().operators.get(parse.lemma[verb])
    if kind not in ("requested", "speech") and parse.lemma[verb] not in _WISHES:
        return None
    for clause in parse.kids(verb, "ccomp"):
        asked = [c for c in parse.kids(clause, "nsubj") if parse.pos[c] != "PRON" or parse.lower[c] == "it"]
        must = any(
            (parse.dep[c] == "aux" and parse.lower[c] in _MUST - {"have", "need"})
            or (parse.lemma[clause] in ("need", "have") and parse.dep[c] == "xcomp")
            for c in parse.children[clause]
        )
        bare = parse.tag[clause] == "VB" and not any(parse.dep[c] == "aux" for c in parse.children[clause])
        wished = parse.lemma[verb] in _WISHES and any(parse.lower[c] == "to" for c in parse.kids(clause, "aux"))
        if asked and (must or wished or (kind == "requested" and bare)):
            speaker = arguments(parse, verb)
            heads = [h for a in asked for h in conjuncts(parse, a)]
            return Predication(_DEMAND, verb, tuple(speaker.subjects), tuple(heads), None, speaker.inherited)
        if asked and parse.lemma[verb] in _ALLEGE.lemmas:
            heads = [h for a in asked for h in conjuncts(parse, a)]
            return Predication(_ALLEGE, verb, tuple(arguments(parse, verb).subjects), tuple(heads))
    return None


def _said_nouns(parse: Parse, p: Predication) -> list[int]:
    """The direct objects that a frame has as fixed words: "lifted the blockade of X" says nothing more by its noun."""
    if p.frame.direct_words is None or p.frame.direct_object:
        return []
    return [c for c in parse.children[p.token] if _is(parse, c, p.frame.direct_words)]


def _governor(parse: Parse, verb: int, frame: Frame, governed: set[int]) -> Predication | None:
    """ "refused to meet Iran", "agreed to send troops to Mali": the governing verb's own relation to the clause's object."""
    clauses = parse.kids(verb, "xcomp")
    clauses += [o for c in parse.kids(verb, "prep") for o in parse.kids(c, "pcomp")]
    if not clauses:
        return None
    up = parse.head[verb]
    upper = arguments(parse, up if parse.pos[verb] == "ADJ" and parse.dep[verb] == "acomp" else verb)
    objects: list[int] = [o for p, o in upper.preps if p == "with"]
    for clause in clauses:
        lower = arguments(parse, clause)
        objects += lower.dative + [o for p, o in lower.preps if p not in _CIRCUMSTANCE] + lower.direct
        for inner in parse.kids(clause, "ccomp"):
            deep = arguments(parse, inner)
            objects += deep.subjects + deep.dative + [o for p, o in deep.preps if p not in _CIRCUMSTANCE] + deep.direct
            governed.add(inner)
        governed.add(clause)
        governed.update(d for d in lower.direct)
        governed.update(c for c in parse.children[clause] if parse.dep[c] == "xcomp")
    objects += upper.direct if not upper.passive else []
    mutual = frame.relation in _MUTUAL and len(upper.subjects) > 1
    return Predication(frame, verb, tuple(upper.subjects), tuple(objects), None, upper.inherited, mutual, True)


def _verb(parse: Parse, verb: int, frames: tuple[Frame, ...]) -> Predication | None:
    args = arguments(parse, verb)
    denied = any(parse.dep[c] == "neg" for c in parse.children[verb])
    for frame in frames:
        objects = _fit(parse, frame, args) if denied or not frame.denied else None
        if objects is None:
            continue
        reciprocal = False
        if not frame.has_object and frame.relation in _MUTUAL and len(args.subjects) > 1:
            reciprocal = True
        if any(parse.lower[o] == "other" and parse.lower[max(o - 1, 0)] == "each" for o in objects):
            reciprocal = True
        return Predication(frame, verb, tuple(args.subjects), tuple(objects), None, args.inherited, reciprocal)
    return _clausal(parse, verb, args, frames)


def _clausal(parse: Parse, verb: int, args: Arguments, frames: tuple[Frame, ...]) -> Predication | None:
    """ "warned that it faced isolation", "complained that Kiev had lied": who is spoken of stands as the clause's subject."""
    if args.direct or args.passive:
        return None
    spoken = [c for clause in parse.kids(verb, "ccomp") for c in parse.kids(clause, "nsubj", "nsubjpass")]
    bare = [f for f in frames if f.specificity == 1 and f.direct_object and f.relation in _OF_OTHERS]
    if not bare or not spoken or not args.subjects:
        return None
    objects = [h for s in spoken for h in conjuncts(parse, s)]
    return Predication(bare[0], verb, tuple(args.subjects), tuple(objects), None, args.inherited)


def _fit(parse: Parse, frame: Frame, args: Arguments) -> list[int] | None:
    """The object heads that a frame finds among the arguments; None where the frame does not fit."""
    if frame.particle and frame.particle not in args.particles and not any(p == frame.particle for p, _ in args.preps):
        return None
    if frame.complement is not None and not any(
        parse.lemma[c] in frame.complement or parse.lower[c] in frame.complement for c in args.complements
    ):
        return None
    objects: list[int] = []
    if frame.speaker:
        return list(args.subjects) or None
    if frame.dative:
        receivers = args.dative or (
            [d for d in args.direct if not _is(parse, d, frame.direct_words)] if len(args.direct) > 1 else []
        )
        if not receivers or not any(_is(parse, d, frame.direct_words) for d in args.direct):
            return None
        objects.extend(receivers)
    elif frame.direct_words is not None:
        direct = [d for d in args.direct if _is(parse, d, frame.direct_words)]
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
    for slot in frame.preps:
        fillers = _fillers(parse, slot, own)
        if (
            not fillers
            and slot.is_object
            and slot.prepositions & {"to", "for"}
            and args.dative
            and frame.direct_words is not None
        ):
            fillers = args.dative
        if not fillers:
            return None
        if slot.is_object:
            objects.extend(fillers)
    if not frame.has_object and args.direct:
        objects.extend(args.direct)
    return objects


def _fillers(parse: Parse, slot: PrepSlot, preps: list[tuple[str, int]]) -> list[int]:
    return [
        o
        for p, o in preps
        if p in slot.prepositions
        and parse.lower[o] not in _TIMES
        and parse.tag[o] != "CD"
        and (slot.words is None or _is(parse, o, slot.words))
    ]


def _is(parse: Parse, token: int, words: frozenset[str] | None) -> bool:
    """Whether a phrase's head is one of these words; "one of its experts" is an expert, a named person an official."""
    if words is None or parse.lemma[token] in words or parse.lower[token] in words:
        return True
    if parse.lemma[token] in _PARTS_OF:
        return any(_is(parse, o, words) for p, o in prep_objects(parse, token) if p == "of")
    return token in parse.people and words >= _OFFICIALS


def _noun(parse: Parse, noun: int, frames: tuple[Frame, ...]) -> Predication | None:
    preps = prep_objects(parse, noun)
    up = parse.head[noun]
    light: int | None = None
    upper: Arguments | None = None
    if parse.dep[noun] in ("dobj", "nsubjpass", "pobj", "conj", "attr"):
        over = parse.head[up] if parse.dep[noun] in ("pobj", "conj") else up
        if parse.pos[over] in ("VERB", "AUX") and (parse.lemma[over] in _LIGHT or parse.dep[noun] == "pobj"):
            light, upper = over, arguments(parse, over)
            if parse.dep[noun] in ("dobj", "nsubjpass"):
                preps = preps + [(p, o) for p, o in upper.preps if (p, o) not in preps and o != noun]
    for frame in frames:
        objects: list[int] = []
        fits = True
        for slot in frame.preps:
            fillers = [o for o in _fillers(parse, slot, preps) if o != noun]
            fits = fits and bool(fillers)
            if slot.is_object:
                objects.extend(fillers)
        noun_is_stance = frame.relation == "opposes" and any(p in ("from", "by") for p, _ in preps)
        if not fits and not noun_is_stance:
            continue
        subjects, own = _owners(parse, noun, preps, set(objects))
        between = [o for p, o in preps if p in ("between", "among")]
        if len(between) > 2:
            return None  # talks among many are an event with participants, not a meeting of each two
        if len(between) == 2:
            return Predication(frame, noun, tuple(between), (), light, False, True)
        if not subjects and upper is not None:
            subjects = [s for s in upper.subjects if s not in objects]
        bridged = own and noun_is_stance and not objects
        if subjects and (objects or bridged or not frame.has_object):
            return Predication(frame, noun, tuple(subjects), tuple(objects), light if not own else None, not own)
    return None


def _owners(parse: Parse, noun: int, preps: list[tuple[str, int]], objects: set[int]) -> tuple[list[int], bool]:
    """The doers that stand in an event noun's own phrase: by-phrase, possessor, modifier, from-phrase, of-phrase."""
    by = [o for p, o in preps if p == "by" and o not in objects]
    if by:
        return by, True
    poss = parse.kids(noun, "poss")
    if poss:
        return conjuncts(parse, poss[0]), True
    front = [c for c in parse.kids(noun, "amod", "compound", "nmod") if parse.words[c][0].isupper()]
    led = [
        d
        for c in parse.kids(noun, "amod")
        for d in parse.kids(c, "npadvmod", "compound", "amod", "advmod")
        if parse.words[d][0].isupper()
    ]
    if front or led:
        return front + led, True
    for wanted in ("from", "of"):
        found = [o for p, o in preps if p == wanted and o not in objects]
        if found:
            return found, True
    return [], False
