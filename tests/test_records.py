"""Each format of the field, by rows that its code book describes: layout, codes, and what they mean."""

import csv
import io
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from records_help import SAMPLES, pairs, told

from kgraph.extraction import records
from kgraph.extraction.records import extract, known_formats, load_mapping, members, recognise
from kgraph.model import NodeType
from kgraph.ontology.codes import cameo

FORMATS = {
    "20200115.export.CSV": "gdelt-1.0", "20200115120000.export.CSV": "gdelt-2.0", "events.2014.sample.tab": "icews",
    "ngecEvents.sample.txt": "polecat", "UNVotes.sample.csv": "un-votes", "states2016.sample.csv": "cow-states",
    "alliance_v4.1_by_dyad.sample.csv": "cow-alliance-dyad", "alliance_v4.1_by_dyad_yearly.sample.csv": "cow-alliance-dyad-year",
    "alliance_v4.1_by_member.sample.csv": "cow-alliance-member", "MIDB.sample.csv": "cow-mid-participants",
    "dyadic_mid.sample.csv": "cow-mid-dyads", "Diplomatic_Exchange.sample.csv": "cow-diplomatic",
    "state_year_formatv3.sample.csv": "cow-igo", "dyadic_formatv3.sample.csv": "cow-igo-dyads", "atop5_1dy.sample.csv": "atop-dyads", "atop5_1ddyr.sample.csv": "atop-directed",
    "GEDEvent.sample.csv": "ucdp-ged", "Dyadic.sample.csv": "ucdp-dyadic", "GSDB.sample.csv": "gsdb", "TIESv4.sample.csv": "ties",
    "consolidated.sample.xml": "un-list", "SDN.sample.CSV": "ofac-sdn", "sdn.sample.xml": "ofac-sdn-xml",
    "MIDI.sample.csv": "cow-mid-incidents", "MIDIP.sample.csv": "cow-mid-incident-participants",
    "igo_year_formatv3.sample.csv": "cow-igo-years", "atop5_1a.sample.csv": "atop-treaties", "atop5_1m.sample.csv": "atop-members",
    "atop5_1sy.sample.csv": "atop-state-years", "eu-list.sample.xml": "eu-list-xml",
    "eu-list.sample.csv": "eu-list", "targets.simple.csv": "ftm-targets", "entities.ftm.json": "ftm-entities",
}  # fmt: skip


def test_every_format_has_a_sample_a_code_book_and_a_place() -> None:
    assert set(FORMATS.values()) == set(known_formats())
    assert {p.name for p in SAMPLES.iterdir()} - {"NOTICE"} == set(FORMATS)
    for mapping in known_formats().values():
        assert mapping.codebook
        assert mapping.published


@pytest.mark.parametrize(("name", "form"), FORMATS.items())
def test_recognised_and_accounted_for(name: str, form: str) -> None:
    (file,) = members(SAMPLES / name)
    mapping = recognise(file)
    assert mapping is not None
    assert mapping.name == form
    (account,), found = pairs(SAMPLES / name)
    assert account.format == mapping.title
    assert account.kept == len({d.id.rsplit("#", 1)[1].split(".")[0] for d, _ in found}) > 0
    assert not account.problem
    for document, said in found:
        assert document.part_of == name
        assert document.id.startswith(f"{name}#")
        for a in said:
            for evidence in a.evidence:
                evidence.verify(document)
                assert evidence.marks or a.relation == "locatedIn"
        # The one extractor interface: the row's document alone gives the same.
        assert list(extract(document)) == said


def test_the_package_offers_the_extractor() -> None:
    project = tomllib.loads((SAMPLES.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    point = EntryPoint("records", project["entry-points"]["kgraph.extractors"]["records"], "kgraph.extractors")
    assert point.load() is extract


GDELT = [
    "1 USA accuses PRK 2020-01-13", "2 USA accuses PRK 2020-01-13", "3 RUS visits CHN 2020-01-13", "4 UN aids YEM 2020-01-14 planned",
    "5 DEU visits JPN 2020-01-14", "6 rebels-of-syria attacks SYR 2020-01-14", "9 EU sanctions BLR 2020-01-15",
    "10 ROU agreesWith MDA 2020-01-15",
]  # fmt: skip


@pytest.mark.parametrize("name", ["20200115.export.CSV", "20200115120000.export.CSV"])
def test_gdelt(name: str) -> None:
    assert told(SAMPLES / name) == GDELT
    (account,), found = pairs(SAMPLES / name)
    assert {reason: skips.lines for reason, skips in account.skipped.items()} == {
        "EventCode is 010, Make statement, not specified below, which is speech alone": [7],
        "there is no subject (empty: Actor1KnownGroupCode, Actor1CountryCode, Actor1EthnicCode, Actor1Religion1Code, Actor1Type1Code)": [
            8
        ],
    }
    document = found[0][0]
    assert document.url == "https://example.org/a/1"
    assert "| EventCode: 112 |" in document.text
    marked = {m.role.value: document.text[m.start : m.end] for m in found[0][1][0].evidence[0].marks}
    assert marked == {"subject": "USA", "relation": "112", "object": "PRK"}


@pytest.mark.parametrize(("name", "width"), [("20200115.export.CSV", 57), ("20200115.export.CSV", 58), ("20200115120000.export.CSV", 61)])  # fmt: skip
def test_gdelt_with_and_without_header(tmp_path: Path, name: str, width: int) -> None:
    mapping = known_formats()[FORMATS[name]]
    rows = ["\t".join(line.split("\t")[:width]) for line in (SAMPLES / name).read_text("utf-8").splitlines()]
    bare, headed = tmp_path / "bare.csv", tmp_path / "headed.csv"
    bare.write_text("\n".join(rows), encoding="utf-8")
    headed.write_text("\t".join(mapping.layout.columns[:width]) + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert told(bare) == GDELT
    assert [line.split(" ", 1)[1] for line in told(headed)] == [line.split(" ", 1)[1] for line in GDELT]
    assert told(headed)[0].startswith("2 ")


def test_every_cameo_code_in_a_gdelt_file(tmp_path: Path) -> None:
    columns = known_formats()["gdelt-1.0"].layout.columns
    lines = []
    for i, code in enumerate(cameo()):
        row = dict.fromkeys(columns, "") | {"GLOBALEVENTID": str(i), "SQLDATE": "20200101", "MonthYear": "202001", "Year": "2020", "FractionDate": "2020.0027"}  # fmt: skip
        row |= {"Actor1CountryCode": "FRA", "Actor2CountryCode": "ITA", "EventCode": code}
        lines.append("\t".join(row[c] for c in columns))
    table = tmp_path / "all.CSV"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (account,), _ = pairs(table)
    assert account.read == len(cameo())
    assert account.kept == sum(event.relation is not None for event in cameo().values())
    assert all("speech alone" in reason for reason in account.skipped)


def test_icews() -> None:
    assert told(SAMPLES / "events.2014.sample.tab") == [
        "2 JPN condemns CHN 2014-01-06", "3 SYR attacks rebels-of-syria 2014-01-06", "4 barack-obama visits SAU 2014-01-07",
        "5 citizens-of-india protests IND 2014-01-07", "7 IRN meets FRA 2014-01-08 planned",
    ]  # fmt: skip
    _, found = pairs(SAMPLES / "events.2014.sample.tab")
    assert found[0][0].source == "Example Wire"
    visitor = found[2][1][0].subject
    assert (visitor.type, visitor.principal) == (NodeType.PERSON, "USA")


def test_polecat() -> None:
    assert told(SAMPLES / "ngecEvents.sample.txt") == [
        "2 NOR sanctions RUS 2022-03-01", "3 UN condemns MMR 2022-03-01", "4 TUR visits ISR 2022-03-02",
        "5 citizens-of-sri-lanka protests LKA 2022-03-02", "7 POL aids citizens-of-ukraine 2022-03-03",
        "7 DEU aids citizens-of-ukraine 2022-03-03",
    ]  # fmt: skip


def test_un_votes() -> None:
    """Votes 1 yes, 2 abstain, 3 no, 8 absent, 9 no member; 365 is the Soviet Union in 1950, 345 Yugoslavia then and Serbia now."""
    lines = told(SAMPLES / "UNVotes.sample.csv")
    assert "2 USA votesAgainst unga-90001 2020-11-12" in lines
    assert "3 CAN abstains unga-90001 2020-11-12" in lines
    assert "7 CHN supports unga-90001 2020-11-12" in lines
    assert "24 SUN votesAgainst unga-90003 1950-12-01" in lines
    assert "28 YUG abstains unga-90003 1950-12-01" in lines
    assert "10 SRB supports unga-90001 2020-11-12" in lines
    (account,), found = pairs(SAMPLES / "UNVotes.sample.csv")
    assert {r: s.lines for r, s in account.skipped.items()} == {
        "vote is '8', which makes no assertion": [25], "vote is '9', which makes no assertion": [26]
    }  # fmt: skip
    resolution = found[0][1][0].object
    assert (resolution.type, resolution.head, resolution.concerns) == (NodeType.INSTRUMENT, "resolution", ("nuclear-weapons", "arms-control"))  # fmt: skip


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("states2016.sample.csv", ["3 DEU memberOf interstate-system 1990-10-03/2016-12-31", "4 DDR memberOf interstate-system 1954-03-25/1990-10-02",
                                   "6 RVN memberOf interstate-system 1954-06-04/1975-04-30"]),
        ("alliance_v4.1_by_dyad.sample.csv", ["2 USA alliedWith CAN 1949-04-04", "3 SUN alliedWith ALB 1955-05-14/1968-09-13", "4 YEM agreesWith YMD 1988-01-01/1990-05-21"]),
        ("alliance_v4.1_by_dyad_yearly.sample.csv", ["2 SUN alliedWith ALB 1956", "4 USA alliedWith CAN 1992"]),
        ("alliance_v4.1_by_member.sample.csv", ["3 ALB participatesIn cow-alliance-9002 1955-05-14/1968-09-13"]),
        ("MIDB.sample.csv", ["2 USA participatesIn mid-9101 1990-05-01/1990-06"]),
        ("dyadic_mid.sample.csv", ["2 SUN attacks CHN 1969-03-02/1969-09", "3 IND mobilizes PAK 2001-12-01/2002-06-30", "3 PAK threatens IND 2001-12-01/2002-06-30"]),
        ("Diplomatic_Exchange.sample.csv", ["2 USA cooperatesWith CAN 2005", "4 SUN cooperatesWith CHN 1960"]),
        ("state_year_formatv3.sample.csv", ["2.UN USA memberOf UN 1960", "2.NATO USA memberOf NATO 1960", "3.WARSAW SUN memberOf igo-WARSAW 1960", "4.ECOWAS NGA memberOf ECOWAS 1980"]),
        ("atop5_1dy.sample.csv", ["2 USA alliedWith CAN 1958", "3 SUN alliedWith CHN 1955"]),
        ("atop5_1ddyr.sample.csv", ["2 USA alliedWith CAN 1958", "3 CAN alliedWith USA 1958"]),
        ("MIDI.sample.csv", ["2 mid-incident-9101001 concerns mid-9101 1990-05-01", "3 mid-incident-9101002 concerns mid-9101 1990-05-12/1990-06"]),
        ("MIDIP.sample.csv", ["2 USA participatesIn mid-incident-9101001 1990-05-01", "4 IRQ participatesIn mid-incident-9101002 1990-05-12/1990-06"]),
        ("igo_year_formatv3.sample.csv", ["2.uk GBR memberOf UN 1960", "2.russia SUN memberOf UN 1960", "3.wgermany DEU memberOf NATO 1960",
                                          "4.egermany DDR memberOf igo-IEO 1975", "4.russia SUN memberOf igo-IEO 1975"]),
        ("atop5_1a.sample.csv", ["2.mem1 USA participatesIn atop-9301 -", "2.mem3 GBR participatesIn atop-9301 -", "3.mem1 SUN participatesIn atop-9302 -"]),
        ("atop5_1m.sample.csv", ["2 USA participatesIn atop-9301 1949-04-04", "3 FRA participatesIn atop-9301 1949-04-04/1966-03", "4 SUN participatesIn atop-9302 1950-02-14/1980-04-10"]),
        ("atop5_1sy.sample.csv", ["2.atopid1 USA participatesIn atop-9301 1958", "2.atopid2 USA participatesIn atop-9303 1958", "3.atopid1 SUN participatesIn atop-9302 1958"]),
        ("eu-list.sample.xml", ["4 EU sanctions EU.9801.01 2014-03-17", "14 EU sanctions EU.9802.02 2014-07-26"]),
        ("GEDEvent.sample.csv", ["2 AFG attacks TALIBAN 2016-04-14/2016-04-15", "2 TALIBAN attacks AFG 2016-04-14/2016-04-15", "2 AFG participatesIn ged-990001 2016-04-14/2016-04-15",
                                 "2 ged-990001 locatedIn AFG 2016-04-14/2016-04-15", "3 ISIS attacks civilians-in-iraq 2016-05-01",
                                 "4 ETH attacks ERI 1999-02-23/1999-02-26", "5 invented-front participatesIn ged-990004 2016-06-03"]),
        ("Dyadic.sample.csv", ["2 IND attacks invented-front 2001", "2 invented-front attacks IND 2001", "3 ERI attacks ETH 1999"]),
        ("GSDB.sample.csv", ["2 EU sanctions IRN 2010/2016", "2 NOR sanctions IRN 2010/2016", "3 USA sanctions SUN 1980/1981"]),
        ("TIESv4.sample.csv", ["2.sender1 USA sanctions IRQ 1990-03-02/1990-06", "2.sender2 GBR threatens IRQ 1990-01-15", "3.sender1 USA threatens SUN 1975-02-01"]),
        ("dyadic_formatv3.sample.csv", ["2.UN USA memberOf UN 1960", "2.UN SUN memberOf UN 1960", "3.WARSAW POL memberOf igo-WARSAW 1960"]),
        ("consolidated.sample.xml", ["5 UNSC sanctions invented-example-person 2017-06-02", "15 UNSC sanctions AQ 2001-10-06"]),
        ("SDN.sample.CSV", ["1 USA sanctions invented-person-example -", "2 USA sanctions invented-shipping-company -", "4 USA sanctions HEZBOLLAH -"]),
        ("sdn.sample.xml", ["5 USA sanctions invented-person-example -"]),
        ("eu-list.sample.csv", ["2 EU sanctions EU.9801.01 2014-03-17", "3 EU sanctions EU.9801.01 2014-03-17", "4 EU sanctions EU.9802.02 2014-07-26"]),
        ("targets.simple.csv", ["2 UNSC sanctions invented-example-person -", "2 USA sanctions invented-example-person -", "3 EU sanctions invented-shipping-company -"]),
        ("entities.ftm.json", ["1 UNSC sanctions invented-example-person -", "2 EU sanctions invented-shipping-company -"]),
    ],
)  # fmt: skip
def test_what_rows_say(name: str, lines: list[str]) -> None:
    found = told(SAMPLES / name)
    assert [line for line in lines if line not in found] == []


@pytest.mark.parametrize("name", [n for n in FORMATS if not n.endswith((".xml", ".json"))])
def test_the_same_in_a_workbook_and_in_parquet(tmp_path: Path, name: str) -> None:
    """Some formats are published so as well (UCDP), and all are kept so."""
    layout = known_formats()[FORMATS[name]].layout
    text = (SAMPLES / name).read_text(encoding="utf-8")
    delimiter = layout.delimiter or max("\t;,", key=text.split("\n", 1)[0].count)
    quoting = csv.QUOTE_NONE if layout.quote == "none" else csv.QUOTE_MINIMAL
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / f"{name}.xlsx")
    columns = layout.columns or tuple(rows[0])
    body = rows if layout.columns else rows[1:]
    arrays = [[row[i] for row in body] for i in range(len(rows[0]))]
    pq.write_table(pa.table(arrays, names=columns[: len(arrays)]), tmp_path / f"{name}.parquet")
    without_line = [line.split(" ", 1)[1] for line in told(SAMPLES / name)]
    for suffix in (".xlsx", ".parquet"):
        assert [line.split(" ", 1)[1] for line in told(tmp_path / (name + suffix))] == without_line


def test_ties_as_it_is_published(tmp_path: Path) -> None:
    """The old form of Excel; the workbook holds the rows of the sample in CSV (written with xlwt)."""
    book = Path(__file__).parent / "tables" / "TIESv4.sample.xls"
    assert recognise(members(book)[0]) is known_formats()["ties"]
    assert told(book) == told(SAMPLES / "TIESv4.sample.csv")
    for name, content in {"cut.xls": book.read_bytes()[:3000], "page.xls": b"<html><table></table></html>", "empty.xls": b""}.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        (account,), found = pairs(tmp_path / name)
        assert "is no workbook" in account.problem
        assert not found


def test_a_number_of_an_institution_is_told_or_named_by_the_user(tmp_path: Path) -> None:
    table = SAMPLES / "TIESv4.sample.csv"
    (account,), _ = pairs(table)
    assert account.partly["unknown code: '9999' is no code of cow (each.value)"].lines == [4]
    form = Path(records.__file__).parent / "formats" / "ties.yaml"
    own = tmp_path / "ties.yaml"
    own.write_text(form.read_text("utf-8").replace("{1000: EU}", "{1000: EU, 9999: UN}"), encoding="utf-8")
    assert "4.sender2 UN sanctions NGA 1994-05-04" in told(table, load_mapping(own))


def test_an_organization_year_of_a_state_that_is_none(tmp_path: Path) -> None:
    table = tmp_path / "igo.csv"
    text = (SAMPLES / "igo_year_formatv3.sample.csv").read_text(encoding="utf-8")
    table.write_text(text.replace("\tuk\t", "\tatlantis\t"), encoding="utf-8")
    (account,), _ = pairs(table)
    assert [(r, s.lines) for r, s in account.partly.items()] == [
        ("unknown code: 'atlantis' is no code of cow-igo (each.name)", [2, 3])
    ]


def test_what_is_lost_of_a_kept_row_is_told() -> None:
    (account,), _ = pairs(SAMPLES / "targets.simple.csv")
    assert [(r, s.count, s.lines) for r, s in account.partly.items()] == [
        ("unknown code: 'Invented Debarment List' is no value of dataset that the mapping knows", 1, [3])
    ]
    assert "3 rows read = 2 kept + 1 skipped" in next(account.lines())


def test_records_never_see_the_parser() -> None:
    code = "import sys, kgraph.extraction.records as r; r.known_formats(); print([m for m in ('spacy', 'pyoxigraph', 'rdflib', 'networkx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
