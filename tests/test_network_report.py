"""The commands that measure and tell: analyze, compare, report, and the report in a real browser."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from networks import DOCUMENTS, JPN, ROWS, RUS, corpus, make

from kgraph.errors import KgraphError
from kgraph.model import Document, Entity, NodeType
from kgraph.network import Corpus, Period, Selection, View
from kgraph.network.analysis import MEASURES, Analysis, analyze
from kgraph.network.comparison import compare
from kgraph.network.tables import Table, as_csv, as_json, as_parquet, as_text
from kgraph.report import write_report
from kgraph.store import Store

HOSTILE = '</style><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'


def run(*args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from kgraph.cli import main; main()", *args], capture_output=True, text=True, check=False,
        env=os.environ | {"TERM": "dumb", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("network") / "store"
    with Store.open(folder, create=True) as opened:
        for name, facts in DOCUMENTS.items():
            said = [a for a in ROWS if a.evidence[0].document == name]
            text = said[0].evidence[0].text
            opened.add(said, Document(name, text, Period.parse(facts.get("date", "2006-07-12")).first))
    return str(folder)


@pytest.mark.parametrize("name", list(MEASURES))
@pytest.mark.parametrize("through", [False, True])
def test_every_measure_is_a_table_without_nan(name: str, through: bool) -> None:
    if name == "communities":
        pytest.importorskip("igraph")
    (table,) = analyze(Analysis(corpus(), View(through=through), replicates=20), [name])
    assert table.rows or name == "mediators"
    json.loads(as_json([table]))  # refuses NaN
    assert table.title in as_text(table)
    assert as_csv(table).splitlines()[0] == ",".join(table.columns)


def test_one_act_is_enough_for_every_measure() -> None:
    pytest.importorskip("igraph")
    for row in (
        make(RUS, "requests", JPN, "Russia asked Japan."),
        make(RUS, "condemns", JPN, "Russia condemned Japan."),
    ):
        for table in analyze(Analysis(Corpus((row,)), replicates=5), MEASURES):
            as_json([table])


def test_parquet_is_read_back() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    import io

    (table,) = analyze(Analysis(corpus()), ["dyads"])
    back = parquet.read_table(io.BytesIO(as_parquet(table))).to_pylist()
    assert back == [dict(r) for r in table.rows]


def test_text_of_strangers_stays_in_its_line() -> None:
    text = as_text(Table("x", "X", [{"a": "one\x1b[2J\ntwo", "b": None, "c": 0.5}], below=("a",)))
    assert "\x1b" not in text
    assert text.splitlines()[-1] == "    a: one [2J two"


def test_comparison_gives_the_sentences_of_each_change() -> None:
    views = [View(Selection(Period.parse(p)), through=True) for p in ("2006-07", "2006-08")]
    dyads, actors, whole = compare(corpus(), *views)
    row = next(r for r in dyads.rows if r["source"] == "Japan")
    assert (row["change"], row["before"], row["after"]) == ("new", 0.0, -3.5)
    assert row["said_after"] == "Japan sponsored sanctions. [d3]"
    assert actors.rows
    assert {r["figure"] for r in whole.rows} >= {"actors", "signed ties"}
    with pytest.raises(KgraphError, match="no act counts in 2031"):
        compare(corpus(), views[0], View(Selection(Period.parse("2031"))))


def test_the_commands_print_and_write(store: str, tmp_path: Path) -> None:
    assert "blocs" in run("analyze", "--store", store, "--list").stdout
    done = run("analyze", "--store", store, "--principals", "--measure", "dyads", "--measure", "balance")
    assert "United States" in done.stdout
    assert "small sample" in done.stderr
    told = json.loads(
        run(
            "analyze",
            "--store",
            store,
            "--measure",
            "degree",
            "--bootstrap",
            "20",
            "--half-life",
            "30",
            "--format",
            "json",
        ).stdout
    )
    assert "net_out_low" in told["degree"]["rows"][0]
    run(
        "analyze",
        "--store",
        store,
        "--modality",
        "possible",
        "--weights",
        "none",
        "--format",
        "csv",
        "-o",
        str(tmp_path / "a.csv"),
    )
    assert (tmp_path / "a.csv").read_text().startswith("actor,id,")
    told = json.loads(
        run(
            "compare", "--store", store, "--before", "2006-07", "--after", "2006-08..", "--through", "--format", "json"
        ).stdout
    )
    assert any("Japan sponsored" in r["said_after"] for r in told["dyads"]["rows"])
    run("report", "--store", store, "-o", str(tmp_path / "r.html"), "--bootstrap", "20", "--title", "July")
    assert "<title>July</title>" in (tmp_path / "r.html").read_text(encoding="utf-8")
    for form in ("nodelink", "cytoscape", "gexf", "graphml"):
        run(
            "export",
            "--store",
            store,
            "--format",
            form,
            "--dyads",
            "--principals",
            "--period",
            "2006",
            "-o",
            str(tmp_path / form),
        )
        assert (tmp_path / form).stat().st_size > 0


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["analyze", "--measure", "magic"], "no measure 'magic'"),
        (["analyze", "--period", "2031"], "no act counts in 2031"),
        (["analyze", "--period", "July"], "is no period"),
        (["analyze", "--modality", "wished"], "use one of actual"),
        (["analyze", "--weights", "much"], "--weights much"),
        (["analyze", "--format", "xml"], "no format 'xml'"),
        (["analyze", "--format", "parquet"], "--output"),
        (["analyze", "--measure", "all", "--format", "csv"], "holds one table"),
        (["analyze", "--similarity", "tau", "--measure", "stance"], "no similarity"),
        (["analyze", "--step", "hour", "--measure", "series"], "no step"),
        (["analyze", "--half-life", "-1"], "above 0"),
        (["compare", "--before", "2006", "--after", "2031"], "no act counts in 2031"),
        (["report", "--period", "2031"], "no act counts"),
        (["report", "-o", "/nowhere/r.html"], "cannot be written"),
        (["export", "--format", "trig", "--dyads", "-o", "x"], "leave them out"),
    ],
)
def test_mistakes_are_one_sentence(store: str, args: list[str], word: str) -> None:
    done = run(args[0], "--store", store, *args[1:], code=2)
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_same_corpus_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_report(corpus(), tmp_path / name, replicates=20)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Any:
    path = tmp_path_factory.mktemp("report") / "report.html"
    evil = make(Entity("evil", HOSTILE, NodeType.GROUP), "attacks", RUS, HOSTILE, "d9", date="2006-07-20")
    documents = {**DOCUMENTS, "d9": {"title": HOSTILE, "source": HOSTILE}}
    write_report(Corpus((*ROWS, evil), documents), path, title=HOSTILE, replicates=20)
    page = browser.new_page()
    page.seen, page.problems = [], []
    page.on("request", lambda r: page.seen.append(r.url))
    page.on("pageerror", lambda e: page.problems.append(str(e)))
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.goto(path.as_uri())
    return page


def test_the_report_asks_for_nothing_and_hostile_text_is_inert(page: Any) -> None:
    assert len(page.seen) == 1
    assert page.problems == []
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, script").count() == 0
    assert "onerror" in page.inner_text("h1")


def test_every_figure_leads_to_its_sentences(page: Any) -> None:
    links = page.eval_on_selector_all("a[href^='#']", "all => all.map(a => a.getAttribute('href').slice(1))")
    there = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(there) == len(set(there))
    assert set(links) <= set(there)
    page.locator("#matrix svg a", has_text="-3.0").first.click()
    assert "The United States condemned Russia." in page.locator("article:target").inner_text()
    page.locator("#time svg a .hit").first.click()
    page.wait_for_function("document.querySelector('.moment:target').offsetHeight > 0")
    assert page.locator("#network svg circle").count() >= 4
    assert "small sample" in page.inner_text(".caution")


def dead_links(page: str) -> set[str]:
    there = set(re.findall(r' id="([^"]+)"', page))
    return {link for link in re.findall(r'href="#([^"]*)"', page) if link not in there}


def test_no_link_is_dead_where_nothing_happens_for_weeks(tmp_path: Path) -> None:
    rows = [make(RUS, "condemns", JPN, "x", date=d) for d in ("2006-01-02", "2006-06-05")]
    write_report(Corpus(tuple(rows)), tmp_path / "r.html", replicates=5)
    assert dead_links((tmp_path / "r.html").read_text(encoding="utf-8")) == set()


def test_no_link_is_dead_where_there_is_more_than_fits(tmp_path: Path) -> None:
    draw = random.Random(1)
    actors = [
        Entity(f"A{i}", f"Actor {i}", NodeType.STATE) for i in range(45)
    ]  # too many for exact answers, which take a minute
    pairs = [draw.sample(actors, 2) for _ in range(900)]
    rows = [
        make(a, "condemns", b, "A condemned B.", f"d{i % 50}", date=f"2006-07-{i % 28 + 1:02}")
        for i, (a, b) in enumerate(pairs)
    ]
    write_report(Corpus(tuple(rows)), tmp_path / "r.html", replicates=5)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert dead_links(page) == set()
    assert "lighter dyads are not shown" in page
