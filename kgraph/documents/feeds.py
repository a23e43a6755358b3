"""RSS and Atom feeds, from a file or an address: each entry is a document."""

from __future__ import annotations

import datetime as dt
import urllib.request
from collections.abc import Iterator
from typing import Any

from kgraph.documents.decoding import MAX_BYTES
from kgraph.documents.source import Source
from kgraph.errors import KgraphError
from kgraph.model import Document

_PATIENCE = 30.0


def is_address(source: str) -> bool:
    """Is a source the address of a feed, not a path?"""
    return source.startswith(("http://", "https://"))


def fetched(address: str) -> bytes:
    """The bytes at an address that the user named; KgraphError where it does not answer."""
    request = urllib.request.Request(address, headers={"User-Agent": "kgraph"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise KgraphError(f"{address}: cannot be fetched ({error}); check the address and the network") from error
    if len(data) > MAX_BYTES:
        raise KgraphError(f"{address}: the answer is larger than {MAX_BYTES >> 20} MB; this is no feed")
    return data


def read_feed(source: Source) -> Iterator[Document]:
    """The entries of a feed; an id is the entry's own, or its link. The text is the fullest that the feed gives."""
    try:
        import feedparser
    except ImportError as error:
        raise KgraphError(f"{source.place}: feeds need feedparser; pip install 'kgraph[scale]'") from error
    feed = feedparser.parse(source.stream.read(MAX_BYTES), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries and (feed.bozo or not feed.version):
        yield from source.bad("is no RSS or Atom feed; check the address")
        return
    publisher = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        texts = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
        text = _plain(max(texts, key=len))
        if not text:
            source.skip(f", entry {number}", "has no text")
            continue
        ident = str(entry.get("id") or entry.get("link") or f"{source.name}#{number}")
        yield Document(
            ident, text, _published(entry) or source.reading.date, entry.get("title"), publisher, entry.get("link")
        )


def _plain(markup: str) -> str:
    """The text of a piece of HTML, a paragraph a line."""
    import lxml.html

    if "<" not in markup:
        return markup.strip()
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (ValueError, lxml.etree.ParserError):
        return ""
    for node in root.xpath(".//script|.//style"):
        node.drop_tree()
    for node in root.iter("p", "br", "div", "li", "h1", "h2", "h3", "blockquote"):
        node.tail = "\n" + (node.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def _published(entry: dict[str, Any]) -> dt.date | None:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return dt.date(when.tm_year, when.tm_mon, when.tm_mday) if when else None
    except ValueError:
        return None
