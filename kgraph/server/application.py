"""The server as an ASGI application: which path is answered by what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kgraph.errors import KgraphError
from kgraph.server.guard import LOOPBACK, Guard
from kgraph.server.pages import Pages
from kgraph.server.protocol import Endpoint, status_of
from kgraph.store import Limits, Store

_RESOURCES = ("entity", "document", "assertion", "mention", "form", "source", "activity", "agent", "ontology")


@dataclass(frozen=True, slots=True)
class Settings:
    """`hosts` are the names in Host headers that are answered; `size` is of a request's body in bytes; `at_once` queries run
    at the same time, and as many wait."""

    title: str = "kgraph"
    hosts: frozenset[str] = LOOPBACK
    limits: Limits = field(default_factory=lambda: Limits(seconds=30, rows=10_000, memory=1 << 30))
    size: int = 1 << 18
    at_once: int = 2


def application(store: Store, settings: Settings | None = None) -> Starlette:
    """The server of an open store, which it only reads."""
    chosen = settings or Settings()
    pages = Pages(store, chosen.title, chosen.limits)
    sparql = Endpoint(store, chosen.limits, size=chosen.size, at_once=chosen.at_once)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        yield
        pages.close()

    return Starlette(
        routes=[
            Route("/", pages.home),
            Route("/sparql", sparql.answer, methods=["GET", "POST"]),
            Route("/query", pages.query),
            Route("/saved/{name}", pages.saved),
            Route("/search", pages.search),
            Route("/map", pages.map),
            Route("/ontology", pages.ontology),
            *(Route(f"/{kind}/{{rest:path}}", pages.resource) for kind in _RESOURCES),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[Middleware(Guard, hosts=chosen.hosts, size=chosen.size)],
        exception_handlers={HTTPException: _refused, KgraphError: _trouble, Exception: _failed},
        lifespan=life,
    )


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)


def _trouble(request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}\n", status_of(error))


def _failed(request: Request, error: Exception) -> Response:
    return PlainTextResponse("the server failed at this; its log tells why\n", 500)
