"""What a row means, by the cases that the code books explain: who did it, to whom, when, and what was not said."""

from pathlib import Path

import pytest
from records_help import SAMPLES, pairs, told

from kgraph.extraction.records import known_formats, load_mapping


def said(name: str, line: str) -> set[str]:
    """What a row of a sample says, without its line."""
    found = (each.split(" ", 1) for each in told(SAMPLES / name))
    return {rest for at, rest in found if at.split(".")[0] == line}


def test_a_pact_of_nonaggression_alone_is_no_alliance() -> None:
    """COW: class II without neutrality; ATOP's files NNA leave such pacts out of the alliances."""
    pact = {"SUN agreesWith DEU 1939-08-23/1941-06-22", "DEU agreesWith SUN 1939-08-23/1941-06-22"}
    assert said("alliance_v4.1_by_dyad.sample.csv", "5") == pact
    assert said("alliance_v4.1_by_dyad_yearly.sample.csv", "5") == {
        "SUN agreesWith DEU 1940",
        "DEU agreesWith SUN 1940",
    }
    assert said("atop5_1dy.sample.csv", "5") == {"SUN agreesWith DEU 1940", "DEU agreesWith SUN 1940"}
    assert said("atop5_1ddyr.sample.csv", "4") == {"SUN agreesWith DEU 1940"}


@pytest.mark.parametrize(
    ("types", "relation"),
    [("1,0,0,0", "alliedWith"), ("1,0,1,0", "alliedWith"), ("0,1,0,0", "alliedWith"), ("0,1,1,0", "alliedWith"),
     ("0,0,0,1", "alliedWith"), ("0,0,1,1", "alliedWith"), ("0,0,1,0", "agreesWith"), ("0,0,0,0", "alliedWith"), (",,,", "alliedWith")],
)  # fmt: skip
def test_alliances_of_each_type(tmp_path: Path, types: str, relation: str) -> None:
    """defense, neutrality, nonaggression, entente: one relation or the other, whatever the types are."""
    head, first = (SAMPLES / "alliance_v4.1_by_dyad.sample.csv").read_text("utf-8").splitlines()[:2]
    table = tmp_path / "alliance_v4.1_by_dyad.csv"
    table.write_text(f"{head}\n{first.replace('1,0,0,0,4.1', types + ',4.1')}\n", encoding="utf-8")
    assert {line.split()[2] for line in told(table)} == {relation}


def test_a_blockade_and_a_seizure_are_no_attack() -> None:
    """Highest action 13 and 15 are use of force (hostility 4), like 16, attack, and 17, clash."""
    assert said("dyadic_mid.sample.csv", "5") == {
        "USA coerces CUB 1962-10-22/1962-11-20", "CUB mobilizes USA 1962-10-22/1962-11-20"
    }  # fmt: skip
    assert said("dyadic_mid.sample.csv", "2") == {
        "SUN attacks CHN 1969-03-02/1969-09",
        "CHN attacks SUN 1969-03-02/1969-09",
    }
    assert said("dyadic_mid.sample.csv", "4") == {"GBR attacks ARG 1982-04-02/1982-06-20"}


def test_who_lost_people_was_attacked() -> None:
    """UCDP GED: deaths_a are those that side A sustained; side A is no attacker by its name."""
    assert {s for s in said("GEDEvent.sample.csv", "2") if "attacks" in s} == {
        "AFG attacks TALIBAN 2016-04-14/2016-04-15", "TALIBAN attacks AFG 2016-04-14/2016-04-15"
    }  # fmt: skip
    assert {s for s in said("GEDEvent.sample.csv", "4") if "attacks" in s} == {"ETH attacks ERI 1999-02-23/1999-02-26"}
    assert said("GEDEvent.sample.csv", "5") == {
        "invented-front participatesIn ged-990004 2016-06-03", "invented-brigade participatesIn ged-990004 2016-06-03",
        "ged-990004 locatedIn SYR 2016-06-03",
    }  # fmt: skip
    assert said("Dyadic.sample.csv", "3") == {"ERI attacks ETH 1999", "ETH attacks ERI 1999"}


def test_sanctions_threatened_and_imposed() -> None:
    """TIES: a case begins with the threat; sanctions last from their imposition to the end of the case."""
    assert said("TIESv4.sample.csv", "2") == {
        f"{state} {rest}" for state in ("USA", "GBR")
        for rest in ("threatens IRQ 1990-01-15", "sanctions IRQ 1990-01-15 possible", "sanctions IRQ 1990-03-02/1990-06")
    }  # fmt: skip
    assert said("TIESv4.sample.csv", "3") == {"USA threatens SUN 1975-02-01", "USA sanctions SUN 1975-02-01 possible"}
    # Two stages of one case: the first counts.
    assert said("TIESv4.sample.csv", "4") == {"EU sanctions NGA 1994-05-04"}


def test_states_with_a_comma_in_their_names() -> None:
    """GSDB lists states with commas, and has the World Bank's names."""
    assert said("GSDB.sample.csv", "5") == {f"{s} sanctions PRK 2006/2010" for s in ("USA", "KOR", "JPN")}
    (account,), _ = pairs(SAMPLES / "GSDB.sample.csv")
    assert account.partly["unknown code: 'Invented Land' is no code of names (sanctioned_state)"].lines == [5]


def test_a_pair_of_full_members_is_two_memberships() -> None:
    """COW IGO, pairs: 1 both are full members, 0 not both, -9 missing, -1 no such organization or state."""
    assert said("dyadic_formatv3.sample.csv", "3") == {
        "SUN memberOf UN 1960", "POL memberOf UN 1960", "SUN memberOf igo-WARSAW 1960", "POL memberOf igo-WARSAW 1960"
    }  # fmt: skip
    assert said("dyadic_formatv3.sample.csv", "4") == set()


def test_acronyms_of_organizations_are_those_of_governments(tmp_path: Path) -> None:
    """The Regional Security System is no movement in India, the Indian Ocean Commission not the Olympic Committee."""
    table = tmp_path / "state_year_formatv3.csv"
    table.write_text("ccode,year,state,RSS,IOC,NATO,IS\n2,1990,usa,1,1,1,1\n", encoding="utf-8")
    assert [line.split()[3] for line in told(table)] == ["igo-RSS", "igo-IOC", "NATO", "igo-IS"]
    table = tmp_path / "igo_year_formatv3.csv"
    names = ("IOC", "Indian Ocean Commission"), ("OAS", "Organization of American States")
    rows = [f"{short}\t{name}\t1990\t1984\t\t1\t1\n" for short, name in names]
    table.write_text("ioname\torgname\tyear\tsdate\tdeaddate\tionum\tusa\n" + "".join(rows), encoding="utf-8")
    assert [line.split()[3] for line in told(table)] == ["igo-IOC", "OAS"]


def test_a_list_of_conditions_is_one_or_the_other(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "mapping: own\nsubject: a\nrelation: aids\nobject: b\n"
        "where: [{grain: ['1']}, {coal: ['1'], paid: ['yes']}]\nunless: {year: ['1950']}\n"
        "date: {column: year, split: '/'}\n",
        encoding="utf-8",
    )
    table = tmp_path / "aid.csv"
    rows = ["1,0,no,1951/1952", "0,1,yes,1951", "0,1,no,1951", "1,1,yes,1950"]
    table.write_text("a,b,grain,coal,paid,year\n" + "".join(f"USA,FRA,{r}\n" for r in rows), encoding="utf-8")
    assert told(table, load_mapping(own)) == ["2 USA aids FRA 1951", "3 USA aids FRA 1951"]
    (account,), _ = pairs(table, load_mapping(own))
    assert {reason: skips.lines for reason, skips in account.skipped.items()} == {
        "grain is '0', which the mapping leaves out": [4], "year is '1950', which the mapping leaves out": [5]
    }  # fmt: skip


def test_every_format_says_what_it_was_made_after() -> None:
    assert all(len(mapping.codebook) > 20 for mapping in known_formats().values())
