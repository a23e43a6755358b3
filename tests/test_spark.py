"""Spark on a real standalone cluster: the same graph as one machine, whoever is killed; and the same answers in SQL.

KGRAPH_FULL=1 runs the kill tests in full: more documents, every kind of kill.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spark_cluster import Cluster, kill, wait_for
from test_scale import HARM, corpus, nquads, write_rows

from kgraph.errors import KgraphError
from kgraph.model import Document
from kgraph.pipeline import build_store
from kgraph.store import Store, saved_queries

if TYPE_CHECKING:
    from kgraph.engine import Tables

pytest.importorskip("pyspark")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")

FULL = bool(os.environ.get("KGRAPH_FULL"))
DOCUMENTS = 1500 if FULL else 32
OPEN = ("threats", "mediators-of", "says-and-acts-for", "stance-changes", "treaties")
"""Saved queries that are also asked without parameters, since those of the test leave little or nothing."""
SAYINGS = [
    "China opposed sanctions against North Korea. Ambassador Smith said that Iran will attack Iraq.",
    "France did not attack Mali. Japan sanctioned North Korea on July 4, 2006.",
    "The United States urged China to support the resolution. Russia vetoed the resolution.",
    "Kenya accused Chad of spying. Chad denied that it spied on Kenya. Peru threatened Chile with war.",
    "Mali attacked France. Germany and Italy signed the treaty. Norway mediates between Sudan and Chad.",
    "North Korea may test a missile. Turkey sent aid to Greece. Japan and North Korea met in Geneva.",
]


def begun(wave: Path) -> bool:
    """Has a task written into this wave?"""
    return any(name.startswith("part-") for _, _, names in os.walk(wave) for name in names)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers whose extractor is slow on certain words, so that they can be killed in the middle."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "harm").mkdir()
    (folder / "harm" / "sitecustomize.py").write_text(HARM)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(p for p in (str(folder / "harm"), before) if p)
    try:
        with Cluster(folder) as running:
            yield running
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, Path]:
    """A folder of sources in several files, the N-Quads of a build on one machine, and its store."""
    base = tmp_path_factory.mktemp("world")
    folder = base / "in"
    (folder / "deep").mkdir(parents=True)
    said = [Document(f"s{i}", text, source=f"Paper {i % 2}") for i, text in enumerate(SAYINGS * 2)]
    documents = [*corpus(DOCUMENTS, extra=" SLOW SLOW"), *said]
    per_file = max(1, len(documents) // 6)
    for n in range(0, len(documents), per_file):
        write_rows(folder / f"n{n:05d}.jsonl", documents[n : n + per_file])
    with (folder / "z.jsonl").open("w") as stream:
        stream.write(
            '{"id": "d3", "text": "Another text."}\n{\n'
            + json.dumps({"id": "d4", "text": documents[4].text, "date": "2006-07-10"})
            + "\n"
        )
    (folder / "deep" / "a b[1].txt").write_text("Peru condemned Chile [again].")
    (folder / "note.pdf").write_text("not read")
    with Store.open(base / "s", create=True) as store:
        report = build_store([folder], store)
        assert len(report.skipped) == 2
        return folder, nquads(store, base / "one.nq"), base / "s"


@pytest.fixture(scope="module")
def built(cluster: Cluster, world: tuple[Path, bytes, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables and a store from a build in whose first wave a worker and in whose second wave the driver was killed."""
    base = tmp_path_factory.mktemp("built")
    waves = base / "t" / "extracted"
    args = [str(world[0]), "--tables", str(base / "t"), "--store", str(base / "s"), "--wave-files", "4"]
    running = cluster.build(*args)
    wait_for(lambda: begun(waves / "wave=000001"), 240, "nothing is written", running)
    kill(cluster.workers[0])
    cluster.add_worker()
    wait_for(lambda: begun(waves / "wave=000002"), 300, "the build does not go on", running)
    kill(running)
    assert (waves / "wave=000001" / "_SUCCESS").exists()
    assert not (waves / "wave=000002" / "_SUCCESS").exists()
    told, _ = (again := cluster.build(*args)).communicate(timeout=600)
    assert again.returncode == 0, told
    assert f"{DOCUMENTS + len(SAYINGS) * 2 + 2} documents read" in told
    assert "2 skipped" in told
    assert "another document of this build has the same id" in told
    return base


def test_a_killed_worker_and_a_killed_driver_change_nothing(built: Path, world: tuple[Path, bytes, Path]) -> None:
    with Store.open(built / "s") as store:
        assert nquads(store, built / "spark.nq") == world[1]


@pytest.fixture(scope="module")
def tables(built: Path) -> "Iterator[Tables]":
    """The tables of that build, read and registered on this machine alone."""
    from kgraph.engine import Tables, open_session
    from kgraph.engine.asking import register

    with open_session("local[2,4]", conf={"spark.sql.shuffle.partitions": "2"}) as spark:
        made = Tables(spark, str(built / "t"))
        register(made)
        yield made


def test_merged_tables_say_what_the_store_says(tables: "Tables", world: tuple[Path, bytes, Path]) -> None:
    mentions = Counter((r.statement, r.document, r.start) for r in tables.table("mentions").collect())
    assert set(mentions.values()) == {1}
    statements = {(r.statement, str(r.confidence), r.sources) for r in tables.table("statements").collect()}
    edges = {(r.subject, r.relation, r.object) for r in tables.table("edges").collect()}
    entities = {(r.type, r.id, r.label) for r in tables.table("entities").collect()}
    with Store.open(world[2]) as store:
        wanted = store.query("SELECT ?a ?c ?n { ?a a kg:Assertion ; kg:confidence ?c ; kg:independentSources ?n }").rows
        assert {(str(a).rsplit("/", 1)[1], str(float(str(c))), int(str(n))) for a, c, n in wanted} == statements
        found = store.query("SELECT ?s ?p ?o { GRAPH g:edges { ?a ?p ?b } ?a kg:id ?s . ?b kg:id ?o }").rows
        assert {(s, str(p).split("#")[1], o) for s, p, o in found} == edges
        labels = store.query("SELECT ?t ?i ?l { GRAPH g:entities { ?e a ?t ; kg:id ?i ; rdfs:label ?l } }").rows
        assert {(str(t).split("#")[1], i, label) for t, i, label in labels} == entities


def test_saved_queries_have_the_same_answers_in_sql(tables: "Tables", world: tuple[Path, bytes, Path]) -> None:
    from kgraph.engine.asking import ask, sql_forms

    given = {"name": "resolution", "from": "2006-07-02", "to": "2006", "one": "Japan", "other": ""}
    answered = 0
    tables.spark.catalog.cacheTable("told")
    with Store.open(world[2]) as store:
        for name in sql_forms():
            known = saved_queries()[name]
            for parameters in [{k: given[k] for k in known.parameters}] + [{}] * (name in OPEN):
                theirs, ours = ask(tables, name, parameters), store.query(known.sparql(**parameters))
                assert theirs.variables == ours.variables, name
                assert sorted(map(str, theirs.rows)) == sorted(map(str, ours.rows)), name
                answered += bool(ours.rows)
    assert answered >= 20
    with pytest.raises(KgraphError, match="no SQL form"):
        ask(tables, "words-and-votes")


def test_dyads_count_each_statement_once(tables: "Tables") -> None:
    from kgraph.engine.dyads import dyad_network, dyads, entity_network

    rows = {(r.period, r.source, r.target, r.relation): (r.statements, r.mentions) for r in dyads(tables).collect()}
    assert rows["2006-07", "PER", "CHL", "condemns"][0] >= 1
    assert all(source != target for _, source, target, _ in rows)
    assert dyad_network(tables)["JPN"]["PRK"]["weight"] < 0
    graph = entity_network(tables)
    pairs = {(graph.vs[e.source]["name"], graph.vs[e.target]["name"]): e["statements"] for e in graph.es}
    said = Counter(
        (f"{s.subject_type}:{s.subject}", f"{s.object_type}:{s.object}")
        for s in tables.table("statements").where("NOT negated AND modality = 'actual'").collect()
    )
    assert pairs == dict(said)


def test_a_stream_takes_each_file_once(tables: "Tables", tmp_path: Path) -> None:
    from pyspark.errors import PySparkException

    from kgraph.engine import Tables, load, stream_tables, waves

    (tmp_path / "in").mkdir()
    made = Tables(tables.spark, str(tmp_path / "t"), create=True)
    reports = []

    def stream() -> None:
        stream_tables(str(tmp_path / "in"), made, on_wave=reports.append).awaitTermination()

    for number in (1, 2):
        write_rows(tmp_path / "in" / f"{number}.jsonl", corpus(3 * number))
        (tmp_path / "in" / f"{number}.pdf").write_text("not read")
        if number == 2:
            # It ends between the wave and its merge; what is new is then in the wave, and must yet be merged.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(waves, "merge", lambda _: 1 / 0)
                with pytest.raises(PySparkException):
                    stream()
        stream()
    assert [(r.documents, r.unchanged, r.extracted) for r in reports] == [(3, 0, 3), (6, 6, 0)]
    assert made.waves() == [1, 2]
    assert made.table("documents").count() == 6
    with Store.open(tmp_path / "s", create=True) as store, Store.open(tmp_path / "one", create=True) as one:
        load(made, store)
        build_store([tmp_path / "in"], one)
        assert nquads(store, tmp_path / "a.nq") == nquads(one, tmp_path / "b.nq")


@pytest.mark.skipif(not FULL, reason="KGRAPH_FULL=1 runs it")
def test_a_stream_whose_driver_is_killed_goes_on(
    cluster: Cluster, world: tuple[Path, bytes, Path], tmp_path: Path
) -> None:
    args = [
        str(world[0]),
        "--tables",
        str(tmp_path / "t"),
        "--store",
        str(tmp_path / "s"),
        "--stream",
        "--wave-files",
        "2",
    ]
    for wave in (1, 2, 3):
        running = cluster.build(*args)
        folder = tmp_path / "t" / "extracted" / f"wave={wave:06d}"
        wait_for(lambda folder=folder: begun(folder), 900, "nothing is written", running)
        kill(running)
    told, _ = (again := cluster.build(*args)).communicate(timeout=3000)
    assert again.returncode == 0, told
    with Store.open(tmp_path / "s") as store:
        assert len(store.documents()) == DOCUMENTS + len(SAYINGS) * 2 + 1
        assert {a.evidence[0].document for a in store.assertions()} <= set(store.documents())


@pytest.mark.skipif(not FULL, reason="KGRAPH_FULL=1 runs it")
def test_the_environment_travels_as_an_archive(tmp_path: Path) -> None:
    pytest.importorskip("venv_pack")
    root = Path(__file__).parents[1]
    write_rows(tmp_path / "n.jsonl", corpus(20))
    for command in (
        [sys.executable, "-m", "venv", str(tmp_path / "packed")],
        [str(tmp_path / "packed" / "bin" / "pip"), "install", "-q", f"{root}[spark]"],
        [sys.executable, "-m", "venv_pack", "-p", str(tmp_path / "packed"), "-o", str(tmp_path / "environment.tar.gz")],
    ):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    archive = ["--spark-conf", f"spark.archives={tmp_path}/environment.tar.gz#environment"]
    python = ["--spark-conf", "spark.pyspark.python=./environment/bin/python"]
    with Cluster(tmp_path, bare=True) as cluster, Store.open(None) as one:
        args = [str(tmp_path / "n.jsonl"), "--tables", str(tmp_path / "t"), "--store", str(tmp_path / "s")]
        told, _ = (running := cluster.build(*args, *archive, *python, PYTHONPATH=str(root))).communicate(timeout=3000)
        assert running.returncode == 0, told
        build_store([tmp_path / "n.jsonl"], one)
        with Store.open(tmp_path / "s") as store:
            assert nquads(store, tmp_path / "a.nq") == nquads(one, tmp_path / "b.nq")
        sent = ["--archives", f"{tmp_path}/environment.tar.gz#environment"]
        submitted = cluster.submit(
            sent, str(tmp_path / "n.jsonl"), "--tables", str(tmp_path / "t2"), "--store", str(tmp_path / "s2"),
            PYTHONPATH=str(root), PYSPARK_DRIVER_PYTHON=sys.executable, PYSPARK_PYTHON="./environment/bin/python",
        )  # fmt: skip
        told, _ = submitted.communicate(timeout=3000)
        assert submitted.returncode == 0, told
        with Store.open(tmp_path / "s2") as store:
            assert nquads(store, tmp_path / "c.nq") == nquads(one, tmp_path / "b.nq")


def test_what_is_known_does_not_move_what_is_read(tables: "Tables", built: Path) -> None:
    from kgraph.engine import Tables
    from kgraph.engine.tasks import Job
    from kgraph.engine.waves import _told_apart

    spark, job = tables.spark, Job((), None, "text", 0, 1, 0, "", "run")
    known = Tables(spark, str(built / "t"))
    conf = {"spark.sql.shuffle.partitions": "7", "spark.sql.autoBroadcastJoinThreshold": "-1"}
    before = {key: spark.conf.get(key) for key in conf}
    try:
        for key, value in conf.items():
            spark.conf.set(key, value)
        told = _told_apart(known, known.extracted().drop("wave").repartition(3, "id"), job, 3)
        assert told.rdd.getNumPartitions() == 3
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)


def test_a_worker_keeps_its_model_from_job_to_job() -> None:
    from dataclasses import replace

    from kgraph.configuration import text_configuration
    from kgraph.engine.tasks import Job, _engine
    from kgraph.pipeline import cores, fair_memory

    job = Job.of((), text_configuration(), "one", date=None, text_column="text", min_confidence=0, seconds=9, memory=0)
    engine = _engine(job)
    assert _engine(replace(job, run="two")) is engine
    assert _engine(replace(job, seconds=8)) is not engine
    assert engine._isolation.memory == fair_memory(cores())


def test_bad_tables_are_one_sentence(tables: "Tables", tmp_path: Path) -> None:
    from kgraph.engine import Tables, build_tables

    spark = tables.spark
    with pytest.raises(KgraphError, match="there are no tables"):
        Tables(spark, str(tmp_path / "none"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(KgraphError, match="no folder of kgraph tables"):
        Tables(spark, str(tmp_path / "other"), create=True)
    made = Tables(spark, str(tmp_path / "t"), create=True)
    with pytest.raises(KgraphError, match="nothing is merged"):
        made.table("statements")
    with pytest.raises(KgraphError, match="no such file or folder"):
        build_tables([str(tmp_path / "missing")], made)
    marker = tmp_path / "t" / "kgraph-tables.json"
    (tmp_path / "t" / ".kgraph-tables.json.crc").unlink(missing_ok=True)
    for text, word in (('{"kgraph_tables": 99}', "schema 99"), ("{", "damaged"), ("[]", "damaged")):
        marker.write_text(text)
        with pytest.raises(KgraphError, match=word):
            Tables(spark, str(tmp_path / "t"))


def test_a_half_written_wave_is_not_read(tables: "Tables", built: Path, tmp_path: Path) -> None:
    from kgraph.engine import Tables

    shutil.copytree(built / "t", tmp_path / "t")
    whole = Tables(tables.spark, str(tmp_path / "t"))
    rows = whole.extracted().count()
    shutil.copytree(tmp_path / "t" / "extracted" / "wave=000001", tmp_path / "t" / "extracted" / "wave=000009")
    (tmp_path / "t" / "extracted" / "wave=000009" / "_SUCCESS").unlink()
    assert whole.extracted().count() == rows
    whole.clean()
    assert not (tmp_path / "t" / "extracted" / "wave=000009").exists()


def test_a_worker_with_another_ontology_is_one_sentence(
    tables: "Tables", world: tuple[Path, bytes, Path], tmp_path: Path
) -> None:
    from kgraph.engine import Tables, build_tables
    from kgraph.engine import waves as module
    from kgraph.store.provenance import Configuration

    made = Tables(tables.spark, str(tmp_path / "t"), create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "text_configuration", lambda **_: Configuration("0", "other", "text", "m", "o"))
        with pytest.raises(KgraphError, match="another kgraph, model or ontology"):
            build_tables([str(world[0])], made)
    assert made.waves() == []
