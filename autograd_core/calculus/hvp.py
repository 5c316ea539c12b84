"""hvp(): the Hessian times a vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums, all_arguments
from autograd_core.calculus.directions import pushed
from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.grad import gradient_for


def hvp(f: Callable[..., Any], x: Any, v: Any, *, argnums: Argnums | None = None) -> Any:
    """Return the Hessian of `f` at `x` times `v`, at the cost of a few gradients: forward over reverse mode.

    Args:
        f: a function that returns one number, of one argument; with `argnums`, of any number of them.
        x: where to differentiate; with `argnums`, the tuple of all arguments of `f`.
        v: the direction: one number for each number to differentiate by, nested in the same way.
        argnums: which of several arguments to differentiate by: a position, or a tuple of positions, for which `v`
            and the result are tuples.

    Returns:
        The product, in the structure of `v`.

    Raises:
        ShapeError: `v` has not as many numbers as it takes.
        ArgumentError: `argnums` is given, and `x` is not a tuple that has arguments there.
        NotAScalarError: `f` returns something else than one number, or something in `x` or `v` is no number.

    Source: Pearlmutter 1994.

    >>> hvp(lambda p: p[0] ** 2 * p[1], [3.0, 4.0], [1.0, 0.0])
    [8.0, 6.0]

    A function of two arguments, by the first one, and by both:

    >>> def f(x, y):
    ...     return x**2 * y
    >>> hvp(f, (3.0, 4.0), 1.0, argnums=0)
    8.0
    >>> hvp(f, (3.0, 4.0), (1.0, 0.0), argnums=(0, 1))
    (8.0, 6.0)
    """
    call = f"hvp({name_of(checked_function('hvp', f))})"
    positions, args = all_arguments(call, x, argnums)
    return pushed(call, gradient_for("hvp", f, positions), positions, args, v)[1]
