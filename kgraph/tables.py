"""Tables of the field's data sets into a store: found among the sources, recognised, read row by row, accounted for."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kgraph.configuration import records_configuration
from kgraph.documents import is_document
from kgraph.errors import KgraphError
from kgraph.extraction.records import Account, Mapping, TableFile, members, read_table, recognise
from kgraph.extraction.records.files import ALWAYS_TABLES, ARCHIVE, READ_ERRORS, files_in, no_tables_of
from kgraph.extraction.records.recognition import is_known, misfit
from kgraph.model import Assertion, Document

if TYPE_CHECKING:
    from kgraph.store import Store

Sources = Iterable[str | Path]
_NAMED = 5
"""So many members of an archive that are no tables are named."""


def find_tables(
    sources: Sources, mapping: Mapping | None = None, only: Callable[[Path], bool] | None = None
) -> tuple[list[Path], list[str]]:
    """The tables among the sources, and the sources that hold documents beside them.

    CSV, TSV and workbooks are tables; text, JSON Lines, JSON, XML, Parquet and zip archives are where a known format is
    recognised in them, or where a mapping of the user's fits the columns; beside a mapping, JSON Lines and Parquet are
    tables, too, where they have no text. A folder of nothing but tables is no source of documents. Of a folder, the files
    are looked at for which `only` is true.
    """
    tables: list[Path] = []
    others: list[str] = []
    for source in map(str, sources):
        path = Path(source)
        if source == "-" or not path.exists():
            others.append(source)
        elif not path.is_dir():
            if is_table(path, mapping):
                tables.append(path)
            else:
                others.append(source)
        else:
            found = [p for p in files_in(path) if (only is None or only(p)) and is_table(p, mapping)]
            tables += found
            known = set(found)
            if not found or any(is_document(p) and p not in known for p in files_in(path)):
                others.append(source)
    return tables, others


def without_tables(tables: Iterable[Path], only: Callable[[Path], bool] | None = None) -> Callable[[Path], bool] | None:
    """`only`, for files that are no table; None where there is neither a condition nor a table."""
    known = frozenset(tables)
    if not known:
        return only
    return lambda path: path not in known and (only is None or only(path))


def readable_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it that hold documents or may be tables, by their names."""
    return (p for p in files_in(folder) if is_document(p) or TableFile(p, p.name).kind is not None)


def _suffix(path: Path) -> str:
    return TableFile(path, path.name).suffix


def is_table(path: Path, mapping: Mapping | None = None) -> bool:
    """Is a file a table: by its name, by a mapping of the user's, or since a known format is recognised in it?"""
    suffix = _suffix(path)
    if suffix in ALWAYS_TABLES:
        return True
    if suffix != ARCHIVE and TableFile(path, path.name).kind is None:
        return mapping is not None and not is_document(path)
    try:
        return is_known(path, mapping)
    except (KgraphError, *READ_ERRORS):
        return False


def read_tables(
    tables: Iterable[Path],
    mapping: Mapping | None = None,
    *,
    strict: bool = False,
    accounts: list[Account],
) -> Iterator[tuple[Document, list[Assertion]]]:
    """Each row of the tables that says something, as a document with its assertions; `accounts` gets one for each table."""
    for stream, file, used, account in _opened(tables, mapping, accounts):
        with _told(account, strict):
            for _, said in read_table(stream, file, used, account, strict=strict):
                yield from said


def build_tables(
    tables: Iterable[Path],
    store: Store,
    mapping: Mapping | None = None,
    *,
    strict: bool = False,
    on_document: Callable[[Document, int], None] | None = None,
) -> list[Account]:
    """Store the rows of tables, each as a document of its own; returns an account for each table.

    A row that is stored already as it is, is not written again, so that a build that was stopped goes on from there; rows
    that a changed table no longer has are taken out. A table that cannot be read is told in its account, and the others
    are read. With `strict`, the first wrong row raises KgraphError; what came before it is stored.
    """
    accounts: list[Account] = []
    for stream, file, used, account in _opened(tables, mapping, accounts):
        made = records_configuration(used)
        known = next(store.rows_of(file.name), None) is not None
        met = array("Q")
        with _told(account, strict):
            for _, said in read_table(stream, file, used, account, strict=strict):
                fresh = False
                for document, found in said:
                    if known:
                        met.append(_hash(document.id))
                    if not (known and store.current(document, made)):
                        store.put(document, found, made)
                        account.added += len(found)
                        fresh = True
                    if on_document:
                        on_document(document, len(found))
                account.unchanged += not fresh
            if known and not account.problem:
                account.removed = _forget(store, file.name, met)
    store.settle()
    return accounts


def _opened(
    tables: Iterable[Path], mapping: Mapping | None, accounts: list[Account]
) -> Iterator[tuple[IO[bytes], TableFile, Mapping, Account]]:
    """Each table, open, with its mapping; what cannot be opened, or is of no known format, is told in its account."""
    names: set[str] = set()
    for path in tables:
        found: list[TableFile] = []
        with _told(Account(path.name), strict=False, into=accounts):
            found = members(path)
            if not found:
                raise KgraphError("holds no table")
        beside = no_tables_of(path) if found else []
        for file in found:
            account = Account(file.name)
            if beside and file is found[0]:
                more = f" and {len(beside) - _NAMED} more" if len(beside) > _NAMED else ""
                account.notes.append(f"members of the archive that are no tables: {', '.join(beside[:_NAMED])}{more}")
            accounts.append(account)
            if file.name in names:
                account.problem = "another table of this build has the same name; rename one"
                continue
            names.add(file.name)
            with _told(account, strict=False), _readable(file) as stream:
                used = _mapping_of(file, stream, mapping)
                if used is None:
                    raise KgraphError(
                        f"is of no known format; `kgraph mapping new {path}` writes a first mapping for it"
                    )
                yield stream, file, used, account


def _mapping_of(file: TableFile, stream: IO[bytes], own: Mapping | None) -> Mapping | None:
    """The user's mapping where it fits, else that of the known format; where there is none, the user's, which says why."""
    if own is not None and misfit(own, file, stream) is None:
        return own
    return recognise(file, stream) or own


@contextmanager
def _readable(file: TableFile) -> Iterator[IO[bytes]]:
    try:
        with file.open() as stream:
            yield stream
    except READ_ERRORS as error:
        raise KgraphError(f"{file.name}: cannot be read ({error}); fetch it again") from error


@contextmanager
def _told(account: Account, strict: bool, into: list[Account] | None = None) -> Iterator[None]:
    """KgraphError inside becomes the problem of an account, noted in `into`; with `strict` it goes on."""
    try:
        yield
    except KgraphError as error:
        if strict:
            raise
        account.problem = str(error).removeprefix(account.name + ": ")
        if into is not None:
            into.append(account)


def _hash(ident: str) -> int:
    return int.from_bytes(hashlib.blake2b(ident.encode(), digest_size=8).digest(), "big")


def _forget(store: Store, table: str, met: array[int]) -> int:
    """Take out the rows of a table that were not met; returns how many."""
    import numpy as np

    seen = np.sort(np.frombuffer(met, dtype=np.uint64)) if met else np.empty(0, dtype=np.uint64)
    gone = []
    for ident in store.rows_of(table):
        value = np.uint64(_hash(ident))
        at = int(np.searchsorted(seen, value))
        if at == len(seen) or seen[at] != value:
            gone.append(ident)
    store.remove_all(gone)
    return len(gone)
