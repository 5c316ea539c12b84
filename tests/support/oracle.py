"""An independent oracle: the same programs in 40-digit arithmetic, with a bound on what floats may get wrong.

It shares nothing with the engine. Nodes live on a tape in order of creation, and derivatives are written out
here as formulas of mpmath. Beside each number stands a bound on its error in floating point (a running error
analysis of first order, as in Higham, Accuracy and Stability of Numerical Algorithms, section 3.3):
an operation adds its own rounding, and passes on the errors of its operands, scaled by its slopes.
"""

from __future__ import annotations

from collections.abc import Sequence

import mpmath as mp

mp.mp.dps = 40

ROUNDING = mp.mpf(2) ** -53 * 16
"""What one operation, or one local derivative, may be off by: 8 units in the last place."""
TINY = mp.mpf(2) ** -1000


class Exact:
    """A number of the oracle: its value, the bound on its float's error, and its place on the tape."""

    def __init__(self, tape: list[Exact], value: object, edges: Sequence[tuple[Exact, object, object]] = ()) -> None:
        self.tape = tape
        self.value = mp.mpf(value)
        self.error = mp.mpf(0)
        self.edges = []  # (operand, slope, bound on the slope's error)
        self.grad, self.grad_error = mp.mpf(0), mp.mpf(0)
        for operand, slope, slope_error in edges:
            self.edges.append((operand, slope, slope_error + ROUNDING * abs(slope) + TINY))
            self.error += abs(slope) * operand.error
        if edges:
            self.error += ROUNDING * abs(self.value) + TINY
        tape.append(self)

    def unary(self, f, slope, curvature) -> Exact:
        x = self.value
        return Exact(self.tape, f(x), [(self, slope(x), abs(curvature(x)) * self.error)])

    def __add__(self, other: Exact) -> Exact:
        return Exact(self.tape, self.value + other.value, [(self, mp.mpf(1), 0), (other, mp.mpf(1), 0)])

    def __sub__(self, other: Exact) -> Exact:
        return Exact(self.tape, self.value - other.value, [(self, mp.mpf(1), 0), (other, mp.mpf(-1), 0)])

    def __mul__(self, other: Exact) -> Exact:
        edges = [(self, other.value, other.error), (other, self.value, self.error)]
        return Exact(self.tape, self.value * other.value, edges)

    def __truediv__(self, other: Exact) -> Exact:
        a, b = self.value, other.value
        slope_errors = other.error / b**2, self.error / b**2 + 2 * abs(a / b**3) * other.error
        return Exact(self.tape, a / b, [(self, 1 / b, slope_errors[0]), (other, -a / b**2, slope_errors[1])])

    def hypot(self, other: Exact) -> Exact:
        a, b = self.value, other.value
        y = mp.sqrt(a * a + b * b)
        error = 2 * (self.error + other.error) / y
        return Exact(self.tape, y, [(self, a / y, error), (other, b / y, error)])

    def chosen(self) -> Exact:
        """The same number passed on: maximum, minimum, where, relu on its open side."""
        return Exact(self.tape, self.value, [(self, mp.mpf(1), 0)])

    def power(self, k: float) -> Exact:
        k = mp.mpf(k)
        return self.unary(
            lambda x: x**k, lambda x: k * x ** (k - 1), lambda x: k * (k - 1) * x ** (k - 2) if k != 1 else mp.mpf(0)
        )


def total(xs: Sequence[Exact]) -> Exact:
    result = Exact(xs[0].tape, mp.fsum(x.value for x in xs), [(x, mp.mpf(1), 0) for x in xs])
    result.error += ROUNDING * mp.fsum(abs(x.value) for x in xs)
    return result


def dot(xs: Sequence[Exact], ys: Sequence[Exact]) -> Exact:
    edges = [(x, y.value, y.error) for x, y in zip(xs, ys, strict=True)]
    edges += [(y, x.value, x.error) for x, y in zip(xs, ys, strict=True)]
    result = Exact(xs[0].tape, mp.fsum(x.value * y.value for x, y in zip(xs, ys, strict=True)), edges)
    result.error += len(xs) * ROUNDING * mp.fsum(abs(x.value * y.value) for x, y in zip(xs, ys, strict=True))
    return result


def backward(root: Exact) -> None:
    """Fill `.grad` and `.grad_error` of all on the tape, newest first."""
    root.grad = mp.mpf(1)
    for node in reversed(root.tape):
        for operand, slope, slope_error in node.edges:
            term = slope * node.grad
            operand.grad += term
            operand.grad_error += abs(slope) * node.grad_error + abs(node.grad) * slope_error
            operand.grad_error += ROUNDING * (abs(term) + abs(operand.grad)) + TINY


def _sigmoid(x):
    return 1 / (1 + mp.exp(-x))


UNARY = {
    "sin": (mp.sin, mp.cos, lambda x: -mp.sin(x)),
    "cos": (mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x)),
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2, lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2),
    "atan": (mp.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
    "asinh": (mp.asinh, lambda x: 1 / mp.sqrt(1 + x * x), lambda x: -x / mp.sqrt(1 + x * x) ** 3),
    "sigmoid": (
        _sigmoid,
        lambda x: _sigmoid(x) * _sigmoid(-x),
        lambda x: _sigmoid(x) * _sigmoid(-x) * (1 - 2 * _sigmoid(x)),
    ),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), _sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
    "square": (lambda x: x * x, lambda x: 2 * x, lambda x: mp.mpf(2)),
    "erf": (
        mp.erf,
        lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
        lambda x: -4 * x / mp.sqrt(mp.pi) * mp.exp(-x * x),
    ),
    "identity": (lambda x: x, lambda x: mp.mpf(1), lambda x: mp.mpf(0)),
    "negative": (lambda x: -x, lambda x: mp.mpf(-1), lambda x: mp.mpf(0)),
}
"""Value, slope and second derivative of functions that take any number."""
