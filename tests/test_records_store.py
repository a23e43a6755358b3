"""Tables in the store: once, again, changed, killed, taken out, beside text."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from records_help import SAMPLES

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document, Entity, Evidence, NodeType
from kgraph.store import Store, saved_queries
from kgraph.store.testimony import why
from kgraph.tables import build_tables

VOTES, EVENTS = SAMPLES / "UNVotes.sample.csv", SAMPLES / "20200115.export.CSV"


def quads(store: Store) -> list[str]:
    return sorted(map(str, store.match()))


def test_one_event_told_by_many_is_one_assertion_with_several_sources() -> None:
    store = Store.open(None)
    build_tables([EVENTS, SAMPLES / "20200115120000.export.CSV"], store)
    (account,) = why(store, "USA", "accuses", "PRK")
    # Two addresses told it, and each of them stands in two files.
    assert len(account.witnesses) == 4
    assert account.sources == 2
    assert {w.document["url"] for w in account.witnesses} == {"https://example.org/a/1", "https://example.org/b/2"}


def test_rows_and_the_text_of_an_article_are_other_sources() -> None:
    store = Store.open(None)
    build_tables([SAMPLES / "alliance_v4.1_by_dyad_yearly.sample.csv", SAMPLES / "atop5_1dy.sample.csv"], store)
    article = Document("a", "The United States and Canada are allies, in other words than any table has.")
    usa, canada = Entity("USA", "United States", NodeType.STATE), Entity("CAN", "Canada", NodeType.STATE)
    for date in ("1958", "1992"):
        evidence = (Evidence.cut(article, 0, len(article.text)),)
        store.add([Assertion(usa, "alliedWith", canada, evidence, "text", date=date)], article)
    assert [a.sources for a in why(store, "USA", "alliedWith", "CAN")] == [2, 2]


def test_building_again_changes_nothing_and_a_changed_table_changes_its_rows(tmp_path: Path) -> None:
    table = tmp_path / "UNVotes.csv"
    table.write_bytes(VOTES.read_bytes())
    store = Store.open(None)
    (first,) = build_tables([table], store)
    before = quads(store)
    (again,) = build_tables([table], store)
    assert (again.unchanged, again.removed) == (again.kept, 0)
    assert (first.unchanged, first.kept, first.added, again.added) == (0, again.kept, first.assertions, 0)
    assert quads(store) == before
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text(
        "\n".join([*lines[:5], lines[5].replace(",75,3,", ",75,1,"), *lines[6:-2]]) + "\n", encoding="utf-8"
    )
    (changed,) = build_tables([table], store)
    assert changed.unchanged == changed.kept - 1
    assert changed.removed == 2
    fresh = Store.open(None)
    build_tables([table], fresh)
    assert quads(store) == quads(fresh)


def test_a_table_is_taken_out_as_one(tmp_path: Path) -> None:
    store = Store.open(None)
    build_tables([VOTES], store)
    only_votes = quads(store)
    build_tables([EVENTS], store)
    store.remove(EVENTS.name)
    assert quads(store) == only_votes
    with pytest.raises(KgraphError, match="no document"):
        store.remove(EVENTS.name)


def test_strict_stops_and_keeps_what_came_before(tmp_path: Path) -> None:
    table = tmp_path / "UNVotes.csv"
    lines = VOTES.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines[:4], lines[4].replace(",220,", ",999,"), *lines[5:]]) + "\n", encoding="utf-8")
    store = Store.open(None)
    with pytest.raises(KgraphError, match=r"UNVotes.csv, line 5: unknown code: '999' is no code of cow"):
        build_tables([table], store, strict=True)
    assert len(list(store.rows_of("UNVotes.csv"))) == 3


def test_tables_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / VOTES.name).write_bytes(VOTES.read_bytes())
    accounts = build_tables([VOTES, tmp_path / "a" / VOTES.name], Store.open(None))
    assert [bool(a.problem) for a in accounts] == [False, True]
    assert "same name" in accounts[1].problem


def test_a_killed_build_goes_on(tmp_path: Path) -> None:
    header, *rows = VOTES.read_text(encoding="utf-8").splitlines()
    table = tmp_path / "UNVotes.csv"
    with table.open("w", encoding="utf-8") as stream:
        stream.write(header + "\n")
        for i in range(100):
            stream.writelines(row.replace("9000", f"9{i:03d}", 1) + "\n" for row in rows[:18])
    code = f"""
from kgraph.tables import build_tables
from kgraph.store import Store
from pathlib import Path
with Store.open({str(tmp_path / "store")!r}, create=True) as store:
    print([a.kept for a in build_tables([Path({str(table)!r})], store)], flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code])
    database = tmp_path / "store" / "oxigraph"
    limit = time.monotonic() + 120
    while (
        child.poll() is None
        and time.monotonic() < limit
        and sum(p.stat().st_size for p in database.glob("*.sst")) < 100_000
    ):
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with Store.open(tmp_path / "store", create=True) as store:
        kept = len(list(store.rows_of("UNVotes.csv")))
        (account,) = build_tables([table], store)
        assert account.read == 1800
        assert account.unchanged == kept
        fresh = Store.open(None)
        build_tables([table], fresh)
        assert quads(store) == quads(fresh)


def test_the_command_line_says_what_it_recognised(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for path in (VOTES, EVENTS):
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "data" / "photo.csv").write_bytes(b"\x89PNG\0\0\0")

    def run(*args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-c", "from kgraph.cli import main; main()", *args], capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"})  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    store = str(tmp_path / "s")
    done = run("build", str(tmp_path / "data"), "--store", store)
    assert "recognised as UN General Assembly votes; 27 rows read = 25 kept + 2 skipped" in done.stdout + done.stderr
    assert "recognised as GDELT 1.0; 10 rows read = 8 kept + 2 skipped" in done.stdout + done.stderr
    assert "photo.csv: is no table in text" in done.stdout + done.stderr
    lines = run("extract", str(VOTES)).stdout.splitlines()
    assert json.loads(lines[0])["relation"] == "votesAgainst"
    assert "unknown code" in run("build", str(SAMPLES / "GSDB.sample.csv"), "--strict", "--store", store, code=2).stderr
    assert "subject: {column: sanctioned_state" in run("mapping", "new", str(SAMPLES / "GSDB.sample.csv")).stdout
    assert "GDELT 2.0" in run("mapping", "formats").stdout
    assert "no such" in run("mapping", "new", str(tmp_path / "none.csv"), code=2).stderr.lower()


def test_votes_and_words_in_one_question() -> None:
    """The saved query of the guide: who condemns in the news and abstains in the vote."""
    store = Store.open(None)
    build_tables([VOTES, EVENTS], store)
    article = Document("news", "India condemned the tests of North Korea.")
    india, korea = Entity("IND", "India", NodeType.STATE), Entity("PRK", "North Korea", NodeType.STATE)
    store.add(
        [
            Assertion(
                india, "condemns", korea, (Evidence.cut(article, 0, len(article.text)),), "text", date="2020-12-01"
            )
        ],
        article,
    )
    query = saved_queries()["words-and-votes"]
    rows = store.query(query.sparql(word="condemns", vote="abstains")).rows
    assert {row[0] for row in rows} == {"India"}
    assert any("R/75/902" in str(row) for row in rows)
