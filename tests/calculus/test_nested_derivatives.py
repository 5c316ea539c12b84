"""Derivatives nested to order 6, in reverse mode, forward mode, both, and as a series, against mpmath.

The error is relative to the derivative itself: a stronger claim than relative to the terms that it is the sum of.
"""

from __future__ import annotations

import mpmath as mp
import pytest

from autograd_core import derivative, grad, jvp, taylor
from autograd_core.rules.table import TABLE
from tests.calculus.test_higher_derivatives import POINTS, digits
from tests.support.accuracy import each
from tests.support.domains import DOMAINS

ORDER = 6


def forward(f):
    return lambda x: jvp(f, x, 1.0)[1]


def nested(f, *transforms):
    for transform in transforms:
        f = transform(f)
    return f


WAYS = {
    "reverse": lambda f: nested(f, *[grad] * 6),
    "forward": lambda f: nested(f, *[forward] * 6),
    "both": lambda f: nested(f, grad, forward, grad, forward, forward, grad),
    "series": lambda f: derivative(f, ORDER),
    "series of slopes": lambda f: derivative(nested(f, grad, forward), 4),
    "slope of series": lambda f: grad(forward(derivative(f, 4))),
}

GAMMA = ("lgamma", "polygamma")
"""mpmath takes seconds to differentiate these six times, so that of their points most are left to the long tests."""
MODERATE = [
    pytest.param(name, operands, i, marks=[pytest.mark.long] if name in GAMMA and k % 4 else [])
    for k, (name, operands) in enumerate(POINTS)
    for i in range(len(operands))
    if all(x == 0.0 or 1e-3 <= abs(x) <= 40.0 for x in operands)
]


@pytest.mark.untraced
@pytest.mark.parametrize(("name", "operands", "i"), MODERATE)
def test_to_order_six(name, operands, i):
    def along(t):
        return TABLE[name].apply(tuple(t if k == i else x for k, x in enumerate(operands)))

    def slope(t):
        return each(DOMAINS[name].partials, [t if k == i else mp.mpf(x) for k, x in enumerate(operands)])[i] or mp.mpf(
            0
        )

    x = operands[i]
    with mp.workdps(60 + digits(operands)):
        if x == 0.0:
            exact = mp.diff(slope, mp.mpf(0), ORDER - 1)
        else:
            exact = mp.diff(lambda s: slope(mp.mpf(x) * s), 1, ORDER - 1) / mp.mpf(x) ** (ORDER - 1)
        for way, transform in WAYS.items():
            found = transform(along)(x)
            assert abs(found - exact) <= 1e-9 * abs(exact), (way, found, exact)


@pytest.mark.parametrize("name", ["exp", "tanh", "asin", "sigmoid", "gelu", "softplus", "lgamma", "sqrt", "log", "tan"])
def test_series_to_order_thirty(name):
    x, order = mp.mpf(0.4), 30
    (slope,) = DOMAINS[name].partials
    with mp.workdps(60):
        if name == "lgamma":
            expected = [mp.psi(k - 1, x) / mp.factorial(k) for k in range(1, order + 1)]
        else:
            expected = [c / k for k, c in enumerate(mp.taylor(slope, x, order - 1), start=1)]
        scale = 0
        for found, exact in zip(taylor(TABLE[name], 0.4, order)[1:], expected, strict=True):
            scale = max(scale * mp.mpf("0.5"), abs(exact))  # where a coefficient crosses 0, its neighbours count
            assert abs(found - exact) <= 1e-11 * scale
