"""A tape: a recorded computation as a list of steps, which any interpreter of the rows can do again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from autograd_core.engine.mode import Mode
from autograd_core.engine.modes import enter, leave
from autograd_core.engine.no_grad import enable_grad
from autograd_core.engine.value import Node, Value
from autograd_core.rules.rows import Primitive

T = TypeVar("T")
Edges = list[tuple[int, list[tuple[int, Any]]]]
"""For each step the place of its result, and the places of its operands with the partials towards them."""


class Made(Mode):
    """A mode that keeps the nodes that are made, in the order in which they are."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def recorded(self, node: Node) -> None:
        """See `Mode.recorded`."""
        self.nodes.append(node)


def made_by(f: Callable[[], T]) -> tuple[T, list[Node]]:
    """Call a function with recording on; return its result and the nodes that it made."""
    mode = Made()
    entry = enter(mode)
    try:
        with enable_grad():
            return f(), mode.nodes
    finally:
        leave(entry)


class Tape:
    """How some outputs were computed from some inputs, and from other Values that were there before.

    Numbers have places: first the inputs, then the others, then the result of each step.

    Args:
        outputs: Values, or plain numbers.
        inputs: Values.
        nodes: those that were made on the way, in order.

    Attributes:
        others: the Values that are not inputs and do not depend on them, but on which steps do depend.
    """

    def __init__(self, outputs: Sequence[Any], inputs: Sequence[Value], nodes: Sequence[Node]) -> None:
        inside = {id(x) for x in inputs}
        steps: list[Node] = []
        for node in nodes:
            if any(isinstance(x, Value) and id(x) in inside for x in node.operands):
                inside.add(id(node))
                steps.append(node)
        used = [*(x for node in steps for x in node.operands), *outputs]
        others = {id(x): x for x in used if isinstance(x, Value) and id(x) not in inside}
        self.others = list(others.values())
        place = {id(x): i for i, x in enumerate([*inputs, *self.others, *steps])}
        self.given = len(inputs) + len(self.others)
        self.steps: list[tuple[Primitive, list[int | float]]] = [
            (node._primitive, [place[id(x)] if isinstance(x, Value) else x for x in node.operands])
            for node in steps
            if node._primitive is not None
        ]
        self.outputs: list[int | float] = [place[id(y)] if isinstance(y, Value) else y for y in outputs]

    def replay(self, given: Sequence[Any]) -> list[Any]:
        """Do the steps again, from other inputs and others; return the numbers at all places."""
        numbers = list(given)
        for primitive, places in self.steps:
            numbers.append(primitive.apply(tuple(numbers[p] if type(p) is int else p for p in places)))
        return numbers

    def output(self, k: int, numbers: Sequence[Any]) -> Any:
        """Return output `k` of a replay."""
        place = self.outputs[k]
        return numbers[place] if isinstance(place, int) else place

    def linearize(self, numbers: Sequence[Any]) -> Edges:
        """Return the partials of all steps of a replay."""
        edges: Edges = []
        for i, (primitive, places) in enumerate(self.steps, self.given):
            operands = [numbers[p] if type(p) is int else p for p in places]
            partials = primitive.linearize(operands, numbers[i], [type(p) is int for p in places])
            pairs = zip(places, partials, strict=True)
            edges.append((i, [(p, d) for p, d in pairs if isinstance(p, int) and d is not None]))
        return edges

    def pull(self, edges: Edges, k: int) -> list[Any]:
        """Return the derivatives of output `k` by the inputs and others: 0.0 where there is none."""
        adjoints: dict[int, Any] = {}
        output = self.outputs[k]
        if isinstance(output, int):
            adjoints[output] = 1.0
        for i, pairs in reversed(edges):
            adjoint = adjoints.pop(i, None)
            if adjoint is not None:
                for p, d in pairs:
                    term = adjoint if type(d) is float and d == 1.0 else d * adjoint
                    adjoints[p] = adjoints[p] + term if p in adjoints else term
        return [adjoints.get(p, 0.0) for p in range(self.given)]
