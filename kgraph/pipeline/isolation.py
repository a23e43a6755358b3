"""Worker processes: one model each, and a document that hangs, crashes or eats memory costs itself alone."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document
from kgraph.pipeline.worker import READY, extract_batch, reason

_START_SECONDS = 300.0
_LIFE = 20_000_000
"""A worker is replaced after so many characters: caches of the parser grow with the words that it has seen."""
_LOOK = 0.1
"""So many seconds pass between two looks at the clock for answers that are late."""
_SWITCH = 0.0005
"""The thread that stores gives way after so many seconds to those that feed the workers (the interpreter's own: 0.005)."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class BatchError(Exception):
    """A batch of documents gave no answer; the message says why, as a sentence about its only document."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """How documents are kept from harming each other.

    `jobs` worker processes; a document may take `seconds`; a worker may have `memory` bytes (0: no limit).
    """

    jobs: int
    seconds: float = 120.0
    memory: int = 0


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fair_memory(jobs: int) -> int:
    """The machine's memory by jobs and the building process, in bytes, and at least 2 GiB; 0 where it is not known."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
    return max(2 * 2**30, whole // (jobs + 1))


class InProcess:
    """Extraction without worker processes: nothing to start, but a hanging document hangs the build."""

    jobs = 1

    def __init__(self, min_confidence: float = 0.0) -> None:
        self._min_confidence = min_confidence

    def run(self, documents: Sequence[Document]) -> list[list[Assertion]]:
        """The assertions of each document; raises BatchError."""
        try:
            return extract_batch(documents, self._min_confidence)
        except KgraphError:
            raise
        except Exception as error:
            raise BatchError(reason(error)) from error

    def close(self) -> None:
        """Nothing is to be ended."""

    def __enter__(self) -> InProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Workers:
    """`run` may be called by as many threads at once as there are jobs. Use as a context manager."""

    def __init__(self, isolation: Isolation, min_confidence: float = 0.0) -> None:
        self.jobs = isolation.jobs
        self._isolation = isolation
        self._min_confidence = min_confidence
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._all = [_Worker(isolation) for _ in range(isolation.jobs)]
        for worker in reversed(self._all):
            self._idle.put(worker)
        self._closed = threading.Event()
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(min(_SWITCH, self._switch))
        threading.Thread(target=self._watch, name="kgraph-clock", daemon=True).start()

    def run(self, documents: Sequence[Document]) -> list[list[Assertion]]:
        """The assertions of each document; raises BatchError, and KgraphError where no worker can start."""
        worker = self._idle.get()
        try:
            return worker.run(documents, self._min_confidence)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all workers at once, whatever they are at."""
        self._closed.set()
        sys.setswitchinterval(self._switch)
        for worker in self._all:
            worker.end()

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK):
            for worker in self._all:
                worker.end_if_late()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._ended = self._late = False
        self._deadline: float | None = None
        self._guard = threading.Lock()

    def run(self, documents: Sequence[Document], min_confidence: float) -> list[list[Assertion]]:
        if self._process is None or self._served > _LIFE:
            self._stop()
            self._start()
        self._served += sum(len(d.text) for d in documents)
        answer = self._exchange((list(documents), min_confidence), self._isolation.seconds)
        if isinstance(answer, str):
            raise BatchError(answer)
        return answer  # type: ignore[no-any-return]

    def _start(self) -> None:
        with self._guard:
            if self._ended:
                raise BatchError("the build was stopped")
            # In a session of its own, so that Ctrl-C reaches the build, which then ends its workers.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kgraph.pipeline.worker", str(self._isolation.memory)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | _ONE_THREAD | {"PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)},
            )  # fmt: skip
            self._served = 0
        try:
            answer = self._exchange(None, _START_SECONDS)
        except BatchError as error:
            raise KgraphError(
                f"a worker process cannot start: it {error}; try --jobs 1, or more --worker-memory"
            ) from error
        if answer != READY:
            self._stop()
            raise KgraphError(f"{answer}; install kgraph with its model where it runs")

    def _exchange(self, question: Any, seconds: float) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with self._guard:
            self._late, self._deadline = False, time.monotonic() + seconds
        try:
            if question is not None:
                pickle.dump(question, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            code = self._stop()
            if self._late:
                raise BatchError(f"took longer than {seconds:g} s; allow more with --document-timeout") from error
            raise BatchError(f"ended its worker process ({_death(code)}); split it or leave it out") from error
        finally:
            with self._guard:
                self._deadline = None
        return answer

    def end_if_late(self) -> None:
        """Kill the process whose answer is overdue; called from the thread that looks at the clock."""
        with self._guard:
            if self._process is not None and self._deadline is not None and time.monotonic() > self._deadline:
                self._late = True
                self._process.kill()

    def _stop(self) -> int | None:
        with self._guard:
            process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):
            process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        return code

    def end(self) -> None:
        """Kill the process, also from another thread than the one that waits for its answer."""
        with self._guard:
            self._ended = True
            process = self._process
        if process is not None:
            process.kill()
            process.wait()


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return {-9: "killed, perhaps for its memory", -11: "a crash", -6: "an abort, perhaps for its memory"}.get(
            code, f"signal {-code}"
        )
    return f"exit code {code}"
