"""Central differences that know how far they can be trusted.

The step is halved again and again, and Richardson's extrapolation takes out the error that shrinks with it, in a
table as in Ridders 1982. What the table still disagrees on, and what rounding of the value does over the step, is
the error of an estimate. A coarse step may step over what a function does on a small scale, so an estimate counts
as a contradiction only if no finer one agrees.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

_HALVINGS: Final = 52
_FLAT_ENOUGH: Final = 20
_COLUMNS: Final = 5
_RESOLVED: Final = 1e-3
_EPSILON: Final = sys.float_info.epsilon
_QUANTUM: Final = 2.0**-1070
"""A few of the smallest floats: what rounding does to a value that has no digits left."""

Function = Callable[[float], Sequence[float]]


class Estimate(NamedTuple):
    """A slope by differences, by how much it may be off, and the step that it was taken with."""

    slope: float
    error: float
    step: float


class Verdict(NamedTuple):
    """What differences say of an expected slope: `agrees` is None where they are not sharp enough to tell."""

    agrees: bool | None
    estimate: Estimate


def compare(f: Function, x: float, expected: Sequence[float], rtol: float) -> list[Verdict]:
    """Compare the derivatives of several numbers by one with central differences.

    Args:
        f: returns the numbers at a point; nan where there are none. It is called at points around `x`.
        x: where to differentiate.
        expected: the derivative of each of the numbers.
        rtol: a relative error that is let pass.
    """
    columns = [_Column(slope, here, rtol, math.ulp(x)) for slope, here in zip(expected, f(x), strict=True)]
    scales = [1.0] if x == 0.0 else [abs(x)] if abs(x) >= 1.0 else [abs(x), 1.0]
    for scale in scales:
        for column in columns:
            column.begin()
        for h in _steps(x, scale):
            if all(column.is_settled for column in columns):
                break
            above, below = x + h, x - h
            up, down = f(above), f(below)
            for column, p, m in zip(columns, up, down, strict=True):
                if not column.is_settled:
                    column.add(p, m, above - below)
    return [column.verdict() for column in columns]


def one_sided(f: Function, x: float, step: float, place: int) -> tuple[float, float]:
    """Return the slopes of number `place` to the left and to the right, over a step."""
    here, above, below = f(x)[place], f(x + step)[place], f(x - step)[place]
    return (here - below) / step, (above - here) / step


def _steps(x: float, scale: float) -> Iterator[float]:
    """Powers of two, so that the steps themselves are exact, from below the scale down."""
    h = 2.0 ** (math.frexp(scale)[1] - 4)
    for _ in range(_HALVINGS):
        if h < 4.0 * math.ulp(x):
            break
        yield h
        h *= 0.5


class _Column:
    """The table of one number's differences; only its last row is kept."""

    def __init__(self, expected: float, here: float, rtol: float, grain: float) -> None:
        self.expected, self.here, self.rtol, self.grain = expected, here, rtol, grain
        self.agrees = False
        self.before = self.best = self.consistent = Estimate(math.nan, math.inf, math.nan)
        self.sharp = 0  # how many estimates in a row were sharp and agreed
        self.contradiction: Estimate | None = None

    def begin(self) -> None:
        """Begin anew with the largest step of a scale."""
        self.row: list[float] = []
        self.flat = 0  # for how many steps the value has moved by no more than its last digits
        self.bend = math.inf  # how far the value is off the mean of its neighbours
        self.is_settled = self.agrees  # whether finer steps would tell no more

    def add(self, above: float, below: float, width: float) -> None:
        """Take the values on both sides of x, `width` apart, half as far as those before."""
        slope = (above - below) / width
        bend, before = self.bend, self.row
        if not math.isfinite(slope):
            self.row, self.flat, self.bend = [], 0, math.inf
            return
        size = max(abs(above), abs(below))
        self.bend = abs(0.5 * above + 0.5 * below - self.here)
        noise = (4.0 * _EPSILON * size + _QUANTUM) / width
        self.row = [slope]
        found = Estimate(slope, math.inf, width)
        for j, left in enumerate(before[: _COLUMNS - 1]):
            finer = self.row[-1] + (self.row[-1] - left) / (4.0 ** (j + 1) - 1.0)
            error = max(abs(finer - self.row[-1]), abs(finer - left)) + 2.0 * noise
            self.row.append(finer)
            if error < found.error:
                found = Estimate(finer, error, width)
        unseen = 8.0 * _EPSILON * size
        self.flat = self.flat + 1 if abs(above - below) <= unseen else 0
        if self.flat >= 3:
            found = Estimate(0.0, min(4.0 * noise, found.error), width)
        # Next to x the value is between its neighbours; where it is not, as next to a pole, the step is too large.
        near = self.bend <= 0.55 * bend or self.bend <= 8.0 * _EPSILON * max(size, abs(self.here))
        self._judge(found, near, max(size, abs(self.here)))
        drowned = self.flat >= _FLAT_ENOUGH and abs(self.expected) * width <= unseen
        self.is_settled = self.agrees or drowned

    def _judge(self, found: Estimate, near: bool, largest: float) -> None:
        if found.error < self.best.error:
            self.best = found
        size = max(abs(found.slope), abs(self.expected))
        off = abs(found.slope - self.expected)
        if off <= self.rtol * size + found.error:
            if found.error < self.consistent.error:
                self.consistent = found
            self.sharp = self.sharp + 1 if found.error <= self.rtol * size else 0
            if self.sharp >= 2 and self._overrules(found):
                self.agrees, self.best = True, found
        else:
            self.sharp = 0
            moved = abs(found.slope - self.before.slope)
            stable = max(found.error, self.before.error, moved) <= _RESOLVED * abs(found.slope) or self.flat >= 3
            # Where the value would change by more than this from float to float, nothing can be seen.
            resolved = 4096.0 * abs(self.expected) * self.grain <= largest
            if stable and near and resolved and off > self.rtol * size + 3.0 * found.error:
                sharp = found.error <= 0.1 * self.rtol * abs(found.slope)
                if self.contradiction is None or sharp or found.error <= self.contradiction.error:
                    self.contradiction = found
        self.before = found

    def _overrules(self, finer: Estimate) -> bool:
        """Whether an estimate that agrees stands against the one that does not: it is finer, and sharp enough."""
        against = self.contradiction
        if against is None:
            return True
        return finer.step < against.step and finer.error <= 0.01 * abs(against.slope - finer.slope)

    def verdict(self) -> Verdict:
        """Return what the table says in the end."""
        if self.agrees:
            return Verdict(True, self.best)
        if not math.isfinite(self.expected):
            return Verdict(False if self.best.error <= _RESOLVED * abs(self.best.slope) else None, self.best)
        if self.contradiction is not None:
            if not self._overrules(self.consistent):
                return Verdict(False, self.contradiction)
            sharp = self.consistent.error <= self.rtol * max(abs(self.consistent.slope), abs(self.expected))
            return Verdict(True if sharp or self.expected == 0.0 else None, self.consistent)
        # Two slopes of 0: one of them exactly, the other as far as one can see.
        return Verdict(True if self.expected == 0.0 and self.flat >= 3 else None, self.best)
