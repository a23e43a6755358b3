"""The map's nodes, edges and options, made by pyvis; how they look is decided in the page, where filters change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kgraph.map.importance import communities, sizes
from kgraph.map.model import Documents, MapModel, Statement

if TYPE_CHECKING:
    from pyvis.network import Network

MANY_EDGES = 1200
"""From so many edges on, edges are straight and are not drawn while the map moves."""

_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"multiselect": False, "keyboard": False, "selectConnectedEdges": False, "hover": False},
    "edges": {"smooth": False, "selectionWidth": 1.5, "hoverWidth": 0, "arrowStrikethrough": False},
    "nodes": {"borderWidth": 2, "borderWidthSelected": 3, "chosen": True},
}


class _Numbers(list[int]):
    """Numbers of nodes from 0 on: pyvis looks each up for every node and edge, which in a plain list is quadratic."""

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and 0 <= number < len(self)


def network(model: MapModel, places: Sequence[tuple[int, int]], ranks: Sequence[float]) -> Network:
    """pyvis's network of a model: a node for each entity, an edge for each assertion, nothing drawn yet.

    `places` are pixels and `ranks` importances, by node number.
    """
    from pyvis.network import Network

    made = Network(directed=True, cdn_resources="local")
    made.node_ids = _Numbers()
    many = len(model.statements) > MANY_EDGES
    quick = {"hideEdgesOnDrag": many, "hideEdgesOnZoom": many}
    made.options = _OPTIONS | {"interaction": _OPTIONS["interaction"] | quick}
    community = {n: i for i, group in enumerate(communities(model)) for n in group}
    for node, (x, y), rank, size in zip(model.nodes, places, ranks, sizes(model, ranks), strict=True):
        made.add_node(
            node.number, label=node.label, key=node.key, cls=node.cls, fold=node.fold, x=x, y=y,
            size=size, rank=round(rank, 6), community=community.get(node.number),
        )  # fmt: skip
    number = _document_numbers(model)
    for i, s in enumerate(model.statements):
        made.add_edge(
            s.subject, s.object, id=i, relation=s.relation, negated=s.negated, modality=s.modality, speaker=s.speaker,
            date=s.date, confidence=round(s.confidence, 3), sources=s.sources,
            documents=sorted({number[e.document] for e in s.evidence}),
        )  # fmt: skip
    return made


def _document_numbers(model: MapModel) -> dict[str, int]:
    told = sorted({e.document for s in model.statements for e in s.evidence})
    return {name: i for i, name in enumerate(told)}


def page_data(model: MapModel, made: Network, documents: Documents) -> tuple[dict[str, Any], list[Any]]:
    """What the page needs: the network with its tables, and apart from it the sentences of each assertion."""
    number = _document_numbers(model)
    ranks = {n["id"]: n["rank"] for n in made.nodes}
    groups: dict[int, list[int]] = {}
    for node in made.nodes:
        if node["community"] is not None:
            groups.setdefault(node["community"], []).append(node["id"])
    tables = {
        "nodes": [{k: v for k, v in n.items() if k not in ("color", "shape", "font")} for n in made.nodes],
        "edges": [{k: v for k, v in e.items() if k != "arrows"} for e in made.edges],
        "options": made.options,
        "relations": {s.relation: {"label": s.label, "polarity": s.polarity, "group": s.group} for s in model.statements},
        "documents": [{"id": name} | dict(documents.get(name, {})) for name in number],
        "communities": [_name(model, sorted(groups[i], key=lambda n: (-ranks[n], n))) for i in sorted(groups)],
    }  # fmt: skip
    return tables, [_sentences(s, number) for s in model.statements]


def _name(model: MapModel, members: Sequence[int]) -> str:
    """A community is called by its most important members."""
    first = [model.nodes[n].label[:24] for n in members[:2]]
    return f"{', '.join(first)} and {len(members) - 2} more"


def _sentences(s: Statement, number: dict[str, int]) -> list[list[Any]]:
    return [
        [number[e.document], e.text, [[m.role.value, m.start - e.start, m.end - e.start] for m in sorted(e.marks, key=lambda m: m.start)]]
        for e in s.evidence
    ]  # fmt: skip
