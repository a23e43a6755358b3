"""The SPARQL 1.1 Protocol: a request as a query with its dataset, the answer in the form that the client wants.

https://www.w3.org/TR/sparql11-protocol/ (query operation). Updates are refused: this server only reads.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import anyio
import pyoxigraph as ox
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from kgraph.errors import DamageError, KgraphError, LimitError, ServerError
from kgraph.server.negotiation import best
from kgraph.store import Answer, Dataset, Limits, Store, write_answer
from kgraph.store.forms import GRAPH_FORMS
from kgraph.store.vocabulary import GRAPHS, PREFIXES

SOLUTIONS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
TRIPLES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}
FORM = "application/x-www-form-urlencoded"
TRUNCATED = "x-kgraph-truncated"
_DATASET = {"default-graph-uri", "named-graph-uri"}
_UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}
_BODY_SECONDS = 10
_SPOOLED = 1 << 20
"""So many bytes of an answer are kept in memory."""
_PIECE = 1 << 16
_STATUS: Mapping[type[Exception], int] = {LimitError: 503, DamageError: 500, ServerError: 502}


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
            return await self._answer(request, question)
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

    async def _answer(self, request: Request, question: Question) -> Response:
        """Run the query in a thread; it is stopped where the client goes away."""
        if self._running.statistics().tasks_waiting >= self._running.total_tokens:
            raise RefusalError(503, "too many queries are running; ask again in a moment", {"retry-after": "5"})
        cancelled = threading.Event()
        outcome: list[Response | Exception] = []

        def work() -> None:
            try:
                outcome.append(self._written(question, request.headers.get("accept"), cancelled))
            except (KgraphError, RefusalError, OSError, ValueError) as error:
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
            case Response() as response:
                return response
            case RefusalError() as refused:
                raise refused
            case OSError() as error:
                raise RefusalError(
                    507, f"the answer cannot be kept on this server's disk ({error.strerror}); free space there"
                )
            case error:
                raise RefusalError(status_of(error), str(error))

    def _written(self, question: Question, accept: str | None, cancelled: threading.Event) -> Response:
        """The answer, whole: a limit that is reached in its middle has a status of its own."""
        body = _Body(self._limits.memory)
        with self._store.stream(question.query, self._limits, dataset=question.dataset, cancelled=cancelled) as answer:
            kind = _kind(answer, accept)
            write_answer(answer, (SOLUTIONS | TRIPLES)[kind], body)  # type: ignore[arg-type]
        headers = {"vary": "Accept", "cache-control": "no-store"}
        if answer.truncated:
            headers[TRUNCATED] = str(answer.truncated)
        return body.response(kind, headers)


def status_of(error: Exception) -> int:
    """The status that tells whose trouble an error is: the client's, ours, or that of the server behind us."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise RefusalError(400, "the request is not UTF-8; encode it so") from None
    except ValueError:
        raise RefusalError(400, "the request has too many parameters; give one query") from None


def _is_browser(request: Request) -> bool:
    """A person who follows a link with a query in it wants to see the page."""
    return best(request.headers.get("accept"), [*SOLUTIONS, *TRIPLES, "text/html"]) == "text/html"


class _Body:
    """The body of an answer: in memory while it is small, in a file without a name where it is large."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._file = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 (the response closes it)

    def write(self, data: bytes) -> int:
        """Take a piece; LimitError where it is too much."""
        self._size += len(data)
        if self._size > self._most:
            raise LimitError(f"the answer has more than {self._most >> 20} MiB; narrow the query or add a LIMIT")
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing: it is read where it was written."""

    def response(self, kind: str, headers: dict[str, str]) -> Response:
        """The response, once all was written."""
        self._file.seek(0)
        length = {"content-length": str(self._size)}
        return StreamingResponse(iter(lambda: self._file.read(_PIECE), b""), 200, headers | length, kind)


def _kind(answer: Answer, accept: str | None) -> str:
    """The media type of an answer that the client wants most."""
    if answer.kind == "triples":
        offered = list(TRIPLES)
    else:
        offered = [k for k, form in SOLUTIONS.items() if form in ("json", "xml") or answer.kind == "rows"]
    kind = best(accept, offered)
    if kind is None:
        raise RefusalError(406, f"this answer can be had as {', '.join(offered)}")
    return kind


def graph(triples: Any, kind: str) -> bytes:
    """Triples in a form of RDF, by its media type."""
    return ox.serialize(triples, format=GRAPH_FORMS[TRIPLES[kind]], prefixes=PREFIXES) or b""


def _description(request: Request) -> Response:
    """What this endpoint is (SPARQL 1.1 Service Description); to a browser, the query page."""
    kind = best(request.headers.get("accept"), [*TRIPLES, "text/html"])
    if kind == "text/html":
        return RedirectResponse("/query", 303)
    if request.method == "GET" and request.url.query:
        raise RefusalError(400, "the request has no query; give one as the parameter query")
    if kind is None:
        raise RefusalError(406, f"the description of this endpoint can be had as {', '.join(TRIPLES)}")
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
    return Response(graph(triples, kind), 200, {"vary": "Accept"}, kind)
