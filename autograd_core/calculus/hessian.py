"""hessian(): all second derivatives of a function that returns one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums
from autograd_core.calculus.functions import name_of
from autograd_core.calculus.grad import gradient_for
from autograd_core.calculus.jacobian import Jacobian


def hessian(f: Callable[..., Any], argnums: Argnums = 0, *, sparse: bool = False) -> Jacobian:
    """Return a function that computes the second derivatives of `f`, which returns one number.

    It is the Jacobian of the gradient.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.
        sparse: return a matrix of SciPy's, `csr_array` of shape (n, n). The graph of the gradient tells which
            entries may differ from 0, and symmetry saves sweeps: an arrow-shaped Hessian takes 2, whatever its size.

    Returns:
        A function of the same arguments. Its result has the structure of the argument twice: a list of n lists
        for a list of n numbers, an array of shape (n, n) for an array.

    Raises:
        ArgumentError: `f` is no function, or `argnums` no position; on the call, there is no argument there, or a
            sparse result depends on Values from outside the function.
        NotAScalarError: on the call, `f` returns something else than one number, or an argument holds something
            that is no number.

    Source of the sparse method: star colouring, Gebremedhin, Manne and Pothen 2005.

    >>> hessian(lambda p: p[0] ** 2 * p[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    gradient = gradient_for("hessian", f, argnums)
    gradient.__name__ = name_of(f)  # errors are about the user's function
    return Jacobian("hessian", gradient, argnums, "auto", sparse)
