"""Expansions: a function of one number as a power series around a point, for derivatives of any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.directions import parts_of
from autograd_core.calculus.outputs import described, one_number, outputs_of
from autograd_core.calculus.tracing import recording
from autograd_core.errors import NotAScalarError
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.lifted import new_level
from autograd_core.interpreters.series import Series
from autograd_core.nesting.structures import Structure


def expanded(
    call: str, f: Callable[[Any], Any], x: Any, order: int, scale: float = 1.0
) -> tuple[Structure, list[list[Any]]]:
    """Return the structure of the result, and for each number in it the coefficients of f(x + scale t) in powers of t.

    Raises:
        NotAScalarError: `x` is not one number.
    """
    centre = one_number(x)
    if centre is None:
        raise NotAScalarError(
            f"{call} is taken at one number, got {described(x)}; "
            "for a function of several use jacobian(f), or jvp(f, x, v) along a direction"
        )
    with new_level() as level, recording():
        if order == 1:
            result = f(Dual(level, centre, scale))
        else:
            result = f(Series(level, [centre, scale, *[None] * (order - 1)][: order + 1]))
    outputs, ys = outputs_of(result, call)
    return outputs, [parts_of(y, level, order + 1, call) for y in ys]
