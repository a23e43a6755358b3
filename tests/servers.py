"""SPARQL servers that tests start and stop: our own, Oxigraph's from pip, Virtuoso from Debian."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 4000
ServerThreads = 10
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def oxigraph(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Oxigraph's server on a folder, answering."""
    found = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if found is None:
        pytest.skip("the Oxigraph server is not installed")
    command = [found, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    return _answering(command, f"http://127.0.0.1:{port}/query")


@contextmanager
def virtuoso(folder: Path, port: int, rows: int = 1_000_000) -> Iterator[str]:
    """Virtuoso on a new folder; gives its address."""
    if shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso is not installed")
    folder.mkdir()
    (folder / "v.ini").write_text(
        VIRTUOSO.format(folder=folder, sql=free_port(), port=port, rows=rows), encoding="ascii"
    )
    process = _answering(["virtuoso-t", "-f", "-c", str(folder / "v.ini")], f"http://127.0.0.1:{port}/sparql")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _answering(command: list[str], address: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            httpx.get(address, params={"query": "ASK {}"}, timeout=5, trust_env=False)
            return process
        except httpx.TransportError:
            assert process.poll() is None, f"{command[0]} ended"
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"{command[0]} does not answer")


def start(folder: Path | str, *options: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """Our own server on a store, answering, and its address."""
    command = [
        sys.executable,
        "-c",
        "from kgraph.cli import main; main()",
        "serve",
        "--store",
        str(folder),
        "--port",
        "0",
        *options,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    address = re.search(r"(?<=shown at )http://[\d.:]+", told)
    assert address, told
    for _ in range(100):
        try:
            httpx.get(address[0] + "/ontology", timeout=10)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    return process, address[0]
