"""divergence(): the trace of the Jacobian of a vector field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums, checked_argnums, replaced, taken
from autograd_core.calculus.directions import moved_along, unit
from autograd_core.calculus.functions import checked_function, like, name_of
from autograd_core.errors import ShapeError


def divergence(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the divergence of a vector field: the trace of its Jacobian.

    Args:
        f: a function from n numbers to n numbers.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Raises:
        ArgumentError: `f` is no function, or `argnums` no position.
        ShapeError: on the call, the result has more or fewer numbers than the argument.
        NotAScalarError: on the call, the argument or the result holds something that is no number.

    >>> divergence(lambda p: [p[0] ** 2, p[0] * p[1]])([3.0, 4.0])
    9.0
    """
    function, positions = checked_function("divergence", f), checked_argnums("divergence(f, argnums)", argnums)

    @like(f, "divergence")
    def trace(*args: Any, **named: Any) -> Any:
        call = f"divergence({name_of(f)})"
        structure, numbers = taken(call, positions, args)

        def field(duals: list[Any]) -> Any:
            return function(*replaced(positions, args, structure, duals), **named)

        total: Any = 0.0
        for i in range(len(numbers)):
            _, moved = moved_along(field, numbers, unit(i, len(numbers)), call)
            if len(moved) != len(numbers):
                raise ShapeError(
                    f"{call} takes a function from n numbers to n numbers, got {len(numbers)} and {len(moved)}"
                )
            total = total + moved[i][1]
        return total

    return trace
