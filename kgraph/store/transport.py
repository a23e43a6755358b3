"""Speaking HTTP to a SPARQL server: which addresses it has, who we are, and what to do when it does not answer.

Every request that is sent here may be sent twice: reading is, and so is each step of writing (see `remote`). So what failed
for a passing reason is tried again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kgraph.errors import KgraphError, ServerError

if TYPE_CHECKING:
    import httpx

_PASSING = frozenset({429, 502, 503, 504})
_PAUSES = (0.2, 0.8, 2.4)
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a server answers queries, takes updates, and keeps graphs (the Graph Store Protocol)."""

    query: str
    update: str
    graphs: str


class Transport:
    """Requests to one server, with credentials from the environment.

    `KGRAPH_STORE_USER` and `KGRAPH_STORE_PASSWORD` are sent as the server asks for them (Basic or Digest),
    `KGRAPH_STORE_TOKEN` as a bearer token. `KGRAPH_STORE_UPDATE` and `KGRAPH_STORE_GRAPHS` name the addresses of a server
    whose layout is none of the known ones.
    """

    def __init__(self, url: str) -> None:
        try:
            import httpx
        except ImportError as error:
            raise KgraphError(
                "a server as the store needs httpx; install it with `pip install 'kgraph[remote]'`"
            ) from error
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise KgraphError(
                "the address of the store holds a password; put it in KGRAPH_STORE_USER and KGRAPH_STORE_PASSWORD"
            )
        if not parts.hostname:
            raise KgraphError(f"{url} is no address of a server; write for example http://127.0.0.1:7878")
        self.url = url.rstrip("/")
        token = os.environ.get("KGRAPH_STORE_TOKEN")
        self._client = httpx.Client(
            timeout=httpx.Timeout(_SECONDS, connect=10.0), headers={"Authorization": f"Bearer {token}"} if token else {},
            trust_env=False,
        )  # fmt: skip
        self._scheme: str | None = None
        self._lost = False
        self.addresses = self._found()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _found(self) -> Addresses:
        """The addresses by the layout of the server: Oxigraph's, Virtuoso's, Fuseki's, or as the environment says."""
        tries = (
            [self.url]
            if urlsplit(self.url).path.endswith(("/query", "/sparql"))
            else [self.url + "/query", self.url + "/sparql", self.url]
        )
        for address in tries:
            reply = self.send(
                "GET",
                address,
                params={"query": "ASK { ?s ?p ?o }"},
                headers={"Accept": "application/sparql-results+json"},
                allowed=range(400, 600),
            )
            if reply.status_code == 200 and "json" in reply.headers.get("content-type", ""):
                break
            if reply.status_code in (401, 403):
                raise self._refused(reply)
        else:
            raise KgraphError(f"{self.url} answers no SPARQL; name the address of its query endpoint")
        base, server = address.rsplit("/", 1)[0], reply.headers.get("server", "").lower()
        if server.startswith("virtuoso"):
            secret = "-auth" if os.environ.get("KGRAPH_STORE_USER") else ""
            update, graphs = f"{base}/sparql{secret}", f"{base}/sparql-graph-crud{secret}"
        else:
            update, graphs = f"{base}/update", f"{base}/store" if server.startswith("oxigraph") else f"{base}/data"
        return Addresses(
            address, os.environ.get("KGRAPH_STORE_UPDATE", update), os.environ.get("KGRAPH_STORE_GRAPHS", graphs)
        )

    def send(self, method: str, address: str, *, allowed: range | tuple[int, ...] = (), **more: Any) -> httpx.Response:
        """A request, tried again where it failed for a passing reason; KgraphError where it keeps failing.

        A status of 400 or more is an error unless it is `allowed`.
        """
        with self._answer(method, address, allowed, more) as reply:
            reply.read()
            return reply

    @contextmanager
    def stream(self, method: str, address: str, **more: Any) -> Iterator[httpx.Response]:
        """Like `send`, for an answer that is read bit by bit."""
        with self._answer(method, address, (), more) as reply:
            yield reply

    @contextmanager
    def _answer(
        self, method: str, address: str, allowed: range | tuple[int, ...], more: Mapping[str, Any]
    ) -> Iterator[httpx.Response]:
        import httpx

        reply = self._tried(method, address, dict(more))
        try:
            if reply.status_code >= 400 and reply.status_code not in allowed:
                reply.read()
                raise self._refused(reply)
            yield reply
        except httpx.TransportError as error:
            raise self._silent(error) from error
        finally:
            reply.close()

    def _tried(self, method: str, address: str, more: dict[str, Any]) -> httpx.Response:
        import httpx

        for pause in (None,) if self._lost else (*_PAUSES, None):
            try:
                reply = self._client.send(
                    self._client.build_request(method, address, **more), stream=True, auth=self._auth()
                )
                if reply.status_code == 401 and self._scheme is None and self._learned(reply):
                    reply.close()
                    reply = self._client.send(
                        self._client.build_request(method, address, **more), stream=True, auth=self._auth()
                    )
                if pause is None or reply.status_code not in _PASSING:
                    return reply
                reply.close()
            except httpx.TransportError as error:
                if pause is None:
                    raise self._silent(error) from error
            time.sleep(pause)
        raise AssertionError

    def _learned(self, reply: httpx.Response) -> bool:
        """Take over the scheme that the server asks for; False where we have no credentials."""
        self._scheme = reply.headers.get("www-authenticate", "").split(" ")[0].lower()
        return self._auth() is not None

    def _auth(self) -> httpx.Auth | None:
        import httpx

        user, password = os.environ.get("KGRAPH_STORE_USER"), os.environ.get("KGRAPH_STORE_PASSWORD", "")
        if not user or self._scheme is None:
            return None
        return httpx.DigestAuth(user, password) if self._scheme == "digest" else httpx.BasicAuth(user, password)

    def _refused(self, reply: httpx.Response) -> KgraphError:
        if reply.status_code in (401, 403):
            return ServerError(
                f"{self.url}: the server refuses ({reply.status_code}); set KGRAPH_STORE_USER and KGRAPH_STORE_PASSWORD to those of "
                "an account that may do this"
            )
        told = " ".join(reply.text.split())[:200]
        kind = ServerError if reply.status_code >= 500 else KgraphError
        return kind(f"{self.url}: the server answers {reply.status_code} ({told}); mend it there")

    def _silent(self, error: Exception) -> KgraphError:
        # Who was waited for in vain is asked once more, at leaving, and not waited for again.
        self._lost = True
        told = " ".join(str(error).split())[:100] or type(error).__name__
        return ServerError(
            f"{self.url}: the server does not answer ({told}); start it and do this again: what was stored before is kept"
        )
