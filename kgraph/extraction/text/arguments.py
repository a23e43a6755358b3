"""The arguments of a verb: passive, coordination, control and relative clauses are undone here.

So a frame of the lexicon is written once, in the active voice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.verdicts import verdicts
from kgraph.ontology.lexicon import lexicon

_OBJECT_CONTROL = frozenset({"urge", "ask", "call", "force", "press", "order", "tell", "allow", "permit", "enable", "help", "invite", "persuade", "encourage", "push", "want", "get", "cause", "lead", "compel", "request", "appeal", "pressure", "warn", "require", "advise", "instruct", "direct", "let", "make"})  # fmt: skip
_CLAUSE_UP = frozenset({"xcomp", "advcl", "pcomp", "conj", "acl", "ccomp", "relcl", "prep", "dobj", "pobj", "attr"})


COPULAS = frozenset({"be", "become", "remain", "stay", "prove"})
_PARTICLES = frozenset({"back", "down", "out", "off", "up", "away", "in", "aside", "forward", "over", "on", "through", "together", "apart", "ahead", "home", "closer", "well"})  # fmt: skip
_HELD = frozenset({"hostage", "captive", "prisoner"})
FOR_DEEDS = frozenset({"accuse", "blame", "suspect", "stop", "prevent", "ban", "convict", "criticize", "criticise", "condemn", "charge", "thank", "praise", "commend", "congratulate", "applaud", "laud", "fault", "denounce", "rebuke", "chide", "berate", "deter", "discourage", "dissuade", "bar", "keep", "forgive", "pardon", "punish", "reward", "sanction"})  # fmt: skip
"""Verbs whose object does what a phrase behind it tells of: "thanked Kenya for sending police", "barred Iran from testing"."""
_INFINITIVES = frozenset({"advcl", "xcomp", "ccomp", "acl", "relcl"})
_WRITINGS = frozenset({"report", "statement", "letter", "article", "speech", "note", "message", "tweet", "declaration", "communique", "lawsuit", "suit", "complaint", "petition", "decree", "ruling", "verdict", "video", "dossier", "editorial", "interview"})  # fmt: skip
"""What these say their makers say: "published a report accusing the army"."""
_QUANTITIES = frozenset({"million", "billion", "trillion", "hundred", "thousand", "dozen"})
_CALLING = frozenset(
    {"call", "brand", "label", "term", "dub", "deem", "declare", "consider", "find", "judge", "pronounce", "proclaim", "hold", "think", "make"}
)  # fmt: skip
_HAVING = frozenset({"have", "keep", "leave", "get"})
_GIVING = frozenset({"sell", "give", "lend", "send", "offer", "grant", "promise", "hand", "supply", "pay", "owe", "deny", "award", "provide", "loan"})  # fmt: skip
_HELPING = frozenset({"help", "let"})
_LIKE = frozenset({"like", "alongside"})
_ALONG = frozenset({"along", "together"})


@dataclass(slots=True)
class Arguments:
    """The phrases around one predicate, voice undone: lists of head tokens.

    `genitives` are those of `preps` that hang from an object by "of": the release of prisoners is asked of nobody in it.
    `infinitive` tells of a clause with "to" after the object ("told Iran to stop"), `spoken` has the subjects of that-clauses,
    `verdicts` pairs an object with its complement ("called the vote illegal").
    """

    subjects: list[int] = field(default_factory=list)
    direct: list[int] = field(default_factory=list)
    dative: list[int] = field(default_factory=list)
    preps: list[tuple[str, int]] = field(default_factory=list)
    genitives: list[tuple[str, int]] = field(default_factory=list)
    particles: set[str] = field(default_factory=set)
    complements: list[int] = field(default_factory=list)
    infinitive: bool = False
    spoken: list[int] = field(default_factory=list)
    verdicts: list[tuple[int, int]] = field(default_factory=list)
    passive: bool = False
    inherited: bool = False


def conjuncts(parse: Parse, head: int) -> list[int]:
    """A phrase's head and the heads coordinated with it; the parser makes of "A, B, C and D" a name B in apposition to A."""
    out = [head]
    for c in parse.children[head]:
        joined = parse.dep[c] == "conj" and parse.pos[c] in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X")
        if joined or (parse.dep[c] == "appos" and is_listed(parse, c)):
            out.extend(conjuncts(parse, c))
    return out


def is_listed(parse: Parse, apposed: int) -> bool:
    """Whether what the parser takes for an apposition is the second of a list of names: "Egypt" in "Libya, Egypt and Chad"."""
    names = parse.pos[apposed] == "PROPN" and parse.pos[parse.head[apposed]] == "PROPN"
    return names and any(parse.dep[c] == "conj" and parse.pos[c] == "PROPN" for c in parse.children[apposed])


def prep_objects(parse: Parse, token: int) -> list[tuple[str, int]]:
    """(preposition, head of its object) for the prepositional phrases on a token; "out of" counts as both."""
    out: list[tuple[str, int]] = []
    for c in parse.children[token]:
        if parse.dep[c] in ("prep", "agent", "dative") and parse.pos[c] in ("ADP", "SCONJ", "VERB", "ADV", "PART"):
            for o in parse.children[c]:
                if parse.dep[o] in ("pobj", "pcomp") or (parse.lower[c] == "as" and parse.dep[o] in ("amod", "acomp")):
                    out.extend((parse.lower[c], x) for x in conjuncts(parse, o))
                elif parse.dep[o] in ("prep", "conj"):
                    for o2 in parse.kids(o, "pobj"):
                        out.extend((parse.lower[o], x) for x in conjuncts(parse, o2))
                        if parse.dep[o] == "conj":
                            continue
                        out.extend((parse.lower[c], x) for x in conjuncts(parse, o2))
        elif parse.dep[c] in _INFINITIVES and any(parse.lower[m] == "for" for m in parse.kids(c, "mark")):
            # "gave approval for the agency to send food": the parser takes the phrase for the clause's subject
            out.extend(("for", x) for o in parse.kids(c, "nsubj", "nsubjpass") for x in conjuncts(parse, o))
    return out


def arguments(parse: Parse, verb: int) -> Arguments:
    """The arguments of a verb, with passive, coordination, control and relative clauses undone; worked out once, not to be changed."""
    known: Arguments | None = parse.told.get(verb)
    if known is None:
        known = parse.told[verb] = _arguments(parse, verb)
    return known


def _arguments(parse: Parse, verb: int) -> Arguments:
    args = Arguments()
    kids = parse.children[verb]
    args.passive = any(parse.dep[c] in ("nsubjpass", "auxpass") for c in kids) or (
        parse.tag[verb] == "VBN" and parse.dep[verb] in ("acl", "amod", "advcl", "relcl")
        and not any(parse.dep[c] in ("aux", "nsubj", "dobj") for c in kids)
    ) or _second_participle(parse, verb)  # fmt: skip
    agents: list[int] = []
    for c in kids:
        dep = parse.dep[c]
        if dep == "nsubj" or dep == "csubj":
            args.subjects.extend(conjuncts(parse, c))
        elif dep == "nsubjpass" or dep in ("dobj", "oprd") or (dep == "attr" and parse.lemma[verb] not in COPULAS):
            args.direct.extend(conjuncts(parse, c))
        elif dep == "dative" and parse.pos[c] != "ADP":
            args.dative.extend(conjuncts(parse, c))
        elif dep == "prt":
            args.particles.add(parse.lower[c])
        elif dep in ("acomp", "attr"):
            args.complements.append(c)
        elif dep == "agent" or (dep == "prep" and parse.lower[c] == "by" and args.passive):
            for by in (c, *parse.kids(c, "conj")):  # "supported by France and by Spain"
                for o in parse.kids(by, "pobj"):
                    agents.extend(conjuncts(parse, o))
        elif dep == "advmod" and parse.lower[c] in _PARTICLES:
            args.particles.add(parse.lower[c])
        elif dep in ("xcomp", "ccomp", "advcl") and any(parse.lower[d] == "to" for d in parse.kids(c, "aux")):
            args.infinitive = True
    if parse.lemma[verb] in _HELPING and not args.direct:
        args.direct = _helped(parse, verb)
    _part_two_objects(parse, verb, args)
    _clauses(parse, verb, args)
    if args.subjects:
        args.subjects += _likewise(parse, verb)
    args.preps = prep_objects(parse, verb)
    as_what = [
        c for c in parse.kids(verb, "advcl") if any(parse.lower[d] == "as" for d in parse.kids(c, "advmod", "mark"))
    ]
    args.preps += [("as", c) for c in as_what if not parse.kids(c, "nsubj", "nsubjpass")]  # "described it as flawed"
    away = [c for c in parse.kids(verb, "advmod") if parse.lower[c] in _PARTICLES]  # "walked away from"
    for c in (*args.direct, *args.complements, *away):
        args.preps.extend(prep_objects(parse, c))
    for c in args.direct:
        args.genitives.extend((p, o) for p, o in prep_objects(parse, c) if p == "of")
    if args.passive:
        args.subjects = agents
        args.preps = [(p, o) for p, o in args.preps if o not in agents]
    relative = {"which", "who", "that", "whom"}
    up = parse.head[verb]
    dep = parse.dep[verb]
    if dep == "relcl":
        args.subjects = [
            x for s in args.subjects for x in (_antecedents(parse, verb, s) if parse.lower[s] in relative else [s])
        ]
        args.direct = [x for s in args.direct for x in ([up] if parse.lower[s] in relative else [s])]
        if args.subjects and not args.direct and not args.passive and up not in args.subjects:
            args.direct = [up]
    elif dep in ("acl", "amod") and args.passive and not args.direct:
        args.direct = [up]
    elif dep == "advcl" and args.passive and agents and not args.direct:
        args.direct = _instrument_before(parse, verb)
        if not args.subjects and parse.dep[up] == "dobj" and parse.lemma[parse.head[up]] in _HAVING:
            args.subjects = arguments(parse, parse.head[up]).subjects  # "has troops stationed in Chad"
    if dep == "amod" and parse.tag[verb] == "VBG":
        args.subjects = [up]  # "visiting lawmakers"
    if not args.subjects and not args.passive:
        args.subjects = _missed_subject(parse, verb) or _inherited_subject(parse, verb, 0)
        args.inherited = bool(args.subjects)
    elif dep == "conj" and args.passive and not args.direct and parse.pos[up] in ("VERB", "AUX"):
        upper = arguments(parse, up)
        args.direct = upper.direct if upper.passive else upper.subjects
        if not args.subjects and any(parse.dep[c] == "agent" for c in parse.children[up]):
            args.subjects = upper.subjects
    return args


def _second_participle(parse: Parse, verb: int) -> bool:
    """ "drafted by Uruguay and sponsored by Peru": a participle joined to another one."""
    if parse.dep[verb] != "conj" or parse.tag[verb] != "VBN" or not parse.kids(verb, "agent"):
        return False
    return parse.tag[parse.head[verb]] == "VBN" and not parse.kids(verb, "aux", "nsubj", "dobj")


def _helped(parse: Parse, verb: int) -> list[int]:
    """ "helped Chad build roads": the parser makes the one who is helped the subject of what follows."""
    return [
        h
        for clause in parse.kids(verb, "ccomp")
        if parse.tag[clause] == "VB" and not parse.kids(clause, "mark")
        for s in parse.kids(clause, "nsubj")
        for h in conjuncts(parse, s)
    ]


def _likewise(parse: Parse, verb: int) -> list[int]:
    """Who does the same: "Peru, like Chile and Brazil, rejects the claim"."""
    likes = [
        c
        for host in (verb, *parse.kids(verb, "nsubj"))
        for c in parse.children[host]
        if parse.lower[c] in _ALONG or (parse.lower[c] in _LIKE and c < verb)
    ]
    if not likes:
        return likes
    likes = [w for c in likes for w in (c, *parse.kids(c, "prep"))]
    return [h for c in likes for o in parse.kids(c, "pobj") for h in conjuncts(parse, o) if parse.pos[h] == "PROPN"]


def _antecedents(parse: Parse, verb: int, pronoun: int) -> list[int]:
    """Whom a relative pronoun means; "A and B, which has" is said of B alone."""
    heads = conjuncts(parse, parse.head[verb])
    finite = next((t for t in (*parse.kids(verb, "aux", "auxpass"), verb) if parse.tag[t] in ("VBZ", "VBD")), verb)
    single = parse.tag[finite] == "VBZ" or parse.lower[finite] == "was"
    before = [h for h in heads if h < pronoun]
    return [max(before)] if single and len(heads) > 1 and before else heads


def _clauses(parse: Parse, verb: int, args: Arguments) -> None:
    """Who is spoken of in that-clauses; and what an object is called."""
    for over in (verb, *args.direct, *args.complements):
        for clause in parse.kids(over, "ccomp", "acl", "relcl" if over != verb else "ccomp"):
            finite = parse.pos[clause] in ("VERB", "AUX")
            opened = over == verb or any(parse.lower[c] == "that" for c in parse.kids(clause, "mark"))
            if finite and opened and not any(parse.lower[c] in ("if", "whether") for c in parse.kids(clause, "mark")):
                args.spoken += [h for s in parse.kids(clause, "nsubj", "nsubjpass") for h in conjuncts(parse, s)]
    if parse.lemma[verb] in _CALLING:
        args.verdicts = [
            (o, word)
            for o, named in verdicts(parse, verb, args.direct, args.dative)
            for word in conjuncts(parse, named)
        ]


def _part_two_objects(parse: Parse, verb: int, args: Arguments) -> None:
    """ "lent Caracas billions", "called Maduro a dictator": the parser takes the receiver's name for a part of the second phrase."""
    for o in [*args.direct, *parse.kids(verb, "oprd")]:
        if args.dative or parse.pos[o] != "NOUN" or parse.dep[o] not in ("dobj", "oprd"):
            continue
        held = parse.lemma[o] in _HELD  # "took a crew hostage"
        names = [c for c in parse.kids(o, "compound", "nmod", "poss") if (held or parse.pos[c] == "PROPN") and c > verb]
        if not names or any(parse.lower[c] in ("'s", "’s", "'") for c in parse.children[names[0]]):
            continue
        between = range(names[0] + 1, o)
        apart = (
            (names[0] == verb + 1 and parse.lemma[verb] in _GIVING)  # "sell Riyadh drones"
            or held
            or parse.lemma[o] in _QUANTITIES
            or any(parse.dep[t] in ("det", "nummod", "quantmod") for t in between)
        )
        if apart:
            args.dative.append(names[0])


def _instrument_before(parse: Parse, participle: int) -> list[int]:
    """ "voted on the resolution, co-sponsored by Chad": what the parser hangs from the verb belongs to the noun before the comma."""
    t = participle - 1
    while t > 0 and (parse.words[t] == "-" or parse.words[t + 1] == "-"):
        t -= 1
    noun = t - 1
    fits = t > 0 and parse.words[t] == "," and lexicon().heads.get(parse.lemma[noun]) == "Instrument"
    return [noun] if fits else []


def _missed_subject(parse: Parse, verb: int) -> list[int]:
    """The name in front of a finite verb that the parser hangs elsewhere: "Turkey massed troops", "At the summit, Mexico asked for".

    It takes the first for an adverb, and the second for a part of the phrase before the comma.
    """
    before = verb - 1
    if parse.tag[verb] not in ("VBD", "VBZ", "VBP") or before < 0 or parse.pos[before] != "PROPN":
        return []
    if parse.head[before] == verb:
        return [before] if parse.dep[before] == "npadvmod" else []
    chain = [before]
    while parse.dep[chain[0]] == "conj" and parse.pos[parse.head[chain[0]]] == "PROPN":
        chain.insert(0, parse.head[chain[0]])
    comma = next((n for n, t in enumerate(chain) if n and parse.words[t - 1] == ","), None)
    return chain[comma:] if comma is not None and parse.dep[chain[0]] == "pobj" and parse.dep[verb] == "ROOT" else []


def _inherited_subject(parse: Parse, verb: int, depth: int) -> list[int]:
    """The subject that a verb without one takes from the clause above it."""
    dep, up = parse.dep[verb], parse.head[verb]
    if depth > 4 or up == verb or dep not in _CLAUSE_UP:
        return []
    if dep == "acl":
        if parse.pos[up] in ("NOUN", "PROPN") and parse.tag[verb] == "VBG":
            made = _noun_subject(parse, up, depth + 1) if parse.lemma[up] in _WRITINGS else []
            return made or conjuncts(parse, up)
        return _noun_subject(parse, up, depth + 1)
    if parse.pos[up] in ("NOUN", "PROPN") and dep in ("conj", "relcl"):
        return []
    if parse.pos[up] == "ADP" or dep == "pcomp":
        over = parse.head[up]
        if parse.lower[over] == "short":
            over = parse.head[over]  # "stopped short of signing"
        if parse.pos[over] in ("VERB", "AUX"):
            accused = parse.lemma[over] in FOR_DEEDS
            upper = arguments(parse, over)
            return upper.direct if accused and upper.direct else upper.subjects
        if parse.dep[over] == "dobj" and parse.lemma[parse.head[over]] in FOR_DEEDS:
            return conjuncts(parse, over)  # "accused the emirate of financing rebels"
        return _noun_subject(parse, over, depth + 1) if parse.pos[over] == "NOUN" else []
    if parse.pos[up] in ("VERB", "AUX"):
        upper = arguments(parse, up)
        if (beside := sibling(parse, verb)) is not None:
            return arguments(parse, beside).subjects
        if set_off(parse, verb):
            return arguments(parse, main_verb(parse, up)).subjects
        if dep == "xcomp" and upper.direct and parse.lemma[up] in _OBJECT_CONTROL and not upper.passive:
            return upper.direct
        if dep == "xcomp" and upper.passive:
            return upper.direct
        if dep == "xcomp" and parse.lemma[up] in ("call", "appeal"):
            asked = [o for p, o in upper.preps if p in ("on", "upon", "to")]
            if asked:
                return asked
        if upper.passive and (dep == "conj" or (dep == "advcl" and not upper.subjects)):
            return upper.direct
        if dep == "advcl" and parse.tag[verb] == "VBG" and parse.lemma[up] in FOR_DEEDS and upper.direct and up < verb:
            return upper.direct
        return upper.subjects
    return []


def set_off(parse: Parse, node: int) -> bool:
    """Whether a participle behind a comma tells of the main clause, not of the infinitive before it: "told it to go, blaming it"."""
    up = parse.head[node]
    if parse.dep[node] != "advcl" or parse.tag[node] != "VBG" or up > node or parse.dep[up] != "xcomp":
        return False
    low = parse.subtree(node)[0]
    return low > 0 and parse.words[low - 1] == ","


def main_verb(parse: Parse, verb: int) -> int:
    """The verb over the infinitives in which a verb stands."""
    while parse.dep[verb] == "xcomp":
        verb = parse.head[verb]
    return verb


def sibling(parse: Parse, node: int) -> int | None:
    """The verb beside which a finite conjunct stands, where it is not the one that the parser joins it to.

    "denied it had lost and accused", "urged it to sign and warned": it stands beside the verb above the clause. So it does
    where the clause tells of a thing or of what is suffered: "said the chances were good but declined to".
    """
    inner = parse.head[node]
    if parse.dep[node] != "conj" or parse.tag[node] != "VBD" or parse.kids(node, "nsubj", "nsubjpass", "mark"):
        return None
    over = main_verb(parse, inner) if parse.tag[inner] == "VB" else inner
    if parse.dep[over] == "ccomp" and over > parse.head[over]:
        auxiliaries = parse.kids(over, "aux")
        shifted = any(parse.tag[c] == "MD" or parse.lower[c] in ("had", "has", "have") for c in auxiliaries)
        suffers = bool(parse.kids(over, "auxpass")) and not parse.kids(node, "auxpass")
        subjects = parse.kids(over, "nsubj", "nsubjpass", "expl")
        if shifted or suffers or all(_inanimate(parse, s) for s in subjects or [over]):
            over = parse.head[over]
    return over if over != inner else None


def _inanimate(parse: Parse, subject: int) -> bool:
    return (parse.pos[subject] == "NOUN" and parse.lemma[subject] not in lexicon().agents) or parse.dep[
        subject
    ] == "expl"


def _noun_subject(parse: Parse, noun: int, depth: int) -> list[int]:
    """Who has the plan, the right, the decision: possessor, maker or modifier, else the subject of the light verb above."""
    poss = parse.kids(noun, "poss")
    if poss:
        return conjuncts(parse, poss[0])
    by = [o for p, o in prep_objects(parse, noun) if p == "by"]
    if by:
        return by
    front = [c for c in parse.kids(noun, "amod", "compound", "nmod") if parse.pos[c] in ("PROPN", "ADJ")]
    up = parse.head[noun]
    if parse.dep[noun] in ("dobj", "attr") and parse.pos[up] in ("VERB", "AUX") and depth < 4:
        upper = arguments(parse, up)
        return upper.subjects
    return front
