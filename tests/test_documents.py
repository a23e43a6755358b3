"""Reading: formats, encodings, furniture, dates, and what is refused or skipped."""

import datetime as dt
import gzip
import json
from pathlib import Path

import pytest

from kgraph.documents import Skipped, read
from kgraph.documents.cleaning import masthead
from kgraph.errors import KgraphError

ARTICLE = "The Morning Post - Monday, July 10, 2006\n\nSEOUL — Talks began.\n\nThey “ended” well.\n\nSign up for Daily Newsletters\nCopyright © 2021 The Post.\n"


def test_plain_text_with_masthead_and_furniture(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    (document,) = read([path])
    assert document.id == "a.txt"
    assert document.date == dt.date(2006, 7, 10)
    assert document.source == "The Morning Post"
    assert "Talks began.\n\nThey “ended” well." in document.text
    assert "Newsletter" not in document.text
    assert "Copyright" not in document.text


@pytest.mark.parametrize(
    ("line", "date", "source"),
    [
        ("The Morning Post - Monday, July 10, 2006", "2006-07-10", "The Morning Post"),
        ("Published: 10 July 2006, 09:30 GMT", "2006-07-10", None),
        ("Last updated at 5 Sept. 2019 10:30 AM EDT", "2019-09-05", None),
        ("By Jane Doe, March 4th, 2020", "2020-03-04", None),
        ("2006-07-10T10:11:12Z", "2006-07-10", None),
        ("GENEVA (Agency), July 10, 2006 - Talks began on the border.", "2006-07-10", None),
        ("MEXICO CITY, Mexico, 3 May 2011 (Agency) — Talks began on the border.", "2011-05-03", None),
        ("MEXICO CITY, May 3 (Agency) - Talks began on the border.", None, None),
        ("On July 5, 2006, Peru left the talks.", None, None),
        ("March 44, 2020", None, None),
    ],
)
def test_the_day_of_publication_in_the_first_lines(line: str, date: str | None, source: str | None) -> None:
    found, name = masthead(f"Talks begin\n\n{line}\n\nPeru met Chile.")
    assert (found and found.isoformat(), name) == (date, source)


def test_gz_and_latin1_and_folder(tmp_path: Path) -> None:
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"Peru met Chile."))
    (tmp_path / "c.txt").write_bytes("Le président a rencontré la délégation à Québec hier matin.".encode("latin-1"))
    (tmp_path / "d.txt").write_bytes(b"\x00\x01\x02binary")
    skipped: list[Skipped] = []
    documents = list(read([tmp_path], on_skip=skipped.append))
    assert [d.id for d in documents] == ["b.txt.gz", "c.txt"]
    assert "président" in documents[1].text
    assert [Path(s.place).name for s in skipped] == ["d.txt"]


def test_json_lines_skip_the_bad_row(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": "x", "text": "A met B.", "date": "2020-01-02"}),
        "{",
        json.dumps({"id": "y"}),
        json.dumps({"text": "C"}),
    ]
    path = tmp_path / "n.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    skipped: list[Skipped] = []
    documents = list(read([path], on_skip=skipped.append))
    assert [(d.id, d.date) for d in documents] == [("x", dt.date(2020, 1, 2)), ("n.jsonl#4", None)]
    assert [s.place for s in skipped] == ["n.jsonl, line 2", "n.jsonl, line 3"]


def test_html(tmp_path: Path) -> None:
    body = "<p>" + "Brazil and Chile signed a trade agreement on Monday in Lima. " * 6 + "</p>"
    (tmp_path / "p.html").write_text(
        f"<!doctype html><html><head><title>T</title></head><body><article>{body}</article></body></html>"
    )
    (document,) = read([tmp_path / "p.html"])
    assert "Brazil and Chile signed" in document.text
    assert "<p>" not in document.text


@pytest.mark.parametrize("make", ["missing", "empty", "binary", "folder"])
def test_bad_only_source_is_one_sentence(tmp_path: Path, make: str) -> None:
    path = tmp_path / "s.txt"
    if make == "empty":
        path.write_text("")
    elif make == "binary":
        path.write_bytes(b"\x00\xff" * 100)
    elif make == "folder":
        path.mkdir()
    with pytest.raises(KgraphError, match=r"s\.txt"):
        list(read([path]))
