"""What a build tells: of each document, and at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kgraph.documents import Skipped
from kgraph.extraction.records import Account
from kgraph.model import Document

Progress = Callable[[Document, int], None]


@dataclass(slots=True)
class Report:
    """What a build did.

    `documents` were read, and of these `unchanged` were stored already as they are and `replaced` took the place of a
    former text; `assertions` were extracted and stored; `skipped` tells what was left out and why; `tables` holds
    the account of each table.
    """

    documents: int = 0
    unchanged: int = 0
    replaced: int = 0
    assertions: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    tables: list[Account] = field(default_factory=list)
