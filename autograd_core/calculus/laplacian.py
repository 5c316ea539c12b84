"""laplacian(): the trace of the Hessian."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from autograd_core.calculus.argnums import Argnums, checked_argnums, replaced, taken
from autograd_core.calculus.directions import moved_along, unit
from autograd_core.calculus.functions import checked_function, like, name_of
from autograd_core.calculus.outputs import scalar


def laplacian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the Laplacian of `f`, the trace of its Hessian, without the Hessian.

    Args:
        f: a function that returns one number.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Raises:
        ArgumentError: `f` is no function, or `argnums` no position.
        NotAScalarError: on the call, `f` returns something else than one number, or an argument holds something
            that is no number.

    >>> laplacian(lambda p: p[0] ** 2 * p[1])([3.0, 4.0])
    8.0
    """
    function, positions = checked_function("laplacian", f), checked_argnums("laplacian(f, argnums)", argnums)

    @like(f, "laplacian")
    def trace(*args: Any, **named: Any) -> Any:
        call = f"laplacian({name_of(f)})"
        structure, numbers = taken(call, positions, args)

        def value(xs: list[Any]) -> Any:
            result = function(*replaced(positions, args, structure, xs), **named)
            return scalar(result, call, "; for a vector field take it component by component")

        def slope(direction: list[float | None], xs: list[Any]) -> Any:
            _, ((_, tangent),) = moved_along(value, xs, direction, call)
            return tangent

        total: Any = 0.0
        for i in range(len(numbers)):
            direction = unit(i, len(numbers))
            _, ((_, curvature),) = moved_along(partial(slope, direction), numbers, direction, call)
            total = total + curvature
        return total

    return trace
