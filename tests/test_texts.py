"""Whole texts of our own about five crises: what a reader of them would say must be in the graph."""

from pathlib import Path

import pytest

import kgraph
from kgraph.documents import read
from kgraph.extraction.text import extract_many

HERE = Path(__file__).parent / "texts"
DEMO = Path(kgraph.__file__).parent / "demo"
EXPECTED = {
    DEMO / "border.txt": {
        ("THA", "attacks", "KHM"),
        ("CHN", "requests", "THA"),
        ("CHN", "requests", "KHM"),
        ("THA", "breaksWith", "KHM"),
    },
    DEMO / "grain.txt": {
        ("EGY", "signs", "agreement"),
        ("RUS", "condemns", "agreement"),
        ("USA", "threatens", "RUS"),
        ("UKR", "aids", "SDN"),
    },
    DEMO / "strait.txt": {
        ("TUR", "accuses", "GRC"),
        ("GRC", "violates", "agreement"),
        ("DEU", "meets", "TUR"),
        ("HUN", "opposes", "sanction"),
    },
    HERE / "coup.txt": {
        ("ECOWAS", "breaksWith", "MLI"),
        ("FRA", "condemns", "coup"),
        ("NGA", "meets", "SEN"),
        ("RUS", "attacks", "UKR"),
    },
    HERE / "visit.txt": {
        ("IND", "visits", "VNM"),
        ("IND", "aids", "VNM"),
        ("NZL", "meets", "FJI"),
        ("JPN", "requests", "CHN"),
    },
}


@pytest.mark.parametrize("path", EXPECTED, ids=lambda p: p.stem)
def test_text(path: Path) -> None:
    ((_, found),) = extract_many(read([path]))
    said = {(a.subject.principal, a.relation, key) for a in found for key in (a.object.principal, a.object.head) if key}
    assert said >= EXPECTED[path], EXPECTED[path] - said


def test_planned_meetings_lie_ahead() -> None:
    ((_, found),) = extract_many(read([DEMO / "strait.txt"]))
    (meeting,) = [a for a in found if a.relation == "meets"]
    assert (meeting.modality.value, meeting.date) == ("planned", "2025-03-06")
