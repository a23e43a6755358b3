"""The text extractor on sentences of our own: what must come out, and what must not."""

import datetime as dt

import pytest

from kgraph.extraction.text import extract, extract_many
from kgraph.model import Assertion, Document
from kgraph.ontology import relations


def assertions(text: str) -> list[Assertion]:
    return list(extract(Document("d", text, dt.date(2006, 7, 10))))


def said(text: str) -> set[tuple[str | None, str, str | None, bool, str]]:
    return {
        (
            a.subject.principal,
            a.relation,
            a.object.head or a.object.principal,
            a.negated,
            a.modality.value,
        )
        for a in assertions(text)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan urged China to back sanctions on North Korea.", ("JPN", "requests", "CHN", False, "actual")),
        ("Japan urged China to back sanctions on North Korea.", ("CHN", "supports", "sanction", False, "requested")),
        ("A resolution was sponsored by Britain and France.", ("GBR", "sponsors", "resolution", False, "actual")),
        ("A resolution was sponsored by Britain and France.", ("FRA", "sponsors", "resolution", False, "actual")),
        ("Brazil did not sign the treaty.", ("BRA", "signs", "treaty", True, "actual")),
        ("Iran may attack Israel.", ("IRN", "attacks", "ISR", False, "possible")),
        ("Germany will send aid to Ukraine.", ("DEU", "aids", "UKR", False, "planned")),
        ("Turkish troops attacked Syria.", ("TUR", "attacks", "SYR", False, "actual")),
        ("Opposition from Russia to the sanctions grew.", ("RUS", "opposes", "sanction", False, "actual")),
        ("Kenya and Uganda held talks.", ("KEN", "meets", "UGA", False, "actual")),
        ("Egypt launched an attack on Libya.", ("EGY", "attacks", "LBY", False, "actual")),
        ("India imposed tariffs on Pakistan.", ("IND", "sanctions", "PAK", False, "actual")),
    ],
)
def test_what_must_come_out(text: str, expected: tuple[str, str, str, bool, str]) -> None:
    assert expected in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Turkey prices rose before Thanksgiving.",
        "The home side attacked from the start and won by three goals.",
        "Heavy rain is expected in the north tomorrow.",
        "Shares of the company fell two percent.",
        "The novel follows a young woman who leaves her village.",
        "A man was arrested after a robbery at a shop.",
        "Scientists found a new species of frog.",
        "Michael Jordan met his fans.",
    ],
)
def test_what_must_not_come_out(text: str) -> None:
    events = [a for a in assertions(text) if not relations()[a.relation].structural and a.object.type.is_actor]
    assert events == []


def test_accusation_gives_both() -> None:
    found = assertions("Turkey accused Russia of bombing Syria on Sunday.")
    (inner,) = [a for a in found if a.relation == "attacks"]
    assert any(a.relation == "accuses" for a in found)
    assert inner.attributed_to is not None
    assert inner.attributed_to.id == "TUR"
    assert inner.date == "2006-07-09"


def test_titles_give_offices() -> None:
    found = assertions("Norwegian Foreign Minister Kari Holm met Swedish President Erik Lund.")
    assert ("kari-holm", "actsFor", "NOR") in {(a.subject.id, a.relation, a.object.id) for a in found}
    assert ("erik-lund", "leads", "SWE") in {(a.subject.id, a.relation, a.object.id) for a in found}


def test_evidence_and_marks_are_exact() -> None:
    document = Document("d", "Oslo — Norway condemned the attack.\n\nSweden praised Norway.")
    for assertion in extract(document):
        for evidence in assertion.evidence:
            evidence.verify(document)
            assert "\n\n" not in evidence.text


def test_the_order_of_documents_changes_nothing() -> None:
    texts = ["France condemned Mali.", "Peru met Chile.", "Iran threatened Israel."]
    documents = [Document(str(i), t) for i, t in enumerate(texts)]
    forward = {d.id: found for d, found in extract_many(documents)}
    backward = {d.id: found for d, found in extract_many(reversed(documents))}
    assert forward == backward
