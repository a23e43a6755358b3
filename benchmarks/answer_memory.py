"""How much more memory `kgraph query` needs for a long answer than for a short one, in each form.

Run: python benchmarks/answer_memory.py [ROWS]. Prints for each form the peak of the command's own memory with 1,000 and with
ROWS rows (default 1,000,000), the ratio, and the same for `kgraph serve` (one peak over all its forms).
"""

from __future__ import annotations

import multiprocessing
import os
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
KGRAPH = [sys.executable, "-c", "from kgraph.cli import main; main()"]


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "s"
        # In a process of its own: a child's peak counts from the memory of the process that started it.
        filling = multiprocessing.get_context("spawn").Process(target=fill, args=(folder, rows))
        filling.start()
        filling.join()
        print(f"{'form':10} {'1,000 rows':>12} {f'{rows:,} rows':>16} {'ratio':>6} {'file':>10}")
        for form in FORMS:
            text = CONSTRUCT if form in GRAPH_FORMS else SELECT
            out = Path(place) / "out"
            less, more = (peak(folder, text, form, n, out) for n in (SHORT, rows))
            print(
                f"{form:10} {less:9.0f} MiB {more:12.0f} MiB {more / less:6.2f} {out.stat().st_size >> 20:6} MiB",
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
    database.flush()


def peak(folder: Path, text: str, form: str, rows: int, out: Path) -> float:
    """MiB of the command itself; the query's own process is limited by its limit of memory."""
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
    process = subprocess.Popen([*KGRAPH, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, form
    return usage.ru_maxrss / 1024


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
