"""The logarithm of gamma and its derivatives on floats, exact to a few units in the last place.

Next to a zero on the negative axis no float formula that adds its terms can be exact in relative terms: there
the error is a few units in the last place of the terms, not of their small sum.
"""

from __future__ import annotations

import math

from autograd_core.rules import ieee

# zeta(n) - 1 for n = 2, 3, ..., the coefficients of lgamma around 2 (Abramowitz and Stegun 6.1.33, table 23.3).
_ZETA_MINUS_1 = (
    0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
    0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
    0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05,
    7.637197637899763e-06, 3.81729326499984e-06, 1.908212716553939e-06, 9.539620338727962e-07, 4.769329867878064e-07,
    2.38450502727733e-07, 1.1921992596531106e-07, 5.960818905125948e-08, 2.980350351465228e-08, 1.4901554828365043e-08,
    7.45071178983543e-09, 3.725334024788457e-09, 1.862659723513049e-09, 9.313274324196682e-10, 4.656629065033784e-10,
    2.3283118336765053e-10, 1.164155017270052e-10, 5.820772087902701e-11, 2.9103850444971e-11,
    1.4551921891041985e-11, 7.275959835057482e-12, 3.637979547378651e-12, 1.818989650307066e-12,
)  # fmt: skip
_ONE_MINUS_EULER = 0.42278433509846713


def lgamma(x: float) -> float:
    """log |gamma(x)|; inf at the poles 0, -1, -2, ..., where math.lgamma raises.

    math.lgamma loses all digits near its zeros 1 and 2 and some up to 10. So in [-2, 12] the argument is moved
    next to 1 or 2 by the recurrence, which is exact there, and a power series takes over.
    """
    if not -2.0 < x < 12.0:
        return ieee.lgamma(x)
    if x >= 2.5:
        factors = 1.0
        while x >= 2.5:
            x -= 1.0
            factors *= x
        return _around_2(x - 2.0) + math.log(factors)
    if x >= 1.25:
        return _around_2(x - 2.0)
    if x >= 0.5:
        return _around_2(x - 1.0) - math.log1p(x - 1.0)
    if x >= -0.5:
        return _around_2(x) - math.log1p(x) - ieee.log(abs(x))
    if x == -1.0:
        return math.inf
    up, factors = x + 1.0, abs(x)
    if up < -0.5:
        up, factors = up + 1.0, factors * abs(up)
    return lgamma(up) - math.log(factors)


def _around_2(z: float) -> float:
    """lgamma(2 + z) for z from -3/4 to 1/2."""
    series = 0.0
    for n in range(len(_ZETA_MINUS_1) + 1, 1, -1):
        series = -z * (series + _ZETA_MINUS_1[n - 2] / n)
    return z * (_ONE_MINUS_EULER - series)


_DIGAMMA_ROOT, _DIGAMMA_ROOT_REST = 1.4616321449683622, 9.549995429965698e-17
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
"""B2, B4, ..., B20 (Abramowitz and Stegun, table 23.2)."""


def polygamma(order: float, x: float) -> float:
    """The derivative of `order` + 1 of log gamma at x: digamma for order 0, trigamma for 1.

    nan for an order that is not one of 0, 1, ..., 100 (beyond, factorials leave the range of floats), and at the poles
    -1, -2, ...; at 0 the limit from the side of the zero's sign.
    """
    if not 0.0 <= order <= 100.0 or order != math.floor(order) or x != x or x == -math.inf:
        return math.nan
    n = int(order)
    if x > 0.0:
        return _digamma(x) if n == 0 else _polygamma(n, x, 0.0)
    if x == 0.0:
        return math.inf if n % 2 else math.copysign(math.inf, -x)
    r = math.remainder(x, 1.0)  # exact: how far the nearest pole is
    if r == 0.0:
        return math.nan
    if n == 0:  # reflection (6.3.7), with the cotangent written so that its zeros at r = +-1/2 are exact
        cotangent = (
            1.0 / math.tan(math.pi * r) if abs(r) < 0.25 else math.copysign(math.tan(math.pi * (0.5 - abs(r))), r)
        )
        return _digamma(1.0 - x) - math.pi * cotangent
    # Reflection (6.4.7) at x and at r have the same cotangent. Their difference leaves the pole in the open.
    sign = -1.0 if n % 2 else 1.0
    return ieee.total(
        [
            sign * _polygamma(n, *_sum(1.0, -x)),
            -sign * _polygamma(n, *_sum(1.0, -r)),
            _polygamma(n, *_sum(1.0, r)),
            -sign * _pole(n, r, 0.0),
        ]
    )


def _sum(a: float, b: float) -> tuple[float, float]:
    """Return (s, rest) with s the float sum and s + rest the exact one (Knuth 1969)."""
    s = a + b
    b_seen = s - a
    return s, (a - (s - b_seen)) + (b - b_seen)


def _pole(n: int, x: float, rest: float) -> float:
    """n! / (x + rest)**(n + 1): the power would magnify what rounding cut off x."""
    factorial, power = float(math.factorial(n)), ieee.power(x, n + 1.0)
    if 1e-290 < abs(power) < 1e290:
        quotient = factorial / power
    else:  # in two steps, of which neither leaves the range unless the quotient does
        half = float((n + 1) // 2)
        quotient = ieee.divide(ieee.divide(factorial, ieee.power(x, half)), ieee.power(x, n + 1.0 - half))
    return quotient * (1.0 - (n + 1) * (rest / x))


def _digamma(x: float) -> float:
    """digamma at x > 0: recurrence to a large argument (6.3.5), then the asymptotic series (6.3.18)."""
    if 0.5 <= x < 4.0:
        return _digamma_near_root(x)
    terms = []
    while x < 12.0:
        terms.append(-1.0 / x)
        x += 1.0
    terms += [math.log(x), -0.5 / x]
    if x < 1e10:  # beyond, the terms are below the last place
        terms += [-b / (2 * k) / x ** (2 * k) for k, b in enumerate(_BERNOULLI, start=1)]
    return ieee.total(terms)


def _polygamma(n: int, start: float, start_rest: float) -> float:
    """polygamma of order n >= 1 at start + start_rest > 0: recurrence (6.4.6), then the asymptotic series (6.4.11)."""
    terms = []
    x, rest = start, start_rest
    while x < 12.0 + n:
        terms.append(_pole(n, x, rest))
        x, rest = _sum(start, float(len(terms)))
        rest += start_rest
    # The series over its first term, (n - 1)! / x**n.
    series, growth = [1.0, 0.5 * n / x], n * (n + 1.0) / 2.0
    for k, b in enumerate(_BERNOULLI, start=1):
        growth = growth / x / x
        series.append(b * growth)
        growth *= (2 * k + n) * (2 * k + n + 1.0) / ((2 * k + 1) * (2 * k + 2))
    terms.append(_pole(n - 1, x, rest) * math.fsum(series))
    return ieee.total(terms) if n % 2 else -ieee.total(terms)


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
