"""What runs on the cluster's Python workers: reading files, and extracting with one model for each worker."""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.configuration import text_configuration
from kgraph.documents import Reading, Skipped, Source, documents_of
from kgraph.documents.formats import kind_of
from kgraph.errors import KgraphError
from kgraph.model import Assertion, Document
from kgraph.pipeline.extracting import extracted
from kgraph.pipeline.isolation import Isolation, Workers, cores, fair_memory
from kgraph.serialization import assertion_to_dict
from kgraph.store.independence import signature
from kgraph.store.mapping import assertion_id
from kgraph.store.provenance import Configuration
from kgraph.store.writer import content_hash
from kgraph.tables import is_table

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "place", "position", "order", "id", "text", "date", "title", "source", "url", "content", "state", "reason", "run",
    "configuration", "minhash", "assertions",
)  # fmt: skip
_BLOCK = 200
_HEAD = 2**20
TABLE = (
    "is a table of a data set, and Spark reads articles; build it on one machine (`kgraph build FILE --store FOLDER`), into "
    "the store that `kgraph load` fills"
)
Frames = Iterator["pd.DataFrame"]


@dataclass(frozen=True, slots=True)
class Job:
    """What the tasks need to know: the roots of the sources (in order), and how to read and extract."""

    roots: tuple[str, ...]
    date: dt.date | None
    text_column: str
    min_confidence: float
    seconds: float
    memory: int
    configuration: str
    run: str

    @classmethod
    def of(cls, roots: Iterable[str], configuration: Configuration, run: str, **options: Any) -> Job:
        """The job with the configuration as the tasks carry it."""
        return cls(tuple(roots), configuration=json.dumps(asdict(configuration), sort_keys=True), run=run, **options)


def configuration_of(text: str) -> Configuration:
    """The configuration that a row carries."""
    return Configuration(**json.loads(text))


def reader(job: Job) -> Callable[[Frames], Frames]:
    """For `mapInPandas`: files (path, content) -> a row for each document, and for each thing that is no document."""

    def read(frames: Frames) -> Frames:
        for frame in frames:
            rows: list[dict[str, Any]] = []
            for path, content in zip(frame["path"], frame["content"], strict=True):
                for row in _read_file(job, path, content):
                    rows.append(row)
                    if len(rows) >= _BLOCK:
                        yield _frame(rows)
                        rows = []
            yield _frame(rows)

    return read


def _read_file(job: Job, path: str, content: bytes) -> Iterator[dict[str, Any]]:
    number, root = max(
        ((n, r) for n, r in enumerate(job.roots) if path == r or path.startswith(r.rstrip("/") + "/")),
        key=lambda found: len(found[1]),
    )
    name = path[len(root.rstrip("/")) + 1 :] or path.rsplit("/", 1)[-1]
    # The order of `kgraph.documents.files_of`: by the parts of the path.
    base: dict[str, Any] = {"place": path, "order": f"{number:06d}\0" + name.replace("/", "\0"), "run": job.run}
    if _is_table(name, content):
        yield base | {"position": 0, "id": path.removeprefix("file:"), "state": "bad", "reason": TABLE}
        return
    skipped: list[Skipped] = []
    source = Source(
        name, path.removeprefix("file:"), io.BytesIO(content), Reading(job.date, skipped.append, job.text_column)
    )
    position = -1
    for position, document in enumerate(documents_of(source)):
        yield base | _row(document) | {"position": position, "state": "fresh", "configuration": job.configuration}
    for bad in skipped:
        position += 1
        yield base | {"position": position, "id": bad.place, "state": "bad", "reason": bad.reason}


def _is_table(name: str, content: bytes) -> bool:
    """Would one machine read a file as a table? Its readers want a path."""
    kind = kind_of(name)
    lines = kind == "text" and not name.lower().endswith(".gz")
    if kind not in ("text", "rows", "zip", "parquet") or (lines and b"\t" not in content[:_HEAD].partition(b"\n")[0]):
        return False
    with tempfile.TemporaryDirectory(prefix="kgraph-") as folder:
        path = Path(folder, name.rsplit("/", 1)[-1])
        path.write_bytes(content if kind in ("zip", "parquet") else content[:_HEAD])
        return is_table(path)


def _row(document: Document) -> dict[str, Any]:
    date = document.date.isoformat() if document.date else None
    known = {k: getattr(document, k) for k in ("id", "text", "title", "source", "url")}
    return {k: None if v is None else str(v) for k, v in known.items()} | {
        "date": date,
        "content": content_hash(document),
    }


def document_of(row: Any) -> Document:
    """The document of a row (a mapping)."""
    date = dt.date.fromisoformat(row["date"]) if isinstance(row["date"], str) else None
    title, source, url = (row[k] if isinstance(row[k], str) else None for k in ("title", "source", "url"))
    return Document(row["id"], row["text"], date, title, source, url)


def extractor(job: Job) -> Callable[[Frames], Frames]:
    """For `mapInPandas`: fresh rows get what they say; what cannot be extracted becomes bad, with its reason."""

    def extract(frames: Frames) -> Frames:
        engine = _engine(job)
        for frame in frames:
            rows = frame.to_dict("records")
            given = {row["id"]: row for row in rows if row["state"] == "fresh"}
            done = [_told(row) for row in rows if row["state"] != "fresh"]
            bad: list[Skipped] = []
            for document, found in extracted((document_of(row) for row in given.values()), engine, bad.append):
                done.append(_told(given[document.id], document, found))
                if len(done) >= _BLOCK:
                    yield _frame(done)
                    done = []
            done += [_told(given[s.place]) | {"state": "bad", "reason": s.reason} for s in bad]
            yield _frame(done)

    return extract


_engines: dict[tuple[str, Isolation], Workers] = {}


def _engine(job: Job) -> Workers:
    """The worker process of this Python worker, kept from task to task and from job to job: the model is loaded once."""
    # A Python worker for each core: each may have what a worker process of one machine may.
    key = (job.configuration, Isolation(1, job.seconds, job.memory or fair_memory(cores())))
    if key not in _engines:
        here = json.dumps(asdict(text_configuration(min_confidence=job.min_confidence)), sort_keys=True)
        if here != job.configuration:
            raise KgraphError(
                "a worker has another kgraph, model or ontology than the driver; send one environment to all with "
                "--spark-conf spark.archives=environment.tar.gz#environment (and KGRAPH_ONTOLOGY, where it is set)"
            )
        for other in _engines.values():
            other.close()
        _engines.clear()
        _engines[key] = Workers(key[1], job.min_confidence)
    return _engines[key]


def _told(row: dict[str, Any], document: Document | None = None, found: Iterable[Assertion] = ()) -> dict[str, Any]:
    out: dict[str, Any] = {k: v if isinstance(v, str) else None for k, v in row.items()}
    out["position"] = int(row["position"])
    out["text"] = document.text if document else None
    out["minhash"] = signature(document.text) if document else None
    out["assertions"] = [
        {"statement": assertion_id(a), "record": json.dumps(assertion_to_dict(a), ensure_ascii=False)} for a in found
    ]
    return out


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in _COLUMNS})
