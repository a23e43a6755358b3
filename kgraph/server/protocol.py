"""The SPARQL 1.1 Protocol: a request as a query with its dataset, the answer in the form that the client wants.

https://www.w3.org/TR/sparql11-protocol/ (query operation). Updates are refused: this server only reads.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import anyio
import pyoxigraph as ox
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kgraph.errors import KgraphError, LimitError
from kgraph.server.negotiation import best
from kgraph.store import Dataset, Limits, QueryResult, Store
from kgraph.store.results import format_result, is_ask
from kgraph.store.vocabulary import GRAPHS, PREFIXES

SOLUTIONS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
GRAPH_FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
FORM = "application/x-www-form-urlencoded"
TRUNCATED = "x-kgraph-truncated"
_DATASET = {"default-graph-uri", "named-graph-uri"}
_UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}
_BODY_SECONDS = 10


class RefusalError(Exception):
    """A request that is answered by a status and one sentence."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}

    def response(self) -> Response:
        """The answer."""
        return PlainTextResponse(self.message + "\n", self.status, self.headers)


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks: the query, and the dataset where it names one."""

    query: str
    dataset: Dataset | None


class Endpoint:
    """The query operation over a store, with so many queries at once and as many waiting."""

    def __init__(self, store: Store, limits: Limits, *, size: int, at_once: int) -> None:
        self._store, self._limits, self._size = store, limits, size
        self._running = anyio.CapacityLimiter(at_once)

    async def answer(self, request: Request) -> Response:
        """Answer a request; every refusal is a status and one sentence."""
        try:
            if request.method in ("GET", "HEAD") and "query" not in request.query_params:
                return _description(request)
            question = await self._question(request)
            if request.method == "GET" and _is_browser(request):
                return RedirectResponse("/query?" + request.url.query, 303)
            result = await self._answer(request, question)
            return _response(result, request.headers.get("accept"))
        except RefusalError as refused:
            return refused.response()

    async def _question(self, request: Request) -> Question:
        given = _pairs(request.url.query)
        if request.method == "POST":
            kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
            if kind == "application/sparql-update":
                raise RefusalError(403, "this server only reads; updates are not answered")
            if kind not in (FORM, "application/sparql-query"):
                raise RefusalError(
                    415, f"the content type is {kind or 'not given'}; use {FORM} or application/sparql-query"
                )
            try:
                body = (await self._body(request)).decode()
            except UnicodeDecodeError:
                raise RefusalError(400, "the request is not UTF-8; encode it so") from None
            given = _pairs(body) if kind == FORM else [*given, ("query", body)]
        if any(name in _UPDATES for name, _ in given):
            raise RefusalError(403, "this server only reads; updates are not answered")
        queries = [value for name, value in given if name == "query"]
        if len(queries) != 1:
            raise RefusalError(400, f"the request has {len(queries)} queries; give one as the parameter query")
        graphs = {kind: tuple(v for n, v in given if n == kind) for kind in _DATASET}
        for graph in (g for found in graphs.values() for g in found):
            try:
                ox.NamedNode(graph)
            except ValueError:
                raise RefusalError(400, "a graph of the dataset is no IRI; write it in full") from None
        dataset = Dataset(graphs["default-graph-uri"], graphs["named-graph-uri"]) if any(graphs.values()) else None
        return Question(queries[0], dataset)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        try:
            with anyio.fail_after(_BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._size:
                        raise RefusalError(413, f"the request is too large; {self._size} bytes are the most")
        except TimeoutError:
            raise RefusalError(408, f"the request did not come within {_BODY_SECONDS} seconds; send it again") from None
        except ClientDisconnect:
            raise RefusalError(400, "the request did not come whole; send it again") from None
        return bytes(body)

    async def _answer(self, request: Request, question: Question) -> QueryResult:
        """Run the query in a thread; it is stopped where the client goes away."""
        if self._running.statistics().tasks_waiting >= self._running.total_tokens:
            raise RefusalError(503, "too many queries are running; ask again in a moment", {"retry-after": "5"})
        cancelled = threading.Event()
        outcome: list[QueryResult | Exception] = []

        def work() -> None:
            try:
                outcome.append(
                    self._store.ask(question.query, self._limits, dataset=question.dataset, cancelled=cancelled)
                )
            except (KgraphError, ValueError) as error:
                outcome.append(error)

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            cancelled.set()

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            await run_sync(work, limiter=self._running)
            group.cancel_scope.cancel()
        match outcome[0]:
            case LimitError() as error:
                raise RefusalError(503, str(error))
            case Exception() as error:
                raise RefusalError(400, str(error))
            case result:
                return result


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise RefusalError(400, "the request is not UTF-8; encode it so") from None
    except ValueError:
        raise RefusalError(400, "the request has too many parameters; give one query") from None


def _is_browser(request: Request) -> bool:
    """A person who follows a link with a query in it wants to see the page."""
    return best(request.headers.get("accept"), [*SOLUTIONS, *GRAPH_FORMS, "text/html"]) == "text/html"


def _response(result: QueryResult, accept: str | None) -> Response:
    if result.triples is not None:
        kind = best(accept, list(GRAPH_FORMS))
        body: bytes | str = graph(result.triples, GRAPH_FORMS[kind]) if kind else ""
    else:
        offered = [k for k, form in SOLUTIONS.items() if form in ("json", "xml") or not is_ask(result)]
        kind = best(accept, offered)
        body = format_result(result, SOLUTIONS[kind]) + "\n" if kind else ""
    if kind is None:
        raise RefusalError(
            406, f"this answer can be had as {', '.join(GRAPH_FORMS if result.triples is not None else SOLUTIONS)}"
        )
    headers = {"vary": "Accept", "cache-control": "no-store"}
    if result.truncated:
        headers[TRUNCATED] = str(len(result.terms))
    return Response(body, 200, headers, kind)


def graph(triples: Any, form: ox.RdfFormat) -> bytes:
    """Triples in a form of RDF."""
    return ox.serialize(triples, format=form, prefixes=PREFIXES) or b""


def _description(request: Request) -> Response:
    """What this endpoint is (SPARQL 1.1 Service Description); to a browser, the query page."""
    kind = best(request.headers.get("accept"), [*GRAPH_FORMS, "text/html"])
    if kind == "text/html":
        return RedirectResponse("/query", 303)
    if request.method == "GET" and request.url.query:
        raise RefusalError(400, "the request has no query; give one as the parameter query")
    if kind is None:
        raise RefusalError(406, f"the description of this endpoint can be had as {', '.join(GRAPH_FORMS)}")
    sd, formats = "http://www.w3.org/ns/sparql-service-description#", "http://www.w3.org/ns/formats/"
    node, dataset, default = ox.NamedNode(str(request.url.replace(query=""))), ox.BlankNode(), ox.BlankNode()
    rdf_type = ox.NamedNode(PREFIXES["rdf"] + "type")

    def name(local: str) -> ox.NamedNode:
        return ox.NamedNode(sd + local)

    triples = [
        ox.Triple(node, rdf_type, name("Service")),
        ox.Triple(node, name("endpoint"), node),
        ox.Triple(node, name("supportedLanguage"), name("SPARQL11Query")),
        ox.Triple(node, name("feature"), name("UnionDefaultGraph")),
        ox.Triple(node, name("defaultDataset"), dataset),
        ox.Triple(dataset, rdf_type, name("Dataset")),
        ox.Triple(dataset, name("defaultGraph"), default),
        ox.Triple(default, rdf_type, name("Graph")),
    ]
    for local in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
    ):
        triples.append(ox.Triple(node, name("resultFormat"), ox.NamedNode(formats + local)))
    for iri in GRAPHS:
        part = ox.BlankNode()
        triples += [ox.Triple(dataset, name("namedGraph"), part), ox.Triple(part, name("name"), ox.NamedNode(iri))]
    return Response(graph(triples, GRAPH_FORMS[kind]), 200, {"vary": "Accept"}, kind)
