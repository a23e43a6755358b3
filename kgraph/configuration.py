"""What decides what the extractor says: versions and hashes, so that a document is read anew only when one of them changes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kgraph
from kgraph.extraction.records.mapping import Mapping
from kgraph.ontology.tables import ontology_dir
from kgraph.store.provenance import Configuration

_PROGRAM = ("extraction", "ontology", "model.py")


def text_configuration(*, min_confidence: float = 0.0) -> Configuration:
    """The configuration of the text extractor as it is installed, with the user's options."""
    from kgraph.extraction.text.parse import MODEL

    models = " ".join(f"{name} {_version(name)}" for name in (MODEL.replace("_", "-"), "spacy"))
    options = f"min_confidence={min_confidence}" if min_confidence else ""
    return Configuration(kgraph.__version__, _code(), "text", models, ontology_hash(ontology_dir()), options)


def records_configuration(mapping: Mapping) -> Configuration:
    """The configuration that reads tables by a mapping."""
    return Configuration(
        kgraph.__version__, _code(), "records", f"mapping {mapping.name}", ontology_hash(ontology_dir()), mapping.digest
    )


def ontology_hash(folder: Path) -> str:
    """A hash of the ontology's tables; it does not hang on where they lie."""
    return _digest(folder, [p for p in folder.rglob("*") if p.suffix == ".csv"])


@cache
def _code() -> str:
    here = Path(__file__).parent
    files = [
        p
        for name in _PROGRAM
        for p in ([here / name] if name.endswith(".py") else (here / name).rglob("*"))
        if p.suffix in (".py", ".json") and "data" not in p.relative_to(here).parts
    ]
    return _digest(here, files)


def _digest(base: Path, files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(base).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
