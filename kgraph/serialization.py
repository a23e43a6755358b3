"""Assertions as JSON objects, one a line, in the form of `kgraph/assertion.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Entity, Evidence, Mark, Modality, NodeType, Role

__all__ = ["assertion_from_dict", "assertion_to_dict", "dump_lines", "load_lines"]


def assertion_to_dict(assertion: Assertion) -> dict[str, Any]:
    """The JSON object of an assertion."""
    speaker = assertion.attributed_to
    return {
        "subject": _entity_to_dict(assertion.subject),
        "relation": assertion.relation,
        "object": _entity_to_dict(assertion.object),
        "negated": assertion.negated,
        "modality": assertion.modality.value,
        "attributed_to": _entity_to_dict(speaker) if speaker else None,
        "date": assertion.date,
        "confidence": assertion.confidence,
        "evidence": [_evidence_to_dict(e) for e in assertion.evidence],
        "extractor": assertion.extractor,
    }


def assertion_from_dict(data: dict[str, Any]) -> Assertion:
    """The assertion that a JSON object describes; raises KeyError, TypeError or ValueError where it describes none."""
    speaker = data.get("attributed_to")
    return Assertion(
        subject=_entity_from_dict(data["subject"]),
        relation=data["relation"],
        object=_entity_from_dict(data["object"]),
        evidence=tuple(_evidence_from_dict(e) for e in data["evidence"]),
        extractor=data["extractor"],
        negated=bool(data.get("negated", False)),
        modality=Modality(data.get("modality", "actual")),
        attributed_to=_entity_from_dict(speaker) if speaker else None,
        date=data.get("date"),
        confidence=float(data.get("confidence", 1.0)),
    )


def dump_lines(assertions: Iterable[Assertion]) -> Iterator[str]:
    """Each assertion as one line of JSON, without the line end."""
    for assertion in assertions:
        yield json.dumps(assertion_to_dict(assertion), ensure_ascii=False)


def load_lines(lines: Iterable[str], name: str = "assertions") -> Iterator[Assertion]:
    """The assertions of JSON Lines; raises KgraphError with the file's `name` and the line where one is wrong."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield assertion_from_dict(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise KgraphError(
                f"{name}, line {number}: not an assertion ({error}); see assertion.schema.json"
            ) from error


def _entity_to_dict(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "label": entity.label,
        "type": entity.type.value,
        "principal": entity.principal,
        "head": entity.head,
        "targets": list(entity.targets),
        "concerns": list(entity.concerns),
        "iri": entity.iri,
    }


def _entity_from_dict(data: dict[str, Any]) -> Entity:
    return Entity(
        id=data["id"],
        label=data["label"],
        type=NodeType(data["type"]),
        principal=data.get("principal"),
        head=data.get("head"),
        targets=tuple(data.get("targets") or ()),
        concerns=tuple(data.get("concerns") or ()),
        iri=data.get("iri"),
    )


def _evidence_to_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "marks": [{"role": m.role.value, "start": m.start, "end": m.end} for m in evidence.marks],
    }


def _evidence_from_dict(data: dict[str, Any]) -> Evidence:
    marks = tuple(Mark(Role(m["role"]), m["start"], m["end"]) for m in data.get("marks") or ())
    return Evidence(data["document"], data["start"], data["end"], data["text"], marks)
