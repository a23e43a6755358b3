"""Accounts of a table: every row is kept, or skipped with a reason and a line number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_SHOWN = 3
_REASONS, _PRINTED = 200, 12
_QUOTED = re.compile(r"'[^']*'")


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

    `format` is the title of the mapping that read it, "" where none did. Of the `assertions`, `added` were stored now.
    `partly` counts parts of kept rows that made no assertion; `unchanged` are kept rows that were stored already, `removed`
    stored ones that the table no longer has; `notes` tell what stands beside the table and was not read; `problem` is what
    ended the reading early, or "".
    """

    name: str
    format: str = ""
    read: int = 0
    kept: int = 0
    unchanged: int = 0
    removed: int = 0
    assertions: int = 0
    added: int = 0
    skipped: dict[str, Skips] = field(default_factory=dict)
    partly: dict[str, Skips] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    def skip(self, line: int, reason: str) -> None:
        """Count a row that was read and skipped."""
        self.read += 1
        _note(self.skipped, reason, line)

    def keep(self, line: int, left_out: Iterable[str] = ()) -> None:
        """Count a row that made an assertion, with the reasons why parts of it made none."""
        self.read += 1
        self.kept += 1
        for reason in left_out:
            _note(self.partly, reason, line)

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
            ordered = sorted(reasons.items(), key=lambda item: (-item[1].count, item[0]))
            for reason, skips in ordered[:_PRINTED]:
                numbers = ", ".join(map(str, skips.lines)) + (", ..." if skips.count > _SHOWN else "")
                yield f"  {skips.count} {what}: {reason} (line {numbers})"
            if rest := ordered[_PRINTED:]:
                yield f"  {sum(s.count for _, s in rest)} {what} for {len(rest)} more reasons"
        yield from (f"  {note}" for note in self.notes)
        if self.problem:
            yield f"  {self.name}: {self.problem}"


def _note(reasons: dict[str, Skips], reason: str, line: int) -> None:
    """Count a row; where there are very many reasons, those that differ in the cell alone are counted as one."""
    if reason not in reasons and len(reasons) >= _REASONS:
        reason = _QUOTED.sub("'...'", reason)
    reasons.setdefault(reason, Skips()).add(line)
