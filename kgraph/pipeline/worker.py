"""The process that extracts: `python -m kgraph.pipeline.worker MEMORY`, fed with pickles by `kgraph.pipeline.isolation`.

It reads (documents, minimal confidence) and answers with the list of their assertion lists, or with the sentence that
says what went wrong. It ends when its input ends or its parent does.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections.abc import Sequence

from kgraph.model import Assertion, Document

READY = "ready"
_UNUSED = ("torch", "tensorflow", "mxnet", "cupy", "h5py")
"""spaCy's toolkit loads these where they are installed; the model uses none, and torch alone takes 1.2 s and 470 MB."""


def extract_batch(documents: Sequence[Document], min_confidence: float) -> list[list[Assertion]]:
    """The assertions of each document; every piece of evidence is checked against its document."""
    from kgraph.extraction.text import extract_many

    out = []
    for document, found in extract_many(documents, min_confidence=min_confidence):
        for assertion in found:
            for evidence in assertion.evidence:
                evidence.verify(document)
        out.append(found)
    return out


def reason(error: BaseException) -> str:
    """What went wrong, on one line."""
    if isinstance(error, MemoryError):
        return "needs more memory than a worker may have; split it, or allow more with --worker-memory"
    return f"the extractor failed on it ({type(error).__name__}: {' '.join(str(error).split())[:160]})"


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the pickles.
    os.dup2(2, 1)
    _limit_memory(int(sys.argv[1]))
    threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True).start()
    for name in _UNUSED:
        sys.modules[name] = None  # type: ignore[assignment]  # so that importing it is an ImportError
    try:
        from kgraph.extraction.text.parse import language

        language()
        _answer(answers, READY)
    except Exception as error:
        _answer(
            answers,
            f"a worker cannot load the extractor ({type(error).__name__}: {' '.join(str(error).split())[:200]})",
        )
        return
    while True:
        try:
            documents, min_confidence = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            out: list[list[Assertion]] | str = extract_batch(documents, min_confidence)
        except Exception as error:
            out = reason(error)
        _answer(answers, out)


def _answer(answers: object, what: object) -> None:
    pickle.dump(what, answers, protocol=pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
    answers.flush()  # type: ignore[attr-defined]


def _limit_memory(limit: int) -> None:
    if limit:
        try:
            import resource
        except ImportError:  # no such limit on Windows
            return
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _leave_with_parent(parent: int) -> None:
    """A parent that was killed cannot end its workers: they look for themselves."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
