"""Special functions on floats that Python's math module lacks, exact to a few units in the last place."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SPLITTER = 134217729.0  # 2**27 + 1: Veltkamp's constant, cuts a float into two halves of 26 bits


def _split(x: float) -> tuple[float, float]:
    """Return (high, low) with high + low == x and high * high exact."""
    scaled = _SPLITTER * x
    high = scaled - (scaled - x)
    return high, x - high


def _product(a: float, b: float) -> tuple[float, float]:
    """Return (p, rest) with p the float product and p + rest the exact one (Dekker 1971)."""
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    p = a * b
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def cbrt(x: float) -> float:
    """The real cube root. The C library's may be off by 3 units, which its slope would double."""
    if x == 0.0 or not math.isfinite(x):
        return x
    mantissa, exponent = math.frexp(x)
    thirds, rest = divmod(exponent, 3)
    x = math.ldexp(mantissa, rest)
    y = math.cbrt(x)
    # One step of Newton's method, with y**3 - x in twice the precision.
    square, square_rest = _product(y, y)
    cube, cube_rest = _product(square, y)
    return math.ldexp(y - (cube - x + (cube_rest + square_rest * y)) / (3.0 * square), thirds)


def sech(x: float) -> float:
    """1 / cosh(x), also where cosh overflows before this underflows."""
    e = math.exp(-abs(x))
    return 2.0 * e / (1.0 + e * e)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow on either side."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow: max(x, 0) + log1p(exp(-|x|))."""
    return (x if x > 0.0 else 0.0) + math.log1p(math.exp(-abs(x)))


def silu(x: float) -> float:
    """x * sigmoid(x), with its limit 0 at -inf."""
    if x < -700.0:  # sigmoid(x) is exp(x) here, and about to underflow before the product does
        half = math.exp(0.5 * x)
        return x * half * half if half != 0.0 else 0.0
    return x * sigmoid(x)


def gelu(x: float) -> float:
    """x * normal_cdf(x), with its limit 0 at -inf."""
    p = normal_cdf(x)
    return x * p if p != 0.0 else 0.0


def elu(x: float, alpha: float) -> float:
    """x above 0, alpha * (exp(x) - 1) below."""
    return alpha * math.expm1(x) if x <= 0.0 else x


def gaussian(x: float) -> float:
    """exp(-x * x). Rounding x * x would cost x * x units in the last place, so x is split and x * x kept whole."""
    if abs(x) > 30.0:
        return 0.0
    high, low = _split(x)
    return math.exp(-high * high) * math.exp(-low * (x + high))


def normal_pdf(x: float) -> float:
    """The density of the standard normal distribution, exp(-x * x / 2) / sqrt(2 pi)."""
    if abs(x) > 40.0:
        return 0.0
    high, low = _split(x)
    return math.exp(-0.5 * high * high) * math.exp(-0.5 * low * (x + high)) * 0.3989422804014327


_SQRT_HALF, _SQRT_HALF_REST = 0.7071067811865476, -4.833646656726457e-17


def normal_cdf(x: float) -> float:
    """The distribution function of the standard normal, erfc(-x / sqrt(2)) / 2.

    erfc magnifies a relative error of its argument z by 2 z * z, so what rounding cuts off x / sqrt(2) is
    computed too, and put back by one step of Taylor's series.
    """
    if abs(x) > 40.0:
        return 0.0 if x < 0.0 else 1.0
    z, rest = _product(-x, _SQRT_HALF)
    rest -= x * _SQRT_HALF_REST
    return 0.5 * (math.erfc(z) - 1.1283791670955126 * gaussian(z) * rest)


def logsumexp(xs: Sequence[float]) -> float:
    """log(sum(exp(x))): the largest term is taken out, and the others go through log1p."""
    top = max(range(len(xs)), key=xs.__getitem__)
    peak = xs[top]
    if math.isinf(peak) or any(x != x for x in xs):
        return math.nan if any(x != x for x in xs) else peak
    return peak + math.log1p(math.fsum(math.exp(x - peak) for i, x in enumerate(xs) if i != top))


def product(xs: Sequence[float]) -> float:
    """The product, left to right; 1 for no factors."""
    result = 1.0
    for x in xs:
        result *= x
    return result


def dot(xs_then_ys: Sequence[float]) -> float:
    """The sum of products, left to right; a plain loop, since it is the hot one of a network."""
    n = len(xs_then_ys) // 2
    result = 0.0
    for x, y in zip(xs_then_ys[:n], xs_then_ys[n:], strict=True):
        result += x * y
    return result
