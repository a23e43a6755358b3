"""The shapes of `ontology/shapes.ttl` compiled into SPARQL: one query finds all nodes of a store that break a rule.

This is the part of SHACL that the shapes use; a shape that uses another part is refused, so that none is left unchecked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.store.mapping import A, iri
from kgraph.store.ontology import ontology_triples, turtle

_SH = "http://www.w3.org/ns/shacl#"
_CAST = ("boolean", "decimal", "integer")
Node = Any
_Terms = dict[str, list[Node]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold: `query` finds the nodes (`?this`) of which it does not, `message` says what it is.

    `warning` is True for a rule whose breach is an extractor's mistake; the store is whole all the same.
    """

    message: str
    query: str
    warning: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the shapes; KgraphError where a shape uses what is not understood here."""
    return tuple(_Shapes().rules())


class _Shapes:
    def __init__(self) -> None:
        self._said: dict[Node, _Terms] = defaultdict(lambda: defaultdict(list))
        for t in turtle("shapes.ttl"):
            name = t.predicate.value
            self._said[t.subject][name.removeprefix(_SH) if name.startswith(_SH) else name].append(t.object)

    def rules(self) -> Iterator[Rule]:
        for shape, said in list(self._said.items()):
            if said.get(A.value) != [ox.NamedNode(_SH + "NodeShape")]:
                continue
            self._only(shape, {A.value, "targetClass", "property", "sparql", "severity"})
            target = f"VALUES ?class {{ {_classes(said['targetClass'])} }} ?this a ?class ."
            warning = said["severity"] == [ox.NamedNode(_SH + "Warning")]
            for node in said["property"]:
                yield from self._property(node, target)
            for node in said["sparql"]:
                self._only(node, {"prefixes", "message", "select"})
                text = str(self._one(node, "select").value).replace("$this", "?this")
                head, body = text.split("{", 1)
                query = f"{head.replace('SELECT', 'SELECT DISTINCT')}{{ {target} {body}"
                yield Rule(self._one(node, "message").value, query, warning)

    def _property(self, node: Node, target: str) -> Iterator[Rule]:
        self._only(node, {"path", "message", "minCount", "maxCount", "lessThan", "or", *_CONDITIONS})
        said = self._said[node]
        path, message = self._one(node, "path"), self._one(node, "message").value
        faults = [condition(value) for name, condition in _CONDITIONS.items() for value in self._values(said, name)]
        for cell in said["or"]:
            options = [self._fault(option) for option in self._list(cell)]
            faults.append("(" + " && ".join(options) + ")")
        found = [f"{target} ?this {path} ?value . FILTER({' || '.join(faults)})"] if faults else []
        for least in said["minCount"]:
            if least.value != "1":
                raise _unknown(node, "a minCount that is not 1")
            found.append(f"{target} FILTER NOT EXISTS {{ ?this {path} ?value }}")
        for most in said["maxCount"]:
            if most.value != "1":
                raise _unknown(node, "a maxCount that is not 1")
            found.append(f"{target} ?this {path} ?value , ?other . FILTER(!SAMETERM(?value, ?other))")
        for other in said["lessThan"]:
            found.append(f"{target} ?this {path} ?value ; {other} ?other . FILTER(!COALESCE(?value < ?other, false))")
        for body in found:
            yield Rule(message, f"SELECT DISTINCT ?this WHERE {{ {body} }}")

    def _fault(self, option: Node) -> str:
        self._only(option, set(_CONDITIONS))
        said = self._said[option]
        return "(" + " || ".join(c(v) for name, c in _CONDITIONS.items() for v in self._values(said, name)) + ")"

    def _values(self, said: _Terms, name: str) -> list[Any]:
        return [self._list(cell) for cell in said[name]] if name == "in" else list(said.get(name, ()))

    def _list(self, cell: Node) -> list[Node]:
        out = []
        while cell in self._said:
            out += self._said[cell][iri("rdf:first").value]
            (cell,) = self._said[cell][iri("rdf:rest").value]
        return out

    def _one(self, node: Node, name: str) -> Node:
        values = self._said[node][name]
        if len(values) != 1:
            raise _unknown(node, f"{len(values)} sh:{name} where it needs one")
        return values[0]

    def _only(self, node: Node, known: set[str]) -> None:
        other = sorted({name for name, values in self._said[node].items() if values} - known)
        if other:
            raise _unknown(node, f"sh:{other[0]}, which is not understood")


def _unknown(node: Node, what: str) -> KgraphError:
    return KgraphError(f"ontology file shapes.ttl: {node} has {what}; mend it, or teach kgraph/store/shapes.py")


def _classes(wanted: list[Node]) -> str:
    """The classes with all that are narrower."""
    found = dict.fromkeys(wanted)
    narrower = [(t.subject, t.object) for t in ontology_triples() if t.predicate == iri("rdfs:subClassOf")]
    while new := [s for s, o in narrower if o in found and s not in found]:
        found |= dict.fromkeys(new)
    return " ".join(str(c) for c in found)


def _datatype(wanted: Node) -> str:
    name = wanted.value.rpartition("#")[2]
    # A literal that is none of its type, such as "x"^^xsd:integer, keeps its type and fails the cast.
    cast = f" || !COALESCE(xsd:{name}(STR(?value)) = ?value, false)" if name in _CAST else ""
    return f"(!ISLITERAL(?value) || DATATYPE(?value) != {wanted}{cast})"


_CONDITIONS: dict[str, Callable[[Any], str]] = {
    "class": lambda c: f"NOT EXISTS {{ VALUES ?kind {{ {_classes([c])} }} ?value a ?kind }}",
    "datatype": _datatype,
    "in": lambda values: f"(?value NOT IN ({', '.join(str(v) for v in values)}))",
    "nodeKind": lambda kind: {"IRI": "!ISIRI(?value)", "Literal": "!ISLITERAL(?value)"}[kind.value.rpartition("#")[2]],
    "minInclusive": lambda n: f"!COALESCE(?value >= {n}, false)",
    "maxInclusive": lambda n: f"!COALESCE(?value <= {n}, false)",
    "minLength": lambda n: f"STRLEN(STR(?value)) < {n}",
    "pattern": lambda p: f"!REGEX(STR(?value), {p})",
}
"""What makes a value wrong, by the term of SHACL that forbids it."""
