"""The command line as a person uses it: in its own process."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.store import QueryResult, format_result

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "seeds"


def run(*args: str, stdin: str | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from kgraph.cli import main; main()", *args], capture_output=True, text=True, input=stdin, check=False,
        env=os.environ | {"TERM": "dumb", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_help_is_light() -> None:
    code = "import sys, kgraph.cli; print([m for m in ('spacy', 'rdflib', 'pyoxigraph', 'networkx', 'pyvis') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_the_whole_way(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Japan condemned North Korea on Monday. Russia did not sign the treaty.\n", encoding="utf-8")
    store = str(tmp_path / "store")
    assert (
        "1 document read (0 unchanged, 0 replaced), 0 skipped"
        in run("build", str(article), "--store", store, "--date", "2006-07-10").stdout
    )
    assert "condemns" in run("query", "--store", store, "--saved", "accusations", "--format", "csv").stdout.lower()
    assert "North Korea" in run("show", "--store", store, "japan").stdout
    for other_name in ("DPRK", "Pyongyang", "korea"):
        assert "Japan condemns North Korea" in run("show", "--store", store, other_name).stdout
    assert "foo:" in run("query", "--store", store, "SELECT * { ?s foo:bar ?o }", code=2).stderr
    assert run("query", "--store", store, "PREFIX : <http://x.example/> SELECT * { ?s :bar ?o }").stdout
    run("map", "--store", store, "-o", str(tmp_path / "m.html"))
    assert "Content-Security-Policy" in (tmp_path / "m.html").read_text(encoding="utf-8")
    for form in ("nquads", "trig", "turtle", "jsonld", "graphml", "gexf", "csv"):
        run("export", "--store", store, "--format", form, "-o", str(tmp_path / form))
        assert (tmp_path / form).stat().st_size > 0


def test_extract_from_standard_input() -> None:
    lines = run("extract", "-", stdin="France condemned the attack on Mali.").stdout.splitlines()
    assert any(json.loads(line)["relation"] == "condemns" for line in lines)


def test_rows_that_are_all_bad_are_a_mistake(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "Japan condemned China.", "date": "2006-17-01"}\n', encoding="utf-8")
    for command in (["extract"], ["build", "--store", str(tmp_path / "s")]):
        told = run(*command, str(rows), code=2).stderr
        assert "line 1: has the date '2006-17-01'" in told
        assert "no document could be read" in told


def test_demo_writes_the_map(tmp_path: Path) -> None:
    out = run("demo", "--out", str(tmp_path / "new")).stdout
    assert "Hungary" in out
    assert (tmp_path / "new" / "map.html").is_file()


def test_a_mistyped_source_makes_no_store(tmp_path: Path) -> None:
    run("build", str(tmp_path / "missing.txt"), "--store", str(tmp_path / "s"), code=2)
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["build", "missing.txt", "--store", "{tmp}/s"], "missing.txt"),
        (["build", "{tmp}", "--store", "{tmp}/s"], "holds no document"),
        (["extract", "{tmp}", "--date", "July"], "--date"),
        (["query", "--store", "{tmp}/none", "ASK {}"], "there is no store"),
        (["query", "--store", "{tmp}/none", "--saved", "nonsense"], "no saved query"),
        (["map", "--store", "{tmp}/none"], "there is no store"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, args: list[str], word: str) -> None:
    done = run(*[a.replace("{tmp}", str(tmp_path)) for a in args], code=2)
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_reference_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_cli", ROOT / "docs" / "make_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == module.reference(), "run python docs/make_cli.py"


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not on this machine")
def test_the_seed_answers_its_questions(tmp_path: Path) -> None:
    store = str(tmp_path / "s")
    run("build", str(SEED), "--store", store)
    sponsors = run("query", "--store", store, "--saved", "sponsors", "--format", "csv").stdout
    assert all(name in sponsors for name in ("Japan", "United States", "United Kingdom", "France"))
    hill = run(
        "query", "--store", store, "--saved", "says-and-acts-for", "--param", "name=Hill", "--format", "csv"
    ).stdout
    assert "USA" in hill


def test_answers_are_as_wide_as_the_terminal() -> None:
    result = QueryResult(("who", "sentence", "how"), ((ox.Literal("Japan"), ox.Literal("word " * 60), None),))
    assert len(format_result(result, "table").splitlines()) == 3
    lines = format_result(result, "table", width=50).splitlines()
    assert max(map(len, lines)) <= 50
    assert lines[:3] == ["who    how", "-----  ---", "Japan"]
    assert sum(line.count("word") for line in lines) == 60
