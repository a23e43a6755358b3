"""The map's page: pyvis's network inside our own template, with a Content-Security-Policy that lets nothing in.

All text of the graph travels as JSON in data blocks and is set with `textContent` only, so that a hostile label stays text.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from kgraph.errors import KgraphError
from kgraph.map.importance import MEASURE, importance, sizes
from kgraph.map.model import Documents, MapModel, map_model
from kgraph.map.names import find_node
from kgraph.map.network import MANY_EDGES, network, page_data
from kgraph.map.scripting import application, style, vis_network
from kgraph.map.spacing import Box
from kgraph.map.story import Story, propose_story, read_story
from kgraph.writing import write_whole

LAYOUTS = ("signed", "geo")
"""How nodes can be placed: by friendship and enmity, or on a map of the world."""

BACKBONE = 1500
"""A map of more nodes than this opens with so many of its most important ones as `_OPENING` says."""

_OPENING = 300
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_WORTH_COMPRESSING = 40_000


@dataclass(frozen=True, slots=True)
class MapOptions:
    """How a map opens.

    `layout` is one of `LAYOUTS`. `focus` names the node to begin at. `story` is a YAML file; without one a story is
    proposed from the graph. `backbone` is how many nodes to open with, 0 for all, None for the map's own choice.
    `source` and `licence` stand in the page's foot. `language` is the BCP 47 tag of title and sentences.
    """

    title: str = "Who does what to whom"
    layout: str = "signed"
    principals: bool = False
    focus: str | None = None
    story: Path | None = None
    hulls: bool = False
    backbone: int | None = None
    source: str = ""
    licence: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many nodes and assertions, and the bytes of the file."""

    nodes: int
    assertions: int
    size: int


def write_map(
    graph: nx.MultiDiGraph, path: str | Path, options: MapOptions | None = None, *, documents: Documents | None = None
) -> Written:
    """Write the map of a projected graph (`kgraph.network.project`) as one HTML file.

    `documents` gives title, source, url and date of documents by id, for the evidence panel. The same graph gives the
    same bytes. Raises KgraphError where the path cannot be written, or an option names what the map does not have; then
    an older file stays as it was.
    """
    html = render(graph, options or MapOptions(), documents or {}).encode("utf-8", "replace")
    write_whole(path, html)
    return Written(graph.number_of_nodes(), graph.number_of_edges(), len(html))


def render(graph: nx.MultiDiGraph, options: MapOptions, documents: Documents) -> str:
    """The page as text; see `write_map`."""
    import jinja2

    if options.layout not in LAYOUTS:
        raise KgraphError(f"there is no layout {options.layout!r}; use {' or '.join(LAYOUTS)}")
    model = map_model(graph)
    data, sentences = _data(model, options, documents)
    scripts = [vis_network(), application()]
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
    return environment.get_template("template.html").render(
        options=options, style=style(), style_hash=_hash(style()), scripts=scripts, hashes=[_hash(s) for s in scripts],
        direction="rtl" if options.language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
        blocks={"data": _block(data), "sentences": _block(sentences)},
    )  # fmt: skip


def _data(model: MapModel, options: MapOptions, documents: Documents) -> tuple[dict[str, Any], list[Any]]:
    ranks = importance(model)
    boxes = [Box.of(n.label, size) for n, size in zip(model.nodes, sizes(model, ranks), strict=True)]
    if options.layout == "geo":
        from kgraph.map.geography import backdrop, geographic_layout

        places = geographic_layout(model, boxes)
        behind = backdrop(places)
    else:
        from kgraph.map.layout import layout

        places, behind = layout(model, boxes), None
    tables, sentences = page_data(model, network(model, places, ranks), documents)
    backbone = options.backbone
    if backbone is None:
        backbone = _OPENING if len(model.nodes) > BACKBONE else 0
    story: Story | None = read_story(options.story, model) if options.story else propose_story(model)
    tables |= {
        "story": story.as_data() if story else None,
        "backdrop": behind,
        "about": {
            "title": options.title, "source": options.source, "licence": options.licence, "language": options.language,
            "measure": MEASURE, "many": MANY_EDGES,
        },
        "opening": {
            "view": "principals" if options.principals else "full",
            "focus": None if options.focus is None else find_node(model, options.focus, "--focus"),
            "hulls": options.hulls,
            "backbone": backbone if backbone < len(model.nodes) else 0,
        },
    }  # fmt: skip
    return tables, sentences


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    text: str


def _block(value: Any) -> _Block:
    """A data block: JSON, or where that pays, its gzip in base64, which the browser opens by itself."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    packed = text.encode("utf-8", "replace")
    if len(packed) > _WORTH_COMPRESSING:
        return _Block("application/gzip", base64.b64encode(gzip.compress(packed, mtime=0)).decode())
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _Block("application/json", text)


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
