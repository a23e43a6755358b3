"""Factuality: is it said to be so, may it be so, is it demanded; who says it.

The clause chain above a predicate is walked once; each governing verb, noun or adjective is an operator of
`lexicon/operators.csv`. Dates are read in `dates.py`, quotations in `quotations.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.extraction.text.arguments import FOR_DEEDS, arguments, main_verb, set_off, sibling
from kgraph.extraction.text.parse import Parse
from kgraph.extraction.text.quotations import Quotations
from kgraph.model import Modality
from kgraph.ontology.lexicon import lexicon

_NEGATORS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without", "hardly", "scarcely"})
_NOBODY = frozenset({"nobody", "none", "nothing", "neither"})
_NONE = frozenset({"no", "neither", "not"})
_POSSIBLE = frozenset({"may", "might", "could", "can"})
_PLANNED = frozenset({"will", "'ll", "’ll", "shall", "would", "wo"})
_REQUESTED = frozenset({"should", "must", "ought"})
_HEDGES = frozenset({"perhaps", "possibly", "probably", "maybe", "allegedly", "reportedly", "purportedly", "supposedly", "presumably"})  # fmt: skip
_CONDITIONS = frozenset({"if", "unless", "whether", "provided"})
_AS_LONG = (["as", "long", "as"], ["so", "long", "as"], ["on", "condition", "that"], ["in", "case"])
_TEMPORAL = frozenset({"after", "before", "since", "until", "because", "while", "although", "though"})
_WISHES = frozenset({"want", "like", "wish"})
_WORD = frozenset({"claim", "report", "allegation", "accusation", "charge", "rumor", "rumour", "suggestion", "assertion", "notion", "idea"})  # fmt: skip
_DISMISS = frozenset({"reject", "dismiss", "deny", "dispute", "refute", "rebuff"})
_PLANS = frozenset({"plan", "prepare", "promise", "pledge", "propose", "expect", "want", "schedule", "due"})
"""What these have as their object is still to come: "prepared new sanctions", "a meeting is scheduled"."""
_CALLS = frozenset({"call", "appeal", "plead", "push", "press", "lobby", "ask"})
"""Who calls for somebody to act: the clause may hang from these as an adverbial."""
_REACH = 8  # clauses above a predicate that still bear on it


@dataclass(slots=True)
class Factuality:
    """How a predicate is presented. `speaker` holds the head tokens of who says it."""

    negated: bool = False
    modality: Modality = Modality.ACTUAL
    speaker: tuple[int, ...] = ()


_RANK = {Modality.ACTUAL: 0, Modality.PLANNED: 1, Modality.POSSIBLE: 2, Modality.REQUESTED: 3, Modality.DENIED: 4}


def factuality(parse: Parse, token: int, light: int | None = None, quotations: Quotations | None = None) -> Factuality:
    """Negation, modality and speaker of the predicate at a token; who says it may stand outside its sentence's clauses."""
    out = Factuality()
    anchor = light if light is not None else token
    _local(parse, anchor, out)
    if light is not None and (kind := lexicon().operators.get(parse.lemma[light])) in ("planned", "possible"):
        _raise(out, Modality(kind))  # "is considering sanctions", "pledged aid"
    if anchor != token:
        out.negated ^= any(parse.lower[c] == "no" for c in parse.children[token])
        _object_of(parse, anchor, out)
    elif parse.pos[token] == "VERB" and _measures(parse, token):
        _object_of(parse, token, out)
    node, apart = anchor, False
    for _ in range(_REACH):
        if _on_condition(parse, node, out):
            _raise(out, Modality.POSSIBLE)
        up = parse.head[node]
        if up == node:
            break
        if (beside := sibling(parse, node)) is not None:
            node = beside
            continue
        if _in_passing(parse, node) or (parse.dep[node] == "ccomp" and ";" in parse.words[node:up]):
            apart = True
            break
        if node == token and parse.pos[node] in ("NOUN", "PROPN"):
            _of_its_verb(parse, node, out)
        if parse.pos[up] in ("VERB", "AUX", "ADJ"):
            _governed(parse, node, up, out, anchor)
        elif parse.pos[up] in ("NOUN", "PROPN") and parse.dep[node] in ("acl", "relcl"):
            _of_a_noun(parse, node, up, out)
        elif parse.lower[up] == "short" and parse.dep[node] == "prep":
            out.negated = not out.negated  # "stopped short of signing"
        if parse.dep[node] == "advcl" and _conditional(parse, node):
            _raise(out, Modality.POSSIBLE)
        if set_off(parse, node):
            up = main_verb(parse, up)
        node = up
    if _asked(parse, anchor):
        _raise(out, Modality.POSSIBLE)
    for said in parse.kids(anchor, "parataxis"):
        if lexicon().operators.get(parse.lemma[said]) == "speech":
            out.speaker = out.speaker or tuple(parse.kids(said, "nsubj"))
    out.speaker = out.speaker or (() if apart else _according(parse, anchor))
    if not out.speaker and quotations is not None and (speaker := quotations.speaker(token)) is not None:
        out.speaker = (speaker,)
    return out


def _operator(parse: Parse, verb: int) -> str | None:
    """The operator that a governing word is; a court that rules does not rule out."""
    if parse.lemma[verb] == "rule" and not any(parse.lower[c] == "out" for c in parse.children[verb]):
        return "speech"
    return lexicon().operators.get(parse.lemma[verb])


def _in_passing(parse: Parse, node: int) -> bool:
    """Whether a clause is told of its noun in passing: it is neither demanded, denied nor claimed with what governs the noun."""
    if any(parse.lower[c] == "that" for c in parse.kids(node, "mark")):
        return False  # "a report that it attacked"
    if parse.dep[node] == "acl":
        return parse.tag[node] in ("VBN", "VBD", "VBG") and not any(
            parse.lower[c] == "to" for c in parse.kids(node, "aux")
        )
    return parse.dep[node] in ("relcl", "amod")


def _on_condition(parse: Parse, node: int, out: Factuality) -> bool:
    """Whether what is to come hangs on a condition: "will attack unless ..."."""
    clauses = [c for host in (node, *parse.kids(node, "advmod")) for c in parse.kids(host, "advcl")]
    return out.modality is Modality.PLANNED and any(_conditional(parse, c) for c in clauses)


def _object_of(parse: Parse, verb: int, out: Factuality) -> None:
    """What a verb makes of the deed that is its object: "looked at sanctions", "threatened Chad with war"."""
    kind, lemma = lexicon().operators.get(parse.lemma[verb]), parse.lemma[verb]
    if kind == "possible" or lemma == "warn":
        _raise(out, Modality.POSSIBLE)
    elif lemma in _PLANS:
        _raise(out, Modality.PLANNED)


def _measures(parse: Parse, verb: int) -> bool:
    """Whether a verb has a measure as its object: "is looking at sanctions"."""
    objects = parse.kids(verb, "dobj") + [o for c in parse.kids(verb, "prep") for o in parse.kids(c, "pobj")]
    return any(parse.lemma[o] in lexicon().classes["@measures"] for o in objects) and parse.lemma[verb] != "warn"


def _of_its_verb(parse: Parse, noun: int, out: Factuality) -> None:
    """What the verb over an event noun makes of it: "is mulling sanctions", "a meeting is planned", "there could be talks"."""
    while parse.dep[noun] == "conj":
        noun = parse.head[noun]
    verb, dep = parse.head[noun], parse.dep[noun]
    if dep in ("dobj", "nsubjpass"):
        _object_of(parse, verb, out)
    elif dep == "attr" and parse.kids(verb, "expl"):
        _local(parse, verb, out)


def _governed(parse: Parse, node: int, up: int, out: Factuality, anchor: int) -> None:
    """What the verb or adjective `up` makes of the clause `node` that hangs from it."""
    dep, lemma = parse.dep[node], parse.lemma[up]
    kind = _operator(parse, up)
    infinitive = any(parse.dep[c] == "aux" and parse.lower[c] == "to" for c in parse.children[node])
    if kind == "negated" and dep == "advcl" and parse.tag[node] == "VBG" and up < node:
        dep = "xcomp"  # "ruled out attacking", "avoided signing"
    own = bool(parse.kids(node, "nsubj", "nsubjpass"))
    if dep == "advcl" and lemma in _CALLS and infinitive and (own or arguments(parse, up).preps):
        dep = "xcomp"  # "appealed to it to lift the blockade"
        kind = "requested"
    clausal = dep in ("ccomp", "xcomp", "pcomp", "csubj") or (dep == "prep" and node != anchor)
    if dep == "ccomp" and node < up and kind != "speech" and lemma != "tell":
        return  # only what is said may stand in front of its verb
    if dep == "ccomp" and any(parse.lower[c] in _TEMPORAL for c in parse.kids(node, "mark")):
        return  # "said on Tuesday, a day after Chad warned it"
    if dep == "advcl" and infinitive and not own:
        upper = Factuality()
        _local(parse, up, upper)
        _raise(out, upper.modality)  # "will travel to Rome to meet him"
    if not clausal:
        return
    passive = any(parse.dep[c] == "auxpass" for c in parse.children[up])
    if kind == "speech" and dep == "xcomp" and passive:
        _raise(out, Modality.POSSIBLE)  # "is believed to have"
    elif kind == "speech" and (
        dep in ("ccomp", "pcomp") or (dep == "prep" and (parse.kids(node, "pcomp") or lemma in FOR_DEEDS))
    ):
        out.speaker = out.speaker or tuple(arguments(parse, up).subjects)
        auxiliary = any(parse.dep[c] in ("aux", "auxpass") for c in parse.children[node])
        if dep == "ccomp" and own and parse.tag[node] == "VB" and not auxiliary:
            _raise(out, Modality.REQUESTED)  # "insisted that it sign"
    elif dep == "ccomp" and lemma == "tell":
        out.speaker = out.speaker or tuple(arguments(parse, up).subjects)
    elif kind == "planned" and lemma in _WISHES and own:
        _raise(out, Modality.REQUESTED)
        out.speaker = out.speaker or tuple(arguments(parse, up).subjects)
    elif kind == "requested" and any(parse.lower[c] == "whether" for c in parse.kids(node, "mark")):
        pass  # who asks whether it is so demands nothing
    elif kind in ("planned", "possible", "requested", "denied"):
        _raise(out, Modality(kind))
        if kind == "requested" and parse.pos[up] == "VERB" and dep != "pcomp" and lemma != "need":
            out.speaker = out.speaker or tuple(arguments(parse, up).subjects)
    elif kind == "negated":
        out.negated = not out.negated
    elif lemma == "be" and dep == "xcomp" and infinitive:
        _raise(out, Modality.PLANNED)  # "is to sign"
    elif lemma == "have" and dep == "xcomp" and infinitive:
        if any(parse.lower[c] == "yet" for c in parse.children[up]):
            out.negated = not out.negated  # "has yet to sign"
        else:
            _raise(out, Modality.REQUESTED)
    elif lemma == "be" and dep in ("ccomp", "csubj"):
        for c in parse.kids(up, "acomp"):
            if lexicon().operators.get(parse.lemma[c]) == "possible":
                _raise(out, Modality.POSSIBLE)  # "it is possible that"
    if kind != "speech" and (kind is not None or lemma == "be" or dep not in ("prep", "ccomp")):
        # Negation and modality of the governing verb reach the clause ("did not agree to sign", "may seek to join").
        upper = Factuality()
        _local(parse, up, upper)
        out.negated ^= upper.negated
        _raise(out, upper.modality)


def _of_a_noun(parse: Parse, node: int, noun: int, out: Factuality) -> None:
    """A clause that hangs from a noun: "plans to attack", "its failure to sign", "rejected claims that it attacked"."""
    lemma, over = parse.lemma[noun], parse.head[noun]
    kind = lexicon().operators.get(lemma)
    if parse.tag[node] == "VB" and any(parse.lower[c] == "to" for c in parse.kids(node, "aux")):
        if kind == "negated":
            out.negated = not out.negated
        else:
            _raise(out, Modality(kind) if kind in ("possible", "requested") else Modality.PLANNED)
    elif (
        lemma in _WORD
        and parse.lemma[over] in _DISMISS
        and parse.dep[noun] == "dobj"
        and any(parse.lower[c] == "that" for c in parse.kids(node, "mark"))
    ):
        _raise(out, Modality.DENIED)


def _conditional(parse: Parse, clause: int) -> bool:
    """Whether a clause is a condition; the parser may hang its "if" from the main clause."""
    low = parse.subtree(clause)[0]
    return (
        any(parse.lower[t : t + len(words)] == words for words in _AS_LONG for t in (low, low - 2, low - 1) if t >= 0)
        or any(parse.lower[c] in _CONDITIONS for c in parse.kids(clause, "mark"))
        or (low > 0 and parse.lower[low - 1] in _CONDITIONS)
    )


def _asked(parse: Parse, token: int) -> bool:
    """Whether the sentence of a token is a question."""
    first, last = parse.sentences[parse.sent[token]]
    closing = [t for t in range(max(first, last - 3), last) if parse.words[t] == "?"]
    return bool(closing)


def _according(parse: Parse, token: int) -> tuple[int, ...]:
    """Who is named by "according to" in a token's sentence."""
    for t in range(*parse.sentences[parse.sent[token]]):
        if parse.lower[t] == "according" and t + 1 < len(parse.words) and parse.lower[t + 1] == "to":
            return tuple(o for c in (t, *parse.children[t]) for o in parse.kids(c, "pobj"))[:1]
    return ()


def _raise(out: Factuality, modality: Modality) -> None:
    if _RANK[modality] > _RANK[out.modality]:
        out.modality = modality


def _local(parse: Parse, verb: int, out: Factuality) -> None:
    """What the words of the clause itself say."""
    for c in parse.children[verb]:
        lower, dep = parse.lower[c], parse.dep[c]
        inside = [parse.lower[d] for d in parse.children[c]]
        denies = lower in _NEGATORS or (lower == "longer" and "no" in inside)
        if dep == "neg" or (dep in ("advmod", "det", "preconj") and denies):
            out.negated = True
        elif dep == "advmod" and lower in _HEDGES:
            _raise(out, Modality.POSSIBLE)
        elif dep == "aux":
            if lower in _POSSIBLE:
                _raise(out, Modality.POSSIBLE)
            elif lower in _PLANNED:
                _raise(out, Modality.PLANNED)
            elif lower in _REQUESTED:
                _raise(out, Modality.REQUESTED)
        elif dep in ("nsubj", "nsubjpass", "dobj") and (lower in _NOBODY or _NONE.intersection(inside)):
            out.negated = True
        elif dep == "acomp" and lower == "due":
            _raise(out, Modality.PLANNED)
        elif dep == "mark" and lower in _CONDITIONS and not _of_another(parse, c, verb):
            _raise(out, Modality.POSSIBLE)
    if parse.dep[verb] == "pcomp" and parse.lower[parse.head[verb]] == "without":
        out.negated = True
    if (
        parse.dep[verb] == "conj"
        and sibling(parse, verb) is None
        and parse.pos[parse.head[verb]] in ("VERB", "AUX")
        and not any(parse.dep[c] in ("aux", "nsubj") for c in parse.children[verb])
    ):
        upper = Factuality()
        for c in parse.children[parse.head[verb]]:
            if parse.dep[c] == "aux" and parse.lower[c] in _PLANNED | _POSSIBLE | _REQUESTED:
                _local(parse, parse.head[verb], upper)
        _raise(out, upper.modality)


def _of_another(parse: Parse, mark: int, verb: int) -> bool:
    """Whether an "if" that the parser hangs from a verb opens the clause in front of it."""
    return any(parse.subtree(c)[0] == mark + 1 for c in parse.kids(verb, "advcl") if c < verb)
