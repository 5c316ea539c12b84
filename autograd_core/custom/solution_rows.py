"""The solution of recorded equations as rows: how a solution depends on what the equations captured."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from autograd_core.custom.joint import Joint
from autograd_core.custom.linear_systems import pivots, solve, solve_columns
from autograd_core.errors import DomainError
from autograd_core.interpreters.symbol import number_of
from autograd_core.program.form import Program
from autograd_core.program.linear_map import linearize
from autograd_core.program.machines.reference import outputs as outputs_of
from autograd_core.program.machines.reference import run
from autograd_core.rules.scalars import shortened

_MOST_STEPS: Final = 50

Tolerances: TypeAlias = tuple[float, float]
"""How far off a solution may be: relative to its largest number, and besides."""


def recorded_solution(name: str, program: Program, z: list[float], tolerances: Tolerances) -> list[Any]:
    """Return the solution of recorded equations: rows whose operands are what the equations depend on.

    Raises:
        DomainError: z does not solve the equations, or they do not determine it.
    """
    others = program.captured
    floats = [number_of(x) for x in others]
    residuals, derivatives = residuals_at(program, z, floats)
    slopes = [row[: len(z)] for row in derivatives]
    if not all(map(math.isfinite, residuals)):
        raise DomainError(f"{name}: the residual at z is {shortened(residuals)}: z is no solution")
    order = checked_pivots(name, slopes)
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


def checked_pivots(name: str, slopes: Sequence[Sequence[float]]) -> list[int]:
    """Return the order of the rows for elimination; raise DomainError if dF/dz is singular."""
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
