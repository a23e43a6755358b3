"""`kgraph serve`: the store in the browser and as a SPARQL endpoint."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from kgraph.commands.keeping import StorePlace
from kgraph.errors import KgraphError


def serve(
    store: StorePlace,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one. Example: --port 8080")] = 8010,
    host: Annotated[
        str, typer.Option(help="The address to listen at; only this machine if left out. Example: --host 0.0.0.0")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name under which others reach this server; may be given again. Example: --allow-host graph.example.org"),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds a query may take. Example: --timeout 60")] = 30,
    rows: Annotated[int, typer.Option(min=1, help="Rows an answer may have. Example: --rows 100000")] = 10_000,
    title: Annotated[str | None, typer.Option(help="The name on the pages. Example: --title 'July 2006'")] = None,
) -> None:  # fmt: skip
    """Show the store in the browser, and answer SPARQL at /sparql. It only reads. Example: kgraph serve --store graph"""
    try:
        import uvicorn

        from kgraph.server import Settings, application
    except ImportError as error:
        raise KgraphError(
            "serving needs starlette and uvicorn; install them with `pip install 'kgraph[serve]'`"
        ) from error
    from kgraph.server.guard import LOOPBACK
    from kgraph.store import Limits, Store

    with _listening(host, port) as listener, Store.open(store) as opened:
        name, number = listener.getsockname()[:2]
        hosts = LOOPBACK | {name, host, *(allow_host or ())}
        settings = Settings(title or f"kgraph: {store}", hosts, Limits(seconds=timeout, rows=rows, memory=1 << 30))
        address = f"[{name}]" if ":" in name else name
        typer.echo(
            f"{store} is shown at http://{address}:{number}/ and answers SPARQL at http://{address}:{number}/sparql; Ctrl-C ends it"
        )
        config = uvicorn.Config(
            application(opened, settings),
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=2,
            limit_concurrency=100,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise KgraphError(
            f"{host}:{port} cannot be listened at ({error.strerror}); choose another --port or --host"
        ) from error
