"""What flows through the house: documents, entities, evidence, assertions.

Everything here is frozen and typed, and does nothing but check itself. The classes follow the annotation contract of
the project (`docs/model.md`): an assertion is (subject, relation, object) with negation, modality, speaker, date and at
least one piece of evidence.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum

_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


class NodeType(StrEnum):
    """The class of an entity."""

    STATE = "State"
    ORGANIZATION = "Organization"
    PERSON = "Person"
    GROUP = "Group"
    INSTRUMENT = "Instrument"
    EVENT = "Event"
    ISSUE = "Issue"
    PLACE = "Place"

    @property
    def is_actor(self) -> bool:
        """True for the classes that can act: State, Organization, Person, Group."""
        return self in _ACTORS


_ACTORS = frozenset({NodeType.STATE, NodeType.ORGANIZATION, NodeType.PERSON, NodeType.GROUP})


class Modality(StrEnum):
    """How the text presents an assertion: done, planned, possible, demanded, or denied by somebody."""

    ACTUAL = "actual"
    PLANNED = "planned"
    POSSIBLE = "possible"
    REQUESTED = "requested"
    DENIED = "denied"


class Role(StrEnum):
    """What a marked stretch of a piece of evidence stands for."""

    SUBJECT = "subject"
    RELATION = "relation"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Document:
    """One text with what is known about it.

    `id` is the row's own id or the file's name; `text` is exactly what extractors see, and all offsets count its Unicode
    code points; `date` is the day of publication. `part_of` is the table of which the document is a row, or None: a row's
    words are the data set's, so that it is a source by who reports it and not by how it is worded.
    """

    id: str
    text: str
    date: dt.date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    part_of: str | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a document needs an id")


@dataclass(frozen=True, slots=True)
class Entity:
    """A node of the graph.

    `id` is an ISO 3166-1 alpha-3 code for a State, an acronym for an Organization, else a slug; ids are unique within a
    type. `principal` is the id of the State or Organization for which an actor acts (itself, for those two), or None.
    `head` is the lemma of the head noun of an Instrument, Event or Issue. `targets` holds principals' ids, `concerns`
    slugs of issues. `iri` is a public identifier (Wikidata, GeoNames) where the ontology knows one.
    """

    id: str
    label: str
    type: NodeType
    principal: str | None = None
    head: str | None = None
    targets: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    iri: str | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.label:
            raise ValueError("an entity needs an id and a label")
        if self.type in (NodeType.STATE, NodeType.ORGANIZATION) and self.principal is None:
            object.__setattr__(self, "principal", self.id)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of the document, inside a piece of evidence, that carries the subject, the relation or the object."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact characters of a document that say something: `text` is `document.text[start:end]`.

    Made with `Evidence.cut`, the text cannot be wrong; `verify` checks evidence that came from elsewhere.
    """

    document: str
    start: int
    end: int
    text: str
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if not self.document:
            raise ValueError("evidence needs the id of its document")
        if self.start < 0 or self.end <= self.start or self.end - self.start != len(self.text):
            raise ValueError(
                f"evidence in {self.document!r} has offsets {self.start}-{self.end} that do not fit its text"
            )
        if any(m.start < self.start or m.end > self.end or m.start >= m.end for m in self.marks):
            raise ValueError(f"evidence {self.start}-{self.end} in {self.document!r} has a mark outside itself")

    @classmethod
    def cut(cls, document: Document, start: int, end: int, marks: tuple[Mark, ...] = ()) -> Evidence:
        """The evidence that stands between two offsets of a document."""
        return cls(document.id, start, end, document.text[start:end], marks)

    def verify(self, document: Document) -> None:
        """Raise ValueError where the offsets do not give the text back from the document."""
        if document.id != self.document or document.text[self.start : self.end] != self.text:
            raise ValueError(f"evidence {self.start}-{self.end} is not what document {document.id!r} says there")


@dataclass(frozen=True, slots=True)
class Assertion:
    """Subject, relation, object, with who says so, how, when, and the evidence: at least one piece.

    `relation` is a name from `ontology/relations.csv`. `date` is an ISO 8601 date, month or year, or an interval
    `start/end` of them. `confidence` lies in 0..1. `extractor` is the name of what made the assertion.
    """

    subject: Entity
    relation: str
    object: Entity
    evidence: tuple[Evidence, ...]
    extractor: str
    negated: bool = False
    modality: Modality = Modality.ACTUAL
    attributed_to: Entity | None = None
    date: str | None = None
    confidence: float = field(default=1.0)

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("an assertion needs evidence")
        if not self.relation or not self.extractor:
            raise ValueError("an assertion needs a relation and the name of its extractor")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")
        if self.date is not None:
            parts = self.date.split("/")
            if len(parts) > 2 or not all(_DATE.match(part) for part in parts):
                raise ValueError(f"{self.date!r} is no ISO 8601 date or interval")
