"""Any SPARQL 1.1 server as the store, by the SPARQL Protocol and the Graph Store Protocol.

A change of many graphs is no single request in these protocols. So it is written down first, whole, in a graph of its own
(the journal: one PUT, which a server does or does not do); then it is done, step by step, each of which may be repeated; then
the journal is removed. Whoever opens the store for writing after a death in between, the server's or ours, ends what the
journal tells. What queries see are our graphs alone (`GRAPHS`), named in each request, whatever else the server holds.
"""

from __future__ import annotations

import io
import re
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgraph.errors import KgraphError, LimitError, ServerError
from kgraph.store.results import TRIPLE, in_parts
from kgraph.store.sandbox import Dataset, Limits
from kgraph.store.transport import Transport
from kgraph.store.vocabulary import GRAPH, GRAPHS, KG, PREFIXES

if TYPE_CHECKING:
    import httpx

_STATE = ox.NamedNode(GRAPH + "store")
_JOURNAL = ox.NamedNode(GRAPH + "journal")
_ADDED, _REMOVED, _COUNT = (ox.NamedNode(KG + name) for name in ("toAdd", "toRemove", "parts"))
_SCHEMA, _GENERATION = ox.NamedNode(KG + "schema"), ox.NamedNode(KG + "generation")
_JSON = "application/sparql-results+json"
_POSTED = 20_000
"""So many triples in one POST."""
_UPDATED = 500
"""So many triples in one update: Virtuoso takes no long ones."""
_ASKED = 300
"""So many terms in one VALUES."""
_LITERAL = 10_000
"""So many characters in one literal of the journal: of long lines Virtuoso thinks that they are no RDF."""
_BOOLEANS = {"1": "true", "0": "false"}


class Remote:
    """Our graphs on a server. Raises KgraphError where it does not answer or refuses."""

    def __init__(self, url: str) -> None:
        self._transport = Transport(url)
        self._generation: str | None = None

    @property
    def url(self) -> str:
        """The address that was given."""
        return self._transport.url

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def flush(self) -> None:
        """Nothing: the server keeps what it acknowledged."""

    def schema(self) -> int | None:
        """The schema of the store on the server; None where there is no store."""
        for _, predicate, value, _ in self._select(
            f"GRAPH {_STATE} {{ ?s ?p ?o }} BIND({_STATE} AS ?g)", [_STATE.value]
        ):
            if predicate == _SCHEMA:
                return int(value.value)
        return None

    def begin(self, schema: int) -> bool:
        """Get ready to write; True where a journal was found and its change was brought to its end."""
        ended = self._recover(schema)
        if self.schema() is None:
            self._generation = None
            self._finish(schema)
        self._generation = self._current()
        return ended

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> Iterator[ox.Quad]:
        """The quads of a pattern; None matches all."""
        if subject is None and predicate is None and value is None:
            for name in [graph] if graph is not None else map(ox.NamedNode, GRAPHS):
                yield from self._graph(name)
            return
        terms = {"s": subject, "p": predicate, "o": value}
        pattern = " ".join(f"?{n}" if t is None else str(t) for n, t in terms.items())
        where = f"GRAPH {graph or '?g'} {{ {pattern} }}"
        given = "".join(f" BIND({t} AS ?{n})" for n, t in (*terms.items(), ("g", graph)) if t is not None)
        for s, p, o, g in self._select(where + given, GRAPHS):
            yield ox.Quad(s, p, o, g)

    def of(self, subjects: Sequence[Any], predicate: Any = None) -> Iterator[ox.Quad]:
        """The quads of many subjects, in few requests."""
        yield from self._many("s", subjects, f"?s {predicate or '?p'} ?o", predicate)

    def to(self, predicate: Any, values: Sequence[Any]) -> Iterator[ox.Quad]:
        """The quads of a predicate that lead to many objects, in few requests."""
        yield from self._many("o", values, f"?s {predicate} ?o", predicate)

    def _many(self, name: str, terms: Sequence[Any], pattern: str, predicate: Any) -> Iterator[ox.Quad]:
        given = f" BIND({predicate} AS ?p)" if predicate is not None else ""
        for start in range(0, len(terms), _ASKED):
            values = " ".join(str(t) for t in terms[start : start + _ASKED])
            for s, p, o, g in self._select(f"VALUES ?{name} {{ {values} }} GRAPH ?g {{ {pattern} }}{given}", GRAPHS):
                yield ox.Quad(s, p, o, g)

    def __contains__(self, quad: ox.Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name))

    def __iter__(self) -> Iterator[ox.Quad]:
        return self.quads_for_pattern(None, None, None)

    def parts(
        self,
        sparql: str,
        limits: Limits | None = None,
        dataset: Dataset | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[tuple[str, Any]]:
        """Parts of the answer to a checked query, as `sandbox.run` gives them, and with its errors."""
        form = _form(sparql)
        accept = _JSON if form in ("SELECT", "ASK") else "application/n-triples"
        own = dataset or Dataset(GRAPHS, GRAPHS)
        sent: dict[str, Any] = {"query": sparql, "default-graph-uri": own.default, "named-graph-uri": own.named}
        more: dict[str, Any] = {"data": sent, "headers": {"Accept": accept}}
        if limits is not None:
            more["timeout"] = limits.seconds
            # Virtuoso and Fuseki then stop by themselves; others know no such parameter.
            sent["timeout"] = str(int(limits.seconds * 1000))
        try:
            with self._transport.stream("POST", self._transport.addresses.query, **more) as reply:
                self._whole(reply)
                yield from _parts(form, _Body(reply, limits, cancelled), limits)
        except (SyntaxError, ValueError) as error:
            # Oxigraph's server ends an answer in the middle where its own limit of time is reached.
            raise LimitError(
                f"{self.url}: the answer broke off; the server's own limit may be reached: narrow the query"
            ) from error
        except KgraphError as error:
            if limits is not None and "timed out" in str(error):
                raise LimitError(
                    f"the query was stopped after {limits.seconds:g} seconds; narrow it, or allow more time (--timeout)"
                ) from error
            raise

    def write(self, added: Sequence[ox.Quad], removed: Sequence[ox.Quad]) -> None:
        """Make a change, all or none of it; see the module."""
        told = self._current()
        if told != self._generation or next(self._graph(_JOURNAL), None) is not None:
            raise KgraphError(f"{self.url}: another process writes to the store; wait for it and build again")
        schema = self.schema()
        assert schema is not None
        self._put(_JOURNAL, _journal(added, removed))
        self._apply(added, removed)
        self._finish(schema)

    def _apply(self, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> None:
        gone = list(removed)
        for start in range(0, len(gone), _UPDATED):
            lines = [
                f"GRAPH {q.graph_name} {{ {q.subject} {q.predicate} {q.object} }}"
                for q in gone[start : start + _UPDATED]
            ]
            self._update("DELETE DATA { " + "\n".join(lines) + " }")
        graphs: dict[Any, list[ox.Triple]] = {}
        for quad in added:
            graphs.setdefault(quad.graph_name, []).append(quad.triple)
        for graph, triples in graphs.items():
            for start in range(0, len(triples), _POSTED):
                self._send_graph("POST", graph, triples[start : start + _POSTED])

    def _finish(self, schema: int) -> None:
        generation = uuid.uuid4().hex
        state = [ox.Triple(_STATE, _SCHEMA, ox.Literal(schema)), ox.Triple(_STATE, _GENERATION, ox.Literal(generation))]
        self._put(_STATE, state)
        self._generation = generation
        self._transport.send(
            "DELETE", self._transport.addresses.graphs, params={"graph": _JOURNAL.value}, allowed=(404,)
        )

    def _recover(self, schema: int) -> bool:
        """End the change of a journal that is whole; one that is not was never begun."""
        found = list(self._graph(_JOURNAL))
        if not found:
            return False
        (parts,) = [int(q.object.value) for q in found if q.predicate == _COUNT] or [-1]  # type: ignore[union-attr]
        if len(found) - 1 == parts:
            texts = {p: "".join(_ordered(found, p)) for p in (_ADDED, _REMOVED)}
            added, removed = (list(ox.parse(texts[p], format=ox.RdfFormat.N_QUADS)) for p in (_ADDED, _REMOVED))
            self._apply(added, removed)
        self._finish(schema)
        return True

    def _current(self) -> str | None:
        found = [q.object for q in self._graph(_STATE) if q.predicate == _GENERATION]
        return str(found[0].value) if found else None  # type: ignore[union-attr]

    def _graph(self, graph: ox.NamedNode) -> Iterator[ox.Quad]:
        """All of a graph."""
        address, more = (
            self._transport.addresses.graphs,
            {"params": {"graph": graph.value}, "headers": {"Accept": "application/n-triples"}},
        )
        reply = self._transport.send("GET", address, allowed=(404,), **more)
        if reply.status_code != 404:
            for triple in ox.parse(reply.content, format=ox.RdfFormat.N_TRIPLES):
                yield ox.Quad(triple.subject, triple.predicate, _canonical(triple.object), graph)

    def _put(self, graph: ox.NamedNode, triples: Sequence[ox.Triple]) -> None:
        self._send_graph("PUT", graph, triples)

    def _send_graph(self, method: str, graph: Any, triples: Sequence[ox.Triple]) -> None:
        # N-Triples is Turtle, which every server reads.
        body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
        self._transport.send(
            method,
            self._transport.addresses.graphs,
            params={"graph": graph.value},
            content=body,
            headers={"Content-Type": "text/turtle"},
        )

    def _update(self, text: str) -> None:
        self._transport.send(
            "POST",
            self._transport.addresses.update,
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
        )

    def _select(self, where: str, named: Sequence[str]) -> Iterator[tuple[Any, Any, Any, Any]]:
        sent = {"query": f"SELECT ?s ?p ?o ?g {{ {where} }}", "named-graph-uri": list(named)}
        reply = self._transport.send("POST", self._transport.addresses.query, data=sent, headers={"Accept": _JSON})
        self._whole(reply)
        try:
            answer = ox.parse_query_results(reply.content, format=ox.QueryResultsFormat.JSON)
            rows = [tuple(_canonical(t) for t in row) for row in answer]  # type: ignore[union-attr]
        except (SyntaxError, ValueError) as error:
            raise ServerError(f"{self.url}: the server's answer broke off; do this again") from error
        yield from rows

    def _whole(self, reply: httpx.Response) -> None:
        """Virtuoso cuts answers at a number of rows or its limit of time, and tells it in a header only."""
        if "x-sql-state" in reply.headers:
            raise LimitError("the query was stopped at its limit of time; narrow it, or allow more time (--timeout)")
        if "x-sparql-maxrows" in reply.headers:
            raise KgraphError(
                f"{self.url}: the server gives {reply.headers['x-sparql-maxrows']} rows at most; raise ResultSetMaxRows in its settings"
            )


class _Body(io.RawIOBase):
    """An answer as a file, up to the limits of time and size."""

    def __init__(self, reply: httpx.Response, limits: Limits | None, cancelled: threading.Event | None) -> None:
        self._chunks = reply.iter_bytes(1 << 16)
        self._rest = b""
        self._limits, self._cancelled = limits, cancelled
        self._end = time.monotonic() + limits.seconds if limits else None
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._chunks, b"")
            self._size += len(self._rest)
            if self._cancelled is not None and self._cancelled.is_set():
                raise LimitError("the query was cancelled; ask again")
            if self._limits and self._end and time.monotonic() > self._end:
                raise LimitError(
                    f"the query was stopped after {self._limits.seconds:g} seconds; narrow it, or allow more time (--timeout)"
                )
            if self._limits and self._size > self._limits.memory:
                raise LimitError(
                    f"the query was stopped: its answer has more than {self._limits.memory >> 20} MiB; narrow it or add a LIMIT"
                )
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _parts(form: str, body: _Body, limits: Limits | None) -> Iterator[tuple[str, Any]]:
    stream = io.BufferedReader(body, 1 << 16)
    if form in ("CONSTRUCT", "DESCRIBE"):
        yield "vars", TRIPLE
        found: Iterable[Any] = (
            ox.Triple(q.subject, q.predicate, _canonical(q.object))
            for q in ox.parse(stream, format=ox.RdfFormat.N_TRIPLES)
        )
        kind = "triples"
    else:
        answer = ox.parse_query_results(stream, format=ox.QueryResultsFormat.JSON)
        if form == "ASK":
            # Virtuoso answers with a row of 1 or 0.
            yes = (
                bool(answer)
                if isinstance(answer, ox.QueryBoolean)
                else any(str(t.value) == "1" for row in answer for t in row)
            )
            yield "vars", ("answer",)
            yield "boolean", yes
            return
        assert isinstance(answer, ox.QuerySolutions)
        yield "vars", tuple(v.value for v in answer.variables)
        found = (tuple(_canonical(t) for t in row) for row in answer)
        kind = "rows"
    yield from in_parts(kind, found, limits.rows if limits else None)


def _form(sparql: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE: the first of these words that is no part of a prologue or a comment."""
    text = re.sub(r"PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>|#[^\n]*", " ", sparql, flags=re.IGNORECASE)
    found = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", text, re.IGNORECASE)
    assert found is not None
    return found[1].upper()


def _canonical(term: Any) -> Any:
    """A term in the form that Oxigraph gives: other servers write booleans as 1 and 0."""
    if isinstance(term, ox.Literal) and term.value in _BOOLEANS and term.datatype.value == PREFIXES["xsd"] + "boolean":
        return ox.Literal(_BOOLEANS[term.value], datatype=term.datatype)
    return term


def _journal(added: Sequence[ox.Quad], removed: Sequence[ox.Quad]) -> list[ox.Triple]:
    """A change as triples: its N-Quads cut into literals, and how many these are."""
    out = []
    for predicate, quads in ((_ADDED, added), (_REMOVED, removed)):
        text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
        for number, start in enumerate(range(0, len(text), _LITERAL)):
            part = ox.NamedNode(f"{_JOURNAL.value}#{number}")
            out.append(ox.Triple(part, predicate, ox.Literal(text[start : start + _LITERAL])))
    return [*out, ox.Triple(_JOURNAL, _COUNT, ox.Literal(len(out)))]


def _ordered(quads: Sequence[ox.Quad], predicate: ox.NamedNode) -> list[str]:
    own = [(int(q.subject.value.rpartition("#")[2]), q.object.value) for q in quads if q.predicate == predicate]  # type: ignore[union-attr]
    return [str(text) for _, text in sorted(own)]
