"""Predicates and their roles: which frame of the lexicon fires on a token, and which phrases fill its slots.

Voice, coordination, control, relative clauses and light verbs are undone here, so that a frame is written once, in the
active voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.text.arguments import COPULAS, Arguments, arguments, conjuncts, prep_objects
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
        "consider",
        "weigh",
        "mull",
        "contemplate",
        "ponder",
        "study",
        "plan",
        "prepare",
        "pledge",
        "promise",
    ]
)
_RECEIVING = frozenset(
    [
        "be",
        "come",
        "face",
        "draw",
        "receive",
        "get",
        "win",
        "earn",
        "gain",
        "garner",
        "enjoy",
        "secure",
        "attract",
        "obtain",
        "provoke",
        "prompt",
        "elicit",
        "spark",
        "trigger",
        "incur",
        "invite",
        "suffer",
        "sustain",
        "endure",
        "withstand",
        "survive",
        "weather",
        "repel",
        "repulse",
        "reject",
        "ignore",
        "defy",
        "heed",
        "rebuff",
        "dismiss",
        "deny",
        "decline",
        "refuse",
        "accept",
        "spurn",
        "resist",
        "shrug",
        "brush",
        "answer",
        "welcome",
        "await",
        "bow",
        "yield",
        "respond",
        "react",
        "reply",
        "agree",
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
_DEEDS = frozenset({"aids", "cooperatesWith", "sanctions", "attacks", "mobilizes", "coerces", "concedes", "breaksWith"})
_AHEAD = frozenset({"planned", "possible"})
"""Who pledges aid or considers sanctions has not yet done so."""
_OF_OTHERS = frozenset({"threatens", "accuses", "condemns"})
_STANCES = frozenset({"supports", "opposes", "rejects", "condemns", "agreesWith", "proposes", "sponsors", "violates"})
"""What these are about is the thing itself: "rejected Iran's offer" rejects the offer."""
_TOLD_AHEAD = frozenset({"agreesWith", "proposes", "threatens"})
_HARMS = frozenset({"attacks", "coerces"})
_OWNER, _MAKER = "'s", "'s by"
_AS_OWNED = {_OWNER: frozenset({"of", "from", "by"}), _MAKER: frozenset({"from", "by"})}
"""The prepositions that an owner stands for."""
_CIRCUMSTANCE = frozenset({"by", "after", "before", "during", "until", "as", "without", "despite", "since"})


@dataclass(frozen=True, slots=True)
class Predication:
    """A frame that fired: the predicate's token and the head tokens of its subjects and objects.

    With `first_only`, the first object that can be resolved is meant. `light` is the light verb over an event noun, or the verb
    itself where it only tells of what is to come ("pledged aid").
    """

    frame: Frame
    token: int
    subjects: tuple[int, ...]
    objects: tuple[int, ...]
    light: int | None = None
    inherited: bool = False
    reciprocal: bool = False
    first_only: bool = False


def predications(parse: Parse, every: bool = False) -> list[Predication]:
    """Every frame that fires in a document, the most demanding one for each predicate.

    Of "offered to send troops" a lone sentence tells the offer; with `every`, what is offered, or threatened, is told.
    """
    words = lexicon()
    found: list[Predication] = []
    governed: set[int] = set()
    ahead: list[tuple[Predication, set[int]]] = []
    for i in range(len(parse.words)):
        pos = parse.pos[i]
        if pos in ("VERB", "ADJ") and parse.lemma[i] in words.governors:
            clauses: set[int] = set()
            hit = _governor(parse, i, words.governors[parse.lemma[i]], clauses)
            if hit is not None and every and hit.frame.relation in _TOLD_AHEAD:
                ahead.append((hit, clauses))
            else:
                governed |= clauses
                found += [hit] if hit is not None else []
        if pos == "VERB" and (demand := _demand(parse, i)) is not None:
            found.append(demand)
        if pos in ("VERB", "AUX") or (pos == "ADJ" and parse.tag[i] == "VBN"):
            frames = words.verbs.get("be" if parse.lemma[i] in COPULAS else parse.lemma[i])
            if frames:
                for hit in _verb(parse, i, frames):
                    found.append(hit)
                    governed.update(_said_nouns(parse, hit))
        elif pos in ("NOUN", "PROPN"):
            frames = words.nouns.get(parse.lemma[i])
            if frames and (pos == "NOUN" or parse.words[i].islower()):
                hit = _noun(parse, i, frames)
                if hit is not None:
                    found.append(hit)
            if parse.lemma[i] in words.roles and (hit := _role(parse, i, words.roles[parse.lemma[i]])) is not None:
                found.append(hit)
        found += _beside(parse, i)
    told = {p.token for p in found}
    found += [p for p, clauses in ahead if p.frame.relation == "threatens" or not clauses & told]
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


def _role(parse: Parse, noun: int, frames: tuple[Frame, ...]) -> Predication | None:
    """ "Russia, Syria's main supplier of arms": what a copula would say of the phrase that it stands beside."""
    top = noun
    while parse.dep[top] == "conj":
        top = parse.head[top]
    named = [c for c in parse.kids(noun, "appos") if parse.pos[c] == "PROPN"]
    subjects = conjuncts(parse, parse.head[top]) if parse.dep[top] == "appos" else named
    if not subjects:
        return None
    preps = prep_objects(parse, noun) + [(p, c) for c in parse.kids(noun, "poss") for p in ("of", "to", "for")]
    for frame in frames:
        objects = _slots(parse, frame, preps)
        if objects:
            return Predication(frame, noun, tuple(subjects), tuple(objects))
    return None


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
        bare = parse.tag[clause] in ("VB", "VBP") and not any(parse.dep[c] == "aux" for c in parse.children[clause])
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


def _verb(parse: Parse, verb: int, frames: tuple[Frame, ...]) -> list[Predication]:
    """The most demanding frame that fits, and the most demanding one by which the verb's subject is the object."""
    args = arguments(parse, verb)
    denied = any(parse.dep[c] == "neg" for c in parse.children[verb]) or any(
        parse.lower[c] == "no" for d in args.direct for c in parse.kids(d, "det")
    )
    found: list[Predication] = []
    for frame in frames:
        if any(frame.inverse == p.frame.inverse for p in found) or (frame.denied and not denied):
            continue
        objects = _fit(parse, frame, args)
        if objects is None:
            continue
        if frame.inverse:
            found.append(Predication(frame, verb, tuple(objects), tuple(args.subjects), None, args.inherited))
            continue
        mutual = not frame.has_object and frame.relation in _MUTUAL and len(args.subjects) > 1
        each = any(parse.lower[o] == "other" and parse.lower[max(o - 1, 0)] == "each" for o in objects)
        ahead = verb if frame.relation in _DEEDS and lexicon().operators.get(parse.lemma[verb]) in _AHEAD else None
        found.append(
            Predication(frame, verb, tuple(args.subjects), tuple(objects), ahead, args.inherited, mutual or each)
        )
    clausal = _clausal(parse, verb, args, frames) if not found else None
    return [clausal] if clausal is not None else found


def _clausal(parse: Parse, verb: int, args: Arguments, frames: tuple[Frame, ...]) -> Predication | None:
    """ "warned that it faced isolation", "complained that Kiev had lied": who is spoken of stands as the clause's subject."""
    if args.direct or args.passive:
        return None
    bare = [f for f in frames if f.specificity == 1 and f.direct_object and f.relation in _OF_OTHERS]
    if not bare or not args.spoken or not args.subjects:
        return None
    return Predication(bare[0], verb, tuple(args.subjects), tuple(args.spoken), None, args.inherited)


def _fit(parse: Parse, frame: Frame, args: Arguments) -> list[int] | None:
    """The object heads that a frame finds among the arguments (an inverse frame's doers); None where it does not fit."""
    if frame.particle and not (frame.particle & args.particles or any(p in frame.particle for p, _ in args.preps)):
        return None
    if frame.complement is not None and not any(
        parse.lemma[c] in frame.complement or parse.lower[c] in frame.complement for c in args.complements
    ):
        return None
    objects: list[int] = []
    if frame.speaker:
        return list(args.subjects) or None
    if frame.clause:
        if not args.spoken:
            return None
        objects.extend(args.spoken)
    if args.verdicts and not any("as" in slot.prepositions for slot in frame.preps):
        judged = [o for o, word in args.verdicts if frame.dative and _is(parse, word, frame.direct_words)]
        return judged or None  # who calls a man a dictator does nothing else to him
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
    if frame.direct_words is not None and not frame.direct_object and frame.relation not in _STANCES:
        own = own + [p for d in args.direct if _is(parse, d, frame.direct_words) for p in _owned_by(parse, d)]
    filled = _slots(parse, frame, own, args)
    if filled is None:
        return None
    if frame.relation in _HARMS and frame.direct_words is not None and not frame.direct_object:
        # "bombed Iranian forces in Syria": whose the forces are is hit as well
        objects.extend(d for d in args.direct if _fronted(parse, d) and _is(parse, d, frame.direct_words))
    objects.extend(filled)
    if not frame.has_object and args.direct:
        objects.extend(args.direct)
    return objects


def _slots(parse: Parse, frame: Frame, preps: list[tuple[str, int]], args: Arguments | None = None) -> list[int] | None:
    """What fills the prepositional objects of a frame; None where a slot stays empty.

    A slot may hang from the fixed words of the slot before it: "came to the defence of Georgia", "came to Georgia's defence".
    """
    objects: list[int] = []
    for slot in frame.preps:
        fillers = _fillers(parse, slot, preps)
        if fillers and slot.words is not None and not slot.is_object:
            preps = [p for f in fillers for p in (*prep_objects(parse, f), *_owned_by(parse, f))] + preps
        free = not slot.is_object and slot.words is None and not slot.is_subject
        if not fillers and args is not None:
            if free and args.infinitive and "to" in slot.prepositions:
                continue
            if slot.is_object and slot.prepositions & {"to", "for"} and frame.direct_words is not None:
                fillers = args.dative
        if not fillers:
            return None
        if slot.is_object or slot.is_subject:
            objects.extend(fillers)
    return objects


def _fronted(parse: Parse, noun: int) -> list[int]:
    """The capitalised words in front of a noun."""
    return [c for c in parse.kids(noun, "amod", "compound", "nmod") if parse.words[c][0].isupper()]


def _owned_by(parse: Parse, noun: int) -> list[tuple[str, int]]:
    """Whose a fixed word of a frame is: "met Iran's demands" is "met the demands of Iran"."""
    if parse.lemma[noun] in lexicon().agents:
        return []  # "Chinese sailors" are themselves whom it is done to
    owners = [x for c in parse.kids(noun, "poss") if parse.pos[c] != "PRON" for x in conjuncts(parse, c)]
    owners += _fronted(parse, noun)
    # The owner of an event made it: "rejected an American request".
    return [(_MAKER if parse.lemma[noun] in lexicon().nouns else _OWNER, o) for o in owners]


def _fillers(parse: Parse, slot: PrepSlot, preps: list[tuple[str, int]]) -> list[int]:
    fitting = [
        (p, o)
        for p, o in preps
        if (p in slot.prepositions or slot.prepositions & _AS_OWNED.get(p, frozenset()))
        and parse.lower[o] not in _TIMES
        and parse.tag[o] != "CD"
        and (slot.words is None or _is(parse, o, slot.words))
    ]
    return [o for p, o in fitting if p not in _AS_OWNED] or [o for _, o in fitting]


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
        filled = _slots(parse, frame, [p for p in preps if p[1] != noun])
        fits, objects = filled is not None, filled or []
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
    return _received(parse, noun, frames, preps)


def _received(parse: Parse, noun: int, frames: tuple[Frame, ...], preps: list[tuple[str, int]]) -> Predication | None:
    """ "drew criticism from France", "rejected a French offer", "is under pressure from France": the verb's subject is the object."""
    dep, up = parse.dep[noun], parse.head[noun]
    if dep == "conj":
        dep, up = parse.dep[up], parse.head[up]
    phrase = dep == "pobj" and parse.lower[up] in ("to", "under", "with")
    verb = parse.head[up] if phrase else up
    if dep not in ("dobj", "pobj") or (dep == "pobj" and not phrase) or parse.lemma[verb] not in _RECEIVING:
        return None
    frame = next((f for f in frames if any(slot.is_object for slot in f.preps)), None)
    doers, own = _owners(parse, noun, preps, set())
    if frame is None or not own:
        return None
    receivers = arguments(parse, verb).subjects
    return Predication(frame, noun, tuple(doers), tuple(receivers)) if receivers else None


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
