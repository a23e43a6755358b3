"""The relations: what the graph can say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.model import NodeType
from kgraph.ontology.plover import plover_types
from kgraph.ontology.tables import Row, ontology_dir, read_table

_COLUMNS = ("name", "label", "plover", "polarity", "cameo", "domain", "range", "symmetric", "definition")
_ACTOR_CLASSES = frozenset(t for t in NodeType if t.is_actor)


@dataclass(frozen=True, slots=True)
class Relation:
    """A property from an entity to an entity.

    `label` reads between subject and object ("China *opposes* sanctions"). `plover` is the event type, or None for a
    structural relation; `polarity` the sign it carries from subject to object: "+", "-" or "0"; `cameo` its CAMEO codes.
    """

    name: str
    label: str
    plover: str | None
    polarity: str
    cameo: tuple[str, ...]
    domain: frozenset[NodeType]
    range: frozenset[NodeType]
    symmetric: bool
    definition: str

    @property
    def structural(self) -> bool:
        """True for relations that are no events: leads, actsFor, memberOf and their like."""
        return self.plover is None

    @property
    def quad(self) -> str | None:
        """V-COOP, M-COOP, V-CONF or M-CONF; None for a structural relation."""
        return plover_types()[self.plover].quad if self.plover else None


@cache
def relations(folder: Path | None = None) -> dict[str, Relation]:
    """All relations by name, in the file's order; KgraphError where a row is wrong."""
    found: dict[str, Relation] = {}
    types = plover_types(folder)
    for row in read_table((folder or ontology_dir()) / "relations.csv", _COLUMNS):
        if not row["name"] or row["name"] in found:
            raise row.wrong(f"relation {row['name']!r} is empty or stands twice", "give each relation one row")
        classes = {
            column: frozenset(
                t
                for name in row.many(column)
                for t in (_ACTOR_CLASSES if name == "actor" else (_node_type(row, column, name),))
            )
            for column in ("domain", "range")
        }
        found[row["name"]] = Relation(
            name=row["name"],
            label=row["label"],
            plover=row.choice("plover", ["", *types]) or None,
            polarity=row.choice("polarity", "+-0"),
            cameo=row.many("cameo"),
            domain=classes["domain"],
            range=classes["range"],
            symmetric=row.choice("symmetric", ("yes", "no")) == "yes",
            definition=row["definition"],
        )
    return found


def _node_type(row: Row, column: str, name: str) -> NodeType:
    try:
        return NodeType(name)
    except ValueError:
        raise row.wrong(f"{column} has {name!r}", f"use actor or one of {', '.join(NodeType)}") from None
