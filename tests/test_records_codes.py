"""Code systems: every code of CAMEO and PLOVER says something, and numbers mean the state of their year."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import KgraphError
from kgraph.model import Modality
from kgraph.ontology import ontology_dir, plover_types, relations
from kgraph.ontology.codes import (
    SYSTEMS,
    UnknownCodeError,
    cameo,
    cameo_code,
    plover,
    plover_code,
    sectors,
    states,
    system,
)

# The code book's tree (chapter 2 of version 1.1b3): root -> its second level; three digits with how many codes below each.
CAMEO_TREE = {
    "01": "0 0 0 0 0 0 0 0 0 0", "02": "0 4 0 4 4 6 0 0 0", "03": "0 4 0 4 4 6 0 0 0 0", "04": "0 0 0 0 0 0 0", "05": "0 0 0 0 0 0 0 0",
    "06": "0 0 0 0 0", "07": "0 0 0 0 0 0", "08": "0 4 0 4 2 0 3 4", "09": "0 0 0 0 0", "10": "0 4 0 4 4 6 0 0 0",
    "11": "0 0 5 0 0 0 0", "12": "0 4 4 4 6 0 0 0 0 0", "13": "0 3 4 0 0 0 0 0 5 0", "14": "0 4 4 4 4 4", "15": "0 0 0 0 0 0",
    "16": "0 0 3 0 0 0 3", "17": "0 2 4 0 0 0 0", "18": "0 0 3 4 0 0 0", "19": "0 0 0 0 0 2 0", "20": "0 0 0 0 2",
}  # fmt: skip
SPEECH_ALONE = {"01", "010", "011", "014", "015", "017"}


def test_no_cameo_code_is_missing() -> None:
    wanted = set()
    for root, below in CAMEO_TREE.items():
        wanted.add(root)
        for i, count in enumerate(below.split()):
            wanted |= {f"{root}{i}", *(f"{root}{i}{j}" for j in range(1, int(count) + 1))}
    assert set(cameo()) == wanted
    assert len(CAMEO_TREE) == 20
    assert sum(len(code) > 2 for code in wanted) == 298
    assert all(code.label for code in cameo().values())
    assert {c for c, event in cameo().items() if event.relation is None} == SPEECH_ALONE


def test_cameo_quads_are_those_of_the_relations() -> None:
    """Roots 1 to 5 are verbal cooperation, 6 to 8 material, 9 to 13 verbal conflict, 14 to 20 material conflict."""
    quad = {**dict.fromkeys(range(1, 6), "V-COOP"), **dict.fromkeys(range(6, 9), "M-COOP"), **dict.fromkeys(range(9, 14), "V-CONF"), **dict.fromkeys(range(14, 21), "M-CONF")}  # fmt: skip
    others = {}
    for code, event in cameo().items():
        if event.relation and relations()[event.relation].quad != quad[int(code[:2])]:
            others.setdefault(code[:2], set()).add(event.relation)
        if event.relation:
            assert event.polarity == relations()[event.relation].polarity
    # Appeals are requests; what is intended is told by the relation that is planned; an apology yields; a complaint protests.
    assert others == {
        "01": {"opposes", "rejects"}, "02": {"requests"}, "03": {"cooperatesWith", "aids", "concedes"},
        "05": {"cooperatesWith", "concedes"}, "11": {"protests"},
    }  # fmt: skip
    assert {e.modality for c, e in cameo().items() if c[:2] == "03"} == {Modality.PLANNED}


@pytest.mark.parametrize(
    ("code", "relation", "inverse"),
    [("042", "visits", False), ("043", "visits", True), ("057", "agreesWith", False), ("0331", "aids", False), ("111", "condemns", False),
     ("1122", "accuses", False), ("129", "rejects", False), ("1384", "threatens", False), ("163", "sanctions", False),
     ("161", "breaksWith", False), ("1951", "attacks", False), ("173", "coerces", False), ("0871", "concedes", False)],
)  # fmt: skip
def test_cameo_examples(code: str, relation: str, inverse: bool) -> None:
    event = cameo_code(code)
    assert (event.relation, event.inverse) == (relation, inverse)
    assert code[0] != "0" or len(code) < 3 or cameo_code(code[1:]).code in (code, code[1:])


def test_no_plover_type_is_missing() -> None:
    manual = "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
    types = {kind for kind, _ in plover()}
    assert set(manual.split()) | set(plover_types()) | {"YIELD", "DEMAND"} == types
    for kind in types:
        event = plover_code(kind, "")
        assert event.relation is not None
        own = relations()[event.relation].plover
        assert own == {"RETREAT": "CONCEDE", "YIELD": "CONCEDE", "DEMAND": "REQUEST"}.get(kind, kind)
    assert plover_code("CONSULT", "host").inverse
    assert plover_code("ACCUSE", "disapprove").relation == "condemns"
    assert plover_code("ASSAULT", "a mode of tomorrow").relation == "attacks"
    with pytest.raises(UnknownCodeError):
        plover_code("DANCE", "")


@pytest.mark.parametrize(
    ("name", "code", "year", "state"),
    [
        ("cow", "2", 1990, "USA"), ("cow", "365", 1950, "SUN"), ("cow", "365", 1900, "RUS"), ("cow", "365", 2000, "RUS"),
        ("cow", "345", 1950, "YUG"), ("cow", "345", 2004, "SCG"), ("cow", "345", 2010, "SRB"), ("cow", "260", 1970, "DEU"),
        ("cow", "265", 1970, "DDR"), ("cow", "255", 1995, "DEU"), ("cow", "678", 1970, "YEM"), ("cow", "680", 1970, "YMD"),
        ("cow", "679", 2000, "YEM"), ("cow", "816", 1970, "VNM"), ("cow", "817", 1970, "RVN"), ("cow", "315", 1980, "CSK"),
        ("cow", "002", 1990, "USA"), ("cow-abbreviation", "UKG", 1990, "GBR"), ("cow-abbreviation", "AUS", 1990, "AUT"),
        ("gw", "260", 2010, "DEU"), ("gw", "340", 2010, "SRB"), ("gw", "345", 1990, "YUG"), ("gw", "678", 2015, "YEM"),
        ("gw", "816", 2000, "VNM"), ("gw", "970", 2010, "KIR"), ("cow", "970", 2010, "NRU"), ("gw", "817", 1960, "RVN"),
        ("iso2", "NA", None, "NAM"), ("iso2", "gb", None, "GBR"), ("iso3", "DDR", None, "DDR"), ("iso-numeric", "4", None, "AFG"),
        ("fips", "GM", None, "DEU"), ("fips", "GA", None, "GMB"), ("fips", "CH", None, "CHN"), ("fips", "SZ", None, "CHE"),
        ("fips", "WE", None, "PSE"), ("cameo", "ROM", None, "ROU"), ("cameo", "USA", None, "USA"), ("cameo", "GZS", None, "PSE"),
        ("cameo-groups", "UNO", None, "UN"), ("cameo-groups", "EEC", None, "EU"), ("names", "Russian Federation", None, "RUS"),
        ("names", "DR Congo (Zaire)", None, "COD"), ("names", "Korea, North", None, "PRK"), ("names", "european union", None, "EU"),
    ],
)  # fmt: skip
def test_country_systems(name: str, code: str, year: int | None, state: str) -> None:
    assert system(name).find(code, year).id == state


@pytest.mark.parametrize(
    ("name", "code", "year"), [("cow", "999", 2000), ("cow", "265", 2000), ("cow", "817", 1990), ("cow", "680", 2000),
                               ("gw", "711", 1990), ("fips", "QQ", None), ("cameo", "ZZZ", None), ("names", "Ruritania", None)]
)  # fmt: skip
def test_a_code_that_means_nothing_is_never_guessed(name: str, code: str, year: int | None) -> None:
    with pytest.raises(UnknownCodeError, match=code):
        system(name).find(code, year)


def test_every_system_names_states_that_are_known() -> None:
    assert [len(system(name).meanings) for name in ("cow", "gw")] == [217, 225]
    assert len(system("fips").meanings) > 260
    for name in SYSTEMS:
        for meanings in system(name).meanings.values():
            assert all(m.actor.id in states() or m.actor.principal in (None, m.actor.id) for m in meanings)
    assert {s.of for s in sectors().values()} == {"state", "people"}


@given(st.text(max_size=12), st.one_of(st.none(), st.integers(1000, 3000)))
def test_any_text_is_a_state_or_unknown(code: str, year: int | None) -> None:
    for name in SYSTEMS:
        with contextlib.suppress(UnknownCodeError):
            assert system(name).find(code, year).id


def test_a_wrong_row_is_refused(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    import shutil

    copy = tmp_path / "ontology"
    shutil.copytree(ontology_dir(), copy)
    for file, row, word in (("cameo", "21,Nonsense,meets,-,,", "polarity"), ("cow", "999,ZZZ,ZZZ,,", "no known state"), ("sectors", "AAA,,who,x", "of is")):  # fmt: skip
        path = copy / "codes" / f"{file}.csv"
        before = path.read_text(encoding="utf-8")
        path.write_text(before + row + "\n", encoding="utf-8")
        with pytest.raises(KgraphError, match=word):
            {"cameo": cameo, "cow": lambda f: system("cow", f), "sectors": sectors}[file](copy)
        path.write_text(before, encoding="utf-8")
