"""The ontology for readers and for other programs: HTML pages by pyLODE, Turtle, shapes and JSON-LD context."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import KgraphError
from kgraph.ontology.codes import cameo
from kgraph.ontology.plover import plover_types
from kgraph.ontology.relations import relations
from kgraph.ontology.tables import ontology_dir
from kgraph.store.mapping import iri
from kgraph.store.ontology import ONTOLOGY, context, ontology_triples, ontology_turtle
from kgraph.store.vocabulary import BASE, CODES, KG, PREFIXES
from kgraph.writing import write_whole


def write_ontology(folder: Path) -> list[Path]:
    """Write index.html, codes.html, ontology.ttl, shapes.ttl and context.jsonld; returns their paths.

    Raises KgraphError where pyLODE is missing or the folder cannot be written.
    """
    made = {"index.html": _ontology_page(), "codes.html": _codes_page()}
    return _written(folder, made) + write_ontology_data(folder)


def write_ontology_data(folder: Path) -> list[Path]:
    """Write ontology.ttl, shapes.ttl and context.jsonld; returns their paths."""
    made = {
        "ontology.ttl": ontology_turtle(),
        "shapes.ttl": (ontology_dir() / "shapes.ttl").read_text(encoding="utf-8"),
        "context.jsonld": json.dumps(context(), ensure_ascii=False, indent=2) + "\n",
    }
    return _written(folder, made)


def _written(folder: Path, made: Mapping[str, str]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KgraphError(f"{folder}: cannot be made ({error.strerror}); choose a writable folder") from error
    return [write_whole(folder / name, text) for name, text in made.items()]


def _ontology_page() -> str:
    # pyLODE would set up logging for the whole process; it does not where somebody did.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        from pylode import OntPub
    except ImportError as error:
        raise KgraphError("the pages need pyLODE; install it with `pip install 'kgraph[ontology]'`") from error
    from rdflib import Graph

    text = ox.serialize(_ontology(), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    html: str = OntPub(Graph().parse(data=text, format="turtle")).make_html()
    return html


def _ontology() -> list[ox.Triple]:
    """What is ours, without what we say of the terms of others and without the codes; with codes and sign in words."""
    found = []
    own = {KG, BASE + "ontology"}
    foreign = {
        t.subject
        for t in ontology_triples()
        if isinstance(t.subject, ox.NamedNode) and t.subject.value.rpartition("#")[0] + "#" not in own and t.subject != ONTOLOGY
    }  # fmt: skip
    words: dict[ox.NamedNode, dict[str, list[str]]] = {}
    for t in ontology_triples():
        if t.subject in foreign:
            continue
        if t.predicate in (iri("schema:domainIncludes"), iri("schema:rangeIncludes")):
            continue
        found.append(t)
        name = _TOLD.get(t.predicate.value)
        if name and isinstance(t.subject, ox.NamedNode):
            value = getattr(t.object, "value", "")
            words.setdefault(t.subject, {}).setdefault(name, []).append(value.replace(CODES, "").replace("cameo/", ""))
    for node, told in words.items():
        text = "; ".join(f"{name} {', '.join(values)}" for name, values in told.items())
        found.append(ox.Triple(node, iri("skos:scopeNote"), ox.Literal(text, language="en")))
    return found


_TOLD = {
    iri("kg:polarity").value: "Polarity",
    iri("kg:plover").value: "PLOVER",
    iri("skos:closeMatch").value: "close to",
    iri("owl:inverseOf").value: "inverse of",
}


def _codes_page() -> str:
    """PLOVER's and CAMEO's codes, each with the relations that fall under it; pyLODE lists no codes."""
    from jinja2 import Environment

    under: dict[str, list[str]] = {}
    for relation in relations().values():
        for code in (*relation.cameo, *([relation.plover] if relation.plover else [])):
            under.setdefault(code, []).append(relation.name)
    plover = [(t.code, t.label, t.quad, t.definition, under.get(t.code, [])) for t in plover_types().values()]
    events = [(event.code, event.label, under.get(event.code, [])) for event in cameo().values()]
    return Environment(autoescape=True).from_string(_CODES).render(plover=plover, cameo=events)


_CODES = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Codes of kgraph's relations</title>
<style>body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccc }
code { white-space: nowrap }</style></head><body>
<p><a href="index.html">The ontology</a></p>
<h1>PLOVER event types</h1>
<table><tr><th>code</th><th>quad</th><th>definition</th><th>relations</th></tr>
{% for code, label, quad, definition, names in plover %}<tr id="{{ code }}"><td><code>{{ code }}</code></td><td>{{ quad }}</td><td>{{ definition }}</td>
<td>{% for n in names %}<a href="index.html#{{ n }}">{{ n }}</a> {% endfor %}</td></tr>
{% endfor %}</table>
<h1>CAMEO event codes</h1>
<table><tr><th>code</th><th>label</th><th>relations</th></tr>
{% for code, label, names in cameo %}<tr id="{{ code }}"><td><code>{{ code }}</code></td><td>{{ label }}</td>
<td>{% for n in names %}<a href="index.html#{{ n }}">{{ n }}</a> {% endfor %}</td></tr>
{% endfor %}</table></body></html>
"""
