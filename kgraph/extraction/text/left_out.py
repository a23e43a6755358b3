"""Receivers that a text leaves out: "Cuba sent 200 doctors" in a text about an earthquake in Pakistan.

A verb with the fixed words of a frame ("send doctors") whose slot for the receiver is empty fires without an object; what the
text is about fills it, with little certainty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from kgraph.extraction.text.arguments import Arguments, arguments, prep_objects
from kgraph.extraction.text.entities import Reference, Resolver
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.predicates import Predication
from kgraph.model import Entity
from kgraph.ontology.lexicon import Frame, lexicon

_RECEIVED = frozenset({"aids", "sanctions", "breaksWith", "threatens", "supports", "concedes"})
"""Relations whose acts go without saying to whom: help, embargoes, recalled envoys, revenge, solidarity, eased sanctions."""
_AGAINST = frozenset({"sanctions", "breaksWith", "threatens", "concedes"})
"""Of these, the ones done to whom one has fallen out with."""
_SAID = {
    "sanctions": frozenset({"aid", "assistance", "loan", "grant", "fund", "funding", "delivery", "shipment", "sale", "export", "supply", "money", "sanction", "tariff", "duty", "levy", "embargo", "restriction", "ban", "curb", "penalty"}),
    "threatens": frozenset({"revenge", "retaliation", "retribution", "vengeance", "reprisal", "right", "countermeasure"}),
    "supports": frozenset({"solidarity", "sympathy", "condolence"}),
    "concedes": frozenset({"sanction", "embargo", "tariff", "ban", "restriction", "curb", "blockade", "siege", "prisoner", "hostage", "captive"}),
}  # fmt: skip
"""Which words tell of it where the relation's other words need a receiver."""
_ANSWERS = frozenset({"retaliate", "respond", "strike", "hit", "answer", "act", "react"})
_BACK = frozenset({"retaliate"})
"""Verbs that answer somebody, be he named or not."""
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
            if frame.relation in _RECEIVED and _lacks_only_its_receiver(parse, verb, frame, told):
                yield Predication(frame, verb, tuple(told.subjects), (), inherited=told.inherited)
                break


def _governed(parse: Parse, verb: int) -> bool:
    """Whether what the verb says stands under another one that is a relation of its own: "declined to send troops"."""
    up = parse.head[verb]
    if parse.dep[verb] == "pcomp":
        up = parse.head[up]
    return parse.dep[verb] in ("xcomp", "pcomp", "ccomp") and parse.lemma[up] in lexicon().governors


def _lacks_only_its_receiver(parse: Parse, verb: int, frame: Frame, told: Arguments) -> bool:
    if frame.relation == "threatens" and parse.lemma[verb] in _BACK:
        return not told.direct and not _tells_whom(parse, told)
    if frame.direct_words is None or frame.direct_object or frame.denied or frame.complement is not None:
        return False
    if frame.particle and not frame.particle & told.particles:
        return False
    words = (frame.direct_words - _VISITS) & _SAID.get(frame.relation, frame.direct_words)
    if not any(_is_said(parse, d, words) for d in told.direct):
        return False
    slots = [slot for slot in frame.preps if slot.is_object]
    if not (frame.dative or slots) or len(slots) != len(frame.preps):
        return False
    return not _tells_whom(parse, told)


def _is_said(parse: Parse, noun: int, words: frozenset[str]) -> bool:
    """Whether a noun is one of these words, or says one ("a statement of solidarity"); a right is one to hit back."""
    if parse.lemma[noun] in ("statement", "message", "word"):
        return any(p == "of" and parse.lemma[o] in words for p, o in prep_objects(parse, noun))
    answers = parse.lemma[noun] != "right" or any(parse.lemma[c] in _ANSWERS for c in parse.kids(noun, "acl"))
    return parse.lemma[noun] in words and answers


def _tells_whom(parse: Parse, told: Arguments) -> bool:
    """Whether a place or a receiver is told, known or not: then none goes without saying."""
    times = {t for start, end, label in parse.entities if label in ("DATE", "TIME") for t in range(start, end)}
    return any(p in _TO_WHOM and parse.tag[o] != "CD" and o not in times for p, o in told.preps)


def lacks_receiver(parse: Parse, p: Predication) -> bool:
    """Whether a predication tells of something given ("sent 200 doctors", "offered $300 million") and not to whom."""
    if not p.objects and p.frame.relation in _RECEIVED and p.frame.has_object:
        return True
    if p.frame.relation == "breaksWith" and p.objects and p.frame.direct_object:
        return all(parse.lemma[o] in lexicon().classes["@envoys"] for o in p.objects)  # "will recall its envoys"
    if p.frame.relation != "aids" or p.frame.noun or parse.pos[p.token] != "VERB" or p.first_only:
        return False
    given = {*lexicon().classes["@relief"], "doctor", "medic", "rescuer", "troop", "helicopter", "team", "tent"}
    told = arguments(parse, p.token)
    whole = bool(p.objects) and all(parse.lemma[o] in given and o in told.direct for o in p.objects)
    return whole and not told.dative and not _tells_whom(parse, told) and not _governed(parse, p.token)


def receiver(
    resolver: Resolver, token: int, relation: str, doers: Collection[Reference], foes: Mapping[str, Entity]
) -> Reference | None:
    """Whom the doer fell out with last, for what is done to such; else the state that the text is about, unless it is the doer."""
    ours = [d.entity.principal or "" for d in doers]
    fallen = [foes[one] for one in ours if one in foes] if relation in _AGAINST else []
    if fallen:
        return Reference(fallen[0], token, token + 1, _CERTAINTY, "left out")
    matter = resolver.matter() if relation != "concedes" else None
    if matter is None or matter.id in {doer.entity.principal for doer in doers}:
        return None
    return Reference(matter, token, token + 1, _CERTAINTY, "left out")


def dispute(resolver: Resolver, token: int, doers: Collection[Reference]) -> Reference | None:
    """What somebody offers to mediate in, where he does not say: what the text is about, else the quarrel that it told last."""
    matter = receiver(resolver, token, "mediates", doers, {})
    quarrels = lexicon().classes["@disputes"]
    told = [t for at, t in resolver.things.told.items() if at < token and t.entity.head in quarrels]
    return Reference(told[-1].entity, token, token + 1, _CERTAINTY, "left out") if matter is None and told else matter
