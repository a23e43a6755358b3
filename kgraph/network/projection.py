"""Assertions -> networkx: a multigraph with an edge for each assertion, its fold by principal, and its dyads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import networkx as nx

from kgraph.model import Assertion, Entity, Modality, NodeType
from kgraph.network.selection import DEEDS, EVERYTHING, Selection, Sources, Weighting, documents_of
from kgraph.ontology import relations, thing_signs
from kgraph.ontology.actors import actors

_MODALITY = {m: m.value for m in Modality}
_ACTORS = frozenset(t for t in NodeType if t.is_actor)
_FOLDING = frozenset(t.value for t in _ACTORS)
_TURNED = {"+": "-", "-": "+", "0": "0"}


def node_key(entity: Entity) -> str:
    """The key of an entity's node: `Class:id`."""
    return f"{entity.type.value}:{entity.id}"


def project(
    assertions: Iterable[Assertion], *, selection: Selection = EVERYTHING, things: bool = True, principals: bool = False,
    through: bool = False, weighting: Weighting | None = None, sources: Sources = documents_of,
    published: Mapping[str, str] | None = None, factor: Callable[[Assertion], float] | None = None,
) -> nx.MultiDiGraph:  # fmt: skip
    """A directed multigraph: one node an entity, one edge an assertion.

    Nodes have `label`, `cls`, `principal`, `head`. Edges have `relation`, `label`, `polarity`, `plover`, `negated`, `modality`,
    `date`, `confidence`, `documents` (how many), `attributed_to` (a label or None) and `evidence` (a tuple of `Evidence`).

    `selection` says what counts (everything; `DEEDS` for what is done or held); `things=False` leaves out all but actors;
    `principals` folds (see `fold`); `weighting` adds the signed `weight` to each edge, for which `sources` counts
    independent sources (documents, unless told better) and `factor` tells by what to multiply it. `published`, document id ->
    date, serves where the text dates no act.

    With `through`, an act on a thing that has a target is also an act towards that target, turned where such a thing is
    against its target (`ontology/thing_signs.csv`): who opposes sanctions on X sides with X, who rejects talks with X does
    not. Such an edge has `through`, the label of the thing.
    """
    graph = nx.MultiDiGraph()
    graph.add_edges_from(_acts(assertions, graph, selection, things, through, weighting, sources, published, factor))
    return fold(graph) if principals else graph


def _acts(
    assertions: Iterable[Assertion], graph: nx.DiGraph, selection: Selection, things: bool, through: bool,
    weighting: Weighting | None, sources: Sources, published: Mapping[str, str] | None, factor: Callable[[Assertion], float] | None,
) -> Iterator[tuple[str, str, dict[str, Any]]]:  # fmt: skip
    """The edges of `project`, one by one; the nodes that they need are added to the graph on the way."""
    known, nodes = relations(), graph.nodes
    everything = selection == EVERYTHING
    for a in assertions:
        if not everything and not selection.admits(a, published):
            continue
        subject, thing = a.subject, a.object
        u, v = subject.type + ":" + subject.id, thing.type + ":" + thing.id
        to_thing = thing.type not in _ACTORS or subject.type not in _ACTORS
        if to_thing and not things and not (through and thing.targets and subject.type in _ACTORS):
            continue
        relation = known[a.relation]
        evidence = a.evidence
        data = {
            "relation": a.relation, "label": relation.label, "polarity": relation.polarity, "plover": relation.plover,
            "negated": a.negated, "modality": _MODALITY[a.modality], "date": a.date, "confidence": a.confidence,
            "documents": 1 if len(evidence) == 1 else documents_of(a), "evidence": evidence,
            "attributed_to": a.attributed_to.label if a.attributed_to else None,
        }  # fmt: skip
        if weighting is not None:
            data["weight"] = weighting.weigh(a, sources, published) * (factor(a) if factor else 1.0)
        if u not in nodes:
            graph.add_node(u, **_told(subject))
        if not to_thing or things:
            if v not in nodes:
                graph.add_node(v, **_told(thing))
            yield u, v, data
        if through and to_thing and subject.type in _ACTORS:
            for target in thing.targets:
                yield from _act_through(graph, u, target, thing, data)


def _told(entity: Entity) -> dict[str, Any]:
    return {"label": entity.label, "cls": entity.type.value, "principal": entity.principal, "head": entity.head}


def _act_through(
    graph: nx.DiGraph, u: str, target: str, thing: Entity, data: Mapping[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    actor, sign = actors().get(target), thing_signs().get(thing.head or "")
    if actor is None or sign is None or data["polarity"] == "0":
        return
    entity = Entity(actor.id, actor.label, actor.type, actor.principal)
    if node_key(entity) not in graph:
        graph.add_node(node_key(entity), **_told(entity))
    act = {**data, "through": thing.label}
    if sign < 0:
        act["polarity"] = _TURNED[data["polarity"]]
    if "weight" in data:
        act["weight"] = sign * data["weight"]
    yield u, node_key(entity), act


def fold(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph with every person, group and body folded into the state or organization that it acts for.

    An actor without a principal stays as it is; what an actor does to its own principal goes, with all self-loops.
    """
    out = nx.MultiDiGraph()
    place, nodes = _folded(dict(graph.nodes(data=True)))
    out.add_nodes_from(nodes.items())
    out.add_edges_from((place[u], place[v], d) for u, v, d in graph.edges(data=True) if place[u] != place[v])
    return out


def _folded(nodes: Mapping[str, dict[str, Any]]) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Where each node folds to, and the nodes that there are then."""
    place: dict[str, str] = {}
    out: dict[str, dict[str, Any]] = {}
    for node, data in nodes.items():
        key, told = _home(nodes, node, data) or (node, data)
        place[node] = key
        out.setdefault(key, told)
    return place, out


def _home(nodes: Mapping[str, dict[str, Any]], node: str, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Where a node folds to, None where it stays."""
    principal = data["principal"]
    if data["cls"] not in _FOLDING or principal is None or node.split(":", 1)[1] == principal:
        return None
    for kind in (NodeType.STATE.value, NodeType.ORGANIZATION.value):
        if f"{kind}:{principal}" in nodes:
            return f"{kind}:{principal}", nodes[f"{kind}:{principal}"]
    actor = actors().get(principal)
    if actor is None:
        return None
    told = {"label": actor.label, "cls": actor.type.value, "principal": actor.principal, "head": None}
    return f"{actor.type.value}:{actor.id}", told


def dyads(graph: nx.MultiDiGraph) -> nx.DiGraph:
    """One signed, weighted edge for each ordered pair of nodes, with how its sign came about.

    The input is a projection, as a rule of actors and with weights (without them each act weighs its polarity, 1 or -1).
    Nodes keep their attributes. Edges have `weight` (the sum; its sign is the dyad's), `sign` (1, 0 or -1), `cooperation`
    and `conflict` (the sums of either sign, both >= 0), `acts` (a tuple of the edges' attributes, the heaviest first) and
    `because`, one line such as "2 x condemns -4.0, 1 x meets +1.0". Self-loops are left out. Cost: O(edges).
    """
    adjacent = {u: {v: list(keyed.values()) for v, keyed in near.items()} for u, near in graph.adjacency()}
    return _dyads(dict(graph.nodes(data=True)), adjacent)


def _dyads(nodes: Mapping[str, dict[str, Any]], adjacent: Mapping[str, Mapping[str, list[dict[str, Any]]]]) -> nx.DiGraph:  # fmt: skip
    out = nx.DiGraph()
    out.add_nodes_from(nodes.items())
    out.add_edges_from((u, v, _dyad(acts)) for u, near in adjacent.items() for v, acts in near.items() if u != v)
    return out


def _dyad(acts: list[dict[str, Any]]) -> dict[str, Any]:
    weights = [_weight(act) for act in acts]
    cooperation, conflict = sum((w for w in weights if w > 0), 0.0), sum((-w for w in weights if w < 0), 0.0)
    net = cooperation - conflict
    if len(acts) > 1:
        order = sorted(range(len(acts)), key=lambda i: (-abs(weights[i]), acts[i]["relation"], acts[i]["date"] or ""))
        acts, weights = [acts[i] for i in order], [weights[i] for i in order]
    return {
        "weight": net, "sign": (net > 0) - (net < 0), "cooperation": cooperation, "conflict": conflict,
        "acts": tuple(acts), "because": _because(acts, weights),
    }  # fmt: skip


def _weight(act: Mapping[str, Any]) -> float:
    if "weight" in act:
        return float(act["weight"])
    sign = {"+": 1.0, "-": -1.0, "0": 0.0}[act["polarity"]]
    return -sign if act["negated"] else sign


def _because(acts: list[dict[str, Any]], weights: list[float]) -> str:
    if len(acts) == 1:
        return f"1 x {_name(acts[0])} {weights[0]:+.1f}"
    told: dict[str, list[float]] = {}
    for act, weight in zip(acts, weights, strict=True):
        told.setdefault(_name(act), []).append(weight)
    order = sorted(told, key=lambda name: (-abs(sum(told[name])), name))
    return ", ".join(f"{len(told[name])} x {name} {sum(told[name]):+.1f}" for name in order)


def _name(act: Mapping[str, Any]) -> str:
    name: str = ("not: " if act["negated"] else "") + act["label"]
    return f"{name} through {act['through']}" if "through" in act else name


def signed_network(
    assertions: Iterable[Assertion], *, selection: Selection = DEEDS, principals: bool = True, through: bool = False,
    weighting: Weighting | None = None, sources: Sources = documents_of, published: Mapping[str, str] | None = None,
    factor: Callable[[Assertion], float] | None = None,
) -> nx.DiGraph:  # fmt: skip
    """The signed network of actors that the measures take: `dyads` of `project` without things, weighted by default.

    The options are those of `project`; actors without any act that counts are not in it. The two multigraphs on the way
    are not made.
    """
    alone = nx.DiGraph()
    loose: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for u, v, act in _acts(assertions, alone, selection, False, through, weighting or Weighting(), sources, published, factor):  # fmt: skip
        loose.setdefault(u, {}).setdefault(v, []).append(act)
    nodes = dict(alone.nodes(data=True))
    if not principals:
        return _dyads(nodes, {u: loose[u] for u in nodes if u in loose})
    place, homes = _folded(nodes)
    folded: dict[str, dict[str, list[dict[str, Any]]]] = {home: {} for home in homes}
    for u in nodes:
        for v, acts in loose.get(u, {}).items():
            folded[place[u]].setdefault(place[v], []).extend(acts)
    return _dyads(homes, folded)
