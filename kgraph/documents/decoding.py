"""From the bytes of one text to a `Document`: encodings, plain text, HTML."""

from __future__ import annotations

import datetime as dt

from kgraph.documents.cleaning import masthead, without_furniture
from kgraph.model import Document

MAX_BYTES = 64 * 2**20
"""A text of more bytes is no article; it is skipped before it can fill the memory."""


def decoded(data: bytes) -> str | None:
    """UTF-8 where it is that, else what charset-normalizer finds; None for binary data."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        return str(best).replace("\r\n", "\n").replace("\r", "\n") if best is not None else None


def is_html(text: str) -> bool:
    """Does the text begin like a web page?"""
    return text.lstrip()[:9].lower() in ("<!doctype", "<html><he")


def plain_document(ident: str, text: str, date: dt.date | None) -> Document:
    """The document of a plain text; a masthead line tells date and newspaper."""
    found, source = masthead(text)
    return Document(ident, without_furniture(text), found or date, source=source)


def html_document(ident: str, text: str, date: dt.date | None, url: str | None = None) -> Document | None:
    """The document of a web page's main text; None where there is none."""
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, include_comments=False, include_tables=False, with_metadata=True)
    if found is None:
        return None
    row = found if isinstance(found, dict) else found.as_dict()
    return Document(
        ident, without_furniture(row.get("text") or ""), day(row.get("date")) or date, row.get("title"),
        row.get("sitename"), row.get("url"),
    )  # fmt: skip


def day(value: object) -> dt.date | None:
    """The day at the beginning of an ISO date or time; None for anything else."""
    try:
        return dt.date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
