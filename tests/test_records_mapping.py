"""The mapping form: a user's own table in any container, mistakes told by line, and a first mapping from the columns."""

import contextlib
import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_help import SAMPLES, pairs, told

from kgraph.errors import KgraphError
from kgraph.extraction.records import Account, known_formats, load_mapping
from kgraph.extraction.records.dates import day, interval
from kgraph.extraction.records.drafting import draft
from kgraph.tables import find_tables, read_tables, without_tables

MINE = """\
mapping: visits
missing: ["NA"]
date: {column: when, form: DD/MM/YYYY}
subject: {column: guest, codes: [iso3, names], type: Organization}
relation: {column: what, values: {visit: visits, aid: aids, talk: }}
object: host
confidence: {column: sure, of: 100}
"""
ROWS = [
    {"guest": "FRA", "host": "MLI", "what": "visit", "when": "03/02/2020", "sure": "80"},
    {"guest": "The Invented Bureau", "host": "Japan", "what": "aid", "when": "4/2/2020", "sure": "100"},
    {"guest": "DEU", "host": "RUS", "what": "talk", "when": "05/02/2020", "sure": "100"},
    {"guest": "NA", "host": "RUS", "what": "aid", "when": "05/02/2020", "sure": "100"},
]
SAID = ["FRA visits MLI 2020-02-03", "the-invented-bureau aids JPN 2020-02-04"]


def mapping_file(folder: Path, text: str) -> Path:
    path = folder / "my.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def as_text(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    head = list(rows[0])
    return "\n".join([delimiter.join(head), *(delimiter.join(r[c] for c in head) for r in rows)]) + "\n"


def test_a_table_of_ones_own_in_every_container(tmp_path: Path) -> None:
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    mapping = load_mapping(mapping_file(tmp_path, MINE))
    (tmp_path / "a.csv").write_text(as_text(ROWS), encoding="utf-8")
    (tmp_path / "a.tsv").write_text("\ufeff" + as_text(ROWS, "\t").replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "wide.csv").write_text(as_text(ROWS, ";"), encoding="utf-16")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(as_text(ROWS).encode()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inside/a.csv", as_text(ROWS))
    book = openpyxl.Workbook()
    for row in (list(ROWS[0]), *(list(r.values()) for r in ROWS)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    for name, first in (("a.csv", 2), ("a.tsv", 2), ("wide.csv", 2), ("a.csv.gz", 2), ("a.zip", 2), ("a.xlsx", 2), ("a.jsonl", 1), ("a.parquet", 1)):  # fmt: skip
        assert told(tmp_path / name, mapping) == [f"{first + i} {line}" for i, line in enumerate(SAID)], name
        (account,), found = pairs(tmp_path / name, mapping)
        assert (account.read, account.kept) == (4, 2)
        assert found[0][1][0].confidence == 0.8
    (tmp_path / "b.csv").write_text(as_text([ROWS[0] | {"when": "99/99/2020"}]), encoding="utf-8")
    with pytest.raises(KgraphError, match="line 2: the date '99/99/2020'"):
        pairs(tmp_path / "b.csv", mapping, strict=True)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("mapping: visits", "maping: visits", "line 1: maping is no key"),
        ("relation: {column: what, values: {visit: visits, aid: aids, talk: }}", "relation: likes", "line 5: relation is 'likes'"),
        ("visit: visits", "visit: hugs", "line 5: relation.values.visit is 'hugs'"),
        ("codes: [iso3, names]", "codes: [iso9]", "line 4: subject.codes is 'iso9'; use one of"),
        ("type: Organization", "type: Country", "subject.type is 'Country'"),
        ("form: DD/MM/YYYY", "form: DMY", "line 3: date.form is 'DMY'"),
        ("object: host", "", "has no object"),
        ("object: host", "object: {is: ZZZ}", "no known actor"),
        ("object: host", "object: {column: host}", "neither codes, values nor type"),
        ("object: host", "object: {id: 'x{host}'}", "has no type"),
        ("object: host", "object: {is: FRA, column: host}", "names nobody, or somebody twice"),
        ("of: 100", "of: none", "confidence.of is 'none'"),
        ("confidence: {column: sure, of: 100}", "confidence: 2", "confidence is 2.0"),
        ("object: host", "object: host\nplace: {column: host, codes: names}", "needs an event"),
        ("object: host", "object: host\nobject: host", "object stands twice"),
        ("object: host", "object: each.value", "write each:"),
        ("object: host", "object: host\neach: {values: [1]}", "columns, like or all_but"),
        ("mapping: visits", "assertions: []", "stands beside assertions"),
        ("mapping: visits", "table: {encoding: klingon}", "table.encoding is 'klingon'"),
        ("mapping: visits", "table: {delimiter: ab}", "write one character"),
        ("mapping: visits", "recognise: {first: ['(']}", "no regular expression"),
        ("mapping: visits", "mapping: [", "is no YAML"),
        ("mapping: visits", "until: when", "until has no date"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, old: str, new: str, word: str) -> None:
    assert old in MINE
    text = MINE.replace(old, new)
    if new.startswith("until"):
        text = text.replace("date: {column: when, form: DD/MM/YYYY}\n", "")
    with pytest.raises(KgraphError) as told_:
        load_mapping(mapping_file(tmp_path, text))
    assert word in str(told_.value)
    assert "my.yaml" in str(told_.value)
    assert "\n" not in str(told_.value)


def test_a_mapping_that_does_not_fit_the_table(tmp_path: Path) -> None:
    mapping = load_mapping(mapping_file(tmp_path, MINE.replace("host", "hostess")))
    table = tmp_path / "a.csv"
    table.write_text(as_text(ROWS), encoding="utf-8")
    (account,), _ = pairs(table, mapping)
    assert "has no column 'hostess'" in account.problem
    for path, word in ((tmp_path / "none.yaml", "cannot be read"), (mapping_file(tmp_path, ""), "is empty")):
        with pytest.raises(KgraphError, match=word):
            load_mapping(path)


def test_a_first_mapping_from_the_columns(tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["case", "sender", "target", "what", "when", "end"])
        rows = [1, "FRA", "MLI", "aid", "03/02/2020", "04/02/2020"], [2, "DEU", "Kenya", "accuse", "14/02/2020", ""]
        writer.writerows(rows)
    text = draft(table)
    mapping = load_mapping(mapping_file(tmp_path, text))
    assert told(table, mapping) == ["2 FRA aids MLI 2020-02-03/2020-02-04", "3 DEU accuses KEN 2020-02-14"]
    assert sum(not line.startswith("#") for line in text.splitlines()) <= 20
    for name in (
        "UNVotes.sample.csv",
        "GSDB.sample.csv",
        "events.2014.sample.tab",
        "entities.ftm.json",
        "TIESv4.sample.csv",
    ):
        load_mapping(mapping_file(tmp_path, draft(SAMPLES / name)))
    with pytest.raises(KgraphError, match="cannot be read"):
        draft(tmp_path / "none.csv")


def test_tables_are_found_among_the_sources(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "news.txt").write_text("France condemned Mali.\n", encoding="utf-8")
    (tmp_path / "news.jsonl").write_text('{"id": "1", "text": "France condemned Mali."}\n', encoding="utf-8")
    assert find_tables([tmp_path]) == ([tmp_path / "a.csv"], [str(tmp_path)])
    polecat = tmp_path / "polecat.txt"
    polecat.write_bytes((SAMPLES / "ngecEvents.sample.txt").read_bytes())
    tables, others = find_tables([tmp_path])
    assert tables == [tmp_path / "a.csv", polecat]
    assert others == [str(tmp_path)]
    texts = without_tables(tables)
    assert texts is not None
    assert [p.name for p in sorted(tmp_path.iterdir()) if texts(p)] == ["news.jsonl", "news.txt"]
    assert find_tables([tmp_path / "news.jsonl", "-", "nothing"]) == (
        [],
        [str(tmp_path / "news.jsonl"), "-", "nothing"],
    )
    packed = tmp_path / "20200115.export.CSV.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(SAMPLES / "20200115.export.CSV", "20200115.export.CSV")
    assert find_tables([packed, SAMPLES / "consolidated.sample.xml"]) == (
        [packed, SAMPLES / "consolidated.sample.xml"],
        [],
    )
    assert len(told(packed)) == 8
    assert find_tables([SAMPLES])[1] == []


def test_a_mapping_is_for_the_tables_that_it_fits(tmp_path: Path) -> None:
    """Beside it, known formats and articles are what they are; a table that it nearly fits is told."""
    mapping = load_mapping(mapping_file(tmp_path, MINE))
    own, near, articles = tmp_path / "own.jsonl", tmp_path / "near.jsonl", tmp_path / "articles.jsonl"
    own.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    near.write_text(json.dumps({"gust": "FRA", "host": 2}), encoding="utf-8")
    articles.write_text('{"id": "1", "text": "France condemned Mali."}\n', encoding="utf-8")
    note = tmp_path / "note.txt"
    note.write_text("France condemned Mali.\n", encoding="utf-8")
    votes = SAMPLES / "UNVotes.sample.csv"
    tables, others = find_tables([own, near, articles, note, votes], mapping)
    assert (tables, others) == ([own, near, votes], [str(articles), str(note)])
    accounts: list[Account] = []
    assert list(read_tables(tables, mapping, accounts=accounts))
    assert [a.format for a in accounts] == ["visits", "visits", "UN General Assembly votes"]
    assert [bool(a.kept) for a in accounts] == [True, False, True]
    assert "has no column" in accounts[1].problem
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (own, articles):
        path.rename(folder / path.name)
    assert find_tables([folder], mapping) == ([folder / "own.jsonl"], [str(folder)])


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file of a test was opened."""
    count: Counter[str] = Counter()
    real = io.open

    def counting(file: object, *args: object, **more: object) -> object:
        count[Path(str(file)).name] += 1
        return real(file, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(io, "open", counting)  # what Path.open, gzip and zipfile call
    monkeypatch.setattr("builtins.open", counting)
    return count


def test_files_are_told_by_their_names_and_opened_once(tmp_path: Path, opened: Counter[str]) -> None:
    for name in ("UNVotes.sample.csv", "entities.ftm.json", "ngecEvents.sample.txt", "consolidated.sample.xml"):
        (tmp_path / name).write_bytes((SAMPLES / name).read_bytes())
    for i in range(20):
        (tmp_path / f"{i}.txt").write_text("France condemned Mali.\n", encoding="utf-8")
        (tmp_path / f"{i}.html").write_text("<p>France condemned Mali.</p>", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "articles.zip", "w") as archive:
        for i in range(200):
            archive.writestr(f"{i}.txt", "France condemned Mali.\n")
    with zipfile.ZipFile(tmp_path / "day.zip", "w") as archive:
        archive.write(SAMPLES / "20200115.export.CSV", "20200115.export.CSV")
    (tmp_path / "votes.csv.gz").write_bytes(gzip.compress((SAMPLES / "UNVotes.sample.csv").read_bytes()))
    known_formats()
    opened.clear()
    tables, _ = find_tables([tmp_path])
    assert [t.name for t in tables] == [
        "UNVotes.sample.csv", "consolidated.sample.xml", "day.zip", "entities.ftm.json", "ngecEvents.sample.txt", "votes.csv.gz"
    ]  # fmt: skip
    sure = {"UNVotes.sample.csv", "votes.csv.gz", *(f"{i}.html" for i in range(20))}
    assert {name: count for name, count in opened.items() if count > 1 or name in sure} == {}
    opened.clear()
    accounts: list[Account] = []
    assert list(read_tables([t for t in tables if t.suffix != ".zip"], accounts=accounts))
    assert set(opened.values()) == {1}
    assert all(a.format and not a.problem for a in accounts)


@pytest.mark.parametrize(
    ("cell", "form", "wanted"),
    [("2020-02-03", None, "2020-02-03"), ("20200203", None, "2020-02-03"), ("2020", None, "2020"), ("2016-01-05 00:00:00.000", None, "2016-01-05"),
     ("3/2/2020", "DD/MM/YYYY", "2020-02-03"), ("3/2/2020", "MM/DD/YYYY", "2020-03-02"), ("03.02.2020", "DD.MM.YYYY", "2020-02-03"), ("202002", "YYYYMM", "2020-02")],
)  # fmt: skip
def test_dates(cell: str, form: str | None, wanted: str) -> None:
    assert day(cell, form) == wanted


@given(st.dates(), st.dates())
def test_intervals(one: object, other: object) -> None:
    first, last = sorted([str(one), str(other)])
    if "1000" <= first <= last < "3000":
        assert interval(day(first, None), day(last, None)) in (first, f"{first}/{last}")
        if first[:4] < last[:4]:
            with pytest.raises(ValueError, match="before the start"):
                interval(last, first)


@given(st.text(max_size=20))
def test_any_cell_is_a_date_or_told(cell: str) -> None:
    for form in (None, "YYYYMMDD", "DD/MM/YYYY"):
        with contextlib.suppress(ValueError):
            assert day(cell, form)[:4].isdigit()
