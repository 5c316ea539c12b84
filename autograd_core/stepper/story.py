"""All that the player shows, put together for JSON."""

from __future__ import annotations

import math
from types import FrameType
from typing import Any, Final

from autograd_core.drawing.collapsing import Box
from autograd_core.drawing.markup import count, figure
from autograd_core.engine.value import Value
from autograd_core.stepper import arithmetic
from autograd_core.stepper.colours import Scale
from autograd_core.stepper.frames import Frames
from autograd_core.stepper.quiet_pass import QuietPass, quiet_pass
from autograd_core.stepper.stage import Stage
from autograd_core.stepper.units import REST, Names, Units, is_parameter, parameter_name

_LISTED: Final = 8
"""How many parameters of a box are listed."""

Story = dict[str, Any]
"""The graph as SVG, its nodes and edges, and the frames. All numbers are text, as they are shown."""


def story(y: Value, frame: FrameType | None, most: int, collapse: bool) -> Story:
    """Return what the player of `y` shows.

    Args:
        y: the result.
        frame: the frame whose variables name the Values.
        most: the largest number of nodes that are shown one by one.
        collapse: whether to show neurons or layers as boxes in any case.
    """
    record = quiet_pass(y)
    units = Units(y, record.forward, most, collapse)
    names = Names(units, record.forward, frame)
    gradients = _gradients(y, record)
    stage = Stage(units, names, gradients)
    inside = _parameters(record, units)
    last = {key: grads[-1] if grads else 0.0 for key, grads in gradients.items()}
    scale = Scale(
        [last[id(v)] for v in units.values if id(v) in last],
        [math.hypot(*(last[id(v)] for v in inside.get(id(box), []))) for box in units.boxes],
        _flows(record, units),
    )
    frames = list(Frames(record, units, names, stage, scale).all())
    nodes = [
        _value(v, names, last) if isinstance(v, Value) else _box(v, inside.get(id(v), []), last) for v in units.shown
    ]
    places = {stage.ids[id(unit)]: i for i, unit in enumerate(units.shown)}
    edges = [_edge(edge, places, units, names) for edge in stage.edges]
    return {
        "title": names.of(y),
        "size": f"{count(len(record.forward), 'node')}, {count(len(record.products), 'product')} of the chain rule",
        "notice": units.notice(),
        "svg": stage.picture(),
        "nodes": [*nodes, {"name": REST.name, "what": count(units.hidden, "node"), "kind": "rest"}],
        "edges": edges,
        "frames": frames,
        "legend": scale.legend(),
    }


def _gradients(y: Value, record: QuietPass) -> dict[int, list[float]]:
    """Return the gradients that each Value has one after the other during the pass, by id."""
    gradients: dict[int, list[float]] = {id(v): [] for v in record.forward}
    gradients[id(y)].append(1.0)
    for step in record.products:
        gradients[id(step.parent)].append(step.after)
    return gradients


def _parameters(record: QuietPass, units: Units) -> dict[int, list[Value]]:
    """Return the parameters in each box, by the box's id."""
    inside: dict[int, list[Value]] = {}
    if units.graph is not None:
        for v in record.forward:
            if is_parameter(v):
                inside.setdefault(id(units.of(v)), []).append(v)
    return inside


def _flows(record: QuietPass, units: Units) -> list[float]:
    """Return the norm of what flows along each edge that has a box at an end."""
    if units.graph is None:
        return []
    flows: dict[tuple[int, int], list[float]] = {}
    for step in record.products:
        assert step.parent is not None
        head, tail = units.of(step.node), units.of(step.parent)
        if head is not tail and (isinstance(head, Box) or isinstance(tail, Box)):
            flows.setdefault((id(head), id(tail)), []).append(step.contribution)
    return [math.hypot(*contributions) for contributions in flows.values()]


def _value(v: Value, names: Names, last: dict[int, float]) -> dict[str, Any]:
    what = "leaf" if v.primitive is None else v.primitive.name
    node: dict[str, Any] = {"name": names.of(v), "what": what, "kind": "value", "value": arithmetic.number(v.data)}
    node |= {"exact": repr(v.data), "text": arithmetic.computed(v, names.of)}
    return node if id(v) in last else {**node, "kind": "still"}


def _box(box: Box, parameters: list[Value], last: dict[int, float]) -> dict[str, Any]:
    what = count(box.values, "node") + (f", {count(box.parameters, 'parameter')}" if box.parameters else "")
    largest = sorted(parameters, key=lambda v: -math.inf if math.isnan(last[id(v)]) else -abs(last[id(v)]))[:_LISTED]
    listed = [[parameter_name(v), figure(v.data), figure(last[id(v)])] for v in largest]
    return {"name": box.name, "what": what, "kind": "box", "parameters": listed}


def _edge(edge: dict[str, Any], places: dict[str, int], units: Units, names: Names) -> dict[str, Any]:
    """Return an edge with the numbers of its two ends, and its description."""
    head, tail = places[edge["head"]], places.get(edge["tail"])
    found: dict[str, Any] = {"head": head}
    if tail is not None:
        found["tail"] = tail
    elif edge["tail"].endswith("_more"):
        found["tail"] = len(units.shown)
    if "derivative" in edge:
        above, below = units.shown[head], units.shown[tail] if tail is not None else REST
        end = names.of(below) if isinstance(below, Value) else below.name
        start = names.of(above) if isinstance(above, Value) else above.name
        return {**found, "about": f"∂{start}/∂{end} = {edge['derivative']}", "flows": True}
    return {**found, "about": edge.get("about", "a constant")}
