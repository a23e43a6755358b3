"""Predicates and their roles: which frame of the lexicon fires on a token, and which phrases fill its slots.

Voice, coordination, control, relative clauses and light verbs are undone here, so that a frame is written once, in the
active voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgraph.extraction.text.arguments import COPULAS, Arguments, arguments
from kgraph.extraction.text.clauses import MUTUAL, clausal, demand_of, of_governor
from kgraph.extraction.text.frames import Predication, fit, has_owner, is_one_of
from kgraph.extraction.text.nominals import beside, of_noun, of_role
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, lexicon

_DEEDS = frozenset({"aids", "cooperatesWith", "sanctions", "attacks", "mobilizes", "coerces", "concedes", "breaksWith"})
_HARMS = frozenset({"attacks", "coerces"})
_VOWS = frozenset({"vow", "swear", "pledge", "promise"})
_THREAT = Frame("threatens", "S vow to", False, _VOWS, direct_object=True)
_TOLD_AHEAD = frozenset({"agreesWith", "proposes", "threatens"})


def predications(parse: Parse, every: bool = False) -> list[Predication]:
    """Every frame that fires in a document, the most demanding one for each predicate.

    Of "offered to send troops" a lone sentence tells the offer; with `every`, what is offered, or threatened, is told. So are
    both ends of a visit ("received the Haitian president").
    """
    words = lexicon()
    found: list[Predication] = []
    governed: set[int] = set()
    ahead: list[tuple[Predication, set[int]]] = []
    for i in range(len(parse.words)):
        pos = parse.pos[i]
        if pos in ("VERB", "ADJ") and parse.lemma[i] in words.governors:
            clauses: set[int] = set()
            hit = of_governor(parse, i, words.governors[parse.lemma[i]], clauses)
            if hit is not None and (every or parse.lemma[i] in _VOWS) and hit.frame.relation in _TOLD_AHEAD:
                ahead.append((hit, clauses))
                governed |= clauses if not every else set()
            else:
                governed |= clauses
                found += [hit] if hit is not None else []
        if pos == "VERB" and (demand := demand_of(parse, i)) is not None:
            found.append(demand)
        if pos in ("VERB", "AUX") or (pos == "ADJ" and parse.tag[i] == "VBN"):
            frames = words.verbs.get("be" if parse.lemma[i] in COPULAS else parse.lemma[i])
            if frames:
                for hit in _verb(parse, i, frames)[: None if every else 1]:
                    found.append(hit)
                    governed.update(_said_nouns(parse, hit))
        elif pos in ("NOUN", "PROPN"):
            frames = words.nouns.get(parse.lemma[i])
            if frames and (pos == "NOUN" or parse.words[i].islower()):
                hit = of_noun(parse, i, frames)
                if hit is not None:
                    found.append(hit)
            if parse.lemma[i] in words.roles and (hit := of_role(parse, i, words.roles[parse.lemma[i]])) is not None:
                found.append(hit)
        found += beside(parse, i)
    threats = list(_vowed(parse, found, ahead))
    told = {p.token for p in found} if every else {p.token for p in threats}
    over = [(p, {*clauses, *(() if every else (p.token,))}) for p, clauses in ahead]
    found += [p for p, clauses in over if p.frame.relation == "threatens" or not clauses & told]
    found += threats
    return [p for p in found if p.first_only or (every and p.turned) or not {p.token, p.light} & governed]


def _vowed(parse: Parse, found: list[Predication], ahead: list[tuple[Predication, set[int]]]) -> Iterator[Predication]:
    """ "vowed to strike Haifa": who promises to do harm threatens."""
    for vow, clauses in ahead:
        if parse.lemma[vow.token] in _VOWS:
            for deed in [p for p in found if p.token in clauses and p.frame.relation in _HARMS]:
                yield replace(vow, frame=_THREAT, objects=deed.objects)


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
        objects = fit(parse, frame, args)
        if objects is None or (frame.direct_object and frame.direct_words and _together(parse, args, frames)):
            continue
        if frame.inverse:
            found.append(
                Predication(frame, verb, tuple(objects), tuple(args.subjects), None, args.inherited, turned=True)
            )
            continue
        doers = args.subjects
        shared = any("between" in slot.prepositions for slot in frame.preps) and len(objects) > 1
        if shared and args.passive and not doers:
            # "cooperation between Peru and Chile was deepened": the two did it
            found.append(Predication(frame, verb, tuple(objects), (), None, False, True))
            continue
        if not doers and args.passive and frame.direct_words is not None and not (frame.direct_object or frame.dative):
            # "Egyptian troops were deployed in Yemen": whose they are did it
            doers = [d for d in args.direct if is_one_of(parse, d, frame.direct_words) and has_owner(parse, d)]
        mutual = not frame.has_object and frame.relation in MUTUAL and len(args.subjects) > 1
        each = any(parse.lower[o] == "other" and parse.lower[max(o - 1, 0)] == "each" for o in objects)
        # Who pledges aid or considers sanctions has not yet done so.
        ahead = verb if frame.relation in _DEEDS and parse.lemma[verb] in lexicon().classes["@ahead"] else None
        found.append(Predication(frame, verb, tuple(doers), tuple(objects), ahead, args.inherited, mutual or each))
    spoken = clausal(parse, verb, args, frames) if not found else None
    return [spoken] if spoken is not None else sorted(found, key=lambda p: p.turned)


def _together(parse: Parse, args: Arguments, frames: tuple[Frame, ...]) -> bool:
    """Whether several subjects do with each other what one does alone: "Kenya and Uganda held an exercise"."""
    return len(args.subjects) > 1 and any(
        f.relation == "cooperatesWith" and not f.has_object and f.direct_words and fit(parse, f, args) is not None
        for f in frames
    )


def _said_nouns(parse: Parse, p: Predication) -> list[int]:
    """The direct objects that a frame has as fixed words: "lifted the blockade of X" says nothing more by its noun."""
    if p.frame.direct_words is None or p.frame.direct_object:
        return []
    return [c for c in parse.children[p.token] if is_one_of(parse, c, p.frame.direct_words)]


__all__ = ["Predication", "predications"]
