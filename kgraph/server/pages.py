"""The pages for people. All text of the graph is escaped by the templates."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from kgraph.errors import KgraphError, LimitError
from kgraph.model import NodeType
from kgraph.ontology import relations
from kgraph.server import describing as d
from kgraph.server.negotiation import best
from kgraph.server.protocol import TRIPLES, graph
from kgraph.store import Limits, Store, saved_queries
from kgraph.store.mapping import compact
from kgraph.store.search import search
from kgraph.store.testimony import account
from kgraph.store.vocabulary import BASE, ENTITY, GRAPH, PREFIXES

_HERE = Path(__file__).parent
_SHORT = {
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "ntriples": "application/n-triples",
}
_HITS = 100
_LISTED = 24
"""So many actors, and half as many documents, stand on the first page."""
_SUMMARY = {
    "counts": (
        "SELECT ?name ?n { { SELECT ('documents' AS ?name) (COUNT(?x) AS ?n) { GRAPH g:corpus { ?x a kg:Document } } } UNION "
        "{ SELECT ('assertions' AS ?name) (COUNT(?x) AS ?n) { GRAPH g:corpus { ?x a kg:Assertion } } } UNION "
        "{ SELECT ('entities' AS ?name) (COUNT(?x) AS ?n) { GRAPH g:entities { ?x kg:id ?id } } } }"
    ),
    "actors": (
        "SELECT ?e ?label ?n { { SELECT ?e (COUNT(?a) AS ?n) { GRAPH g:corpus { ?a rdf:subject ?e } } GROUP BY ?e } "
        f"?e rdfs:label ?label }} ORDER BY DESC(?n) ?label LIMIT {_LISTED}"
    ),
    "documents": (
        "SELECT ?d ?id ?title ?date { ?d a kg:Document ; dcterms:identifier ?id OPTIONAL { ?d dcterms:title ?title } "
        f"OPTIONAL {{ ?d dcterms:date ?date }} }} ORDER BY DESC(?date) ?id LIMIT {_LISTED // 2}"
    ),
}
"""What the first page tells, each by a query."""


class Pages:
    """The pages of a store."""

    def __init__(self, store: Store, title: str, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True)
        environment.globals |= {
            "title": title, "entity_path": d.entity_path, "document_path": d.document_path, "path_of": d.path_of,
            "pieces": d.pieces, "compact": compact, "page_size": d.PAGE,
        }  # fmt: skip
        self._templates = environment
        self._maps: dict[bool, Path] = {}
        self._summary: dict[str, Any] = {}
        self._drawing, self._searching, self._counting = threading.Lock(), threading.Lock(), threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="kgraph-serve-")

    def close(self) -> None:
        """Remove what was made for showing."""
        self._folder.cleanup()

    def _html(self, template: str, **context: Any) -> Response:
        headers = {"vary": "Accept", "cache-control": "no-cache"}
        return Response(self._templates.get_template(template).render(context), 200, headers, "text/html")

    def home(self, request: Request) -> Response:
        """What the store holds, and ways into it.

        All of the store is read for this: once, and within the limits of strangers' queries. What takes longer is left out.
        """
        with self._counting:
            if not self._summary:
                self._summary = {name: self._summed(text) for name, text in _SUMMARY.items()}
        return self._html("home.html", seconds=self._limits.seconds, **self._summary)

    def _summed(self, sparql: str) -> Any:
        try:
            return self._store.ask(sparql, replace(self._limits, rows=_LISTED)).rows
        except LimitError:
            return None

    def query(self, request: Request) -> Response:
        """The query page: an editor, the saved queries, the answer as a table."""
        known = {q.name: {"title": q.title, "parameters": q.parameters} for q in saved_queries().values()}
        data = {
            "saved": known,
            "prefixes": PREFIXES,
            "base": BASE,
            "relations": {r.name: r.definition for r in relations().values()},
        }
        return self._html("query.html", data=data)

    def saved(self, request: Request) -> Response:
        """The SPARQL of a saved query with its parameters."""
        name = request.path_params["name"]
        if name not in saved_queries():
            raise HTTPException(404, "there is no such saved query")
        entry, given = saved_queries()[name], dict(request.query_params)
        if not given.keys() <= entry.parameters.keys():
            raise HTTPException(400, f"query {name} has other parameters: {', '.join(entry.parameters) or 'none'}")
        return JSONResponse({"query": entry.sparql(**given)})

    def search(self, request: Request) -> Response:
        """Names and sentences with these words."""
        words = request.query_params.get("q", "").strip()
        try:
            with self._searching:  # the first search makes the index
                hits = search(self._store, words, limit=_HITS) if words else []
        except KgraphError:
            hits = []
        return self._html("search.html", words=words, hits=hits)

    def map(self, request: Request) -> Response:
        """The map, made once for a store."""
        from kgraph.map import MapOptions
        from kgraph.pipeline import Graph

        folded = "principals" in request.query_params
        with self._drawing:
            if folded not in self._maps:
                path = Path(self._folder.name) / f"map-{folded}.html"
                options = MapOptions(str(self._templates.globals["title"]), principals=folded)
                Graph(self._store).map(path, options)
                self._maps[folded] = path
        # The map has a policy of its own, with the hashes of its scripts.
        headers = {"content-security-policy": "frame-ancestors 'none'; base-uri 'none'"}
        return FileResponse(self._maps[folded], media_type="text/html", headers=headers)

    def ontology(self, request: Request) -> Response:
        """All relations."""
        node = ox.NamedNode(GRAPH + "ontology")

        def triples() -> list[Any]:
            return sorted({q.triple for q in self._store.match(None, None, None, node)}, key=str)

        return self._negotiated(request, triples, lambda: self._html("ontology.html", relations=relations()))

    def resource(self, request: Request) -> Response:
        """The page, or the triples, of any IRI of ours; one that was merged into another leads there."""
        node = d.iri_of_path(_raw_path(request))
        successor = d.replacement(self._store, node)
        if successor is not None:
            return RedirectResponse(str(d.path_of(successor)), 301)
        if not d.known(self._store, node):
            raise HTTPException(404, "the store says nothing of this")
        kind = node.removeprefix(BASE).split("/")[0]
        page = {"entity": self._entity, "document": self._document, "assertion": self._assertion}.get(kind, self._other)
        return self._negotiated(request, lambda: d.triples(self._store, node), lambda: page(request, node))

    def _negotiated(self, request: Request, triples: Callable[[], list[Any]], page: Callable[[], Response]) -> Response:
        asked = request.query_params.get("format")
        if asked is not None and asked not in _SHORT:
            raise HTTPException(400, f"there is no format {asked!r}; use one of {', '.join(_SHORT)}")
        kind = _SHORT[asked] if asked else best(request.headers.get("accept"), ["text/html", *TRIPLES])
        if kind is None:
            raise HTTPException(406, f"this can be had as text/html, {', '.join(TRIPLES)}")
        links = ", ".join(f'<?format={name}>; rel="alternate"; type="{of}"' for name, of in _SHORT.items())
        headers = {"vary": "Accept", "link": links}
        if kind == "text/html":
            response = page()
            response.headers.update(headers)
            return response
        return Response(graph(triples(), kind), 200, headers, kind)

    def _entity(self, request: Request, node: str) -> Response:
        page = _page(request)
        facts = d.facts(self._store, node)
        lines, count = d.lines_about(self._store, node, page)
        principals = {
            ident: path
            for ident in facts.get(PREFIXES["kg"] + "principal", ())
            for kind in (NodeType.STATE, NodeType.ORGANIZATION)
            if d.known(self._store, ENTITY + f"{kind}/{ident}")
            and (path := f"/entity/{kind}/{ident}") != d.path_of(node)
        }
        return self._html(
            "entity.html",
            node=node,
            facts=facts,
            prefixes=PREFIXES,
            principals=principals,
            lines=lines,
            count=count,
            page=page,
        )

    def _document(self, request: Request, node: str) -> Response:
        page = _page(request)
        (ident,) = d.facts(self._store, node)[PREFIXES["dcterms"] + "identifier"]
        sentences, count = d.lines_of(self._store, ident, page)
        return self._html(
            "document.html",
            node=node,
            ident=ident,
            known=self._store.document(ident),
            sentences=sentences,
            count=count,
            page=page,
        )

    def _assertion(self, request: Request, node: str) -> Response:
        return self._html(
            "assertion.html", node=node, line=d.line(self._store, node), account=account(self._store, node)
        )

    def _other(self, request: Request, node: str) -> Response:
        return self._html("resource.html", node=node, facts=d.facts(self._store, node))


def _raw_path(request: Request) -> str:
    """The path as it was sent: a slash inside an id is not one between its parts."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.split(b"?")[0].decode("ascii", "replace")


def _page(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return min(max(int(given), 1), 1_000_000) if given.isdecimal() and len(given) < 8 else 1
