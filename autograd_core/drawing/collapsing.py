"""One box for a neuron or a layer, where a picture of single Values would be too large.

A model notes on the nodes that a neuron makes which neuron it was: their `origin` is its path, `layers.0.neurons.3`.
A box holds these, whatever lies between them, and the parameters that only they use. All examples of a batch go through
the same box.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from autograd_core.drawing.excerpt import operands_of
from autograd_core.engine.value import Value
from autograd_core.naming import module_path

MOST_BOXES = 40
"""More neurons than these are drawn as layers."""

MOST_LINKS = 120
"""So are neurons with more connections than these."""


class Box:
    """Some Values drawn as one.

    Attributes:
        name: what the box is called: the path of a module, or a number of operations.
        values: how many Values it holds, parameters included.
        parameters: how many parameters.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.values = 0
        self.parameters = 0
        self._squares: list[float] = []

    def add(self, v: Value) -> None:
        """Put a Value into the box."""
        self.values += 1
        if v.is_leaf and module_path(v) is not None:
            self.parameters += 1
            if v.has_grad:
                self._squares.append(v.grad)

    def gradient_norm(self) -> float | None:
        """Return the Euclidean norm of the parameters' gradients; None if a backward pass reached none of them."""
        return math.hypot(*self._squares) if self._squares else None


Unit = Value | Box
"""What is drawn as one thing."""


class Link:
    """All edges from one unit to another."""

    def __init__(self, tail: Unit, head: Unit) -> None:
        self.tail = tail
        self.head = head
        self.edges = 0
        self.flows = False  # whether gradient flows along any of them
        self.reached = False  # whether any has passed a gradient back
        self._passed: list[float] = []

    def add(self, node: Value, derivative: float | None) -> None:
        """Count one more edge, with its local derivative."""
        self.edges += 1
        if derivative is not None:
            self.flows = True
            if node.has_grad:
                self.reached = True
                self._passed.append(derivative * node.grad)

    def passed(self) -> float:
        """Return the gradient that one edge passes back, or the norm of what several do."""
        return self._passed[0] if len(self._passed) == 1 else math.hypot(*self._passed)


class Collapsed:
    """A graph of units.

    Attributes:
        owner: the box that holds a Value, by the Value's id. A Value in no box is a unit by itself.
        units: all units, each before what is computed from it, unless boxes depend on each other in a circle.
        links: all links by the ids of tail and head.
    """

    def __init__(self, order: list[Value], owner: dict[int, Box]) -> None:
        self.owner = owner
        units: dict[int, Unit] = {}
        leaves: dict[int, Unit] = {}  # the place of a parameter does not say when its box is computed
        self.links: dict[tuple[int, int], Link] = {}
        for v in order:
            head = self.unit(v)
            (leaves if v.is_leaf else units).setdefault(id(head), head)
            for x, derivative in operands_of(v):
                if isinstance(x, Value):
                    tail = self.unit(x)
                    if tail is not head:
                        self.links.setdefault((id(tail), id(head)), Link(tail, head)).add(v, derivative)
        self.units = [*(unit for key, unit in leaves.items() if key not in units), *units.values()]

    def unit(self, v: Value) -> Unit:
        """Return what a Value is drawn as."""
        return self.owner.get(id(v), v)

    def nearest(self, roots: list[Value], limit: int) -> tuple[list[Unit], int]:
        """Return the `limit` units nearest to the roots, breadth first, and how many Values are in the others."""
        tails: dict[int, list[Unit]] = {}
        for link in self.links.values():
            tails.setdefault(id(link.head), []).append(link.tail)
        chosen = {id(unit): unit for unit in map(self.unit, roots)}
        queue = deque(chosen.values())
        while queue and len(chosen) < limit:
            for tail in tails.get(id(queue.popleft()), ()):
                if id(tail) not in chosen and len(chosen) < limit:
                    chosen[id(tail)] = tail
                    queue.append(tail)
        others = [unit for unit in self.units if id(unit) not in chosen]
        hidden = sum(unit.values if isinstance(unit, Box) else 1 for unit in others)
        return [unit for unit in self.units if id(unit) in chosen], hidden


def collapsed(roots: list[Value], order: list[Value], most: int) -> Collapsed:
    """Return the graph with a box for each neuron; if these are too many, for each layer and all other operations.

    Args:
        roots: the results. Those that no neuron made are in no box.
        order: all Values of the graph, operands first.
        most: the largest number of units that is wanted.
    """
    neurons = _neuron_boxes(order)
    result = Collapsed(order, neurons)
    boxes = [unit for unit in result.units if isinstance(unit, Box)]
    between = [link for link in result.links.values() if isinstance(link.tail, Box) and isinstance(link.head, Box)]
    if len(boxes) > min(most, MOST_BOXES) or len(between) > MOST_LINKS:
        result = Collapsed(order, _layer_boxes(result))
    if boxes and len(result.units) > most:
        result = Collapsed(order, {**_other_boxes(roots, order, result), **result.owner})
    for v in order:
        unit = result.unit(v)
        if isinstance(unit, Box):
            unit.add(v)
    return result


def _neuron_boxes(order: list[Value]) -> dict[int, Box]:
    """Return the box of each Value that a neuron made or owns."""
    marked = {id(v): path for v in order if (path := module_path(v)) is not None}
    claims = _claims(order, marked)
    known = any(v.is_leaf for v in order if id(v) in marked)
    keys: dict[int, tuple[str, int]] = {}  # a path and a parameter: two models may have equal paths
    owned: dict[int, tuple[str, int]] = {}
    for v in order:
        path = claims.get(id(v))
        if path is None or v.is_leaf:
            continue
        operands = [x for x in v.operands if isinstance(x, Value) and claims[id(x)] == path]
        inside = [keys.get(id(x), (path, id(x))) for x in operands if x.is_leaf or id(x) in keys]
        if inside or id(v) in marked or not known:
            key = inside[0] if inside else (path, 0)
            keys[id(v)] = key
            owned.update((id(x), key) for x in operands if x.is_leaf)
    boxes: dict[tuple[str, int], Box] = {}
    return {v: boxes.setdefault(key, Box(key[0])) for v, key in {**keys, **owned}.items()}


def _claims(order: list[Value], marked: dict[int, str]) -> dict[int, str | None]:
    """Return for each Value the path of the only module that it can belong to, None if there is none.

    A marked node belongs to its module; another to the one whose nodes alone use it. A parameter is marked with
    its own path: who uses it besides its module, such as a penalty on weights, does not count.
    """
    claims: dict[int, str | None] = {}
    users: dict[int, set[str | None]] = {}
    for v in reversed(order):
        used_by = users.pop(id(v), {None})
        if v.is_leaf:
            used_by = used_by - {None} if id(v) in marked else {None}
        elif id(v) in marked:
            used_by = {marked[id(v)]}
        claims[id(v)] = path = next(iter(used_by)) if len(used_by) == 1 else None
        for x in v.operands:
            if isinstance(x, Value):
                users.setdefault(id(x), set()).add(path)
    return claims


def _layer_boxes(neurons: Collapsed) -> dict[int, Box]:
    """Return the box of each Value when neurons that stand side by side, and see the same inputs, share one."""
    inputs: dict[int, list[int]] = {}
    for link in neurons.links.values():
        inputs.setdefault(id(link.head), []).append(id(link.tail))
    layers: dict[tuple[str, int], Box] = {}
    layer_of: dict[int, Box] = {}
    for unit in neurons.units:
        if isinstance(unit, Box):
            parts = unit.name.split(".")
            path = ".".join(parts[:-2]) or ("layer" if len(parts) == 2 else unit.name)
            keys = [(path, tail) for tail in inputs.get(id(unit), [0])]
            layer = next((layers[key] for key in keys if key in layers), None) or Box(path)
            layer_of[id(unit)] = layer
            layers.update(dict.fromkeys(keys, layer))
    return {v: layer_of[id(box)] for v, box in neurons.owner.items()}


def _other_boxes(roots: list[Value], order: list[Value], graph: Collapsed) -> dict[int, Box]:
    """Return a box for each connected group of the operations that no module made, and one for the leaves."""
    others = [v for v in order if id(v) not in graph.owner]
    results = {id(root) for root in roots}
    group = _groups(others)
    boxes: dict[int, Box] = {}
    found: dict[int, Box] = {}
    for v in others:
        if id(v) not in results:
            key = 0 if v.is_leaf else group(id(v))
            found[id(v)] = boxes.setdefault(key, Box("inputs" if v.is_leaf else "other operations"))
    return found


def _groups(values: Iterable[Value]) -> Callable[[int], int]:
    """Return a function from the id of an operation to one id for all that it is connected with, by union-find."""
    above: dict[int, int] = {id(v): id(v) for v in values if not v.is_leaf}

    def find(key: int) -> int:
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for v in values:
        operands: tuple[Any, ...] = v.operands
        for x in operands:
            if isinstance(x, Value) and id(x) in above:
                above[find(id(x))] = find(id(v))
    return find
