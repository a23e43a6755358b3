"""Nouns as predicates: event nouns with their doers, what a subject receives, roles in apposition, owners and compounds."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extraction.text.arguments import FOR_DEEDS, Arguments, arguments, conjuncts, prep_objects
from kgraph.extraction.text.frames import PARTS_OF, Predication, fronted, slots_filled
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, lexicon

_ADJUNCTS = {
    "at": "@urgings", "under": "@pressures", "with": "@means", "to": "@moods", "over": "@contrary", "despite": "@contrary",
    "amid": "@contrary", "against": "@contrary",
}  # fmt: skip
"""Classes of nouns that tell beside any verb, by their preposition, what others did about it: "at Kuwait's request"."""
_RECEIVED = {
    "to": frozenset({"bow", "yield", "respond", "react", "reply", "agree", "accede", "submit"}),
    "under": frozenset({"be", "come", "remain"}),
    "with": frozenset({"meet", "agree"}),
}
"""Verbs whose subject receives what the noun in their phrase tells: "bowed to pressure from", "is under pressure from"."""


def of_noun(parse: Parse, noun: int, frames: tuple[Frame, ...]) -> Predication | None:
    """What an event noun tells: its own phrase's doers and objects, or those of the light verb over it."""
    preps = prep_objects(parse, noun)
    up = parse.head[noun]
    light: int | None = None
    upper: Arguments | None = None
    dep = parse.dep[noun]
    if dep == "pobj" and parse.lower[up] == "of" and parse.lemma[parse.head[up]] in PARTS_OF:
        whole = parse.head[up]  # "three days of talks"
        dep, up = parse.dep[whole], parse.head[whole]
    if dep in ("dobj", "nsubjpass", "pobj", "conj", "attr"):
        over = parse.head[up] if dep in ("pobj", "conj") else up
        if parse.pos[over] in ("VERB", "AUX") and (parse.lemma[over] in lexicon().classes["@light"] or dep == "pobj"):
            light, upper = over, arguments(parse, over)
            if dep in ("dobj", "nsubjpass"):
                preps = preps + [(p, o) for p, o in upper.preps if (p, o) not in preps and o != noun]
    if parse.dep[noun] == "pobj" and parse.lower[up] == "at" and parse.lemma[noun] in lexicon().classes["@urgings"]:
        return _received(parse, noun, frames, preps)
    for frame in frames:
        filled = slots_filled(parse, frame, [p for p in preps if p[1] != noun])
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
        if not subjects and upper is not None and light is not None:
            accused = parse.dep[noun] == "pobj" and parse.lemma[light] in FOR_DEEDS and upper.direct
            subjects = [s for s in (upper.direct if accused else upper.subjects) if s not in objects]
        bridged = own and noun_is_stance and not objects
        if subjects and (objects or bridged or not frame.has_object):
            return Predication(frame, noun, tuple(subjects), tuple(objects), light if not own else None, not own)
    return _received(parse, noun, frames, preps)


def _received(parse: Parse, noun: int, frames: tuple[Frame, ...], preps: list[tuple[str, int]]) -> Predication | None:
    """ "drew criticism from France", "rejected a French offer", "acted at the request of France": the verb's subject is the object."""
    dep, up = parse.dep[noun], parse.head[noun]
    if dep == "conj":
        dep, up = parse.dep[up], parse.head[up]
    prep = parse.lower[up] if dep == "pobj" else ""
    verb = parse.head[up] if prep else up
    classes = lexicon().classes
    adjunct = prep in _ADJUNCTS and parse.lemma[noun] in classes[_ADJUNCTS[prep]] and parse.pos[verb] == "VERB"
    received = (
        parse.lemma[verb] in classes["@receiving"] if dep == "dobj" else parse.lemma[verb] in _RECEIVED.get(prep, ())
    )
    if not adjunct and not received:
        return None
    frame = next((f for f in frames if any(slot.is_object for slot in f.preps)), None)
    doers, own = _owners(parse, noun, preps, set())
    if frame is None or not own:
        return None
    receivers = arguments(parse, verb).subjects
    return Predication(frame, noun, tuple(doers), tuple(receivers), turned=True) if receivers else None


def _owners(parse: Parse, noun: int, preps: list[tuple[str, int]], objects: set[int]) -> tuple[list[int], bool]:
    """The doers that stand in an event noun's own phrase: by-phrase, possessor, modifier, from-phrase, of-phrase."""
    by = [o for p, o in preps if p == "by" and o not in objects]
    if by:
        return by, True
    poss = parse.kids(noun, "poss")
    if poss:
        return conjuncts(parse, poss[0]), True
    front = fronted(parse, noun)
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


def of_role(parse: Parse, noun: int, frames: tuple[Frame, ...]) -> Predication | None:
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
        objects = slots_filled(parse, frame, preps)
        if objects:
            return Predication(frame, noun, tuple(subjects), tuple(objects))
    return None


def beside(parse: Parse, token: int) -> Iterator[Predication]:
    """Whose a plan is made it ("Beijing's proposal"); who stands in a compound acts on its noun ("a U.S.-backed bid")."""
    words = lexicon()
    owned = words.owned.get(parse.lemma[token]) if parse.pos[token] == "NOUN" else None
    if owned is not None:
        front = parse.kids(token, "poss") or fronted(parse, token)
        makers = conjuncts(parse, front[0]) if front else [o for p, o in prep_objects(parse, token) if p == "by"]
        if makers:
            yield Predication(owned, token, tuple(makers), (token,))
    whole, hyphen, last = parse.lower[token].rpartition("-")
    split = token >= 2 and parse.words[token - 1] == "-"
    frame = words.compounds.get(last if hyphen and whole else parse.lower[token] if split else "")
    if frame is not None:
        noun = parse.head[token]
        fits = frame.direct_words is None or parse.lemma[noun] in frame.direct_words
        if parse.pos[noun] in ("NOUN", "PROPN") and noun > token and fits:
            yield Predication(frame, token, (token if whole else token - 2,), (noun,))
