"""implicit(): numbers that solve an equation, differentiable by what the equation depends on."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.jacobian import jacobian
from autograd_core.custom.linear_systems import solve
from autograd_core.custom.solution_rows import Tolerances, checked_pivots, recorded_solution
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.symbol import number_of
from autograd_core.nesting.structures import flatten
from autograd_core.program.recorder import Recorder
from autograd_core.rules.scalars import shortened

Equations = Callable[[list[Any]], list[Any]]


def implicit(residual: Callable[[Any], Any], z: Any, *, rtol: float = 1e-6, atol: float = 1e-10) -> Any:
    """Return the solution z of residual(z) = 0 as what it is: a function of all that the residual depends on.

    Solve the equation by any means, on floats or on what `detach` returns. The derivatives come from the equation
    itself, by the implicit function theorem: dz = -(dF/dz)^-1 dF, exact for the z that is given, in every mode and of
    any order. What the solver did costs nothing on the way back.

    Args:
        residual: takes z, and returns as many numbers as it holds. It closes over the Values, or whatever else
            a transform calls your function with, that z depends on.
        z: the solution: one number, or several nested as you like. Of a Value its number counts.
        rtol: how far off z may be, as a part of the largest number in it.
        atol: how far off it may be besides.

    Returns:
        z, in the same structure: Values where the residual depends on Values, floats where it does on none.

    Raises:
        ShapeError: the residual returns another number of numbers than there are in z.
        DomainError: z does not solve the equation, or the equation does not determine z: dF/dz is singular.

    Source of the higher orders: Griewank and Walther 2008, chapter 15.

    >>> from autograd_core import detach, grad, implicit, sin
    >>> def anomaly(e):  # Kepler's equation at mean anomaly 1
    ...     z = 1.0
    ...     for _ in range(100):
    ...         z = 1.0 + detach(e) * sin(z)
    ...     return implicit(lambda z: z - e * sin(z) - 1.0, z)
    >>> round(anomaly(0.3), 12), round(grad(anomaly)(0.3), 12), round(grad(grad(anomaly))(0.3), 12)
    (1.288091313212, 1.04800830505, 0.292777453679)
    """
    name = f"implicit({name_of(checked_function('implicit', residual))}, z)"
    structure, numbers = flatten(z, f"{name}: z")
    floats = [float(number_of(x)) for x in numbers]
    if not floats:
        raise NotAScalarError(f"{name} takes a solution of at least one number, got {shortened(z)}")
    if not all(map(math.isfinite, floats)):
        raise DomainError(f"{name}: z is {shortened(floats)}, no solution")

    def equations(xs: list[Any]) -> list[Any]:
        _, found = flatten(residual(structure.build(xs)), f"{name}: the residual")
        if len(found) != len(xs):
            raise ShapeError(
                f"{name}: the residual returned {len(found)} numbers for the {len(xs)} in z; "
                "it takes one equation for each unknown"
            )
        return found

    return structure.build(_solution(name, equations, floats, (rtol, atol)))


def _solution(name: str, equations: Equations, z: list[float], tolerances: Tolerances) -> list[Any]:
    """The solution, as differentiable as the equations are."""
    recorder = Recorder(name, sites=False, strict=False)
    unknowns = [recorder.input(x, f"z{k}") for k, x in enumerate(z)]
    with recorder.recording():
        outputs = equations(list(unknowns))
    lifted = [y for y in outputs if isinstance(y, Lifted)]
    if lifted:
        return _lifted_solution(name, equations, lifted, z, tolerances)
    program, _ = recorder.program(outputs, unknowns)
    return recorded_solution(name, program, z, tolerances)


def _lifted_solution(
    name: str, equations: Equations, lifted: list[Lifted], z: list[float], tolerances: Tolerances
) -> list[Any]:
    """The solution within forward mode: a number and further parts.

    The number solves the equations of the level below. Each part after it follows from those before: with z known up to
    part k - 1, part k of the residual lacks only dF/dz z_k.
    """
    top = max(lifted, key=lambda y: y.level)

    def parts_of(y: Any, k: int) -> Any:
        if isinstance(y, Lifted) and y.level == top.level:
            part = y.parts()[k]
            return 0.0 if part is None else part  # None: it does not move
        return y if k == 0 else 0.0

    def below(xs: list[Any]) -> list[Any]:
        return [parts_of(y, 0) for y in equations(xs)]

    base = _solution(name, below, z, tolerances)
    slopes = jacobian(below, mode="reverse")(base)
    order = checked_pivots(name, [[float(number_of(x)) for x in row] for row in slopes])
    count = min(len(y.parts()) for y in lifted if y.level == top.level)
    parts = [[x] for x in base]
    for k in range(1, count):
        found = equations([top.with_parts([*x, *[0.0] * (count - k)]) for x in parts])
        for x, more in zip(parts, solve(slopes, [-parts_of(y, k) for y in found], order), strict=True):
            x.append(more)
    return [top.with_parts(x) for x in parts]
