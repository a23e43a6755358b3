"""Documents in, assertions out: batched, in parallel where there are workers, always in the order of the documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from kgraph.documents import Skipped
from kgraph.model import Assertion, Document
from kgraph.pipeline.isolation import BatchError, InProcess, Workers

_DOCUMENTS, _CHARACTERS = 32, 60_000
"""A batch holds at most so many documents, and ends when it has so many characters."""
MAX_CHARACTERS = 1_000_000
"""The parser takes no longer document."""

Outcome = list[Assertion] | str
_LOOK_UP = 0.2


class StoppedError(Exception):
    """The build was asked to stop, and stopped between two documents."""


def extracted(
    documents: Iterable[Document],
    engine: InProcess | Workers,
    on_skip: Callable[[Skipped], None],
    stop: Callable[[], bool] | None = None,
) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each document with its assertions, in order; what cannot be extracted goes to `on_skip` with its reason.

    With one job, reading, extracting and what the caller does take turns on one core; with more, some batches are ahead.
    Raises StoppedError between two documents once `stop` says so.
    """
    stop = stop or _never
    ahead = 2 * engine.jobs if engine.jobs > 1 else 0
    threads = ThreadPoolExecutor(engine.jobs, thread_name_prefix="kgraph-batch")
    waiting: deque[tuple[list[Document], Future[list[Outcome]]]] = deque()
    try:
        for batch in _batches(documents):
            waiting.append((batch, threads.submit(_settled, batch, engine)))
            while len(waiting) > ahead:
                yield from _finished(*waiting.popleft(), on_skip, stop)
        while waiting:
            yield from _finished(*waiting.popleft(), on_skip, stop)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if len(batch) == _DOCUMENTS or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _settled(batch: Sequence[Document], engine: InProcess | Workers) -> list[Outcome]:
    """What each document gives; where the batch fails, each is tried alone, and the one at fault costs itself."""
    if len(batch) == 1 and len(batch[0].text) > MAX_CHARACTERS:
        return [f"has more than {MAX_CHARACTERS:,} characters; split it"]
    try:
        return list(engine.run(batch))
    except BatchError as error:
        if len(batch) == 1:
            return [str(error)]
        return [outcome for document in batch for outcome in _settled([document], engine)]


def _finished(
    batch: Sequence[Document],
    future: Future[list[Outcome]],
    on_skip: Callable[[Skipped], None],
    stop: Callable[[], bool],
) -> Iterator[tuple[Document, list[Assertion]]]:
    for document, outcome in zip(batch, _awaited(future, stop), strict=True):
        if stop():
            raise StoppedError
        if isinstance(outcome, str):
            on_skip(Skipped(document.id, outcome))
        else:
            yield document, outcome


def _awaited(future: Future[list[Outcome]], stop: Callable[[], bool]) -> list[Outcome]:
    while True:
        try:
            return future.result(_LOOK_UP)
        except TimeoutError:
            if stop():
                raise StoppedError from None


def _never() -> bool:
    return False
