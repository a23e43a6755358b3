"""Who is who: decisions that two entities are the same or not, kept as data in a file that every build honours.

The file is CSV, one decision a row, in the order of deciding; of two rows on one pair the later counts, and `undone` takes
back what was decided before. In `same`, the left entity is the one that stays.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.model import Entity, NodeType
from kgraph.store.mapping import entity_key, iri
from kgraph.store.vocabulary import GRAPH, entity_iri
from kgraph.writing import write_whole

FILE = "identity.csv"
IDENTITY = ox.NamedNode(GRAPH + "identity")
VERDICTS = ("same", "different", "undone")
_CLASSES = frozenset(kind.value for kind in NodeType)


@dataclass(frozen=True, slots=True)
class Decision:
    """`verdict` on two entities (`Class:id` each), who decided, when (ISO 8601), and the score where a program did.

    The labels are for people who read the file, with a space for each character that does not print.
    """

    verdict: str
    left: str
    right: str
    by: str = ""
    when: str = ""
    score: str = ""
    left_label: str = ""
    right_label: str = ""

    def __post_init__(self) -> None:
        for name in ("by", "when", "score", "left_label", "right_label"):
            plain = "".join(c if c.isprintable() else " " for c in getattr(self, name))
            object.__setattr__(self, name, plain)
        if self.verdict not in VERDICTS:
            raise KgraphError(f"the verdict is {self.verdict!r}; use one of {', '.join(VERDICTS)}")
        left, right = (_parsed(k) for k in (self.left, self.right))
        if left == right:
            raise KgraphError(f"{self.left} stands on both sides; name two entities")
        if left[0].is_actor != right[0].is_actor:
            raise KgraphError(f"{self.left} and {self.right}: an actor and a thing are never the same; name others")

    @property
    def pair(self) -> frozenset[str]:
        """The two entities, in no order."""
        return frozenset((self.left, self.right))


def key_of(entity: Entity) -> str:
    """The key of an entity in decisions: `Class:id`."""
    return f"{entity.type.value}:{entity.id}"


def key_of_node(node: str) -> str:
    """The key of an entity's IRI."""
    return ":".join(entity_key(node))


def node_of_key(key: str) -> ox.NamedNode:
    """The node of a key."""
    kind, ident = key.split(":", 1)
    return ox.NamedNode(entity_iri(kind, ident))


def _parsed(key: str) -> tuple[NodeType, str]:
    kind, _, ident = key.partition(":")
    if kind not in _CLASSES or not ident:
        raise KgraphError(f"{key!r} is no entity; write Class:id, for example Person:kofi-annan")
    return NodeType(kind), ident


def now() -> str:
    """The present moment, as decisions tell it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a file, none where there is no file; KgraphError with the line where one is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise KgraphError(f"{path}: the decisions cannot be read ({error}); restore the file") from error
    names = [f.name for f in fields(Decision)]
    reader = csv.DictReader(io.StringIO(text))
    if text and list(reader.fieldnames or ()) != names:
        raise KgraphError(f"{path}, line 1: the columns must be {','.join(names)}; restore them")
    out = []
    for row in reader:
        if None in row or None in row.values():
            raise KgraphError(f"{path}, line {reader.line_num}: there must be {len(names)} cells; mend the row")
        try:
            out.append(Decision(**row))
        except KgraphError as error:
            raise KgraphError(f"{path}, line {reader.line_num}: {error}") from None
    return out


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a file of decisions, at once or not at all."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(f.name for f in fields(Decision))
    writer.writerows(astuple(d) for d in decisions)
    write_whole(path, out.getvalue())


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that count: the last one of each pair, less what is undone."""
    last: dict[frozenset[str], Decision] = {}
    for decision in decisions:
        last.pop(decision.pair, None)
        last[decision.pair] = decision
    return [d for d in last.values() if d.verdict != "undone"]


def replacements(decisions: Iterable[Decision]) -> dict[str, str]:
    """Which entity stands for which, as keys; KgraphError where decisions contradict one another."""
    counting = in_force(decisions)
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while key in parent:
            key = parent[key]
        return key

    for decision in counting:
        left, right = root(decision.left), root(decision.right)
        if decision.verdict == "same" and left != right:
            parent[right] = left
    for decision in counting:
        if decision.verdict == "different" and root(decision.left) == root(decision.right):
            raise KgraphError(
                f"{decision.left} and {decision.right} were decided to be different, and other decisions make them the same; "
                "undo one of them with `kgraph resolve --undo`"
            )
    return {key: root(key) for key in parent}


class Identity:
    """The replacements in force, as functions on entities and on the ids of principals."""

    def __init__(self, replaced: Mapping[str, str]) -> None:
        self.replaced = dict(replaced)
        self.members = frozenset(self.replaced) | frozenset(self.replaced.values())
        self._bodies = {
            old.split(":", 1)[1]: new.split(":", 1)[1]
            for old, new in self.replaced.items()
            if old.startswith(("State:", "Organization:"))
        }

    def __call__(self, entity: Entity) -> Entity:
        """The entity that stands for this one."""
        if not self.replaced:
            return entity
        kind, ident = _parsed(self.replaced.get(key_of(entity), key_of(entity)))
        principal = self.body(entity.principal) if entity.principal is not None else None
        targets = tuple(dict.fromkeys(self.body(t) for t in entity.targets))
        return replace(entity, type=kind, id=ident, principal=principal, targets=targets)

    def body(self, ident: str) -> str:
        """The id of the state or organization that stands for this one."""
        return self._bodies.get(ident, ident)

    def changed(self, other: Identity) -> tuple[frozenset[str], frozenset[str]]:
        """The keys, and the ids of states and organizations, for which another stands here than there."""
        keys = {
            k for k in self.replaced.keys() | other.replaced.keys() if self.replaced.get(k) != other.replaced.get(k)
        }
        bodies = {b for b in self._bodies.keys() | other._bodies.keys() if self._bodies.get(b) != other._bodies.get(b)}
        return frozenset(keys), frozenset(bodies)

    def decisions(self) -> list[Decision]:
        """Decisions that lead to these replacements."""
        return [Decision("same", new, old, "the graph") for old, new in sorted(self.replaced.items())]

    def quads(self) -> list[ox.Quad]:
        """Each replaced entity with the one that stands for it, so that its IRI still leads somewhere."""
        link = iri("dcterms:isReplacedBy")
        return [ox.Quad(node_of_key(old), link, node_of_key(new), IDENTITY) for old, new in self.replaced.items()]

    @classmethod
    def stored(cls, match: Callable[..., Iterable[ox.Quad]]) -> Identity:
        """The replacements that a graph was built with."""
        links = match(None, iri("dcterms:isReplacedBy"), None, IDENTITY)
        return cls({key_of_node(q.subject.value): key_of_node(q.object.value) for q in links})  # type: ignore[union-attr]
