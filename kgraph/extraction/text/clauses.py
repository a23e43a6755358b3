"""Verbs and their clauses: what a governing verb says to the clause's object, who is asked to act, who is spoken of."""

from __future__ import annotations

from kgraph.extraction.text.arguments import Arguments, arguments, conjuncts
from kgraph.extraction.text.frames import Predication
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, PrepSlot, lexicon

MUTUAL = frozenset({"meets", "agreesWith", "cooperatesWith", "attacks", "accuses"})
"""Relations that several subjects have to each other where no object is named: "A and B met"."""
_ALLEGE = Frame("accuses", "S allege that O", False, frozenset({"allege", "charge", "complain"}), direct_object=True)
_DEMAND = Frame("requests", "S demand that O", False, frozenset({"demand"}), direct_object=True)
_BACKING = Frame("supports", "S insist that O go ahead", False, frozenset({"insist", "demand"}), direct_object=True)
_PRESSING = frozenset({"insist", "suggest", "propose", "recommend"})
_LASTING = frozenset({"proceed", "continue", "resume", "begin", "remain", "stay", "stand"})
_WISHES = frozenset({"want", "like", "wish"})
_MUST = frozenset({"must", "should", "ought", "need", "have"})
_OF_OTHERS = frozenset({"threatens", "accuses", "condemns"})
_STAY = Frame("visits", "S speak in O", False, frozenset({"speak"}), preps=(PrepSlot(frozenset({"in"}), True, None),))
_SPEAKING = frozenset({"speak", "tell", "address", "expect", "attend", "sign"})
_ASPECTS = frozenset(
    {"go", "continue", "keep", "begin", "start", "resume", "proceed", "help", "try", "seek", "stop", "cease"}
)
_WHERE = frozenset({"in", "at", "on", "near"})
_CIRCUMSTANCE = frozenset({"by", "after", "before", "during", "until", "as", "without", "despite", "since"})


def demand_of(parse: Parse, verb: int) -> Predication | None:
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
        if must and not asked:  # "said the border must be reopened": what is to be done is asked for
            asked = [c for c in parse.kids(clause, "nsubjpass") if parse.pos[c] != "PRON"]
        bare = parse.tag[clause] in ("VB", "VBP") and not any(parse.dep[c] == "aux" for c in parse.children[clause])
        if asked and bare and (kind == "requested" or parse.lemma[verb] in _PRESSING) and _goes_on(parse, clause):
            things = tuple(h for a in asked for h in conjuncts(parse, a) if parse.lemma[h] in lexicon().heads)
            if things:
                return Predication(_BACKING, verb, tuple(arguments(parse, verb).subjects), things)
        wished = parse.lemma[verb] in _WISHES and any(parse.lower[c] == "to" for c in parse.kids(clause, "aux"))
        if asked and (
            must
            or wished
            or (bare and kind == "requested")
            or (bare and parse.lemma[verb] in _PRESSING and _subjunctive(parse, clause, asked))
        ):
            speaker = arguments(parse, verb)
            told = speaker.direct if parse.lemma[verb] == "tell" and not speaker.passive else []
            heads = told or [h for a in asked for h in conjuncts(parse, a)]
            return Predication(_DEMAND, verb, tuple(speaker.subjects), tuple(heads), None, speaker.inherited)
        if asked and parse.lemma[verb] in _ALLEGE.lemmas:
            heads = [h for a in asked for h in conjuncts(parse, a)]
            return Predication(_ALLEGE, verb, tuple(arguments(parse, verb).subjects), tuple(heads))
    return None


def _subjunctive(parse: Parse, clause: int, subjects: list[int]) -> bool:
    """ "suggested that Turkey pull back": a bare verb with one subject says what should be."""
    return parse.tag[clause] == "VB" or all(
        parse.tag[s] in ("NN", "NNP") and not parse.kids(s, "conj") for s in subjects
    )


def _goes_on(parse: Parse, clause: int) -> bool:
    """Whether a clause says that something takes place or lasts: "the vote go ahead", "sanctions remain"."""
    ahead = {"ahead", "forward", "on"} & {parse.lower[c] for c in parse.children[clause]}
    return parse.lemma[clause] in _LASTING or (parse.lemma[clause] == "go" and bool(ahead))


def of_governor(parse: Parse, verb: int, frame: Frame, governed: set[int]) -> Predication | None:
    """ "refused to meet Iran", "agreed to send troops to Mali": the governing verb's own relation to the clause's object."""
    clauses = parse.kids(verb, "xcomp")
    clauses += [o for c in parse.kids(verb, "prep") for o in parse.kids(c, "pcomp")]
    if not clauses:
        return None
    up = parse.head[verb]
    upper = arguments(parse, up if parse.pos[verb] == "ADJ" and parse.dep[verb] == "acomp" else verb)
    objects: list[int] = [o for p, o in upper.preps if p == "with"]
    clauses += [inner for clause in clauses for inner in _goes_into(parse, clause)]
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
    mutual = frame.relation in MUTUAL and len(upper.subjects) > 1
    if mutual:  # where they agreed to meet is not with whom
        objects = [o for o in objects if parse.lower[parse.head[o]] not in _WHERE]
    return Predication(frame, verb, tuple(upper.subjects), tuple(objects), None, upper.inherited, mutual, True)


def of_place(parse: Parse, verb: int) -> Predication | None:
    """ "Mr. Obama, speaking in Prague": an official who speaks or meets somebody in a city abroad is there on a visit."""
    frames = lexicon().verbs.get(parse.lemma[verb], ())
    speaks = lexicon().operators.get(parse.lemma[verb]) == "speech" or parse.lemma[verb] in _SPEAKING
    if not speaks and not any(f.relation == "meets" for f in frames):
        return None
    cities = [
        o
        for p in parse.kids(verb, "prep")
        if parse.lower[p] == "in"
        for o in parse.kids(p, "pobj")
        if parse.pos[o] == "PROPN"
    ]
    if not cities:
        return None
    args = arguments(parse, verb)
    there = args.direct if args.passive and parse.lemma[verb] == "expect" else [] if args.passive else args.subjects
    there = [
        s
        for s in there
        if parse.lower[s] in ("he", "she") or any(t in parse.people for t in (s, *parse.kids(s, "appos")))
    ]
    return Predication(_STAY, verb, tuple(there), tuple(cities)) if there else None


def _goes_into(parse: Parse, verb: int) -> list[int]:
    """The clauses of verbs that say how a deed goes on: "threatened to go on attacking", "agreed to start talks"."""
    if parse.lemma[verb] not in _ASPECTS:
        return []
    inner = parse.kids(verb, "xcomp") + [o for c in parse.kids(verb, "prep", "prt") for o in parse.kids(c, "pcomp")]
    return inner + [deeper for clause in inner for deeper in _goes_into(parse, clause)]


def clausal(parse: Parse, verb: int, args: Arguments, frames: tuple[Frame, ...]) -> Predication | None:
    """ "warned that it faced isolation", "complained that Kiev had lied": who is spoken of stands as the clause's subject."""
    if args.direct or args.passive or not args.spoken or not args.subjects:
        return None
    bare = [f for f in frames if f.specificity == 1 and f.direct_object and f.relation in _OF_OTHERS]
    if not bare:
        return None
    return Predication(bare[0], verb, tuple(args.subjects), tuple(args.spoken), None, args.inherited)
