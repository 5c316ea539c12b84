from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import derivative, grad, taylor
from autograd_core.errors import DomainError, NotAScalarError
from tests.support.programs import random_function


@given(st.integers(0, 10**6), st.floats(-1.0, 1.0))
def test_series_are_nested_derivatives(seed, x):
    many = random_function(seed, 1, 1, 8)

    def f(x):
        return many([x])[0]

    slope, factorial = f, 1.0
    for k, coefficient in enumerate(taylor(f, x, 3)):
        if k:
            slope, factorial = grad(slope), factorial * k
        assert coefficient == pytest.approx(slope(x) / factorial, rel=1e-9, abs=1e-9)


def test_known_series():
    assert taylor(ac.exp, 0.0, 5) == [1.0 / math.factorial(k) for k in range(6)]
    assert taylor(lambda x: [ac.sin(x), {"c": ac.cos(x)}], 0.0, 2) == [
        [0.0, {"c": 1.0}],
        [1.0, {"c": 0.0}],
        [0.0, {"c": -0.5}],
    ]
    bernoulli = taylor(lambda x: x / ac.expm1(x), 1e-3, 1)
    assert bernoulli[1] == pytest.approx(-0.5 + 1e-3 / 6, rel=1e-6)
    assert taylor(lambda x: x**7, 0.0, 8) == [0.0] * 7 + [1.0, 0.0]
    assert taylor(lambda x: 3.0, 1.0, 2) == [3.0, 0.0, 0.0]
    assert taylor(lambda x: x, 1.0, 0) == [1.0]
    assert taylor(lambda x: ac.where(x > 0, x * x, -x), 2.0, 3) == [4.0, 4.0, 1.0, 0.0]
    assert taylor(lambda x: abs(x) + ac.maximum(x, 0.0) + ac.clip(x, 0.0, 9.0), -2.0, 2) == [2.0, -1.0, 0.0]


def test_high_orders_take_no_time():
    """1 / (1 - x**2): nested derivatives would take about 3**60 steps."""
    assert taylor(lambda x: 1 / (1 - x * x), 0.0, 60) == [1.0 - k % 2 for k in range(61)]
    assert derivative(lambda x: ac.sqrt(1 + x * x) * ac.tan(x), 40)(0.1) > 0


@pytest.mark.parametrize("n", [-1, 1.5, "a", True, None])
def test_wrong_orders(n):
    with pytest.raises(DomainError, match="takes an int of at least 0, got"):
        derivative(ac.exp, n)
    with pytest.raises(DomainError, match="takes an int from 0 to 1000000, got"):
        taylor(ac.exp, 0.0, n)


def test_wrong_arguments():
    for call in (lambda: derivative(ac.exp)([1.0]), lambda: taylor(ac.exp, [1.0], 2)):
        with pytest.raises(NotAScalarError, match=r"\(exp\) is taken at one number, got list \[1.0\]; .* use jacobian"):
            call()
    with pytest.raises(NotAScalarError, match=r"taylor\(exp\) is taken at one number, got the string 'a'"):
        taylor(ac.exp, "a", 2)
