"""vjp(): a row vector times the Jacobian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums, all_arguments
from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.outputs import outputs_of
from autograd_core.calculus.tracing import Trace, recording
from autograd_core.nesting.matching import matching
from autograd_core.nesting.structures import is_nothing
from autograd_core.rules.table import dot


def vjp(f: Callable[..., Any], x: Any, *, argnums: Argnums | None = None) -> tuple[Any, Callable[[Any], Any]]:
    """Return f(x), and a function that multiplies a row vector with the Jacobian of `f` at `x`: reverse mode.

    Args:
        f: a function of one argument; with `argnums`, of any number of them. Its result may be nested too.
        x: where to differentiate; with `argnums`, the tuple of all arguments of `f`.
        argnums: which of several arguments to differentiate by: a position, or a tuple of positions, for which the
            products are tuples.

    Returns:
        The result, and a function. It takes a row vector w, one number for each number in the result, nested in the
        same way, and returns the product in the structure of what is differentiated by.

    Raises:
        ArgumentError: `argnums` is given, and `x` is not a tuple that has arguments there.
        NotAScalarError: something in `x` or the result is no number.
        ShapeError: on the call of that function, w has not as many numbers as the result.

    >>> value, pull = vjp(lambda p: [p[0] * p[1], p[0] + p[1]], [3.0, 5.0])
    >>> value, pull([1.0, 10.0])
    ([15.0, 8.0], [15.0, 13.0])

    A function of two arguments, by the second one, and by both:

    >>> def area(width, height):
    ...     return width * height
    >>> vjp(area, (3.0, 5.0), argnums=1)[1](10.0)
    30.0
    >>> vjp(area, (3.0, 5.0), argnums=(0, 1))[1](10.0)
    (50.0, 30.0)
    """
    positions, args = all_arguments(f"vjp({name_of(checked_function('vjp', f))})", x, argnums)
    trace = Trace("vjp", f, positions, args, {})
    outputs, ys = outputs_of(trace.result, trace.name)

    def pull(w: Any) -> Any:
        weights = matching(outputs, w, trace.name, "w", "the result")
        weighted = [(weight, y) for weight, y in zip(weights, ys, strict=True) if not is_nothing(weight)]
        with recording():
            y = dot([weight for weight, _ in weighted], [y for _, y in weighted])
        return trace.structure.build(trace.pull(y))

    return outputs.build(trace.values(ys)), pull
