"""Queries of strangers run in a process of their own, which can be stopped: with limits of time, memory and rows.

The database cannot be told to stop a query; a process can. It opens the store for reading only, beside the one that
holds it, and no update reaches it.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kgraph.errors import KgraphError, LimitError
from kgraph.store.folder import damage, first_line, is_damage
from kgraph.store.results import TRIPLE, in_parts

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may use: seconds, rows, and bytes of memory beyond what an idle process needs."""

    seconds: float = 60.0
    rows: int = 100_000
    memory: int = 2 << 30


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query sees, as IRIs: those of `default` united as its default graph, those of `named` under GRAPH."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def run(
    database: Path,
    sparql: str,
    limits: Limits,
    dataset: Dataset | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[tuple[str, Any]]:
    """Parts of the answer (see `results`), as they come.

    `sparql` was checked before. Without a `dataset` the query sees all graphs. `cancelled`, once set, stops it. Raises
    LimitError where a limit is reached or the query was cancelled, KgraphError where it fails.
    """
    code = f"import sys; sys.path[:] = {sys.path!r}; from kgraph.store.sandbox import serve; serve()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    done = cancelled or threading.Event()
    late = threading.Event()

    def watch() -> None:
        if not done.wait(limits.seconds):
            late.set()
        process.kill()

    threading.Thread(target=watch, daemon=True).start()
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((str(database), sparql, limits, dataset), process.stdin)
            process.stdin.close()
        ended = False
        while (part := _part(process.stdout)) is not None:
            if part[0] == "error":
                raise KgraphError(f"the query failed ({part[1]})")
            if part[0] == "damaged":
                raise damage(database.parent, part[1])
            if part[0] == "end":
                ended = True
                break
            yield part
        if not ended:
            if done.is_set():
                raise LimitError("the query was cancelled; ask again")
            if late.is_set():
                raise LimitError(
                    f"the query was stopped after {limits.seconds:g} seconds; narrow it, or allow more time (--timeout)"
                )
            raise LimitError(
                f"the query was stopped: it needs more than {limits.memory >> 20} MiB of memory; narrow it or add a LIMIT"
            )
    finally:
        done.set()
        process.kill()
        process.stdout.close()
        process.wait()


def _part(stream: BinaryIO | Any) -> tuple[str, Any] | None:
    try:
        part: tuple[str, Any] = pickle.load(stream)
    except (EOFError, pickle.UnpicklingError):
        return None
    return part


def serve() -> None:
    """The child's side: read the task from standard input, write the parts of the answer to standard output."""
    import signal

    # Ctrl-C is the parent's affair: it stops this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = sys.stdout.buffer
    path, sparql, limits, dataset = pickle.load(sys.stdin.buffer)
    try:
        for part in _answer(path, sparql, limits, dataset):
            pickle.dump(part, out)
            out.flush()
        pickle.dump(("end", None), out)
    except MemoryError:
        return
    except (OSError, ValueError, RuntimeError, SyntaxError) as error:
        pickle.dump(("damaged" if is_damage(error) else "error", first_line(error)), out)
    out.flush()


def _answer(path: str, sparql: str, limits: Limits, dataset: Dataset | None) -> Iterator[tuple[str, Any]]:
    import pyoxigraph as ox

    database = ox.Store.read_only(path)
    _restrict(limits)
    answer = ask(database, sparql, dataset)
    if isinstance(answer, ox.QueryBoolean):
        yield "vars", ("answer",)
        yield "boolean", bool(answer)
        return
    kind = "triples" if isinstance(answer, ox.QueryTriples) else "rows"
    names = TRIPLE if kind == "triples" else tuple(v.value for v in answer.variables)
    yield "vars", names
    yield from in_parts(kind, answer if kind == "triples" else map(tuple, answer), limits.rows)


def ask(database: ox.Store, sparql: str, dataset: Dataset | None) -> Any:
    """What the database answers, over all graphs or those of a dataset."""
    import pyoxigraph as ox

    if dataset is None:
        return database.query(sparql, use_default_graph_as_union=True)
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(g) for g in dataset.default]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(g) for g in dataset.named]
    return database.query(sparql, default_graph=default, named_graphs=named)


def _restrict(limits: Limits) -> None:
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError):
        return
    most = pages * resource.getpagesize() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    # Should the parent die, this ends all the same.
    seconds = int(limits.seconds) * 2 + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
