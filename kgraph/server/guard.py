"""Who may ask: the Host and Origin checks, the limit of the request's size, and headers that every answer carries.

A server on the loopback address can still be reached by any web page that its user has open, through the browser: by a name
that an attacker's DNS points to 127.0.0.1 (the Host check), or by a cross-site request (the Origin check; and no CORS header
ever lets a page read an answer).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """An ASGI middleware that lets through what comes for one of the `hosts`, from no other site, and is small enough."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], size: int) -> None:
        self._app = app
        self._hosts = frozenset(h.lower() for h in hosts)
        self._size = size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(Headers(scope=scope))
        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if hostname(host) not in self._hosts:
            return PlainTextResponse("this server does not answer for that host; allow it with --allow-host\n", 421)
        if _of_another_site(headers):
            return PlainTextResponse("requests of other sites are not answered\n", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._size:
            return PlainTextResponse(f"the request is too large; {self._size} bytes are the most\n", 413)
        return None


def _of_another_site(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    # A link on another site may be followed; its scripts, frames and images may not ask.
    return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate"


def hostname(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return (urlsplit("//" + host).hostname or "").lower()
    except ValueError:
        return ""
