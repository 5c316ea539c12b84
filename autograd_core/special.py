"""Special functions on floats that Python's math module lacks, exact to a few units in the last place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd_core import ieee

_SPLITTER = 134217729.0  # 2**27 + 1: Veltkamp's constant, cuts a float into two halves of 26 bits


def _split(x: float) -> tuple[float, float]:
    """Return (high, low) with high + low == x and high * high exact."""
    scaled = _SPLITTER * x
    high = scaled - (scaled - x)
    return high, x - high


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
    s = sigmoid(x)
    return x * s if s != 0.0 else 0.0


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
    z = -x * _SQRT_HALF
    x_high, x_low = _split(-x)
    s_high, s_low = _split(_SQRT_HALF)
    rest = ((x_high * s_high - z) + x_high * s_low + x_low * s_high) + x_low * s_low - x * _SQRT_HALF_REST
    return 0.5 * (math.erfc(z) - 1.1283791670955126 * gaussian(z) * rest)


_DIGAMMA_ROOT, _DIGAMMA_ROOT_REST = 1.4616321449683622, 9.549995429965698e-17
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
"""B2, B4, ..., B20 (Abramowitz and Stegun, table 23.2)."""


def polygamma(order: float, x: float) -> float:
    """The derivative of `order` + 1 of log gamma at x: digamma for order 0, trigamma for 1.

    Recurrence up to a large argument, then the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11);
    reflection below 0 (6.4.7). nan at the poles 0, -1, -2, ...
    """
    n = int(order)
    if x != x or (x <= 0.0 and x == math.floor(x)):
        return math.nan
    if x < 0.0:
        sign = -1.0 if n % 2 else 1.0
        return sign * polygamma(order, 1.0 - x) - _cotangent_derivative(n, x)
    if x == math.inf:
        return math.inf if n == 0 else 0.0
    if n == 0 and 1.0 < x < 2.0:
        return _digamma_near_root(x)
    sign, factorial = (1.0 if n % 2 else -1.0), float(math.factorial(n))
    terms = []
    while x < 12.0 + n:
        terms.append(sign * ieee.divide(factorial, ieee.power(x, n + 1.0)))
        x += 1.0
    if n == 0:
        terms += [math.log(x), -0.5 / x]
    else:
        terms.append(sign * factorial / n * ieee.power(x, -n))
        terms.append(sign * 0.5 * factorial * ieee.power(x, -n - 1.0))
    for k, b in enumerate(_BERNOULLI, start=1):
        power = 2 * k + n
        if x > 1e10:
            break  # the terms are below the last place, and their powers would overflow
        terms.append(sign * b * math.factorial(power - 1) / math.factorial(2 * k) / x**power)
    return ieee.total(terms)


def _digamma_near_root(x: float) -> float:
    """digamma(x) - digamma(root), each pair of terms subtracted by formula, so that the zero at 1.46 is exact."""
    d = (x - _DIGAMMA_ROOT) - _DIGAMMA_ROOT_REST
    terms = [d / ((x + i) * (_DIGAMMA_ROOT + i)) for i in range(12)]
    high, high_root = x + 12.0, _DIGAMMA_ROOT + 12.0
    growth = math.log1p(d / high_root)
    terms += [growth, d / (2.0 * high * high_root)]
    for k, b in enumerate(_BERNOULLI, start=1):
        terms.append(-b / (2 * k) * math.expm1(-2 * k * growth) / high_root ** (2 * k))
    return math.fsum(terms)


def _cotangent_derivative(n: int, x: float) -> float:
    """pi times the n-th derivative of cot(pi x): a polynomial in the cotangent, since c' = -pi (1 + c * c)."""
    c = 1.0 / math.tan(math.pi * (x - math.floor(x + 0.5)))
    polynomial = [0.0, 1.0]
    for _ in range(n):
        slope = [k * a for k, a in enumerate(polynomial)][1:]
        polynomial = [0.0] * (len(slope) + 2)
        for k, a in enumerate(slope):
            polynomial[k] -= a
            polynomial[k + 2] -= a
    return math.pi ** (n + 1) * math.fsum(a * c**k for k, a in enumerate(polynomial))


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
