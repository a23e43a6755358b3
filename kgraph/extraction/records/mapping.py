"""The mapping form: what the columns of a table say, as data.

A mapping names the table's layout, how it is recognised, and one or more claims: subject, relation, object, date, place
and confidence of what a row says. `docs/data-sets.md` describes every key.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property

from kgraph.extraction.records.layout import Layout
from kgraph.model import Modality, NodeType

SLOT = re.compile(r"\{([^{}?]+)(\??)\}")


@dataclass(frozen=True)
class Template:
    """Text with columns in braces: `resolution {unres}`; `{unres?}` may be empty."""

    text: str

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return tuple(name for name, _ in SLOT.findall(self.text))

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Those that must not be empty."""
        return tuple(name for name, optional in SLOT.findall(self.text) if not optional)


@dataclass(frozen=True, slots=True)
class Condition:
    """A row counts where the column has one of `values` (`wanted`), or none of them."""

    column: str
    values: frozenset[str]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Who:
    """How a row names an entity: the first of these that is there.

    `constant`: always this actor of the ontology. `column` with `codes` (code systems, tried in order) or `values`
    (cell -> actor id, None: nobody). `kind` is the class of an entity made of `ident` and `label` (templates), or of the
    cell itself where no code system knows it; without `ident`, the id is the label's slug. `roles` are columns of sectors
    or roles inside the state that was found; `split` separates several in one cell; with `optional`, a cell that no code
    system knows leaves the word to the next alternative; `invert` turns "Family, Given" round; `concerns` are columns that
    hold 1 -> the issue that an instrument is about. A code means the state of the assertion's date, or of the `year` column.
    """

    constant: str | None = None
    column: str | None = None
    codes: tuple[str, ...] = ()
    values: dict[str, str | None] | None = None
    kind: NodeType | None = None
    kind_of: tuple[str, dict[str, NodeType]] | None = None
    ident: Template | None = None
    label: Template | None = None
    head: str | None = None
    roles: tuple[str, ...] = ()
    split: str | None = None
    optional: bool = False
    invert: bool = False
    concerns: tuple[tuple[str, str], ...] = ()
    year: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        own = [c for c in (self.column, self.year) if c]
        templates = [c for t in (self.ident, self.label) if t for c in t.columns]
        kind = [self.kind_of[0]] if self.kind_of else []
        return (*own, *templates, *kind, *self.roles, *(c for c, _ in self.concerns))


@dataclass(frozen=True, slots=True)
class What:
    """The relation: always the same (`constant`), or by a `column` through `codes` (cameo; plover, with the column of its
    `mode`) or `values` (cell -> relation, None: no assertion)."""

    constant: str | None = None
    column: str | None = None
    codes: str | None = None
    mode: str | None = None
    values: dict[str, str | None] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        return tuple(c for c in (self.column, self.mode) if c)


@dataclass(frozen=True, slots=True)
class When:
    """A date: one `column` in a `form` (None: ISO 8601, YYYYMMDD or a year), or a column each for year, month and day.

    `split` separates several in one cell, of which the first counts.
    """

    column: str | None = None
    form: str | None = None
    year: str | None = None
    month: str | None = None
    day: str | None = None
    split: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        return tuple(c for c in (self.column, self.year, self.month, self.day) if c)


@dataclass(frozen=True, slots=True)
class Each:
    """Columns that each say the same thing of the row, where the cell is one of `values` (empty: any): those that are
    named, all that bear a name `like` mem*, or all others but `all_but`."""

    columns: tuple[str, ...]
    like: str | None
    all_but: tuple[str, ...]
    values: frozenset[str]

    def takes(self, column: str) -> bool:
        """Is a column that the mapping does not read by its name one of these?"""
        return fnmatchcase(column, self.like) if self.like else column not in self.all_but


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion that a row makes. `subjects`, `objects`, `date` and `until` hold alternatives: the first that the row
    fills counts. So does `where`: of one of them, all conditions must hold."""

    subjects: tuple[Who, ...]
    relation: What
    objects: tuple[Who, ...]
    date: tuple[When, ...] = ()
    until: tuple[When, ...] = ()
    place: tuple[Who, ...] = ()
    modality: Modality = Modality.ACTUAL
    confidence: float | tuple[str, float] = 1.0
    where: tuple[tuple[Condition, ...], ...] = ()
    each: Each | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads, but those of `each`."""
        who = [c for w in (*self.subjects, *self.objects, *self.place) for c in w.columns]
        when = [c for w in (*self.date, *self.until) for c in w.columns]
        sure = [self.confidence[0]] if isinstance(self.confidence, tuple) else []
        conditions = [c.column for alternative in self.where for c in alternative]
        return tuple(dict.fromkeys((*who, *self.relation.columns, *when, *sure, *conditions)))


@dataclass(frozen=True, slots=True)
class Sign:
    """How a table of this format is recognised: by its `columns`, or (without a header) by its width and by patterns
    that its first cells match, or by an XML `root`; `names` are patterns of the file's name that must match as well."""

    columns: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    root: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Mapping:
    """What a format's rows say. `digest` changes with the mapping's text."""

    name: str
    title: str
    claims: tuple[Claim, ...]
    layout: Layout = field(default_factory=Layout)
    sign: Sign = field(default_factory=Sign)
    codebook: str = ""
    published: str = ""
    publisher: Template | None = None
    url: Template | None = None
    missing: frozenset[str] = frozenset()
    evidence: tuple[str, ...] = ()
    digest: str = ""

    @cached_property
    def read(self) -> tuple[str, ...]:
        """The columns that it cannot do without."""
        read = [c for claim in self.claims for c in claim.columns]
        about = [c for t in (self.publisher, self.url) if t for c in t.columns]
        return tuple(dict.fromkeys(c for c in (*read, *about) if not c.startswith("each.")))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns that a row's document shows: those of the evidence, then those that are read."""
        return tuple(dict.fromkeys((*self.evidence, *self.read)))


def digest(text: str) -> str:
    """A short hash of a mapping's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
