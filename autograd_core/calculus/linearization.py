"""Linearization: a recorded computation as the linear map that it is next to where it was recorded.

The chain rule may be applied along the edges from the inputs on, which is `push`, or from the outputs back, which
is `pull`: forward and reverse mode on one graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value
from autograd_core.errors import GraphError
from autograd_core.rules.scalars import shortened


class Linearization:
    """The derivative of some outputs with respect to some inputs, as a graph of partials.

    Args:
        outputs: Values; what is no Value counts as a constant.
        inputs: Values, leaves or inner nodes.
        stop: whether the inputs are taken as independent, whatever they were computed from. Otherwise what one
            input does through another one counts too.
        differentiable: whether the partials are to be Values, which can be differentiated again.

    Raises:
        GraphError: `differentiable`, and a leaf was assigned since the graph was recorded.
    """

    def __init__(
        self, outputs: Sequence[Any], inputs: Sequence[Value], *, stop: bool = False, differentiable: bool = True
    ) -> None:
        roots = [y for y in outputs if isinstance(y, Value)]
        order = topological_order(*roots, stops=inputs if stop else ())
        place = {id(x): i for i, x in enumerate(inputs)}
        self.width = len(inputs)
        self.size = len(inputs)
        self.edges: list[tuple[int, list[tuple[int, Any]]]] = []  # each node's place, and its parents' with partials
        for node in order:
            parents = node.parents
            if not place.keys().isdisjoint(map(id, parents)):
                if id(node) not in place:
                    place[id(node)] = self.size
                    self.size += 1
                if differentiable:
                    pairs = self._partials(node, place)
                else:
                    pairs = zip(parents, node.local_derivatives, strict=True)
                self.edges.append(
                    (place[id(node)], [(place[id(x)], d) for x, d in pairs if d is not None and id(x) in place])
                )
        self.places = [place.get(id(y)) for y in outputs]  # None for an output that depends on no input

    @staticmethod
    def _partials(node: Value, place: dict[int, int]) -> Iterable[tuple[Any, Any]]:
        """The operands with their partials, as Values."""
        _check_current(node)
        operands, primitive = node.operands, node.primitive
        assert primitive is not None
        partials = primitive.linearize(operands, node, [id(x) in place for x in operands])
        return zip(operands, partials, strict=True)

    def pull(self, cotangents: Sequence[Any]) -> list[Any]:
        """Return the gradient, one for each input, of the sum of the outputs times `cotangents`: reverse mode.

        A cotangent of None leaves its output out, where 0.0 times a partial that is inf would give nan.
        """
        adjoints: list[Any] = [None] * self.size
        for place, cotangent in zip(self.places, cotangents, strict=True):
            if place is not None and cotangent is not None:
                adjoints[place] = _plus(adjoints[place], cotangent)
        for place, edges in reversed(self.edges):
            adjoint = adjoints[place]
            if adjoint is None:
                continue
            for parent, partial in edges:
                adjoints[parent] = _plus(adjoints[parent], _times(partial, adjoint))
        return [0.0 if adjoint is None else adjoint for adjoint in adjoints[: self.width]]

    def push(self, tangents: Sequence[Any]) -> list[Any]:
        """Return the derivative of each output as the inputs move along `tangents`: forward mode.

        A tangent of None is that of an input that does not move. The inputs must be independent of one another.
        """
        moved: list[Any] = [*tangents, *[None] * (self.size - self.width)]
        for place, edges in self.edges:
            total: Any = None
            for parent, partial in edges:
                tangent = moved[parent]
                if tangent is not None:
                    total = _plus(total, _times(partial, tangent))
            moved[place] = total
        return [0.0 if place is None or moved[place] is None else moved[place] for place in self.places]

    def pattern(self) -> list[int]:
        """Return for each output the inputs that it may depend on, as the bits of an integer."""
        masks = [1 << i for i in range(self.width)] + [0] * (self.size - self.width)
        for place, edges in self.edges:
            mask = 0
            for parent, _ in edges:
                mask |= masks[parent]
            masks[place] = mask
        return [0 if place is None else masks[place] for place in self.places]


def _plus(before: Any, more: Any) -> Any:
    return more if before is None else before + more


def _times(partial: Any, adjoint: Any) -> Any:
    return adjoint if type(partial) is float and partial == 1.0 else partial * adjoint


def _check_current(node: Value) -> None:
    """Raise if a leaf has changed so that this node's recorded value or slopes no longer hold."""
    primitive, operands = node.primitive, node.operands
    if primitive is None or not any(isinstance(x, Value) and x.is_leaf for x in operands):
        return
    active = [isinstance(x, Value) for x in operands]
    floats = [x.data if isinstance(x, Value) else x for x in operands]
    value = primitive.evaluate(floats)
    slopes = [d for d in primitive.linearize(floats, value, active) if d is not None]
    if [value, *slopes] == [node.data, *node.local_derivatives]:
        return
    if repr([value, *map(float, slopes)]) != repr([node.data, *node.local_derivatives]):  # nan equals nan here
        raise GraphError(
            f"cannot differentiate {primitive.name}: a leaf among its operands {shortened(operands, 200)} was assigned "
            "after the graph was recorded; compute y again from the new data"
        )
