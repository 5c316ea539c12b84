"""Functions on floats as IEEE 754 has them: inf and nan where Python's math module raises.

A training run that meets 1/0 or log(0) must go on and show inf, not stop with an exception.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

inf, nan = math.inf, math.nan


def divide(a: float, b: float) -> float:
    """Return a / b, with x/0 = +-inf and 0/0 = nan."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return nan
    return math.copysign(inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Return a ** b as C's pow does: 0 ** -1 is inf, a negative base with a fractional exponent is nan."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0.0 and b % 2.0 == 1.0 else inf
    except ValueError:
        if a != 0.0:
            return nan
        return math.copysign(inf, a) if b % 2.0 == 1.0 else inf


def power_slope(a: float, b: float) -> float:
    """Return b * a ** (b - 1), the derivative of a ** b by a; for b = 0 it is 0 everywhere."""
    slope = b * power(a, b - 1.0) if b != 0.0 else 0.0
    if 0.5 <= b < 9007199254740992.0 and 1e-290 < abs(slope) < 1e290:
        return slope
    if a == 0.0 or b == 0.0 or slope != slope or not (math.isfinite(a) and math.isfinite(b)):
        return slope
    # Where b - 1 is rounded, or the power leaves the range that its product with b does not leave: put back
    # what rounding took, and multiply by half the power twice.
    less = b - 1.0
    lost = (b - less) - 1.0 if abs(b) > 1.0 else b - (less + 1.0)
    half = power(abs(a), 0.5 * less)
    return math.copysign(b * half * half * (1.0 + lost * math.log(abs(a))), slope)


def _with_limit(function: Callable[[float], float], limit: Callable[[float], float]) -> Callable[[float], float]:
    """Wrap a function of the math module; where it raises, the answer is limit(x)."""

    def guarded(x: float) -> float:
        try:
            return function(x)
        except (ValueError, OverflowError):
            return limit(x)

    return guarded


def _constant(value: float) -> Callable[[float], float]:
    return lambda x: value


def _log_limit(x: float) -> float:
    return -inf if x == 0.0 else nan


exp = _with_limit(math.exp, _constant(inf))
expm1 = _with_limit(math.expm1, _constant(inf))
log = _with_limit(math.log, _log_limit)
log2 = _with_limit(math.log2, _log_limit)
log10 = _with_limit(math.log10, _log_limit)
log1p = _with_limit(math.log1p, lambda x: -inf if x == -1.0 else nan)
sqrt = _with_limit(math.sqrt, _constant(nan))
sin = _with_limit(math.sin, _constant(nan))
cos = _with_limit(math.cos, _constant(nan))
tan = _with_limit(math.tan, _constant(nan))
asin = _with_limit(math.asin, _constant(nan))
acos = _with_limit(math.acos, _constant(nan))
sinh = _with_limit(math.sinh, lambda x: math.copysign(inf, x))
cosh = _with_limit(math.cosh, _constant(inf))
acosh = _with_limit(math.acosh, _constant(nan))
atanh = _with_limit(math.atanh, lambda x: math.copysign(inf, x) if abs(x) == 1.0 else nan)
lgamma = _with_limit(math.lgamma, _constant(inf))


def total(xs: Sequence[float]) -> float:
    """Return the sum, correctly rounded, also where a partial sum overflows; inf and nan add as IEEE has it."""
    try:
        return math.fsum(xs)
    except (ValueError, OverflowError):
        pass
    beyond = [x for x in xs if not math.isfinite(x)]
    if beyond:
        return float(sum(beyond))
    exact = sum(map(Fraction, xs))
    try:
        return float(exact)
    except OverflowError:
        return inf if exact > 0 else -inf


def maximum(a: float, b: float) -> float:
    """Return the larger of a and b; nan if either is nan."""
    return a if a > b or a != a else b


def minimum(a: float, b: float) -> float:
    """Return the smaller of a and b; nan if either is nan."""
    return a if a < b or a != a else b
