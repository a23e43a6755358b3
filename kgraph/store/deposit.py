"""A deposit: a folder with all of a store in open formats, described and with checksums, to be handed to an archive."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.description import WHAT, Terms, readme, void
from kgraph.store.documentation import write_ontology_data
from kgraph.store.folder import DATABASE, SCHEMA, first_line, mark, schema_of
from kgraph.store.identity import FILE as DECISIONS
from kgraph.store.identity import read_decisions, write_decisions
from kgraph.store.mapping import ENTITIES, assertion_id, entity_key, iri
from kgraph.store.results import text_of
from kgraph.store.store import Store
from kgraph.store.vocabulary import ASSERTION, entity_iri
from kgraph.writing import new_folder

SUMS = "SHA256SUMS"
_GRAPH = "graph.nq"


def deposit(store: Store, folder: Path, terms: Terms | None = None) -> dict[str, int]:
    """Write a deposit into a new or empty folder, all or nothing; returns the counts that its README tells.

    Raises KgraphError where the folder holds something or cannot be written.
    """
    with new_folder(folder, "--deposit") as part:
        return _write(store, part, terms or Terms())


def restore(deposited: Path, folder: Path) -> int:
    """Make a store in a new or empty folder from a deposit, all or nothing; returns the number of quads.

    The decisions on who is who come with it; a deposit of an older kgraph has only those that the graph shows.
    Raises KgraphError where a file of the deposit is not what it was, has another schema, or the folder is no new one.
    """
    with new_folder(folder, "--store") as part:
        named = _verify(deposited)
        if schema_of(deposited) != SCHEMA:
            raise KgraphError(f"{deposited}: the deposit has schema {schema_of(deposited)}, this kgraph reads {SCHEMA}; use the kgraph that its README names")  # fmt: skip
        try:
            database = ox.Store(str(part / DATABASE))
            database.bulk_load(path=str(deposited / _GRAPH), format=ox.RdfFormat.N_QUADS)
            database.flush()
            count = len(database)
            del database
        except (OSError, RuntimeError, SyntaxError) as error:
            raise KgraphError(f"{folder}: the store cannot be made from {deposited} ({first_line(error)}); free space or choose another folder") from error  # fmt: skip
        if DECISIONS in named:
            write_decisions(part / DECISIONS, read_decisions(deposited / DECISIONS))
        mark(part)
    return count


def _verify(deposited: Path) -> frozenset[str]:
    """The names of the files of a deposit, each of which is what it was."""
    sums = deposited / SUMS
    named: set[str] = set()
    try:
        for line in sums.read_text(encoding="utf-8").splitlines():
            wanted, _, name = line.partition("  ")
            if _sha256(deposited / name) != wanted:
                raise KgraphError(f"{deposited / name}: the file is not what was deposited; fetch it again")
            named.add(name)
        if _GRAPH not in named:
            raise KgraphError(f"{sums}: it does not name {_GRAPH}; fetch it again")
    except (OSError, UnicodeDecodeError) as error:
        raise KgraphError(
            f"{deposited}: this is no whole deposit ({first_line(error)}); name the folder of one"
        ) from error
    return frozenset(named)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(store: Store, folder: Path, terms: Terms) -> dict[str, int]:
    for name, form in ((_GRAPH, "nquads"), ("graph.trig", "trig")):
        with (folder / name).open("wb") as stream:
            store.export(stream, form)
    counts = {"quads": sum(1 for _ in store.match())}
    counts["assertions"], counts["sentences"] = _assertions(store, folder)
    counts["entities"] = _table(folder / "entities.csv", _ENTITY_COLUMNS, _entities(store))
    counts["documents"] = _table(folder / "documents.csv", _DOCUMENT_COLUMNS, _documents(store))
    decisions = store.decisions()
    write_decisions(folder / DECISIONS, decisions)
    counts["decisions"] = len(decisions)
    write_ontology_data(folder)
    mark(folder)
    described = {name: (_sha256(folder / name), (folder / name).stat().st_size) for name in WHAT if name != "void.ttl"}
    (folder / "void.ttl").write_bytes(void(store, counts, described, terms))
    described["void.ttl"] = (_sha256(folder / "void.ttl"), (folder / "void.ttl").stat().st_size)
    (folder / "README.md").write_text(readme(store, counts, described, terms), encoding="utf-8")
    described["README.md"] = (_sha256(folder / "README.md"), 0)
    sums = "".join(f"{digest}  {name}\n" for name, (digest, _) in sorted(described.items()))
    (folder / SUMS).write_text(sums, encoding="utf-8")
    return counts


_ASSERTION_COLUMNS = (
    "assertion", "subject", "subject_label", "relation", "object", "object_label", "negated", "modality", "attributed_to", "date",
    "confidence", "independent_sources", "sentences",
)  # fmt: skip
_EVIDENCE_COLUMNS = ("assertion", "document", "begin", "end", "sentence")
_ENTITY_COLUMNS = (
    "entity",
    "class",
    "id",
    "label",
    "other_labels",
    "principal",
    "head",
    "targets",
    "concerns",
    "same_as",
)
_DOCUMENT_COLUMNS = ("document", "title", "publisher", "url", "date")


def _assertions(store: Store, folder: Path) -> tuple[int, int]:
    """Both tables in one reading of the store; the numbers of their rows."""
    numbers = [0, 0]
    with _writing(folder / "assertions.csv") as said, _writing(folder / "evidence.csv") as told:
        rows, sentences = _rows(said, _ASSERTION_COLUMNS), _rows(told, _EVIDENCE_COLUMNS)
        for a in store.assertions():
            node = ox.NamedNode(ASSERTION + assertion_id(a))
            sources = next((text_of(q.object) for q in store.match(node, iri("kg:independentSources"))), "")
            keys = [entity_iri(e.type.value, e.id) if e else "" for e in (a.subject, a.object, a.attributed_to)]
            rows.writerow(
                [node.value, keys[0], a.subject.label, a.relation, keys[1], a.object.label, str(a.negated).lower(), a.modality.value,
                 keys[2], a.date or "", a.confidence, sources, len(a.evidence)]
            )  # fmt: skip
            sentences.writerows([node.value, e.document, e.start, e.end, e.text] for e in a.evidence)
            numbers[0] += 1
            numbers[1] += len(a.evidence)
    return numbers[0], numbers[1]


def _entities(store: Store) -> Iterator[list[str]]:
    for quad in sorted(store.match(None, iri("kg:id"), None, ENTITIES), key=str):
        kind, ident = entity_key(text_of(quad.subject))

        def told(name: str, node: Any = quad.subject) -> str:
            return "|".join(sorted(text_of(q.object) for q in store.match(node, iri(name), None, ENTITIES)))

        names = ("rdfs:label", "skos:altLabel", "kg:principal", "kg:head", "kg:target", "kg:concern", "owl:sameAs")
        yield [text_of(quad.subject), kind, ident, *(told(name) for name in names)]


def _documents(store: Store) -> Iterator[list[str]]:
    for name, known in store.documents().items():
        yield [name, *(known.get(key, "") for key in ("title", "source", "url", "date"))]


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    count = 0
    with _writing(path) as stream:
        writer = _rows(stream, columns)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _writing(path: Path) -> io.TextIOWrapper:
    return path.open("w", encoding="utf-8", newline="")


def _rows(stream: io.TextIOWrapper, columns: Sequence[str]) -> Any:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    return writer
