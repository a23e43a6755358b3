"""The lexicon: the words and frames that express a relation.

A frame is a mini phrase over lemmas. `S` stands for the subject of the relation and `O` for its object, `a|b` for
alternatives and `@name` for a word class of `classes.csv`:

- `S urge O`, `S hold talk|meeting with O`, `S call for O:sanction`, `S carry +out attack on|against O`: verb frames
- `S be critical of O`: a copula with its complement, which an apposition can be ("Russia, his main supplier"); `O be
  unacceptable`: the speaker takes the stance
- `S:@forces roll into O`: only subjects of these words
- `S suspend O:@somebody`: names and nouns for those who act, no things
- `S not budge on O`: what is meant only where it is denied ("will not budge"), and then as a deed, not as a denial
- `S tell O to`: a last "to" is an infinitive or a phrase ("told Iran to stop", "invited Iran to talks")
- `S doubt that O`, `S be outraged that O`, `S voice doubt that O`: who is spoken of in the clause
- `S call O @bad`, `S describe O as @bad`: a verdict on O by its complement
- `O draw|face criticism|rebuke from S`: done by the one in the phrase to the subject
- `opposition to O`: a noun frame; the rules of the language find its subject
- `S 's O:plan|draft`: whose a thing is made it; `S -backed O`: a compound in front of its object ("a Russian-backed militia")
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.ontology.relations import relations
from kgraph.ontology.tables import Row, ontology_dir, read_table

PREPOSITIONS = frozenset(
    [
        "about",
        "above",
        "across",
        "after",
        "against",
        "along",
        "alongside",
        "amid",
        "among",
        "around",
        "as",
        "at",
        "before",
        "behind",
        "below",
        "beneath",
        "beside",
        "between",
        "beyond",
        "by",
        "concerning",
        "despite",
        "down",
        "during",
        "for",
        "from",
        "in",
        "inside",
        "into",
        "near",
        "of",
        "off",
        "on",
        "onto",
        "out",
        "outside",
        "over",
        "past",
        "per",
        "regarding",
        "since",
        "than",
        "through",
        "throughout",
        "to",
        "toward",
        "towards",
        "under",
        "underneath",
        "until",
        "unto",
        "up",
        "upon",
        "via",
        "with",
        "within",
        "without",
    ]
)


SOMEBODY = "@somebody"
"""The class of those who act: names, pronouns and the nouns of `agents.csv`."""
_OPERATORS = ("speech", "denied", "planned", "possible", "requested", "negated")


@dataclass(frozen=True, slots=True)
class PrepSlot:
    """A prepositional complement: which prepositions, whether it is the object or the subject, and which heads it may have."""

    prepositions: frozenset[str]
    is_object: bool
    words: frozenset[str] | None
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `direct_words` are the fixed words of the direct object; `dative` says that O stands before them.

    `subject_words` limits the subject. With `denied`, the predicate must be negated; with `clause`, O is the subject of a that-clause; with `inverse`, the verb's
    subject is O.
    """

    relation: str
    text: str
    noun: bool
    lemmas: frozenset[str]
    speaker: bool = False
    particle: frozenset[str] | None = None
    complement: frozenset[str] | None = None
    direct_object: bool = False
    direct_words: frozenset[str] | None = None
    dative: bool = False
    preps: tuple[PrepSlot, ...] = ()
    denied: bool = False
    clause: bool = False
    inverse: bool = False
    subject_words: frozenset[str] | None = None

    @property
    def specificity(self) -> int:
        """How much the frame demands; of two frames that fit one predicate, the more demanding one is meant."""
        score = (
            2 * (self.particle is not None) + 2 * (self.complement is not None) + 2 * (self.direct_words is not None)
        )
        score += sum(1 + (slot.words is not None) for slot in self.preps) + 2 * self.denied + self.clause
        score += self.subject_words is not None
        return score + self.direct_object

    @property
    def has_object(self) -> bool:
        """False where the frame names no O: the thing done stands for it."""
        if self.speaker or self.inverse or self.clause or self.direct_object or self.dative:
            return True
        return any(slot.is_object for slot in self.preps)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Frames by the lemma of their predicate, and the word classes and operators.

    `owned` has frames by the noun whose owner is the subject, `compounds` by the participle behind a hyphen, `roles` those of
    the copula by the noun that is its complement.
    """

    verbs: dict[str, tuple[Frame, ...]]
    nouns: dict[str, tuple[Frame, ...]]
    owned: dict[str, Frame]
    compounds: dict[str, Frame]
    roles: dict[str, tuple[Frame, ...]]
    classes: dict[str, frozenset[str]]
    operators: dict[str, str]
    governors: dict[str, Frame]
    heads: dict[str, str]
    agents: dict[str, str]
    elsewhere: frozenset[str]


@cache
def lexicon(folder: Path | None = None) -> Lexicon:
    """All frames; KgraphError with file, line and mend where a row is wrong."""
    root = (folder or ontology_dir()) / "lexicon"
    agents = {w: row["kind"] for row in read_table(root / "agents.csv", ("kind", "lemmas")) for w in row.many("lemmas")}
    classes: dict[str, frozenset[str]] = {SOMEBODY: frozenset({SOMEBODY, *agents})}
    for row in read_table(root / "classes.csv", ("name", "words")):
        classes["@" + row["name"].lstrip("@")] = _expand(row.many("words"), classes)
    verbs: dict[str, list[Frame]] = {}
    nouns: dict[str, list[Frame]] = {}
    owned: dict[str, Frame] = {}
    compounds: dict[str, Frame] = {}
    roles: dict[str, list[Frame]] = {}
    for name in ("constructions.csv", "cooperation.csv", "conflict.csv"):
        for row in read_table(root / name, ("relation", "frame")):
            row.choice("relation", relations())
            if row["frame"].startswith(("S 's ", "S -")):
                frame = _beside(row, classes)
                table = owned if frame.noun else compounds
                table.update(dict.fromkeys((frame.direct_words or ()) if frame.noun else frame.lemmas, frame))
                continue
            frame = _frame(row, classes)
            for lemma in frame.lemmas:
                (nouns if frame.noun else verbs).setdefault(lemma, []).append(frame)
            for word in frame.complement or () if any(slot.is_object for slot in frame.preps) else ():
                roles.setdefault(word, []).append(frame)
    kinds: dict[str, str] = {}
    governors: dict[str, Frame] = {}
    for row in read_table(root / "operators.csv", ("lemma", "kind", "relation")):
        kinds[row["lemma"]] = row.choice("kind", _OPERATORS)
        if row["relation"]:
            relation = row.choice("relation", relations())
            governors[row["lemma"]] = Frame(relation, f"S {row['lemma']} to", False, frozenset({row["lemma"]}))
    heads = {w: row["class"] for row in read_table(root / "heads.csv", ("class", "lemmas")) for w in row.many("lemmas")}
    elsewhere = frozenset(w for row in read_table(root / "domains.csv", ("domain", "words")) for w in row.many("words"))

    def ordered(table: dict[str, list[Frame]]) -> dict[str, tuple[Frame, ...]]:
        # Of two that demand equally much "fire missile at O" comes before "fire O:missile".
        def first(frame: Frame) -> tuple[int, int]:
            behind = frame.direct_words is not None and any(slot.is_object for slot in frame.preps)
            return -frame.specificity, -behind

        return {k: tuple(sorted(v, key=first)) for k, v in table.items()}

    return Lexicon(
        ordered(verbs),
        ordered(nouns),
        owned,
        compounds,
        ordered(roles),
        classes,
        kinds,
        governors,
        heads,
        agents,
        elsewhere,
    )


def _expand(words: tuple[str, ...], classes: dict[str, frozenset[str]]) -> frozenset[str]:
    out: set[str] = set()
    for word in words:
        if word.startswith("@"):
            out |= classes[word]
        else:
            out.add(word.replace("_", " "))
    return frozenset(out)


def _beside(row: Row, classes: dict[str, frozenset[str]]) -> Frame:
    """A frame whose subject stands beside its object: `S 's O:plan`, `S -backed O`."""
    text = row["frame"]
    _, by, *rest = text.split()
    if len(rest) != 1 or not (rest[0] == "O" or rest[0].startswith("O:")) or (by == "'s" and rest[0] == "O"):
        raise row.wrong(f"frame {text!r} has no object of its own", "write it as `S 's O:plan|draft` or `S -backed O`")
    named = _expand(tuple(rest[0][2:].split("|")), classes) if rest[0] != "O" else None
    lemmas = frozenset(word.lstrip("-") for word in by.split("|")) if by != "'s" else named or frozenset()
    return Frame(row["relation"], text, by == "'s", lemmas, direct_object=True, direct_words=named)


def _frame(row: Row, classes: dict[str, frozenset[str]]) -> Frame:
    tokens = row["frame"].split()
    text = row["frame"]
    denied = tokens[1:2] == ["not"]
    if denied:
        del tokens[1]

    def words(token: str) -> frozenset[str]:
        try:
            return _expand(tuple(token.split("|")), classes)
        except KeyError as error:
            raise row.wrong(f"frame {text!r} names {error}", "define it in classes.csv") from None

    if not tokens:
        raise row.wrong("the frame is empty", "write one, such as `S urge O`")
    subject_words = words(tokens[0][2:]) if tokens[0].startswith("S:") else None
    if subject_words is not None:
        tokens[0] = "S"
    noun = tokens[0] not in ("S", "O")
    if not noun and len(tokens) < 2:
        raise row.wrong(f"frame {text!r} has no verb", "write it after S")
    inverse = tokens[0] == "O" and any(t == "S" or t.startswith("S:") for t in tokens)
    speaker = tokens[0] == "O" and not inverse
    rest = tokens[1:] if noun else tokens[2:]
    lemmas = words(tokens[0] if noun else tokens[1])
    particle: frozenset[str] | None = None
    complement: frozenset[str] | None = None
    direct_object = dative = clause = False
    direct_words: frozenset[str] | None = None
    preps: list[PrepSlot] = []
    i = 0
    while i < len(rest):
        token = rest[i]
        if token.startswith("+"):
            particle = frozenset(word.lstrip("+") for word in token.split("|"))
        elif token == "that" and rest[i + 1 :] == ["O"]:
            clause = True
            i += 1
        elif set(token.split("|")) <= PREPOSITIONS:
            slot = rest[i + 1] if i + 1 < len(rest) else None
            if slot is None:
                preps.append(PrepSlot(words(token), False, None))
            elif slot == "O" or slot.startswith("O:"):
                preps.append(PrepSlot(words(token), True, words(slot[2:]) if slot != "O" else None))
            elif slot == "S":
                preps.append(PrepSlot(words(token), False, None, True))
            else:
                preps.append(PrepSlot(words(token), False, words(slot)))
            i += 1
        elif token in ("O", "S") or token.startswith(("O:", "S:")):
            if direct_object or direct_words is not None:
                raise row.wrong(
                    f"frame {text!r} has two direct objects", "write O before the words, or after a preposition"
                )
            direct_object, direct_words = True, words(token[2:]) if token not in ("O", "S") else None
        elif "be" in lemmas and complement is None:
            complement = words(token)
        elif direct_object and direct_words is None:
            direct_object, dative, direct_words = False, True, words(token)
        elif direct_words is None:
            direct_words = words(token)
        else:
            raise row.wrong(f"frame {text!r} has {token!r} too much", "put it after a preposition")
        i += 1
    return Frame(
        row["relation"],
        text,
        noun,
        lemmas,
        speaker,
        particle,
        complement,
        direct_object,
        direct_words,
        dative,
        tuple(preps),
        denied,
        clause,
        inverse,
        subject_words,
    )
