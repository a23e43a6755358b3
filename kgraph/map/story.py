"""A guided story: steps that fly from edge to edge, written by the user in YAML or proposed from the graph."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgraph.errors import KgraphError
from kgraph.map.model import MapModel, Statement
from kgraph.map.names import find_node, find_relation

_REACTIONS = frozenset({"ACCUSE", "REJECT", "PROTEST", "SANCTION", "THREATEN", "REQUEST", "COERCE", "ASSAULT", "MOBILIZE"})  # fmt: skip
_BACKING = frozenset({"SUPPORT", "AID", "COOPERATE", "AGREE"})
_FORM = "write `- edge: [subject, relation, object]` or `- node: name`, with `caption: words`"


@dataclass(frozen=True, slots=True)
class Step:
    """A caption and what it shows: a node, or the statements of a relation from a node to another."""

    caption: str
    node: int | None = None
    edge: tuple[int, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Steps with a title; `proposed` where the graph, not a person, chose them."""

    title: str
    steps: tuple[Step, ...]
    proposed: bool = False

    def as_data(self) -> dict[str, Any]:
        """The story as the page reads it."""
        steps = [
            {"caption": s.caption} | ({"node": s.node} if s.node is not None else {"edge": s.edge}) for s in self.steps
        ]
        return {"title": self.title, "proposed": self.proposed, "steps": steps}


def read_story(path: Path, model: MapModel) -> Story:
    """The story of a YAML file: `title` and `steps`, each with `caption` and `edge: [subject, relation, object]` or `node`.

    Raises KgraphError, naming the file and the step, for a file that cannot be read and a step that the map cannot show.
    """
    import yaml

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise KgraphError(f"{path}: the story cannot be read ({error}); check the path") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise KgraphError(
            f"{path}: this is no YAML{line} ({getattr(error, 'problem', None)}); mend it there"
        ) from error
    if not isinstance(told, dict) or not isinstance(told.get("steps"), list) or not told["steps"]:
        raise KgraphError(f"{path}: a story has `steps:`, a list; {_FORM}")
    steps = tuple(_step(row, model, f"{path}: step {number}") for number, row in enumerate(told["steps"], 1))
    return Story(str(told.get("title", path.stem)), steps)


def _step(row: object, model: MapModel, place: str) -> Step:
    if not isinstance(row, dict) or ("edge" in row) == ("node" in row):
        raise KgraphError(f"{place}: a step shows one edge or one node; {_FORM}")
    unknown = sorted(str(k) for k in set(row) - {"edge", "node", "caption"})
    if unknown:
        raise KgraphError(f"{place}: a step has no {unknown[0]!r}; {_FORM}")
    caption = str(row.get("caption") or "")
    if "node" in row:
        return Step(caption, node=find_node(model, str(row["node"]), place))
    edge = row["edge"]
    if not isinstance(edge, list) or len(edge) != 3:
        raise KgraphError(f"{place}: an edge is three names; {_FORM}")
    subject, object_ = (find_node(model, str(edge[i]), place) for i in (0, 2))
    relation = find_relation(model, str(edge[1]), place)
    if not any((s.subject, s.relation, s.object) == (subject, relation, object_) for s in model.statements):
        raise KgraphError(
            f"{place}: the map does not say that {edge[0]} {edge[1]} {edge[2]}; choose an edge of the map"
        )
    return Step(caption, edge=(subject, relation, object_))


def propose_story(model: MapModel) -> Story | None:
    """A story of a few steps: the first event, who reacted, who backed it, who stands between. None where there is no event.

    It turns about the node that drew most reactions; the first event is the earliest about it.
    """
    events = [s for s in model.statements if s.group != "TIES" and s.subject != s.object and not s.negated]
    done = [s for s in events if s.modality == "actual"] or events
    if not done:
        return None
    drawn = Counter(s.object for s in events if s.group in _REACTIONS)
    pivot = min(drawn, key=lambda n: (-drawn[n], n)) if drawn else done[0].object
    about = [s for s in done if pivot in (s.subject, s.object)] or done
    begin = min(about, key=lambda s: (s.date or "9999", s.subject != pivot, *_weight(s)))
    cast = {begin.subject, begin.object}
    chosen = [(begin, "It begins")]
    chosen += [(s, "The reaction") for s in _among(events, cast, _REACTIONS, begin, 3)]
    chosen += [(s, "On the other hand") for s in _among(events, cast, _BACKING, begin, 2)]
    chosen += [(s, "In between") for s in _between(done) if all(s is not other for other, _ in chosen)]
    return Story("The story so far", tuple(_told(model, s, lead) for s, lead in chosen), proposed=True)


def _between(events: list[Statement]) -> list[Statement]:
    """Who mediates; where nobody is said to, what an actor has on good terms with each of two foes."""
    mediations = sorted((s for s in events if s.relation == "mediates"), key=_weight)
    if mediations:
        return mediations[:2]
    friendly: dict[int, dict[int, Statement]] = {}
    for s in sorted(events, key=_weight):
        if s.polarity == "+":
            friendly.setdefault(s.object, {}).setdefault(s.subject, s)
    best: list[Statement] = []
    for s in events:
        if s.polarity != "-":
            continue
        one, other = friendly.get(s.subject, {}), friendly.get(s.object, {})
        for actor in sorted(one.keys() & other.keys()):
            pair = [one[actor], other[actor]]
            if not best or [_weight(x) for x in pair] < [_weight(x) for x in best]:
                best = pair
    return best


def _among(
    events: list[Statement], cast: set[int], groups: frozenset[str], begin: Statement, most: int
) -> list[Statement]:
    """The weightiest statements of these kinds about the cast, each by another subject; the event's object comes first."""
    found: dict[int, Statement] = {}
    for s in sorted(events, key=lambda s: (s.object != begin.object, *_weight(s))):
        fresh = (s.subject, s.relation, s.object) != (begin.subject, begin.relation, begin.object)
        if fresh and s.group in groups and s.object in cast and s.subject not in found:
            found[s.subject] = s
    return list(found.values())[:most]


def _weight(s: Statement) -> tuple[Any, ...]:
    return (-s.sources, s.modality != "actual", -s.confidence, s.date or "9999", s.subject, s.object)


def _told(model: MapModel, s: Statement, lead: str) -> Step:
    subject, object_ = model.nodes[s.subject].label, model.nodes[s.object].label
    how = "" if s.modality == "actual" else f" ({s.modality})"
    said = f" So says {s.speaker}." if s.speaker else ""
    return Step(f"{lead}: {subject} {s.label} {object_}{how}.{said}", edge=(s.subject, s.relation, s.object))
