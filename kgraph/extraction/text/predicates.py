"""Predicates and their roles: which frame of the lexicon fires on a token, and which phrases fill its slots.

Voice, coordination, control, relative clauses and light verbs are undone here, so that a frame is written once, in the
active voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgraph.extraction.text.arguments import COPULAS, Arguments, arguments
from kgraph.extraction.text.clauses import MUTUAL, clausal, demand_of, of_governor, of_place
from kgraph.extraction.text.frames import Predication, fit, has_owner, is_one_of
from kgraph.extraction.text.nominals import beside, of_noun, of_role
from kgraph.extraction.text.parse import Parse
from kgraph.ontology.lexicon import Frame, lexicon
from kgraph.ontology.relations import relations

_DEEDS = frozenset({"aids", "cooperatesWith", "sanctions", "attacks", "mobilizes", "coerces", "concedes", "breaksWith"})
_HARMS = frozenset({"attacks", "coerces"})
_VOWS = frozenset({"vow", "swear", "pledge", "promise"})
_THREAT = Frame("threatens", "S vow to", False, _VOWS, direct_object=True)
_OFFER = Frame("proposes", "S offer to", False, frozenset({"offer"}), direct_object=True)
_SEVERAL = frozenset(
    {"they", "both", "two", "three", "country", "side", "neighbor", "neighbour", "rival", "ally", "government"}
)
_WITH = frozenset({"with", "between"})
_TO_EACH_OTHER = frozenset({"meets", "agreesWith", "cooperatesWith", "breaksWith", "attacks", "accuses", "condemns"})
_AGREEING = frozenset({"agree", "consent"})
_WARNING = frozenset({"warn", "threaten", "caution", "vow", "swear"})
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
        if every and pos == "VERB" and (stay := of_place(parse, i)) is not None:
            found.append(stay)
    found += list(_of_governors(parse, found, ahead) if every else _vowed_alone(parse, found, ahead))
    return [p for p in found if p.first_only or (every and p.turned) or not {p.token, p.light} & governed]


def _of_governors(
    parse: Parse, found: list[Predication], ahead: list[tuple[Predication, set[int]]]
) -> Iterator[Predication]:
    """What governing verbs say beside the deeds of their clauses, in an article: both are told."""
    told = {p.token: p for p in found}
    yield from (
        p for hit, clauses in ahead for p in _told_ahead(parse, hit, [told[t] for t in sorted(clauses & told.keys())])
    )
    yield from _vowed(parse, found, ahead)
    yield from _warned(parse, found)


def _vowed_alone(
    parse: Parse, found: list[Predication], ahead: list[tuple[Predication, set[int]]]
) -> Iterator[Predication]:
    """What vows say in a lone sentence: the harm that is vowed, else the vow."""
    threats = list(_vowed(parse, found, ahead))
    told = {p.token for p in threats}
    yield from (p for p, clauses in ahead if p.frame.relation == "threatens" or not {*clauses, p.token} & told)
    yield from threats


def _told_ahead(parse: Parse, hit: Predication, deeds: list[Predication]) -> Iterator[Predication]:
    """What a governing verb says beside the deeds that are told of its clause.

    Who threatens to do harm threatens whom it would hit; of those who agree, the agreement itself is told only of several, or
    where nothing else is.
    """
    relation = hit.frame.relation
    if relation == "threatens":
        hits = [o for deed in deeds if relations()[deed.frame.relation].polarity == "-" for o in deed.objects]
        if hits:
            yield replace(hit, objects=tuple(hits), first_only=False)
    elif relation == "agreesWith" and parse.lemma[hit.token] in _AGREEING and hit.reciprocal:
        if not any(
            p in ("on", "upon") and parse.lemma[o] in lexicon().heads for p, o in arguments(parse, hit.token).preps
        ):
            yield replace(hit, objects=(), first_only=False)
    elif not deeds and parse.lemma[hit.token] == "offer":
        yield replace(hit, frame=_OFFER)
    elif not deeds and relation == "agreesWith" and parse.lemma[hit.token] in _AGREEING:
        yield replace(hit, objects=tuple(o for o in hit.objects if parse.lemma[o] in lexicon().heads))
    elif not deeds and relation != "agreesWith":
        yield hit


def _warned(parse: Parse, found: list[Predication]) -> Iterator[Predication]:
    """ "warned that it would close the border with Chad": who warns of harm that he would do himself threatens."""
    for deed in found:
        verb, clause = parse.head[deed.token], deed.token
        if parse.dep[clause] == "conj":
            verb, clause = parse.head[verb], verb
        if (
            parse.dep[clause] != "ccomp"
            or parse.lemma[verb] not in _WARNING
            or relations()[deed.frame.relation].polarity != "-"
        ):
            continue
        args = arguments(parse, verb)
        own = [
            s
            for s in parse.kids(clause, "nsubj")
            if parse.pos[s] == "PRON" and parse.lower[s] not in ("you", "this", "that")
        ]
        if own and deed.objects and not args.passive:
            yield Predication(_THREAT, verb, tuple(args.subjects), deed.objects, None, args.inherited)


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
        if frame.denied and not denied:
            continue
        if found and any(frame.inverse == p.frame.inverse and not _apart(frame, p) for p in found):
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
        if not doers and args.passive and frame.relation == "coerces":
            doers = [o for p, o in args.preps if p in ("in", "at") and parse.pos[o] == "PROPN"]  # "was jailed in Iran"
            objects = list(args.direct) if doers else objects
        if not doers and args.passive and frame.relation == "breaksWith" and frame.direct_object:
            # "was suspended from the league": the body that one is put out of does it
            doers = [o for p, o in args.preps if p == "from"]
        if (
            not doers and args.passive and frame.direct_words is not None and frame.relation not in _HARMS
            and not (frame.direct_object or frame.dative)
        ):  # fmt: skip
            # "Egyptian troops were deployed in Yemen": whose they are did it
            doers = [d for d in args.direct if is_one_of(parse, d, frame.direct_words) and has_owner(parse, d)]
        mutual = not frame.has_object and frame.relation in MUTUAL and len(args.subjects) > 1
        apiece = any(parse.lower[s] == "each" or "each" in (parse.lower[c] for c in parse.children[s]) for s in doers)
        each = any(
            parse.lower[o] == "other" and parse.lower[max(o - 1, 0)] in (("each", "the") if apiece else ("each",))
            for o in objects
        )
        # Who pledges aid or considers sanctions has not yet done so.
        ahead = verb if frame.relation in _DEEDS and parse.lemma[verb] in lexicon().classes["@ahead"] else None
        found.append(Predication(frame, verb, tuple(doers), tuple(objects), ahead, args.inherited, mutual or each))
    spoken = (clausal(parse, verb, args, frames) or _mutual(parse, verb, args, frames)) if not found else None
    return [spoken] if spoken is not None else sorted(found, key=lambda p: p.turned)


def _mutual(parse: Parse, verb: int, args: Arguments, frames: tuple[Frame, ...]) -> Predication | None:
    """ "A and B restored ties", "they broke off relations": what several do with each other, where nobody else is named."""
    several = len(args.subjects) > 1 or any(
        _joined_owners(parse, s) or parse.lower[s] in _SEVERAL or parse.lemma[s] in _SEVERAL for s in args.subjects
    )
    theirs = any(parse.kids(d, "poss") and parse.lower[parse.kids(d, "poss")[0]] != "their" for d in args.direct)
    if (
        not several
        or theirs
        or args.passive
        or args.dative
        or parse.dep[verb] == "acl"
        or any(p in _WITH for p, _ in args.preps)
    ):
        return None
    for frame in frames:
        if (
            frame.relation not in _TO_EACH_OTHER
            or frame.inverse
            or frame.dative
            or frame.denied
            or frame.complement is not None
        ):
            continue
        fixed = frame.direct_words is not None and not frame.direct_object
        if (
            not fixed
            or len(frame.preps) != 1
            or not frame.preps[0].is_object
            or not frame.preps[0].prepositions & _WITH
        ):
            continue
        if frame.particle and not frame.particle & args.particles:
            continue
        if any(is_one_of(parse, d, frame.direct_words) for d in args.direct):
            return Predication(frame, verb, tuple(args.subjects), (), None, args.inherited, True)
    return None


def _joined_owners(parse: Parse, noun: int) -> bool:
    """ "Indian and Pakistani gunners"."""
    return any(
        parse.kids(c, "conj")
        for c in parse.kids(noun, "amod", "nmod", "poss", "compound")
        if parse.words[c][0].isupper()
    )


def _apart(frame: Frame, told: Predication) -> bool:
    """Whether a frame says something else beside one that has fired: "flew to Rome for talks with" is a visit and a meeting."""
    return frame.relation == "visits" and told.frame.relation == "meets" and not frame.inverse


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
