"""A whole table, built by a process that is killed on the way: `python benchmarks/records_whole.py [ROWS] [--kills N]`.

Builds a GDELT 2.0 file of invented rows in a process of its own, kills that (SIGKILL) after equal parts of the rows and
starts it anew, and tells the rows stored, the processor time and the memory on the way. In the end the store is compared
with the table: documents with the hash of their content, mentions, assertions and edges, each as a count and as a sum of
hashes, which does not hang on the order. With `--folder`, a run that was stopped goes on there.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pyoxigraph as ox
from records_speed import write_table

from kgraph.extraction.records import Account
from kgraph.store import Store
from kgraph.store import mapping as m
from kgraph.store.mapping import iri
from kgraph.store.vocabulary import ASSERTION, document_iri
from kgraph.store.writer import content_hash
from kgraph.tables import build_tables, read_tables

_STEP = 5_000


def child(table: Path, store: Path) -> None:
    """Build, and tell every so many rows that they were met."""
    met = count(1)
    with Store.open(store, create=True) as opened:
        (account,) = build_tables(
            [table], opened, on_document=lambda *_: print(n, flush=True) if (n := next(met)) % _STEP == 0 else None
        )
        print("settled", flush=True)
    print(*account.lines(), sep="\n", flush=True)


def run(table: Path, store: Path, until: int | None) -> int:
    """Build in a process, and kill it when it met so many rows; its peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, "--child", str(table), str(store)], stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout is not None
    peak = 0
    for line in process.stdout:
        if not line.strip().isdigit():
            print(" ", line.rstrip())
            continue
        met, (now, peak, used) = int(line), _state(process.pid)
        if met % (10 * _STEP) == 0:
            print(f"  {met} rows met after {time.perf_counter() - started:.0f} s, {used:.0f} s of the processor, memory {now} MB, peak {peak} MB", flush=True)  # fmt: skip
        if until is not None and met >= until:
            os.kill(process.pid, signal.SIGKILL)
            print(f"  killed at {met}", flush=True)
            break
    process.wait()
    return peak


def _state(pid: int) -> tuple[int, int, float]:
    """Memory now and at its peak in MB, and seconds of the processor, of a process (Linux)."""
    told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    used = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return int(told["VmRSS"].split()[0]) // 1024, int(told["VmHWM"].split()[0]) // 1024, used


Sums = dict[str, tuple[int, int]]


def _sum(told: Iterable[tuple[str, ...]]) -> tuple[int, int]:
    number = total = 0
    for parts in told:
        number += 1
        digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
        total = (total + int.from_bytes(digest, "big")) % 2**64
    return number, total


def wanted(table: Path) -> Sums:
    """What a store of the table holds, by its rows alone."""
    assertions: set[str] = set()
    edges: set[tuple[str, ...]] = set()
    accounts: list[Account] = []

    def mentions() -> Iterable[tuple[str, str]]:
        for _, said in read_tables([table], accounts=accounts):
            for a in said:
                assertions.add(statement := ASSERTION + m.assertion_id(a))
                if m.has_edge(a):
                    edges.add(_triple(m.edge_quad(a)))
                for evidence in a.evidence:
                    yield m.mention_of(a, evidence)[0], statement

    return {
        "documents": _sum((document_iri(d.id), content_hash(d)) for d, _ in read_tables([table], accounts=[])),
        "mentions": _sum(mentions()), "assertions": _sum((a,) for a in assertions), "edges": _sum(edges),
    }  # fmt: skip


def held(store: Path) -> Sums:
    """What it does hold."""
    match = ox.Store.read_only(str(store / "oxigraph")).quads_for_pattern
    return {
        "documents": _sum(
            (q.subject.value, q.object.value) for q in match(None, iri("kg:contentHash"), None, m.CORPUS)
        ),
        "mentions": _sum((q.subject.value, q.object.value) for q in match(None, iri("kg:mentionOf"), None, None)),
        "assertions": _sum((q.subject.value,) for q in match(None, m.A, iri("kg:Assertion"), None)),
        "edges": _sum(_triple(q) for q in match(None, None, None, m.EDGES)),
    }


def _triple(quad: ox.Quad) -> tuple[str, ...]:
    return quad.subject.value, quad.predicate.value, quad.object.value


def main(rows: int, kills: int, folder: Path) -> None:
    table, store = folder / "20200115120000.export.CSV", folder / "store"
    if not table.exists():
        write_table(table, rows)
    peaks = [run(table, store, rows * (n + 1) // (kills + 1)) for n in range(kills)]
    peaks.append(run(table, store, None))
    print("peak memory of each process:", ", ".join(f"{peak} MB" for peak in peaks))
    found = held(store)
    for name, want in wanted(table).items():
        have = found[name]
        print(
            f"  {name}: {want[0]} of the table, {have[0]} in the store, {'the same' if want == have else 'DIFFERENT'}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), Path(sys.argv[3]))
        sys.exit()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(given.rows, given.kills, given.folder or Path(name))
