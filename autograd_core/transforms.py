"""Derivatives as values: they can be differentiated again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd_core.errors import GraphError, NotAScalarError
from autograd_core.graph import topological_order
from autograd_core.scalars import as_float, shortened
from autograd_core.value import Value


def gradients(y: Value | float, xs: Iterable[Value]) -> list[Value]:
    """Return dy/dx for each x as a Value that can be differentiated again, and touch no `.grad`.

    The partials of the table are evaluated once more, on Values, so the result is a graph of its own.

    Args:
        y: what to differentiate.
        xs: what to differentiate by: leaves or inner nodes. One that y does not depend on gets 0.

    Raises:
        GraphError: a leaf was assigned since the graph was recorded.

    >>> x = Value(2.0)
    >>> (slope,) = gradients(x**3, [x])
    >>> (curvature,) = gradients(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    targets = _targets(xs)
    if not isinstance(y, Value):
        as_float(y, "gradients(y, xs): y")
        return [Value(0.0) for _ in targets]
    order = topological_order(y)
    needed = {id(x) for x in targets}
    for node in order:
        if any(id(parent) in needed for parent in node.parents):
            needed.add(id(node))
    adjoints: dict[int, Any] = {id(y): 1.0}
    for node in reversed(order):
        primitive = node.primitive
        if primitive is None or id(node) not in needed or id(node) not in adjoints:
            continue
        _check_current(node)
        adjoint, operands = adjoints[id(node)], node.operands
        partials = primitive.linearize(operands, node, [id(operand) in needed for operand in operands])
        for operand, partial in zip(operands, partials, strict=True):
            if partial is None or id(operand) not in needed:
                continue
            contribution = adjoint if type(partial) is float and partial == 1.0 else partial * adjoint
            before = adjoints.get(id(operand))
            adjoints[id(operand)] = contribution if before is None else before + contribution
    return [_as_value(adjoints.get(id(x), 0.0)) for x in targets]


def _targets(xs: Iterable[Value]) -> list[Value]:
    if isinstance(xs, Value):
        raise NotAScalarError("gradients(y, xs) takes a sequence of Values, got one Value; pass [x]")
    if not isinstance(xs, Iterable):
        raise NotAScalarError(f"gradients(y, xs) takes a sequence of Values, got {shortened(xs)} as xs; pass [x]")
    targets = list(xs)
    for x in targets:
        if not isinstance(x, Value):
            raise NotAScalarError(
                f"gradients(y, xs) differentiates by Values, got {type(x).__name__} {shortened(x)} among xs; "
                "make it a Value before y is computed from it"
            )
    return targets


def _as_value(adjoint: Any) -> Value:
    return adjoint if isinstance(adjoint, Value) else Value(adjoint)


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
            f"gradients(): a leaf among the operands {shortened(operands, 200)} of {primitive.name} was assigned after "
            "the graph was recorded; compute y again from the new data"
        )
