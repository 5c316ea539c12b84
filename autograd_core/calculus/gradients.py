"""gradients(): derivatives of a recorded graph, as Values that can be differentiated again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.symbol import Symbol
from autograd_core.program.read import linearized
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float, shortened

_NO_GRAPH: Final = "and forward mode keeps no graph: in a function that jvp() and the like may call, use grad(f)"


def gradients(y: Value | float, xs: Iterable[Value]) -> list[Value]:
    """Return dy/dx for each x as a Value that can be differentiated again, and touch no `.grad`.

    The partials of the table are evaluated once more, on Values, so the result is a graph of its own.

    Args:
        y: what to differentiate.
        xs: what to differentiate by: leaves or inner nodes. One that y does not depend on gets 0.

    Raises:
        NotAScalarError: `y` or something among `xs` is no Value.
        GraphError: a leaf was assigned since the graph was recorded.

    >>> x = Value(2.0)
    >>> (slope,) = gradients(x**3, [x])
    >>> (curvature,) = gradients(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    targets = _targets(xs)
    if isinstance(y, Lifted):
        raise NotAScalarError(f"gradients(y, xs) takes a Value with its graph, {_NO_GRAPH}")
    if not isinstance(y, (Value, Symbol)):
        as_float(y, "gradients(y, xs): y")
        return [Value(0.0) for _ in targets]
    found = linearized([y], targets).pull([1.0])
    return [slope if is_operand(slope) else Value(slope) for slope in found]


def _targets(xs: Any) -> list[Value]:
    if isinstance(xs, Value):
        raise NotAScalarError("gradients(y, xs) takes a sequence of Values, got one Value; pass [x]")
    if not isinstance(xs, Iterable) or getattr(xs, "ndim", 1) == 0:
        raise NotAScalarError(f"gradients(y, xs) takes a sequence of Values, got {shortened(xs)} as xs; pass [x]")
    targets = list(xs)
    for x in targets:
        if isinstance(x, Lifted):
            raise NotAScalarError(f"gradients(y, xs) differentiates by Values, {_NO_GRAPH}")
        if not isinstance(x, (Value, Symbol)):
            raise NotAScalarError(
                f"gradients(y, xs) differentiates by Values, got {type(x).__name__} {shortened(x)} among xs; "
                "make it a Value before y is computed from it"
            )
    return targets
