"""Receivers that a text leaves out: "Cuba sent 200 doctors" in a text about an earthquake in Pakistan.

A verb with the fixed words of a frame ("send doctors") whose slot for the receiver is empty fires without an object; what the
text is about fills it, with little certainty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph.extraction.text.arguments import Arguments, arguments
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.predicates import Predication
from kgraph.ontology.lexicon import Frame, lexicon

_RECEIVED = frozenset({"aids", "sanctions", "breaksWith"})
"""Relations whose acts go without saying to whom: help, embargoes, recalled envoys."""
_VISITS = frozenset({"visit", "trip", "tour"})
_TO_WHOM = frozenset(
    {"to", "for", "in", "on", "against", "with", "from", "into", "at", "over", "toward", "towards", "near"}
)
_CERTAINTY = 0.45


def left_out(parse: Parse, fired: Iterable[Predication]) -> Iterator[Predication]:
    """The predications of verbs that did not fire for want of a receiver."""
    taken = {token for p in fired for token in (p.token, p.light)}
    verbs = lexicon().verbs
    for verb in range(len(parse.words)):
        if parse.pos[verb] != "VERB" or verb in taken or parse.lemma[verb] not in verbs:
            continue
        told = arguments(parse, verb)
        if not told.subjects or told.passive or told.dative or _governed(parse, verb):
            continue
        for frame in verbs[parse.lemma[verb]]:
            if frame.relation in _RECEIVED and _lacks_only_its_receiver(parse, frame, told):
                yield Predication(frame, verb, tuple(told.subjects), (), inherited=told.inherited)
                break


def _governed(parse: Parse, verb: int) -> bool:
    """Whether what the verb says stands under another one that is a relation of its own: "declined to send troops"."""
    up = parse.head[verb]
    if parse.dep[verb] == "pcomp":
        up = parse.head[up]
    return parse.dep[verb] in ("xcomp", "pcomp", "ccomp") and parse.lemma[up] in lexicon().governors


def _lacks_only_its_receiver(parse: Parse, frame: Frame, told: Arguments) -> bool:
    if frame.direct_words is None or frame.direct_object or frame.denied or frame.complement is not None:
        return False
    if frame.particle and not frame.particle & told.particles:
        return False
    if not any(parse.lemma[d] in frame.direct_words - _VISITS for d in told.direct):
        return False
    slots = [slot for slot in frame.preps if slot.is_object]
    if not (frame.dative or slots) or len(slots) != len(frame.preps):
        return False
    return not _tells_whom(parse, told)


def _tells_whom(parse: Parse, told: Arguments) -> bool:
    """Whether a place or a receiver is told, known or not: then none goes without saying."""
    times = {t for start, end, label in parse.entities if label in ("DATE", "TIME") for t in range(start, end)}
    return any(p in _TO_WHOM and parse.tag[o] != "CD" and o not in times for p, o in told.preps)


def lacks_receiver(parse: Parse, p: Predication) -> bool:
    """Whether a predication tells of something given ("sent 200 doctors", "offered $300 million") and not to whom."""
    if not p.objects and p.frame.relation in _RECEIVED and p.frame.has_object:
        return True
    if p.frame.relation != "aids" or p.frame.noun or parse.pos[p.token] != "VERB" or p.first_only:
        return False
    given = {*lexicon().classes["@relief"], "doctor", "medic", "rescuer", "troop", "helicopter", "team", "tent"}
    told = arguments(parse, p.token)
    whole = bool(p.objects) and all(parse.lemma[o] in given and o in told.direct for o in p.objects)
    return whole and not told.dative and not _tells_whom(parse, told) and not _governed(parse, p.token)


def receiver(resolver: Resolver, token: int, doers: Iterable[Reference]) -> Reference | None:
    """The state that the text is about, unless it is the doer itself."""
    matter = resolver.matter()
    if matter is None or matter.id in {doer.entity.principal for doer in doers}:
        return None
    return Reference(matter, token, token + 1, _CERTAINTY, "left out")
