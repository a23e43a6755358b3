"""Reading a table in a test, with its account."""

from __future__ import annotations

from pathlib import Path

from kgraph.extraction.records import Account, Mapping
from kgraph.model import Assertion, Document
from kgraph.tables import read_tables

SAMPLES = Path(__file__).parents[1] / "examples" / "records"


def pairs(path: Path, mapping: Mapping | None = None, *, strict: bool = False) -> tuple[list[Account], list[tuple[Document, list[Assertion]]]]:  # fmt: skip
    accounts: list[Account] = []
    found = list(read_tables([path], mapping, strict=strict, accounts=accounts))
    assert all(account.balanced for account in accounts)
    return accounts, found


def told(path: Path, mapping: Mapping | None = None) -> list[str]:
    """Each assertion as `line subject relation object date`, with `planned` where it is."""
    _, found = pairs(path, mapping)
    out = []
    for document, said in found:
        for a in said:
            line = document.id.rsplit("#", 1)[1]
            how = "" if a.modality.value == "actual" else f" {a.modality.value}"
            out.append(f"{line} {a.subject.id} {a.relation} {a.object.id} {a.date or '-'}{how}")
    return out
