"""How much more memory `kgraph query` needs for a long answer than for a short one, in each form.

Run: python benchmarks/answer_memory.py [ROWS]. Prints for each form the peak of the command's own memory with 1,000 and with
ROWS rows (default 1,000,000), the ratio, the peaks of the process in which the database answers (its cache), and the peak of
`kgraph serve` over several forms.
"""

from __future__ import annotations

import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pyoxigraph as ox

from kgraph.store import FORMS, Store
from kgraph.store.forms import GRAPH_FORMS
from kgraph.store.vocabulary import GRAPH

SELECT = "SELECT ?s ?p ?o { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
SHORT = 1_000
MEASURED = """
import re, resource
from kgraph.cli import main
try:
    main()
finally:
    own = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
    print("\\n", own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
KGRAPH = [sys.executable, "-c", "from kgraph.cli import main; main()"]


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "s"
        # In a process of its own: a child's peak counts from the memory of the process that started it.
        filling = multiprocessing.get_context("spawn").Process(target=fill, args=(folder, rows))
        filling.start()
        filling.join()
        print(
            f"{'form':10} {'1,000':>8} {f'{rows:,}':>8} rows {'ratio':>5} {'database: 1,000':>12} {f'{rows:,}':>8} rows {'file':>6}"
        )
        for form in FORMS:
            text = CONSTRUCT if form in GRAPH_FORMS else SELECT
            out = Path(place) / "out"
            (less, child_less), (more, child_more) = (peak(folder, text, form, n, out) for n in (SHORT, rows))
            print(
                f"{form:10} {less:8.0f} {more:8.0f} MiB {more / less:6.2f} {child_less:12.0f} {child_more:8.0f} MiB "
                f"{out.stat().st_size >> 20:6} MiB",
                flush=True,
            )
        serving(folder, rows)


def fill(folder: Path, rows: int) -> None:
    Store.open(folder, create=True).close()
    database = ox.Store(str(folder / "oxigraph"))
    graph = ox.NamedNode(GRAPH + "corpus")
    database.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"http://e/{n}"),
            ox.NamedNode("http://e/says"),
            ox.Literal(f"Japan condemned launch {n}. " * 3),
            graph,
        )
        for n in range(rows)
    )
    # So that no work of the database falls into what is measured.
    database.optimize()


def peak(folder: Path, text: str, form: str, rows: int, out: Path) -> tuple[float, float]:
    """MiB of the command itself, and of the process in which it has the database answer."""
    words = [
        "query",
        "--store",
        str(folder),
        text,
        "--format",
        form,
        "--rows",
        str(rows),
        "-o",
        str(out),
        "--timeout",
        "900",
    ]
    done = subprocess.run([sys.executable, "-c", MEASURED, *words], capture_output=True, text=True, check=True)
    own, child = map(int, done.stdout.split()[-2:])
    return own / 1024, child / 1024


def serving(folder: Path, rows: int) -> None:
    command = [*KGRAPH, "serve", "--store", str(folder), "--port", "0", "--rows", str(rows), "--timeout", "900"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        time.sleep(5)
        for limit in (SHORT, rows):
            for text, kinds in (
                (SELECT, ("application/sparql-results+json", "application/sparql-results+xml", "text/csv")),
                (CONSTRUCT, ("text/turtle", "application/rdf+xml", "application/ld+json")),
            ):
                for kind in kinds:
                    query = urllib.parse.urlencode({"query": f"{text} LIMIT {limit}"})
                    request = urllib.request.Request(f"{found[0]}/sparql?{query}", headers={"Accept": kind})
                    with urllib.request.urlopen(request) as reply:
                        while reply.read(1 << 20):
                            pass
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text(encoding="ascii"))
            assert peak is not None
            print(f"serve      {limit:9,} rows in 6 forms: {int(peak[1]) / 1024:.0f} MiB", flush=True)
        process.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
