"""Bad tables: each trouble is told with its lines, the account balances, and the rest is read. For every format."""

import csv
import gzip
import io
import re
import tempfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_help import SAMPLES, pairs
from test_records import FORMATS

from kgraph.errors import KgraphError
from kgraph.extraction.records import files as opening
from kgraph.extraction.records import known_formats
from kgraph.store import Store
from kgraph.tables import build_tables

TEXT = {name: form for name, form in FORMATS.items() if known_formats()[form].layout.kind != "xml"}
HEADED = {n: f for n, f in TEXT.items() if not n.endswith((".export.CSV", "SDN.sample.CSV", ".json"))}
XML = [n for n in FORMATS if n not in TEXT]
# A column of the format that holds a code, and one that holds a day or a year.
CODE = {
    "gdelt-1.0": "EventCode", "gdelt-2.0": "EventCode", "icews": "CAMEO Code", "polecat": "Event Type", "un-votes": "ccode",
    "cow-states": "ccode", "cow-alliance-dyad": "ccode2", "cow-alliance-dyad-year": "ccode1", "cow-alliance-member": "ccode",
    "cow-mid-participants": "ccode", "cow-mid-dyads": "hihosta", "cow-diplomatic": "ccode2", "cow-igo": "ccode", "atop-dyads": "mem1",
    "atop-directed": "stateB", "ucdp-ged": "gwnoa", "ucdp-dyadic": "gwno_a", "gsdb": "sanctioned_state", "ties": "targetstate",
    "eu-list": "Entity_SubjectType", "ftm-targets": "dataset", "ofac-sdn": "SDN_Type", "ftm-entities": "datasets",
    "cow-mid-incident-participants": "ccode", "atop-treaties": "mem1", "atop-members": "member", "atop-state-years": "state",
    "cow-igo-dyads": "ccode1",
}  # fmt: skip
# Rows without a code: an incident has numbers alone, the columns of organization-years are codes, the UN list has names.
NO_CODE = {"cow-mid-incidents", "cow-igo-years", "un-list"}
DAY = {
    "gdelt-1.0": "SQLDATE", "gdelt-2.0": "SQLDATE", "icews": "Event Date", "polecat": "Event Date", "un-votes": "date", "cow-states": "styear",
    "cow-alliance-dyad": "dyad_st_year", "cow-alliance-dyad-year": "year", "cow-alliance-member": "mem_st_year",
    "cow-mid-participants": "styear", "cow-mid-dyads": "strtyr", "cow-diplomatic": "year", "cow-igo": "year", "atop-dyads": "year",
    "atop-directed": "year", "ucdp-ged": "date_start", "ucdp-dyadic": "year", "gsdb": "begin", "ties": "startyear",
    "eu-list": "Entity_DesignationDate", "cow-mid-incidents": "styear", "cow-mid-incident-participants": "styear",
    "cow-igo-years": "year", "cow-igo-dyads": "year", "atop-treaties": "begyr", "atop-members": "yrent", "atop-state-years": "year",
}  # fmt: skip
NO_DAY = {"ofac-sdn", "ofac-sdn-xml", "ftm-targets", "ftm-entities"}  # these lists do not say since when
# Of XML: what stands in the sample, with the place of a code and of a day.
XML_CODE = {"ofac-sdn-xml": "<sdnType>{Individual}<", "eu-list-xml": 'code="{person}"'}
XML_DAY = {"un-list": "<LISTED_ON>{2017-06-02}<", "eu-list-xml": 'designationDate="{2014-03-17}"'}


def test_no_format_is_left_out() -> None:
    forms = set(known_formats())
    assert CODE.keys() | XML_CODE.keys() | NO_CODE == forms == set(FORMATS.values())
    assert DAY.keys() | XML_DAY.keys() | NO_DAY == forms


def mark(name: str) -> str:
    head = (SAMPLES / name).read_text(encoding="utf-8").split("\n", 1)[0]
    return max("\t;,", key=head.count)


def lines_of(name: str) -> list[str]:
    return (SAMPLES / name).read_text(encoding="utf-8").splitlines()


def write(folder: Path, name: str, lines: list[str]) -> Path:
    table = folder / name
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table


def column(name: str, form: str, wanted: str) -> int:
    names = known_formats()[form].layout.columns or tuple(lines_of(name)[0].split(mark(name)))
    return names.index(wanted)


def spoiled(name: str, form: str, wanted: str, value: str) -> list[str]:
    """The sample with a copy of its first kept row at the end, in which one cell is another."""
    lines = lines_of(name)
    (account,), found = pairs(SAMPLES / name)
    assert account.kept
    line = int(found[0][0].id.rsplit("#", 1)[1].split(".")[0])
    if name.endswith(".json"):
        return [*lines, lines[line - 1].replace('["un_sc_sanctions", "us_ofac_sdn"]', f'["{value}"]')]
    quoting = csv.QUOTE_NONE if known_formats()[form].layout.quote == "none" else csv.QUOTE_MINIMAL
    (cells,) = csv.reader([lines[line - 1]], delimiter=mark(name), quoting=quoting)
    cells[column(name, form, wanted)] = value
    out = io.StringIO()
    csv.writer(out, delimiter=mark(name), quoting=quoting, lineterminator="").writerow(cells)
    return [*lines, out.getvalue()]


@pytest.mark.parametrize(("name", "form"), TEXT.items())
def test_a_truncated_row_and_one_too_long(tmp_path: Path, name: str, form: str) -> None:
    if name.endswith(".json"):
        table = write(tmp_path, name, [*lines_of(name), lines_of(name)[0][:40]])
    else:
        line = lines_of(name)[-1]
        table = write(tmp_path, name, [*lines_of(name), line[: line.index(mark(name)) + 1], line + mark(name) + "x"])
    (before,), _ = pairs(SAMPLES / name)
    (account,), _ = pairs(table)
    end = len(lines_of(name))
    bad = {s.lines[0] for r, s in account.skipped.items() if r.startswith(("has ", "is no JSON"))}
    assert bad == ({end + 1} if name.endswith(".json") else {end + 1, end + 2})
    assert account.kept == before.kept


@pytest.mark.parametrize(("name", "form"), TEXT.items())
def test_wrong_encoding(tmp_path: Path, name: str, form: str) -> None:
    table = tmp_path / name
    good = (SAMPLES / name).read_bytes()
    last = good.rstrip(b"\n").split(b"\n")[-1]
    table.write_bytes(good.rstrip(b"\n") + b"\n" + last[:-2] + b"\xe9\xe9" + last[-1:] + b"\n" + last + b"\n")
    (account,), _ = pairs(table)
    if known_formats()[form].layout.encoding:
        assert not any("UTF-8" in reason for reason in account.skipped)
    else:
        (told,) = [s.lines for r, s in account.skipped.items() if r.startswith("is not UTF-8")]
        assert told == [len(lines_of(name)) + 1]
    (before,), _ = pairs(SAMPLES / name)
    assert account.kept >= before.kept


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    table = tmp_path / name
    table.write_bytes(b"")
    (account,), found = pairs(table)
    assert account.problem
    assert not found


@pytest.mark.parametrize("name", [*HEADED, *XML])
def test_a_header_alone(tmp_path: Path, name: str) -> None:
    lines = lines_of(name)[:1]
    if name in XML:
        root = next(line for line in lines_of(name) if re.match(r"<\w", line))
        lines = [*lines, root, f"</{re.split('[ >]', root[1:])[0]}>"]
    (account,), found = pairs(write(tmp_path, name, lines))
    assert (account.read, account.problem, found) == (0, "", [])
    assert account.format


@pytest.mark.parametrize(("name", "form"), [(n, f) for n, f in TEXT.items() if f in CODE])
def test_an_unknown_code(tmp_path: Path, name: str, form: str) -> None:
    (before,), _ = pairs(SAMPLES / name)
    lines = spoiled(name, form, CODE[form], "QQQ77")
    table = write(tmp_path, name, lines)
    (account,), _ = pairs(table)
    new = [r for r, s in account.skipped.items() if len(lines) in s.lines and r not in before.skipped]
    # The rest of these rows still says something.
    if form in ("cow-mid-dyads", "cow-igo-dyads", "atop-treaties", "ucdp-ged"):
        new = [r for r, s in account.partly.items() if len(lines) in s.lines and r not in before.partly]
    assert len(new) == 1
    assert "QQQ77" in new[0]
    if not form.startswith(("ofac", "eu")):
        with pytest.raises(KgraphError, match=r"line \d+: .*(unknown code|QQQ77)"):
            pairs_strict(table)


def pairs_strict(table: Path) -> None:
    pairs(table, strict=True)


@pytest.mark.parametrize(("name", "form"), [(n, f) for n, f in TEXT.items() if f in DAY])
@pytest.mark.parametrize("value", ["0000", "00000000", "2020-13-45"])
def test_a_date_that_is_none(tmp_path: Path, name: str, form: str, value: str) -> None:
    lines = spoiled(name, form, DAY[form], value)
    (before,), _ = pairs(SAMPLES / name)
    (account,), _ = pairs(write(tmp_path, name, lines))
    rest = form == "ties"  # the imposition has a day of its own
    assert account.kept == before.kept + rest
    reasons = account.partly if rest else account.skipped
    assert [r for r, s in reasons.items() if len(lines) in s.lines and "date" in r]


def test_bytes_of_zero_in_a_row_are_that_row_s_trouble(tmp_path: Path) -> None:
    name = "Diplomatic_Exchange.sample.csv"
    table = tmp_path / name
    table.write_bytes((SAMPLES / name).read_bytes() + b"\0\n\0\n\0")
    (account,), _ = pairs(table)
    assert (account.read, account.kept) == (6, 2)
    assert not account.problem


def spoiled_xml(name: str, pattern: str, value: str) -> tuple[str, int]:
    """The sample with another value in one place, and the line of the row."""
    before, good, after = re.split("[{}]", pattern)
    text = (SAMPLES / name).read_text(encoding="utf-8")
    at = text.index(before + good + after)
    start = max(text.rfind(f"<{row}", 0, at) for row in known_formats()[FORMATS[name]].layout.rows)
    changed = text[:at] + before + value + after + text[at + len(before + good + after) :]
    return changed, text.count("\n", 0, start) + 1


@pytest.mark.parametrize(
    ("name", "pattern", "value"),
    [(n, XML_CODE[FORMATS[n]], "QQQ77") for n in XML if FORMATS[n] in XML_CODE]
    + [(n, XML_DAY[FORMATS[n]], v) for n in XML if FORMATS[n] in XML_DAY for v in ("0000", "2020-13-45")],
)
def test_an_unknown_code_or_date_in_xml(tmp_path: Path, name: str, pattern: str, value: str) -> None:
    text, line = spoiled_xml(name, pattern, value)
    (before,), _ = pairs(SAMPLES / name)
    (account,), _ = pairs(write(tmp_path, name, text.splitlines()))
    assert (account.read, account.kept) == (before.read, before.kept - 1)
    assert [r for r, s in account.skipped.items() if line in s.lines and value in r]


@pytest.mark.parametrize("name", XML)
def test_wrong_encoding_of_xml(tmp_path: Path, name: str) -> None:
    table = tmp_path / name
    text = (SAMPLES / name).read_bytes()
    at = max(text.rfind(b"Invented"), text.rfind(b"INVENTED"))
    table.write_bytes(text[:at] + b"\xe9\xe9" + text[at:])
    (account,), found = pairs(table)
    (lines,) = [s.lines for r, s in account.skipped.items() if r.startswith("breaks the XML")]
    assert lines[0] >= text.count(b"\n", 0, at)
    assert found


@pytest.mark.parametrize("name", FORMATS)
def test_a_bomb(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_FREE", 2**20)
    good = (SAMPLES / name).read_bytes()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    table = tmp_path / f"{name}.gz"
    with table.open("wb") as out:
        out.write(packer.compress(good))
        for _ in range(256):
            out.write(packer.compress(b" " * 2**16))
        out.write(packer.flush())
    (account,), found = pairs(table)
    assert "unpacks to more than" in account.problem
    assert found
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, good + b" " * 2**24)
        archive.writestr("second/" + name, good)
    accounts, _ = pairs(packed)
    assert len(accounts) == 2
    assert "unpacks to more than" in accounts[0].problem
    assert accounts[1].kept
    assert not accounts[1].problem


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no table"), (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
     (b"PK\x03\x04 workbook", "is no table"), (b"a,b,c\n1,2,3\n", "no known format"), (b"just words\n", "no known format"),
     (b"\xff\xfea\0,\0b\0\n\0", "no known format"), (b"\xe9\xe9\xe9,b\n1,2\n", "not UTF-8")],
)  # fmt: skip
def test_a_csv_that_is_none(tmp_path: Path, content: bytes, word: str) -> None:
    table = tmp_path / "data.csv"
    table.write_bytes(content)
    (account,), found = pairs(table)
    assert word in account.problem
    assert not found


@pytest.mark.parametrize("name", XML)
def test_broken_xml(tmp_path: Path, name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    table = tmp_path / name
    cut = text.rindex("<", 0, text.rindex("</"))
    table.write_text(text[:cut], encoding="utf-8")
    (account,), found = pairs(table)
    assert found
    assert any("breaks the XML" in reason for reason in account.skipped)
    table.write_text("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + text.split("?>", 1)[1].replace("Example", "&b;&f;").replace("EXAMPLE", "&b;&f;"), encoding="utf-8")  # fmt: skip
    (account,), found = pairs(table)
    assert "root:" not in repr(found)


def test_broken_archives_and_odd_rows(tmp_path: Path) -> None:
    broken = tmp_path / "votes.zip"
    broken.write_bytes(b"PK\x03\x04 nothing")
    accounts, _ = pairs(broken)
    assert "no zip archive" in accounts[0].problem
    short = tmp_path / "UNVotes.csv.gz"
    short.write_bytes(gzip.compress((SAMPLES / "UNVotes.sample.csv").read_bytes())[:-20])
    (account,), _ = pairs(short)
    assert "breaks off" in account.problem or "cannot be read" in account.problem
    lines = lines_of("UNVotes.sample.csv")
    odd = write(
        tmp_path,
        "odd.csv",
        [lines[0], "", lines[1], '"never closed' + "x" * 200_000, lines[2], "y" * (2**20 + 5), lines[3]],
    )
    (account,), _ = pairs(odd)
    assert account.skipped["is a blank line"].lines == [2]
    assert account.skipped["is longer than a million characters"].lines == [6]
    assert account.kept >= 1
    assert account.read == account.kept + sum(s.count for s in account.skipped.values())


def test_what_stands_beside_a_table_is_told(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in lines_of("UNVotes.sample.csv")[:3]:
        book.active.append(line.split(","))
    book.create_sheet("Code book")
    book.save(tmp_path / "votes.xlsx")
    with zipfile.ZipFile(tmp_path / "votes.zip", "w") as archive:
        archive.write(SAMPLES / "UNVotes.sample.csv", "UNVotes.csv")
        archive.writestr("codebook.pdf", b"%PDF")
    (book_account,), _ = pairs(tmp_path / "votes.xlsx")
    (zip_account,), _ = pairs(tmp_path / "votes.zip")
    assert book_account.notes == ["sheets that were not read: Code book; name one in a mapping (table: sheet)"]
    assert zip_account.notes == ["members of the archive that are no tables: codebook.pdf"]
    assert "codebook.pdf" in "\n".join(zip_account.lines())


def test_a_workbook_that_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_FREE", 2**20)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2**24)
    table = tmp_path / "book.xlsx"
    table.write_bytes(data.getvalue())
    (account,), _ = pairs(table)
    assert "unpacks to more than" in account.problem


HOSTILE = ["\\ud800", "<script>", "a\\u0000b", "} DELETE {", "|", ": ", "\\u202e", "'", "x" * 5000]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_cells_stay_cells(tmp_path: Path, value: str) -> None:
    table = write(tmp_path, "entities.ftm.json", [line.replace("Invented Example Person", value) for line in lines_of("entities.ftm.json")])  # fmt: skip
    store = Store.open(None)
    (account,) = build_tables([table], store)
    assert account.kept >= 1
    for a in store.assertions():
        assert a.evidence[0].text.isprintable() or "\u202e" in a.evidence[0].text
    assert store.query("SELECT ?label { ?x rdfs:label ?label }").rows


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(TEXT)), st.lists(st.binary(max_size=60), max_size=8))
def test_any_bytes_behind_a_header(name: str, tail: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / name
        table.write_bytes((SAMPLES / name).read_bytes() + b"\n".join(tail))
        accounts, found = pairs(table)
        assert accounts[0].kept
        assert found


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([".csv", ".tsv", ".xlsx", ".parquet", ".xml", ".jsonl", ".zip", ".csv.gz", ".xls"]),
    st.binary(max_size=300),
)
def test_any_bytes_are_told(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / f"x{suffix}"
        table.write_bytes(content)
        accounts, found = pairs(table)
        assert not found
        assert all(a.problem for a in accounts)
