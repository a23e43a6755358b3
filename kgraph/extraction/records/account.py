"""Accounts of a table: every row is kept, or skipped with a reason and a line number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_SHOWN = 3


@dataclass(slots=True)
class Skips:
    """How many rows were skipped for one reason, and the line numbers of the first three."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """Count a row."""
        self.count += 1
        if len(self.lines) < _SHOWN:
            self.lines.append(line)


@dataclass(slots=True)
class Account:
    """What was read of one table: `read` rows are `kept` ones and skipped ones.

    `format` is the title of the mapping that read it, "" where none did. `partly` counts parts of kept rows that made
    no assertion; `unchanged` are kept rows that were stored already; `problem` is what ended the reading early, or "".
    """

    name: str
    format: str = ""
    read: int = 0
    kept: int = 0
    unchanged: int = 0
    removed: int = 0
    assertions: int = 0
    skipped: dict[str, Skips] = field(default_factory=dict)
    partly: dict[str, Skips] = field(default_factory=dict)
    problem: str = ""

    def skip(self, line: int, reason: str) -> None:
        """Count a row that was read and skipped."""
        self.read += 1
        self.skipped.setdefault(reason, Skips()).add(line)

    def keep(self, line: int, left_out: Iterable[str] = ()) -> None:
        """Count a row that made an assertion, with the reasons why parts of it made none."""
        self.read += 1
        self.kept += 1
        for reason in left_out:
            self.partly.setdefault(reason, Skips()).add(line)

    @property
    def balanced(self) -> bool:
        """Are the rows read the rows kept and the rows skipped?"""
        return self.read == self.kept + sum(s.count for s in self.skipped.values())

    def lines(self) -> Iterator[str]:
        """The account for people, a line for the file and one for each reason."""
        told = f"recognised as {self.format}; " if self.format else ""
        total = sum(s.count for s in self.skipped.values())
        yield f"{self.name}: {told}{self.read} rows read = {self.kept} kept + {total} skipped, {self.assertions} assertions"
        if self.unchanged:
            yield f"  {self.unchanged} of the rows kept were stored already"
        if self.removed:
            yield f"  {self.removed} rows that the file no longer has were taken out of the store"
        for reasons, what in ((self.skipped, "skipped"), (self.partly, "part of a row left out")):
            for reason, skips in sorted(reasons.items(), key=lambda item: (-item[1].count, item[0])):
                numbers = ", ".join(map(str, skips.lines)) + (", ..." if skips.count > _SHOWN else "")
                yield f"  {skips.count} {what}: {reason} (line {numbers})"
        if self.problem:
            yield f"  {self.name}: {self.problem}"
