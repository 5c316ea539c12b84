"""Nonlinear least squares against certified values: NIST's Statistical Reference Datasets, by SciPy's solvers.

`python -m tests.support.nist` prints how many digits of the certified parameters each fit reaches from
NIST's first start.

Source: National Institute of Standards and Technology, Statistical Reference Datasets, Nonlinear Regression,
https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml. The files in tests/data/nist are as published there; works of
the United States government are in the public domain.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from autograd_core import scipy_objective

FILES = Path(__file__).parent / "data" / "nist"

MODELS: dict[str, Callable[[Any, Any], Any]] = {
    "Misra1a": lambda b, x: b[0] * (1.0 - np.exp(-b[1] * x)),
    "Thurber": lambda b, x: (
        (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1.0 + b[4] * x + b[5] * x**2 + b[6] * x**3)
    ),
    "MGH09": lambda b, x: b[0] * (x**2 + x * b[1]) / (x**2 + x * b[2] + b[3]),
    "Lanczos1": lambda b, x: b[0] * np.exp(-b[1] * x) + b[2] * np.exp(-b[3] * x) + b[4] * np.exp(-b[5] * x),
    "Bennett5": lambda b, x: b[0] * (b[1] + x) ** (-1.0 / b[2]),
}


@dataclass
class Problem:
    """A data set with its start and its certified values."""

    name: str
    x: Any
    y: Any
    start: list[float]
    certified: list[float]
    residual_sum: float

    def residuals(self, b: Any) -> Any:
        return MODELS[self.name](b, self.x) - self.y

    def cost(self, b: Any) -> Any:
        return 0.5 * np.sum(self.residuals(b) ** 2)

    def digits(self, found: Any) -> float:
        """How many significant digits are right in the parameter that is furthest off."""
        errors = [abs(b - c) / abs(c) for b, c in zip(found, self.certified, strict=True)]
        return -math.log10(max(*errors, 1e-16))


def read(name: str) -> Problem:
    text = (FILES / f"{name}.dat").read_text(encoding="ascii")
    rows = re.findall(r"^ *b\d+ = +(\S+) +\S+ +(\S+) +\S+ *$", text, flags=re.MULTILINE)
    (residual_sum,) = re.findall(r"Residual Sum of Squares: +(\S+)", text)
    first = int(re.findall(r"Data +\(lines +(\d+) to", text)[0])
    data = np.array([[float(number) for number in line.split()] for line in text.splitlines()[first - 1 :] if line])
    return Problem(
        name,
        x=data[:, 1],
        y=data[:, 0],
        start=[float(start) for start, _ in rows],
        certified=[float(certified) for _, certified in rows],
        residual_sum=float(residual_sum),
    )


def fit(problem: Problem) -> tuple[Any, Any]:
    """Return the parameters by SciPy's least squares with our Jacobian, and after Newton steps with our exact Hessian.

    Least squares stop when the sum of squares does: with a residual of size 1, that is half the digits of the
    parameters. Where the gradient is 0, and how it turns, is known to all of them.
    """
    objective = scipy_objective(problem.residuals)
    stop = 1e-15
    found = least_squares(objective, problem.start, jac=objective.jac, ftol=stop, xtol=stop, gtol=stop, max_nfev=1000).x
    cost, polished = scipy_objective(problem.cost), found
    for _ in range(3):
        polished = polished - np.linalg.solve(cost.hess(polished), cost.jac(polished))
    return found, polished


def main() -> None:
    print("digits of the certified parameters, from NIST's first start")
    print(f"{'problem':10} {'least_squares':>14} {'+ exact Hessian':>16}")
    for name in MODELS:
        problem = read(name)
        found, polished = fit(problem)
        print(f"{name:10} {problem.digits(found):14.1f} {problem.digits(polished):16.1f}")


if __name__ == "__main__":
    main()
