from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, derivative, divergence, grad, hessian, hvp, jacobian, jvp, laplacian, taylor
from autograd_core.errors import DomainError, GradientLostError, NotAScalarError, ShapeError
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.series import Series
from tests.support.programs import random_function


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_traces_are_those_of_the_whole_matrices(seed, n):
    f, x = random_function(seed, n, n, 15), [0.4 * i - 0.7 for i in range(n)]
    assert divergence(f)(x) == pytest.approx(np.trace(jacobian(f)(x)), rel=1e-10, abs=1e-10)
    whole = hessian(lambda x: f(x)[0])(x)
    assert laplacian(lambda x: f(x)[0])(x) == pytest.approx(np.trace(whole), rel=1e-9, abs=1e-9)


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


def test_harmonic_functions_have_no_laplacian():
    """The Coulomb potential, away from the charge."""
    found = laplacian(lambda p: 1.0 / ac.norm(p))(np.array([0.3, -0.4, 1.2]))
    assert abs(found) < 1e-14
    assert laplacian(lambda x, y: x * x * y, argnums=(0, 1))(3.0, 5.0) == 10.0


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


def test_coefficients_can_be_differentiated():
    w = Value(2.0)
    second = derivative(lambda x: ac.exp(w * x), 2)(0.5)
    second.backward()
    assert second.data == pytest.approx(4 * math.e)
    assert w.grad == pytest.approx((2 * 2 + 4 * 0.5) * math.e)
    assert grad(lambda w: derivative(lambda x: x**w, 3)(2.0))(5.0) == pytest.approx(
        (3 * 25 - 30 + 2 + 60 * math.log(2)) * 4, rel=1e-13
    )
    assert derivative(lambda x: jvp(lambda y: x * y**3, 2.0, 1.0)[1], 1)(7.0) == 12.0
    assert taylor(lambda x: grad(lambda y: ac.sin(x * y))(0.0), 3.0, 2) == [3.0, 1.0, 0.0]


def test_directions():
    value, moved = jvp(lambda d: {"s": d["a"] * d["b"][0]}, {"a": 2.0, "b": [5.0]}, {"a": 1.0, "b": [10.0]})
    assert (value, moved) == ({"s": 10.0}, {"s": 25.0})
    _, moved = jvp(lambda a: a @ a, np.array([1.0, 2.0]), [1.0, 1.0])
    assert moved == 6.0
    assert jvp(lambda x: 3.0, 1.0, 1.0) == (3.0, 0.0)
    np.testing.assert_array_equal(hvp(lambda a: (a**3).sum(), np.array([1.0, 2.0]), np.array([1.0, 1.0])), [6.0, 12.0])
    with pytest.raises(ShapeError, match=r"jvp\(<lambda>\): the direction v takes as many numbers .*, 1; got 2"):
        jvp(lambda x: x, [1.0], [1.0, 2.0])


def test_forward_mode_keeps_no_graph():
    def chain(n):
        def f(x):
            for _ in range(n):
                x = ac.sin(x) + 0.5
            return x

        return f

    peaks = []
    for n in (1_000, 10_000):
        tracemalloc.start()
        jvp(chain(n), 0.3, 1.0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2_000


def test_lifted_numbers_behave_as_values_do():
    seen = []

    def f(x):
        seen.append((x > 1, x < 1, x == 2.0, x != 2.0, x >= Value(2.0), x <= 2.0, bool(x), f"{x:.1f}", x.data, -(+x)))
        return abs(-x) + 2 - (3 - x) + 8 / x + x / 4 + 2**x + x**2 + x.exp().tanh() + x.arctan2(3.0) + np.arcsin(x / 4)

    expected = derivative(lambda x: x + x + 8 / x + x / 4 + ac.exp(x * math.log(2)) + x * x, 1)(2.0)
    rest = grad(lambda x: ac.tanh(ac.exp(x)) + ac.atan2(x, 3.0) + ac.asin(x / 4))(2.0)
    for found in (jvp(f, 2.0, 1.0)[1], derivative(f)(2.0), grad(f)(2.0)):
        assert found == pytest.approx(expected + rest, rel=1e-14)
    assert all(row[:-1] == (True, False, True, False, True, True, True, "2.0", 2.0) for row in seen)
    assert len({hash(Dual(1, 2.0, 1.0)), hash(Dual(1, 2.0, 1.0))}) <= 2
    for x in (Dual(1, 2.0, 1.0), Series(1, [2.0, 1.0])):
        for refused in (float, int, math.sin):
            with pytest.raises(GradientLostError, match=r"use autograd_core\.sin"):
                refused(x)
        with pytest.raises(TypeError):
            x + "a"
    assert repr(Dual(1, 2.0, 1.0)) == "Dual(2.0, tangent=1.0)"


@pytest.mark.parametrize("n", [-1, 1.5, "a", True, None])
def test_wrong_orders(n):
    with pytest.raises(DomainError, match="takes an int of at least 0, got"):
        derivative(ac.exp, n)
    with pytest.raises(DomainError, match="takes an int of at least 0, got"):
        taylor(ac.exp, 0.0, n)


def test_the_highest_order():
    for n in (1000, 1499, 1500):
        assert derivative(ac.exp, n)(0.0) == pytest.approx(1.0, rel=1e-9)
        assert derivative(ac.sin, n)(0.0) == pytest.approx(math.sin(n * math.pi / 2), abs=1e-9)
    with pytest.raises(DomainError, match=r"n=1501\) leaves the range of floats on its way: n may be up to 1500"):
        derivative(ac.exp, 1501)


def test_wrong_functions_and_arguments():
    for call in (lambda: derivative(ac.exp)([1.0]), lambda: taylor(ac.exp, [1.0], 2)):
        with pytest.raises(NotAScalarError, match=r"\(exp\) is taken at one number, got list \[1.0\]; .* use jacobian"):
            call()
    with pytest.raises(NotAScalarError, match=r"taylor\(exp\) is taken at one number, got the string 'a'"):
        taylor(ac.exp, "a", 2)
    with pytest.raises(NotAScalarError, match="component by component"):
        laplacian(lambda p: p)([1.0, 2.0])
    with pytest.raises(ShapeError, match="from n numbers to n numbers, got 2 and 1"):
        divergence(lambda p: [p[0]])([1.0, 2.0])
    with pytest.raises(NotAScalarError, match="the result must be a number"):
        jvp(lambda x: "a", 1.0, 1.0)


def test_a_function_that_returns_nothing():
    calls = {
        "jvp": lambda f: jvp(f, 1.0, 1.0),
        "vjp": lambda f: ac.vjp(f, 1.0),
        "derivative": lambda f: derivative(f)(1.0),
        "taylor": lambda f: taylor(f, 1.0, 2),
        "divergence": lambda f: divergence(f)(1.0),
        "laplacian": lambda f: laplacian(f)(1.0),
        "jacobian": lambda f: jacobian(f)(1.0),
        "hessian": lambda f: hessian(f)(1.0),
    }
    for name, call in calls.items():
        with pytest.raises(NotAScalarError, match=rf"^{name}\(<lambda>\) .* it returned None: .* without a return"):
            call(lambda x: None)


def test_a_wrong_direction_names_the_call():
    with pytest.raises(ShapeError, match=r"hvp\(<lambda>\): the direction v"):
        hvp(lambda p: p[0], [1.0], [1.0, 2.0])
