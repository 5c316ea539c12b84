"""implicit(): numbers that solve an equation, differentiable by what the equation depends on."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, Final

from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.jacobian import jacobian
from autograd_core.custom.joint import Joint
from autograd_core.custom.linear_systems import pivots, solve, solve_columns
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.symbol import number_of
from autograd_core.nesting.structures import flatten
from autograd_core.program.form import Program
from autograd_core.program.linear_map import linearize
from autograd_core.program.machines.reference import outputs as outputs_of
from autograd_core.program.machines.reference import run
from autograd_core.program.recorder import Recorder
from autograd_core.rules.scalars import shortened

_MOST_STEPS: Final = 50

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


def _solution(name: str, equations: Equations, z: list[float], tolerances: tuple[float, float]) -> list[Any]:
    """The solution, as differentiable as the equations are.

    What is lifted has its number and further parts. Its number solves the equations of the level below. Each part
    after it follows from those before: with z known up to part k - 1, part k of the residual lacks only dF/dz z_k.
    """
    recorder = Recorder(name, sites=False, strict=False)
    unknowns = [recorder.input(x, f"z{k}") for k, x in enumerate(z)]
    with recorder.recording():
        outputs = equations(list(unknowns))
    lifted = [y for y in outputs if isinstance(y, Lifted)]
    if not lifted:
        program, _ = recorder.program(outputs, unknowns)
        return _recorded_solution(name, program, z, tolerances)
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
    order = _pivots(name, [[float(number_of(x)) for x in row] for row in slopes])
    count = min(len(y.parts()) for y in lifted if y.level == top.level)
    parts = [[x] for x in base]
    for k in range(1, count):
        found = equations([top.with_parts([*x, *[0.0] * (count - k)]) for x in parts])
        for x, more in zip(parts, solve(slopes, [-parts_of(y, k) for y in found], order), strict=True):
            x.append(more)
    return [top.with_parts(x) for x in parts]


def _recorded_solution(name: str, program: Program, z: list[float], tolerances: tuple[float, float]) -> list[Any]:
    """The solution of recorded equations: rows whose operands are what the equations depend on."""
    others = program.captured
    floats = [number_of(x) for x in others]
    residuals, derivatives = residuals_at(program, z, floats)
    slopes = [row[: len(z)] for row in derivatives]
    if not all(map(math.isfinite, residuals)):
        raise DomainError(f"{name}: the residual at z is {shortened(residuals)}: z is no solution")
    order = _pivots(name, slopes)
    rtol, atol = tolerances
    allowed = rtol * max(map(abs, z)) + atol
    off = max(map(abs, solve(slopes, residuals, order)))
    if not off <= allowed:
        raise DomainError(
            f"{name}: the residual at z is {max(residuals, key=abs)!r}, and not 0: a Newton step from z is {off:.3g} "
            f"long, and {allowed:.3g} is allowed. Solve more exactly, since the derivatives are those at z, or allow "
            "more with rtol"
        )
    if not others:
        return list(z)
    solution = Implicit(program, z, floats, order)
    return [solution.row(k).apply(others) for k in range(len(z))]


def residuals_at(program: Program, z: Sequence[Any], others: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
    """Return the residuals of recorded equations, and of each its derivatives by z and by the others."""
    numbers = run(program, [*z, *others])
    line = linearize(program, numbers)
    units = [[1.0 if i == k else None for i in range(len(z))] for k in range(len(z))]
    return outputs_of(program, numbers), [line.pull(unit) for unit in units]


def _pivots(name: str, slopes: Sequence[Sequence[float]]) -> list[int]:
    order = pivots(slopes)
    if order is None:
        raise DomainError(
            f"{name}: the derivative of the residual by z is singular: {shortened([list(x) for x in slopes], 200)}. "
            "The equations do not determine z there, as at a double root, or one of them follows from the others"
        )
    return order


class Implicit(Joint):
    """The solution of recorded equations as a function of the Values that they depend on."""

    def __init__(self, program: Program, z: list[float], others: list[float], order: list[int]) -> None:
        super().__init__("implicit", len(z), len(others))
        self.program, self.z, self.order = program, z, order
        self.recorded_at = struct.pack(f"{len(others)}d", *others)
        # What was last solved on floats: at which operands, the adjoints of all outputs, and the slopes.
        self.latest: tuple[bytes, list[list[Any]], list[list[Any]]] = b"", [], []

    def evaluate(self, operands: Sequence[float]) -> Sequence[float]:
        """See `Joint.evaluate`. Away from where it was recorded, Newton's method follows the solution."""
        if struct.pack(f"{len(operands)}d", *operands) == self.recorded_at:
            return self.z
        z = list(self.z)
        for _ in range(_MOST_STEPS):
            residuals, slopes = self._linear(z, operands)
            order = pivots([row[: len(z)] for row in slopes])
            if order is None or not all(map(math.isfinite, residuals)):
                break
            moved = solve([row[: len(z)] for row in slopes], residuals, order)
            z = [x - d for x, d in zip(z, moved, strict=True)]
            if max(map(abs, moved)) <= 1e-14 * max(map(abs, z)):
                return z
        return [math.nan] * len(z)

    def linearize(self, output: int, operands: Sequence[Any], results: Sequence[Any], active: Sequence[bool]) -> Any:
        """See `Joint.linearize`: the adjoint solves (dF/dz)^T a = e, and the partials are -a dF."""
        n = len(results)
        if all(type(x) is float for x in operands):
            at = struct.pack(f"{len(operands)}d", *operands)
            latest = self.latest
            if at != latest[0]:
                self.latest = latest = (at, *self._adjoints(range(n), operands, results))
            _, adjoints, slopes = latest
            adjoint = adjoints[output]
        else:
            (adjoint,), slopes = self._adjoints([output], operands, results)
        found: list[Any] = []
        for j, wanted in enumerate(active, n):
            terms = [-(a * slopes[k][j]) for k, a in enumerate(adjoint)] if wanted else []
            found.append(sum(terms[1:], start=terms[0]) if terms else None)
        return found

    def _adjoints(
        self, outputs: Sequence[int], operands: Sequence[Any], results: Sequence[Any]
    ) -> tuple[list[list[Any]], list[list[Any]]]:
        """The adjoints of some outputs, and the derivatives of the residuals by the solution and the operands."""
        n = len(results)
        _, slopes = self._linear(results, operands)
        transposed = [[slopes[k][i] for k in range(n)] for i in range(n)]
        order = pivots([[_number(x) for x in row] for row in transposed])
        units = [[1.0 if i == output else 0.0 for output in outputs] for i in range(n)]
        columns = solve_columns(transposed, units, range(n) if order is None else order)
        return [list(column) for column in zip(*columns, strict=True)], slopes

    def _linear(self, z: Sequence[Any], operands: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
        """The residuals, and their derivatives by z and the operands."""
        return residuals_at(self.program, z, operands)


def _number(x: Any) -> float:
    """The number of whatever an interpreter has in the place of one; 1 where it has none."""
    found = number_of(x)
    return found if type(found) is float else float(getattr(found, "number", 1.0))
