"""A Spark standalone cluster of two workers on loopback, started and killed by the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For Java that does not live long."""
PATIENT = "3600"
"""Seconds of silence after which Spark gives somebody up, who on a crowded machine only waits for his turn; who is killed
is missed at once, by his connection."""
CLI = [sys.executable, "-c", "from kgraph.cli import main; main()"]


SUBMITTED = str(Path(__file__).parents[1] / "deploy" / "submit.py")


def submit() -> list[str]:
    """The command `spark-submit` of the installed pyspark."""
    import pyspark

    return [str(Path(pyspark.__file__).parent / "bin" / "spark-submit")]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


class Cluster:
    """A master and workers of one core each. Use as a context manager."""

    def __init__(self, folder: Path, workers: int = 2, *, bare: bool = False) -> None:
        import pyspark

        self._home = Path(pyspark.__file__).parent
        self._folder = folder
        self._count = workers
        self._bare = bare
        self._running: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.master = f"spark://127.0.0.1:{free_port()}"

    def environment(self) -> dict[str, str]:
        """What masters and workers have in common: loopback only, and (unless `bare`) kgraph as the tests see it."""
        path = os.pathsep.join(p for p in (os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[1])) if p)
        return os.environ | {
            "SPARK_HOME": str(self._home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": "" if self._bare else path, "SPARK_DAEMON_MEMORY": "256m", "TERM": "dumb",
            "SPARK_DAEMON_JAVA_OPTS": f"{QUICK} -Dspark.worker.timeout={PATIENT} -Dspark.network.timeout={PATIENT}s",
        }  # fmt: skip

    def _start(self, name: str, *args: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(self._home / "bin" / "spark-class"), *args], stdout=log, stderr=log, env=self.environment(),
                start_new_session=True,
            )  # fmt: skip
        self._running.append(process)
        return process

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker."""
        name = f"worker{len(self.workers)}"
        process = self._start(
            name, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
            "--webui-port", "0", "--work-dir", str(self._folder / name), self.master,
        )  # fmt: skip
        self.workers.append(process)
        return process

    def __enter__(self) -> Cluster:
        host, port = self.master.removeprefix("spark://").split(":")
        self._start(
            "master", "org.apache.spark.deploy.master.Master", "--host", host, "--port", port, "--webui-port", "0"
        )
        for _ in range(self._count):
            self.add_worker()
        log = self._folder / "master.log"
        wait_for(lambda: log.read_text().count("Registering worker") == self._count, 90, "the cluster does not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running:
            kill(process)

    def settings(self) -> list[str]:
        """What the builds on this cluster have in common."""
        return [
            "spark.executor.memory=512m", "spark.driver.memory=512m", "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false", "spark.executor.cores=1",
            "spark.sql.shuffle.partitions=4", f"spark.network.timeout={PATIENT}s", f"spark.executor.extraJavaOptions={QUICK}",
        ]  # fmt: skip

    def build(self, *args: str, **environment: str) -> subprocess.Popen[str]:
        """`kgraph build ... --engine spark` on this cluster, running, in a process group of its own."""
        conf = [part for setting in self.settings() for part in ("--spark-conf", setting)]
        return self._run([*CLI, "build", *args, "--engine", "spark", "--master", self.master, *conf], environment)

    def submit(self, options: list[str], *args: str, **environment: str) -> subprocess.Popen[str]:
        """The same by `spark-submit`, with more options of its own."""
        conf = [part for setting in self.settings() for part in ("--conf", setting)]
        return self._run(
            [*submit(), "--master", self.master, *conf, *options, SUBMITTED, "build", *args, "--engine", "spark"],
            environment,
        )

    def _run(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=self.environment() | environment, start_new_session=True,
        )  # fmt: skip


def kill(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Kill a process and its children, as a machine that loses its power does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(true: object, seconds: float, what: str, running: subprocess.Popen[str] | None = None) -> None:
    """Wait until a function says yes, while a process runs."""
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert running is None or running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until, what
        time.sleep(0.1)
