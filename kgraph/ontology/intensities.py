"""How strongly each relation binds or divides: Goldstein's conflict-cooperation scale, from `ontology/intensities.csv`."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from kgraph.ontology.relations import relations
from kgraph.ontology.tables import ontology_dir, read_table

_COLUMNS = ("relation", "cameo", "intensity", "note")
_SIGNS = {"+": 1.0, "-": -1.0, "0": 0.0}


@cache
def intensities(folder: Path | None = None) -> dict[str, float]:
    """The intensity of every relation, from -10 to 10 (Goldstein 1992; the file tells the source of each value).

    Raises KgraphError where a relation is unknown, missing or twice there, or where a value is no number from -10 to 10 or
    has not the sign of the relation's polarity.
    """
    known = relations(folder)
    path = (folder or ontology_dir()) / "intensities.csv"
    found: dict[str, float] = {}
    row = None
    for row in read_table(path, _COLUMNS):
        name = row["relation"]
        if name not in known or name in found:
            raise row.wrong(f"{name!r} is no relation, or stands twice", "use each name of relations.csv once")
        try:
            value = float(row["intensity"])
        except ValueError:
            raise row.wrong(f"intensity is {row['intensity']!r}", "write a number from -10 to 10") from None
        if not -10 <= value <= 10:
            raise row.wrong(f"intensity is {value}", "write a number from -10 to 10")
        if (value and math.copysign(1, value)) != _SIGNS[known[name].polarity]:
            raise row.wrong(f"{name} has polarity {known[name].polarity} and intensity {value}", "make the signs agree")
        found[name] = value
    missing = [name for name in known if name not in found]
    if missing and row:
        raise row.wrong(f"there is no intensity for {missing[0]}", "add a row for it")
    return found


@cache
def thing_signs(folder: Path | None = None) -> dict[str, int]:
    """The head nouns of things -> 1 where such a thing favours its target, -1 where it is against it; others are unknown.

    Raises KgraphError where a head stands twice or a sign is neither + nor -.
    """
    found: dict[str, int] = {}
    for row in read_table((folder or ontology_dir()) / "thing_signs.csv", ("head", "sign")):
        if not row["head"] or row["head"] in found:
            raise row.wrong(f"head {row['head']!r} is empty or stands twice", "give each head one row")
        found[row["head"]] = 1 if row.choice("sign", "+-") == "+" else -1
    return found
