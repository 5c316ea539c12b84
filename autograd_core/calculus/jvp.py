"""jvp(): the derivative along a direction, the Jacobian times a vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums, all_arguments
from autograd_core.calculus.directions import pushed
from autograd_core.calculus.functions import checked_function, name_of


def jvp(f: Callable[..., Any], x: Any, v: Any, *, argnums: Argnums | None = None) -> tuple[Any, Any]:
    """Return f(x) and its derivative as x moves along `v`, the Jacobian times v: forward mode, without a graph.

    Args:
        f: a function of one argument; with `argnums`, of any number of them. Its result may be nested too.
        x: where to differentiate; with `argnums`, the tuple of all arguments of `f`.
        v: the direction: one number for each number to differentiate by, nested in the same way.
        argnums: which of several arguments to differentiate by: a position, or a tuple of positions, for which `v`
            is a tuple of directions.

    Raises:
        ShapeError: `v` has not as many numbers as it takes.
        ArgumentError: `argnums` is given, and `x` is not a tuple that has arguments there.
        NotAScalarError: something in `x`, `v` or the result is no number.

    >>> jvp(lambda p: [p[0] * p[1], p[0] + p[1]], [3.0, 5.0], [1.0, 10.0])
    ([15.0, 8.0], [35.0, 11.0])

    A function of two arguments, by the second one, and by both:

    >>> def area(width, height):
    ...     return width * height
    >>> jvp(area, (3.0, 5.0), 1.0, argnums=1)
    (15.0, 3.0)
    >>> jvp(area, (3.0, 5.0), (1.0, 10.0), argnums=(0, 1))
    (15.0, 35.0)
    """
    call = f"jvp({name_of(checked_function('jvp', f))})"
    positions, args = all_arguments(call, x, argnums)
    return pushed(call, f, positions, args, v)
