"""Queries of strangers: read before they run, so that nothing is changed and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kgraph.errors import KgraphError
from kgraph.store.vocabulary import PREFIXES

_LIMIT = 100_000


@lru_cache(256)
def checked(sparql: str) -> str:
    """The query with our prefixes declared; KgraphError where it is an update, uses SERVICE or FROM, or does not parse."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery, parseUpdate

    if len(sparql) > _LIMIT:
        raise KgraphError(f"the query has {len(sparql)} characters; {_LIMIT} are the most")
    text = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + sparql
    try:
        parsed = parseQuery(text)
    except ParseBaseException as error:
        try:
            parseUpdate(text)
        except Exception:
            line = max(error.lineno - len(PREFIXES), 1)
            raise KgraphError(
                f"the query has a syntax error in line {line}, column {error.column}; mend it there"
            ) from None
        raise KgraphError("the query is an update; only SELECT, ASK, CONSTRUCT and DESCRIBE are answered") from None
    except RecursionError:
        raise KgraphError("the query is nested too deeply; write it flatter") from None
    body = parsed[1]
    if "datasetClause" in body:
        raise KgraphError("the query uses FROM, which could fetch from outside; leave it out, all graphs are searched")
    parts = list(_parts(parsed))
    if any(getattr(part, "name", "") == "ServiceGraphPattern" for part in parts):
        raise KgraphError("the query uses SERVICE, which would ask another server; leave it out")
    declared = {_prefix(part) for part in parts if getattr(part, "name", "") == "PrefixDecl"}
    for part in parts:
        if getattr(part, "name", "") == "pname" and (prefix := _prefix(part)) not in declared:
            raise KgraphError(
                f"the query does not say what the prefix {prefix}: stands for; declare it with PREFIX {prefix}: <...>, "
                f"or use one of {', '.join(f'{name}:' for name in sorted(PREFIXES))}"
            )
    return text


def _prefix(part: Any) -> str:
    return str(part["prefix"]) if "prefix" in part else ""


def _parts(node: Any) -> Iterator[Any]:
    """A node of the parsed query and all below it."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        if hasattr(item, "values") and callable(item.values):
            stack.extend(item.values())
        if isinstance(item, (list, tuple)) or type(item).__name__ in ("ParseResults", "plist"):
            stack.extend(item)
