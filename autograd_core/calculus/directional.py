"""Derivatives along a direction: forward mode, with dual numbers for the first order and power series for any."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from autograd_core.calculus.grad import gradient_for
from autograd_core.calculus.structures import Structure, is_nothing, matching
from autograd_core.calculus.tracing import (
    Argnums,
    as_outside,
    checked_argnums,
    checked_function,
    checked_open,
    described,
    like,
    name_of,
    one_number,
    outputs_of,
    recording,
    replaced,
    scalar,
    taken,
)
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.lifted import Lifted, new_level
from autograd_core.interpreters.series import Series
from autograd_core.rules.scalars import shortened

HIGHEST: Final = 1500
"""The highest order of `derivative`: terms of a series grow to about exp(n / e) on the way, beyond the floats soon."""


def jvp(f: Callable[[Any], Any], x: Any, v: Any) -> tuple[Any, Any]:
    """Return f(x) and its derivative as x moves along `v`, the Jacobian times v: forward mode, without a graph.

    Args:
        f: a function of one argument; its result may be nested too.
        x: where to differentiate.
        v: the direction: one number for each number in `x`, nested in the same way.

    Raises:
        ShapeError: `v` has another length than `x`.

    >>> jvp(lambda p: [p[0] * p[1], p[0] + p[1]], [3.0, 5.0], [1.0, 10.0])
    ([15.0, 8.0], [35.0, 11.0])
    """
    return _pushed(f"jvp({name_of(f)})", checked_function("jvp", f), x, v)


def _pushed(name: str, f: Callable[[Any], Any], x: Any, v: Any) -> tuple[Any, Any]:
    structure, numbers = taken(name, 0, (x,))
    direction = [None if is_nothing(t) else t for t in matching(structure, v, f"{name}: the direction v")]
    outputs, moved = _moved(lambda duals: f(structure.build(duals)), numbers, direction, name)
    return outputs.build([primal for primal, _ in moved]), outputs.build([tangent for _, tangent in moved])


def hvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """Return the Hessian of `f` at `x` times `v`, at the cost of a few gradients: forward over reverse mode.

    Args:
        f: a function of one argument that returns one number.
        x: where to differentiate.
        v: the direction: one number for each number in `x`, nested in the same way.

    Returns:
        The product, in the structure of `x`.

    Source: Pearlmutter 1994.

    >>> hvp(lambda p: p[0] ** 2 * p[1], [3.0, 4.0], [1.0, 0.0])
    [8.0, 6.0]
    """
    return _pushed(f"hvp({name_of(f)})", gradient_for("hvp", f), x, v)[1]


def derivative(f: Callable[[Any], Any], n: int = 1) -> Callable[[Any], Any]:
    """Return a function that computes the n-th derivative of a function of one number.

    The time grows about as the square of n, not as a power with n in the exponent.

    Args:
        f: a function of one number; its result may be nested, as for the velocity of a path.
        n: the order, up to 1500, beyond which the way to a derivative leaves the range of floats; 0 for the function.

    Raises:
        DomainError: `n` is no int from 0 to 1500.

    >>> derivative(lambda x: x**5)(2.0)
    80.0
    >>> derivative(lambda x: x**5, 4)(2.0)
    240.0
    """
    order = _order("derivative(f, n): n", n)
    if order > HIGHEST:
        raise DomainError(f"derivative(f, n={order}) leaves the range of floats on its way: n may be up to {HIGHEST}")
    function = checked_function("derivative", f)
    # A coefficient is the derivative over n factorial, and leaves the range of floats where the derivative does not.
    # Over x + 2**m t, the power of two that comes next, it is about as large as the derivative.
    m = round(math.lgamma(order + 1) / math.log(2.0) / order) if order else 0
    factor = math.factorial(order) / (1 << m * order)

    @like(f, "derivative")
    def differentiated(x: Any) -> Any:
        outputs, columns = _expanded(f"derivative({name_of(f)})", function, x, order, float(1 << m))
        return outputs.build([column[order] * factor for column in columns])

    return differentiated


def taylor(f: Callable[[Any], Any], x: Any, order: int) -> list[Any]:
    """Return the Taylor coefficients of a function of one number around `x`: f(x), f'(x), f''(x) / 2!, and so on.

    Args:
        f: a function of one number; its result may be nested.
        x: the centre.
        order: of the last coefficient.

    Returns:
        order + 1 coefficients, each in the structure of the result of `f`.

    Raises:
        DomainError: `order` is no int of at least 0.

    >>> taylor(lambda x: 1 / (1 - x), 0.0, 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    count = _order("taylor(f, x, order): order", order)
    outputs, columns = _expanded(f"taylor({name_of(checked_function('taylor', f))})", f, x, count)
    return [outputs.build([column[k] for column in columns]) for k in range(count + 1)]


def divergence(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the divergence of a vector field: the trace of its Jacobian.

    Args:
        f: a function from n numbers to n numbers.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Raises:
        ShapeError: on the call, the result has another length than the argument.

    >>> divergence(lambda p: [p[0] ** 2, p[0] * p[1]])([3.0, 4.0])
    9.0
    """
    function, positions = checked_function("divergence", f), checked_argnums("divergence", argnums)

    @like(f, "divergence")
    def trace(*args: Any, **named: Any) -> Any:
        name = f"divergence({name_of(f)})"
        structure, numbers = taken(name, positions, args)

        def call(duals: list[Any]) -> Any:
            return function(*replaced(positions, args, structure, duals), **named)

        total: Any = 0.0
        for i in range(len(numbers)):
            _, moved = _moved(call, numbers, [1.0 if i == j else None for j in range(len(numbers))], name)
            if len(moved) != len(numbers):
                raise ShapeError(
                    f"{name} takes a function from n numbers to n numbers, got {len(numbers)} and {len(moved)}"
                )
            total = total + moved[i][1]
        return total

    return trace


def laplacian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the Laplacian of `f`, the trace of its Hessian, without the Hessian.

    Args:
        f: a function that returns one number.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Raises:
        NotAScalarError: on the call, `f` returns something else than one number.

    >>> laplacian(lambda p: p[0] ** 2 * p[1])([3.0, 4.0])
    8.0
    """
    function, positions = checked_function("laplacian", f), checked_argnums("laplacian", argnums)

    @like(f, "laplacian")
    def trace(*args: Any, **named: Any) -> Any:
        name = f"laplacian({name_of(f)})"
        structure, numbers = taken(name, positions, args)

        def call(duals: list[Any]) -> Any:
            result = function(*replaced(positions, args, structure, duals), **named)
            return scalar(result, name, "; for a vector field take it component by component")

        total: Any = 0.0
        for i in range(len(numbers)):
            direction = [1.0 if i == j else None for j in range(len(numbers))]
            slope = functools.partial(_slope, call, direction, name)
            total = total + _slope(slope, direction, name, numbers)
        return total

    return trace


def _slope(f: Callable[[list[Any]], Any], direction: Sequence[Any], name: str, numbers: Sequence[Any]) -> Any:
    """Return the derivative of one number along a direction."""
    _, ((_, tangent),) = _moved(f, numbers, direction, name)
    return tangent


def _moved(
    f: Callable[[list[Any]], Any], numbers: Sequence[Any], direction: Sequence[Any], name: str
) -> tuple[Structure, list[tuple[Any, Any]]]:
    """Return the structure of the result, and each number in it with its derivative along the direction."""
    with new_level() as level, recording():
        result = f([Dual(level, x, t) for x, t in zip(numbers, direction, strict=True)])
    outputs, ys = outputs_of(result, name)
    pairs = [_parts(y, level, 2, name) for y in ys]
    return outputs, [(primal, tangent) for primal, tangent in pairs]


def _expanded(
    name: str, f: Callable[[Any], Any], x: Any, order: int, scale: float = 1.0
) -> tuple[Structure, list[list[Any]]]:
    """Return the structure of the result, and the coefficients of each number in it, in t where f is at x + scale t."""
    centre = one_number(x)
    if centre is None:
        raise NotAScalarError(
            f"{name} is taken at one number, got {described(x)}; "
            "for a function of several use jacobian(f), or jvp(f, x, v) along a direction"
        )
    with new_level() as level, recording():
        if order == 1:
            result = f(Dual(level, centre, scale))
        else:
            result = f(Series(level, [centre, scale, *[None] * (order - 1)][: order + 1]))
    outputs, ys = outputs_of(result, name)
    return outputs, [_parts(y, level, order + 1, name) for y in ys]


def _parts(y: Any, level: int, count: int, name: str) -> list[Any]:
    """Return the parts of a result that is of this level; what is of a lower one is a constant."""
    parts = y.parts() if isinstance(y, Lifted) and y.level == level else [y, *[None] * (count - 1)]
    for part in parts:
        if isinstance(part, Lifted):
            checked_open(part, name)
    return [0.0 if part is None else as_outside(part) for part in parts]


def _order(call: str, n: Any) -> int:
    if isinstance(n, bool) or not hasattr(type(n), "__index__") or n.__index__() < 0:
        raise DomainError(f"{call} takes an int of at least 0, got {shortened(n)}")
    order: int = n.__index__()
    return order
