"""Second and third derivatives of every smooth row against mpmath, in tails and next to poles too.

The table's partials are differentiated as they are written; a partial that is exact but written so that its own
derivative cancels would show here.
"""

from __future__ import annotations

import math

import mpmath as mp
import pytest

import autograd_core as ac
from autograd_core import Value, gradients
from autograd_core.rules.table import TABLE
from tests.support.accuracy import DIGITS, each
from tests.support.domains import DOMAINS

LINE = [-3.0, -0.7, -1e-8, 0.4, 2.5]
TAIL = [-700.0, -300.0, -40.0, -3.0, -0.7, 1e-3, 0.4, 2.5, 20.0, 300.0, 700.0]
"""Without points next to 0, where second derivatives that cross 0 there are sums that cancel."""
# fmt: off
ONE = {
    "identity": LINE, "negative": LINE, "reciprocal": [-3.0, 1e-5, 1e5], "square": LINE, "sqrt": [1e-9, 2.0, 1e9],
    "cbrt": [-8.0, 1e-9, 2.0, 1e9], "exp": [-300.0, *LINE, 300.0], "expm1": [-300.0, *LINE, 300.0],
    "log": [1e-9, 1.0, 1e9], "log1p": [-1 + 1e-9, -0.5, 1e-9, 1e9], "log2": [1e-9, 1.0, 1e9],
    "log10": [1e-9, 1.0, 1e9], "sin": LINE, "cos": LINE, "tan": [*LINE, 1.5707, -1.5707],
    "one_minus_square": LINE, "asin": [-0.999999, -0.5, 1e-9, 0.3, 0.999999],
    "acos": [-0.999999, -0.5, 1e-9, 0.3, 0.999999], "atan": [*LINE, -1e9, 1e9], "sinh": [*LINE, 300.0],
    "cosh": [*LINE, 300.0], "sech": [*LINE, -20.0, 300.0, 700.0], "tanh": [*LINE, -20.0, 20.0, 300.0],
    "asinh": [*LINE, -1e9, 1e9],
    "acosh": [1 + 1e-9, 2.0, 1e9], "atanh": [-0.999999, -0.5, 1e-9, 0.3, 0.999999],
    "erf": [*LINE, 5.0, 18.0, 26.0], "erfc": [*LINE, 5.0, 18.0, 26.0],
    "lgamma": [1e-5, 0.5, 1.0, 2.0, 30.0, 1e9, -0.3, -2.5, -10.4], "gaussian": [*LINE, 5.0, 18.0, 26.0],
    "normal_pdf": [*LINE, 5.0, 26.0, 37.0], "normal_cdf": [*LINE, 5.0, 26.0, -37.0],
    "sigmoid": TAIL, "softplus": TAIL, "gelu": [*LINE, -36.0, -5.0, 5.0, 20.0], "silu": TAIL,
    "relu": [-2.0, 3.0], "abs": [-2.0, 3.0], "sign": [-2.0, 3.0],
}
MANY = {
    "add": [(1.0, 2.0)], "subtract": [(1.0, 2.0)], "multiply": [(3.0, -2.0)],
    "divide": [(3.0, -2.0), (1e-9, 7.0), (5.0, 1e-5)],
    "power": [(2.0, 3.0), (0.3, -1.7), (1e-5, 0.2), (7.0, 0.0), (3.0, 1.0)],
    "atan2": [(1.0, 2.0), (-3.0, -0.5), (1e-5, -4.0)],
    "polygamma": [(0.0, 1.5), (1.0, -2.3), (3.0, 40.0)],
    "leaky_relu": [(-2.0, 0.1), (3.0, 0.1)], "elu": [(-2.0, 0.7), (-300.0, 0.7), (3.0, 0.7)],
    "maximum": [(1.0, 2.0)], "minimum": [(1.0, 2.0)], "hypot": [(3.0, 4.0), (1e-3, -2.0), (5e200, 1e200)],
    "where": [(1.0, 3.0, 4.0), (0.0, 3.0, 4.0)], "clip": [(0.5, 0.0, 1.0), (2.0, 0.0, 1.0)],
    "sum": [(1.0, 2.0, 3.0)], "prod": [(2.0, -3.0, 4.0), (0.0, 3.0, 4.0), (0.0, 0.0, 4.0, 5.0), (7.0,)],
    "dot": [(1.0, 2.0, 3.0, 4.0)], "norm": [(3.0, -4.0, 12.0), (1e-3, 2.0)],
    "logsumexp": [(1.0, 2.0, -3.0), (999.0, 1000.0, -1000.0), (0.5,)],
}
# fmt: on
POINTS = [(name, (x,)) for name, xs in ONE.items() for x in xs] + [(name, p) for name, ps in MANY.items() for p in ps]


def digits(operands) -> int:
    """Enough to see exp(-2 x) beside 1."""
    return DIGITS + 2 * int(max(abs(x) if abs(x) < 1000.0 else 0.0 for x in operands))


def derivative(f, x: float, order: int) -> mp.mpf:
    if x == 0.0:
        return mp.diff(f, mp.mpf(0), order)
    return mp.diff(lambda s: f(mp.mpf(x) * s), 1, order) / mp.mpf(x) ** order


def close(got: float, exact: mp.mpf) -> bool:
    return abs(got - exact) <= 1e-9 * abs(exact) + mp.mpf(2) ** -1060


@pytest.mark.parametrize(("name", "operands"), POINTS)
def test_second_derivatives(name, operands):
    domain, count = DOMAINS[name], len(operands)
    xs = [Value(x) for x in operands]
    slopes = gradients(TABLE[name].apply(tuple(xs)), xs)
    found = [gradients(slope, xs) for slope in slopes]
    with mp.workdps(digits(operands)):
        for i in range(count):
            for j in range(count):

                def slope(t, i=i, j=j):
                    moved = [t if k == j else mp.mpf(x) for k, x in enumerate(operands)]
                    return each(domain.partials, moved)[i] or mp.mpf(0)

                exact = derivative(slope, operands[j], 1) if j or name not in ("polygamma", "where") else 0
                assert close(found[i][j].data, exact), (i, j, found[i][j].data, exact)


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, xs in ONE.items() for x in xs])
def test_third_derivatives(name, x):
    v = Value(x)
    y = TABLE[name](v)
    for _ in range(3):
        (y,) = gradients(y, [v])
    (slope,) = DOMAINS[name].partials
    with mp.workdps(digits([x])):
        exact = derivative(slope, x, 2)
    assert close(y.data, exact), (y.data, exact)


def test_every_row_that_has_slopes_is_here():
    flat = {"greater", "is_zero", "peak", "detached"}
    assert set(ONE) | set(MANY) == set(TABLE) - flat


# Where a rule has a case of its own.


def test_powers_of_zero():
    """x**k has derivatives k (k-1) ... at 0 until the exponent is used up, and 0 from there on."""
    for power in (lambda x: x**3, lambda x: x ** Value(3.0)):
        x = Value(0.0)
        y = power(x)
        for expected in (0.0, 0.0, 6.0, 0.0, 0.0):
            (y,) = gradients(y, [x])
            assert y.data == expected


def test_zero_to_a_varying_power_is_flat_in_the_exponent():
    x, k = Value(0.0), Value(2.0)
    by_x, by_k = gradients(x**k, [x, k])
    assert [g.data for g in gradients(by_x, [x, k])] == [2.0, 0.0]
    assert [g.data for g in gradients(by_k, [x, k])] == [0.0, 0.0]


@pytest.mark.parametrize("length", [lambda x, y: ac.hypot(x, y), lambda x, y: ac.norm([x, y])])
def test_lengths_at_zero(length):
    x, y = Value(0.0), Value(0.0)
    for slope in gradients(length(x, y), [x, y]):
        assert [g.data for g in gradients(slope, [x, y])] == [0.0, 0.0]


def test_where_at_the_edge_of_the_other_side():
    x = Value(0.0)
    y = ac.where(x > 0, x * ac.log(x), ac.exp(2 * x))
    for expected in (2.0, 4.0, 8.0):
        (y,) = gradients(y, [x])
        assert y.data == expected


def test_products_with_zeros_to_third_order():
    xs = [Value(0.0), Value(0.0), Value(5.0)]
    y = ac.prod(xs)
    for x, expected in zip(xs, (0.0, 5.0, 1.0), strict=True):
        y = gradients(y, [x])[0]
        assert y.data == expected


def test_ten_derivatives():
    x = Value(0.3)
    y, sine = ac.exp(2 * x), ac.sin(x)
    for n in range(1, 11):
        (y,), (sine,) = gradients(y, [x]), gradients(sine, [x])
        assert y.data == pytest.approx(2**n * math.exp(0.6), rel=1e-13)
        assert sine.data == pytest.approx(math.sin(0.3 + n * math.pi / 2), rel=1e-13)
