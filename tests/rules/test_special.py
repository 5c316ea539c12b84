"""The functions on floats beneath the table: their seams, tails and guards."""

from __future__ import annotations

import math
from fractions import Fraction
from math import inf, nan

import mpmath as mp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.rules import gamma as gamma_functions
from autograd_core.rules import ieee, special
from tests.support.accuracy import DIGITS, error
from tests.support.exact import distribution, gauss, log_gamma, psi, psi_terms

finite = st.floats(allow_nan=False, allow_infinity=False)
anything = st.floats()
repeatable = settings(derandomize=True, deadline=None)


def around(x: float) -> list[float]:
    """The floats next to x, where one formula takes over from another."""
    return [math.nextafter(x, -inf), x, math.nextafter(x, inf)]


def worst(function, exact, points, scale=lambda *xs: 0) -> float:
    with mp.workdps(DIGITS):
        return max(
            error(function(*xs), exact(*map(mp.mpf, xs)), scale(*map(mp.mpf, xs)))
            for xs in (x if isinstance(x, tuple) else (x,) for x in points)
        )


# Seams.


@pytest.mark.parametrize("seam", [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.5, 11.5, 12.0])
def test_lgamma_has_no_seams(seam):
    points = [x for x in around(seam) if x not in (0.0, -1.0, -2.0)]
    assert worst(gamma_functions.lgamma, log_gamma, points) < 3.5


@pytest.mark.parametrize("seam", [0.5, 1.0, 1.4616321449683622, 2.0, 4.0, 12.0, 1e10])
def test_digamma_has_no_seams(seam):
    assert worst(lambda x: gamma_functions.polygamma(0.0, x), lambda x: mp.psi(0, x), around(seam)) < 3


@pytest.mark.parametrize("x", [0.9999999999986758, 2.000000000004309, 2.000001603383206, 2.0007071482010184])
def test_digamma_where_its_series_would_cancel(x):
    assert worst(lambda x: gamma_functions.polygamma(0.0, x), lambda x: mp.psi(0, x), [x]) < 3


@pytest.mark.parametrize("n", [1, 2, 3, 5, 10, 22, 23, 50, 99, 100])
def test_polygamma_of_high_order(n):
    points = [1e-3, 0.7, 1.0, 3.3, 12.0 + n, math.nextafter(12.0 + n, 0.0), 1e4, -0.3, -0.5, -1.5, -7.49, -7.51]
    points += [15.354236037608613, 15.560787776272369, 3.7 * n, -1e-5, -12.0 - 1e-5, -3e5 - 0.25]
    points = [(float(n), x) for x in points]
    assert worst(gamma_functions.polygamma, psi, points, psi_terms) < 4


def test_polygamma_knows_whole_orders_to_100():
    for order in (-1.0, 0.5, 101.0, 1e300, inf, nan):
        assert math.isnan(gamma_functions.polygamma(order, 1.0))


@pytest.mark.parametrize("x", [-1.0, -2.0, -1e10, -(2.0**52) - 1.0, -1e300, -inf])
def test_polygamma_has_poles(x):
    assert all(math.isnan(gamma_functions.polygamma(n, x)) for n in (0.0, 1.0, 2.0))


def test_polygamma_at_zero_goes_by_the_sign():
    assert [gamma_functions.polygamma(n, 0.0) for n in (0.0, 1.0, 2.0)] == [-inf, inf, -inf]
    assert [gamma_functions.polygamma(n, -0.0) for n in (0.0, 1.0, 2.0)] == [inf, inf, inf]
    assert [gamma_functions.polygamma(n, 1e-320) for n in (0.0, 1.0, 2.0)] == [-inf, inf, -inf]
    assert [gamma_functions.polygamma(n, -1e-320) for n in (0.0, 1.0, 2.0)] == [inf, inf, inf]


@pytest.mark.parametrize("x", [-700.0, -745.0, -745.1, -750.0, -1400.0])
def test_silu_has_no_seam_and_no_early_end(x):
    assert worst(special.silu, lambda t: t / (1 + mp.exp(-t)), around(x)) < 3


@pytest.mark.parametrize("x", [-26.6, -26.7, 27.0, 27.25, 27.3, 30.0])
def test_the_end_of_the_gaussian(x):
    assert worst(special.gaussian, gauss, around(x)) < 3.5


@pytest.mark.parametrize("x", [-40.0, -38.5, -38.45, -37.5, -5.0, 0.0, 5.0, 8.29, 8.3, 40.0])
def test_the_ends_of_the_normal_distribution(x):
    assert worst(special.normal_cdf, distribution, around(x)) < 4


@repeatable
@given(finite)
def test_cube_roots_are_rounded_almost_correctly(x):
    assert worst(special.cbrt, lambda t: mp.sign(t) * mp.cbrt(abs(t)), [x]) <= 0.51
    assert special.cbrt(-x) == -special.cbrt(x)


@repeatable
@given(st.integers(-200_000, 200_000))
def test_cube_roots_of_cubes(n):
    assert special.cbrt(float(n**3)) == n


# Symmetry and order, for any operand.


@repeatable
@given(anything)
def test_sigmoids_stay_between_their_limits(x):
    if math.isnan(x):
        assert math.isnan(special.sigmoid(x))
        return
    assert 0.0 <= special.sigmoid(x) <= 1.0
    assert special.softplus(x) >= max(x, 0.0)
    assert special.silu(x) >= -0.2785
    assert special.gelu(x) >= -0.17
    assert special.sigmoid(x) + special.sigmoid(-x) == pytest.approx(1.0, rel=1e-15)


@repeatable
@given(st.lists(anything, min_size=1, max_size=6))
def test_logsumexp_lies_above_the_largest(xs):
    y = special.logsumexp(xs)
    if any(map(math.isnan, xs)):
        assert math.isnan(y)
    elif math.isinf(max(xs)):
        assert y == max(xs)
    else:
        assert y >= max(xs)
        assert y <= max(xs) + math.log(len(xs)) * (1 + 1e-15) + abs(max(xs)) * 2.0**-52


# IEEE 754 where the math module raises.


@repeatable
@given(st.lists(finite, max_size=8))
def test_totals_are_rounded_correctly(xs):
    exact = sum(map(Fraction, xs))
    try:
        expected = float(exact)
    except OverflowError:
        expected = inf if exact > 0 else -inf
    assert ieee.total(xs) == expected


def test_totals_whose_partial_sums_overflow():
    assert ieee.total([1e308, 1e308, -1e308]) == 1e308
    assert ieee.total([1e308, 1e308, 1.0, -1e308, -1e308]) == 1.0
    assert ieee.total([-1.7e308] * 3) == -inf
    assert ieee.total([1.7e308] * 3 + [-inf]) == -inf
    assert math.isnan(ieee.total([1.7e308, 1.7e308, -inf, inf]))
    assert ieee.total(()) == 0.0


# C99, annex F.9.4.4, and what follows from it.
POWERS = [
    (0.0, -3.0, inf),
    (-0.0, -3.0, -inf),
    (-0.0, -2.0, inf),
    (-0.0, -0.5, inf),
    (0.0, -inf, inf),
    (-0.0, 3.0, -0.0),
    (-1.0, inf, 1.0),
    (1.0, nan, 1.0),
    (nan, 0.0, 1.0),
    (-8.0, 1 / 3, nan),
    (0.5, -inf, inf),
    (2.0, -inf, 0.0),
    (-inf, 3.0, -inf),
    (-inf, -3.0, -0.0),
    (-inf, 0.5, inf),
    (-1e200, 3.0, -inf),
    (-1e200, 2.0, inf),
    (-1e200, 2.0**53, inf),
    (-1e-200, -3.0, -inf),
    (-1e-200, 3.0, -0.0),
]


@pytest.mark.parametrize(("a", "b", "expected"), POWERS)
def test_powers(a, b, expected):
    assert repr(ieee.power(a, b)) == repr(expected)


@repeatable
@given(anything, anything)
def test_the_slope_of_a_power_is_its_formula(a, b):
    """Only better: where the plain formula is far from a limit, both agree; where it is nan, so is this."""
    plain = b * ieee.power(a, b - 1.0) if b != 0.0 else 0.0
    slope = ieee.power_slope(a, b)
    assert math.isnan(slope) == math.isnan(plain)
    if 1e-250 < abs(plain) < 1e250:
        assert slope == pytest.approx(plain, rel=1e-12)
    elif not math.isnan(plain) and plain != 0.0:
        assert math.copysign(1.0, slope) == math.copysign(1.0, plain)


def test_the_slope_of_a_power_where_the_plain_formula_leaves_the_range():
    operands = [
        (0.1, 1e-3),
        (1e-310, 1e-4),
        (1e-103, 4.0),
        (0.5, 1080.0),
        (-0.5, 1080.0),
        (1e-300, -0.02),
        (3.0, 1 / 3),
        (1.0000000000000215, 2.5841391930298316e16),
    ]
    assert worst(ieee.power_slope, lambda a, b: b * (abs(a) ** (b - 1)) * mp.sign(a), operands) < 4


@repeatable
@given(anything, anything)
def test_division(a, b):
    """As IEEE has it, by NumPy."""
    import numpy as np

    with np.errstate(all="ignore"):
        expected = float(np.float64(a) / np.float64(b))
    got = ieee.divide(a, b)
    assert (math.isnan(got) and math.isnan(expected)) or repr(got) == repr(expected)


@repeatable
@given(anything, anything)
def test_maximum_and_minimum(a, b):
    if math.isnan(a) or math.isnan(b):
        assert math.isnan(ieee.maximum(a, b))
        assert math.isnan(ieee.minimum(a, b))
    else:
        assert ieee.maximum(a, b) == max(a, b)
        assert ieee.minimum(a, b) == min(a, b)


GUARDED = {
    "exp": (1000.0, inf),
    "expm1": (1000.0, inf),
    "log": (-1.0, nan),
    "log2": (0.0, -inf),
    "log10": (-0.0, -inf),
    "log1p": (-1.0, -inf),
    "sqrt": (-1.0, nan),
    "sin": (inf, nan),
    "cos": (-inf, nan),
    "tan": (inf, nan),
    "asin": (2.0, nan),
    "acos": (-2.0, nan),
    "sinh": (-1000.0, -inf),
    "cosh": (-1000.0, inf),
    "acosh": (0.0, nan),
    "atanh": (-1.0, -inf),
    "lgamma": (-1.0, inf),
}


@pytest.mark.parametrize("name", GUARDED)
@repeatable
@given(x=anything)
def test_guarded_functions_are_those_of_the_math_module_and_never_raise(name, x):
    guarded, plain = getattr(ieee, name), getattr(math, name)
    y = guarded(x)
    try:
        assert repr(y) == repr(plain(x))
    except (ValueError, OverflowError):
        assert not math.isfinite(y)
    at, limit = GUARDED[name]
    assert repr(guarded(at)) == repr(limit)
