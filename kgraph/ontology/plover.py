"""PLOVER's event types."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kgraph.ontology.tables import ontology_dir, read_table

_QUADS = ("V-COOP", "M-COOP", "V-CONF", "M-CONF")


@dataclass(frozen=True, slots=True)
class PloverType:
    """A PLOVER event type; `quad` is verbal or material, cooperation or conflict (V-COOP, M-COOP, V-CONF, M-CONF)."""

    code: str
    quad: str
    label: str
    definition: str


@cache
def plover_types(folder: Path | None = None) -> dict[str, PloverType]:
    """All event types by code, in the file's order; KgraphError where a row is wrong."""
    found: dict[str, PloverType] = {}
    for row in read_table((folder or ontology_dir()) / "plover.csv", ("code", "quad", "label", "definition")):
        if not row["code"] or row["code"] in found:
            raise row.wrong(f"code {row['code']!r} is empty or stands twice", "give each event type one row")
        found[row["code"]] = PloverType(row["code"], row.choice("quad", _QUADS), row["label"], row["definition"])
    return found
