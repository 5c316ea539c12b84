"""implicit: derivatives of solutions, against closed forms and against mpmath's own solutions."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, check_gradients, gradients, implicit
from autograd_core.custom import solution_rows
from autograd_core.custom.linear_systems import pivots, solve


def plain(x):
    while not isinstance(x, float):
        x = x.data
    return x


def nth(f, *orders):
    """Mixed derivatives by nested grad, by each argument as often as its order says."""
    for position, order in enumerate(orders):
        for _ in range(order):
            f = ac.grad(f, position)
    return f


# Kepler's equation.


def kepler(e, mean):
    e0, m0 = plain(e), plain(mean)
    z = m0
    for _ in range(100):
        z -= (z - e0 * math.sin(z) - m0) / (1.0 - e0 * math.cos(z))
    return implicit(lambda z: z - e * ac.sin(z) - mean, z)


def exact_kepler(e, mean):
    return mp.findroot(lambda z: z - e * mp.sin(z) - mean, mean)


@pytest.mark.parametrize("orders", [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3)])
def test_keplers_equation(orders):
    with mp.workdps(40):
        exact = mp.diff(exact_kepler, (mp.mpf(0.3), mp.mpf(1)), orders)
    assert nth(kepler, *orders)(0.3, 1.0) == pytest.approx(float(exact), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(-3, 3))
def test_keplers_equation_in_every_mode(e, mean):
    by_e = lambda e: kepler(e, mean)  # noqa: E731
    with mp.workdps(30):
        z = exact_kepler(mp.mpf(e), mp.mpf(mean))
        first = mp.sin(z) / (1 - e * mp.cos(z))
        slopes = [float(z), float(first)]
    assert ac.taylor(by_e, e, 3)[:2] == pytest.approx(slopes, rel=1e-11, abs=1e-13)
    assert ac.jvp(by_e, e, 1.0) == pytest.approx(tuple(slopes), rel=1e-11, abs=1e-13)
    reverse = nth(by_e, 3)(e)
    close = {"rel": 1e-9, "abs": 1e-9}
    assert ac.derivative(by_e, 3)(e) == pytest.approx(reverse, **close)
    assert ac.jvp(ac.grad(ac.grad(by_e)), e, 1.0)[1] == pytest.approx(reverse, **close)
    assert ac.grad(lambda e: ac.jvp(ac.grad(by_e), e, 1.0)[1])(e) == pytest.approx(reverse, **close)
    assert ac.grad(lambda e: ac.derivative(by_e, 2)(e))(e) == pytest.approx(reverse, **close)
    assert ac.derivative(ac.grad(by_e), 2)(e) == pytest.approx(reverse, **close)


def test_it_passes_the_check():
    check_gradients(kepler, 0.4, 0.9)


# Square roots, which have a closed form.


def root(a):
    return implicit(lambda z: z * z - a, math.sqrt(plain(a)))


@pytest.mark.parametrize("a", [1e-6, 0.5, 2.0, 1e6])
def test_square_roots(a):
    for n in range(1, 5):
        exact = (
            float(mp.diff(mp.sqrt, a, n)) if a > 1 else float(mp.rf(mp.mpf("0.5") - n + 1, n) * mp.mpf(a) ** (0.5 - n))
        )
        assert nth(root, n)(a) == pytest.approx(exact, rel=1e-12)
        assert ac.derivative(root, n)(a) == pytest.approx(exact, rel=1e-12)


def test_values_and_their_graph():
    a = Value(3.0, "a")
    c = ac.exp(a)  # computed before, and not by the equation
    z = implicit(lambda z: z**3 - c, math.exp(1.0))
    assert isinstance(z, Value)
    assert z.op == "implicit"
    assert z.parents == (c,)
    z.backward()
    assert a.grad == pytest.approx(math.exp(1.0) / 3.0, rel=1e-14)
    (slope,) = gradients(z, [a])
    (curvature,) = gradients(slope, [a])
    assert (slope.data, curvature.data) == pytest.approx((math.exp(1.0) / 3.0, math.exp(1.0) / 9.0), rel=1e-13)
    assert "implicit" in ac.draw(z).source
    assert f"{a.grad:.4g}" in str(ac.explain(z, a))


def test_without_values_it_is_a_float():
    assert implicit(lambda z: z * z - 2.0, math.sqrt(2.0)) == math.sqrt(2.0)
    z = implicit(lambda z: [z[0] - 1.0, z[1] * z[0] - 2], (1.0, 2))
    assert z == (1.0, 2.0)
    assert implicit(lambda z: z - Value(2.0), 2.0) == 2.0  # a Value that the residual makes for itself is a constant
    b = Value(2.0)
    with ac.no_grad():
        z = implicit(lambda z: z - b, 2.0)
        assert z.parents == ()


# Systems.


def crossing(a, b):
    """Where the circle x^2 + y^2 = a meets the hyperbola x y = b: in closed form."""
    s, d = ac.sqrt(a + 2.0 * b), ac.sqrt(a - 2.0 * b)
    return [0.5 * (s + d), 0.5 * (s - d)]


def solved_crossing(a, b):
    x, y = crossing(plain(a), plain(b))
    z = implicit(lambda z: (z["x"] ** 2 + z["y"] ** 2 - a, z["x"] * z["y"] - b), {"x": x, "y": y})
    return [z["x"], z["y"]]


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 9.0), st.floats(-0.4, 0.4))
def test_a_system_of_two(a, b):
    b *= a
    assume(abs(b) > 1e-3)
    point = [a, b]
    for k in range(2):
        exact = lambda p, k=k: crossing(*p)[k]  # noqa: E731
        found = lambda p, k=k: solved_crossing(*p)[k]  # noqa: E731
        assert ac.grad(found)(point) == pytest.approx(ac.grad(exact)(point), rel=1e-9, abs=1e-12)
        assert np.array(ac.hessian(found)(point)) == pytest.approx(
            np.array(ac.hessian(exact)(point)), rel=1e-8, abs=1e-11
        )
    vector = lambda p: solved_crossing(*p)  # noqa: E731
    assert np.array(ac.jacobian(vector)(point)) == pytest.approx(
        np.array(ac.jacobian(lambda p: crossing(*p))(point)), rel=1e-9, abs=1e-12
    )
    for k in range(2):
        taylor = ac.taylor(lambda t, k=k: solved_crossing(a + t, b - 0.5 * t)[k], 0.0, 4)
        exact_taylor = ac.taylor(lambda t, k=k: crossing(a + t, b - 0.5 * t)[k], 0.0, 4)
        assert taylor == pytest.approx(exact_taylor, rel=1e-8, abs=1e-10)


def test_third_derivatives_of_a_system():
    found = nth(lambda a, b: solved_crossing(a, b)[0], 2, 1)(5.0, 1.5)
    exact = nth(lambda a, b: crossing(a, b)[0], 2, 1)(5.0, 1.5)
    assert found == pytest.approx(exact, rel=1e-11)


def test_a_linear_system_needs_other_rows_first():
    rows = [[0.0, 2.0, 1.0], [1e-9, 1.0, -1.0], [3.0, 0.0, 4.0]]
    right = [1.0, 2.0, 3.0]
    order = pivots(rows)
    assert solve(rows, right, order) == pytest.approx(list(np.linalg.solve(rows, right)), rel=1e-12)

    def solution(p):
        z = list(np.linalg.solve(rows, [plain(x) for x in p]))
        return implicit(
            lambda z: [sum(r * x for r, x in zip(row, z, strict=True)) - b for row, b in zip(rows, p, strict=True)], z
        )

    assert np.array(ac.jacobian(solution)(right)) == pytest.approx(np.linalg.inv(rows), rel=1e-12)


# Equations that hold derivatives themselves.


def test_the_outputs_of_a_system_share_one_linearization(monkeypatch):
    """Each of them needs a row of the inverse: with an elimination for each, time would grow as the fourth power."""
    linearizations = []
    linearize = solution_rows.linearize
    monkeypatch.setattr(solution_rows, "linearize", lambda *at: linearizations.append(1) or linearize(*at))
    matrix = np.random.default_rng(0).normal(size=(12, 12)) + 5.0 * np.eye(12)
    right = np.arange(12.0)
    solution = np.linalg.solve(matrix, right)

    def solved(right):
        return implicit(lambda z: matrix @ z - right, solution)

    found = ac.jacobian(solved)(right)
    assert len(linearizations) == 2  # one to see whether it is a solution
    np.testing.assert_allclose(found, np.linalg.inv(matrix), rtol=1e-11, atol=1e-14)


def test_where_a_function_is_least():
    """argmin of z^4/4 + z^2/2 - a z solves z^3 + z = a, so z' = 1 / (3 z^2 + 1)."""

    def least(a):
        z = float(np.roots([1.0, 0.0, 1.0, -plain(a)])[-1].real)
        return implicit(ac.grad(lambda z: z**4 / 4.0 + z * z / 2.0 - a * z), z)

    z = plain(least(Value(2.0)))
    assert z == pytest.approx(1.0)
    assert ac.grad(least)(2.0) == pytest.approx(0.25, rel=1e-12)
    assert ac.grad(ac.grad(least))(2.0) == pytest.approx(-6.0 * z / 4.0**3, rel=1e-12)
    assert ac.derivative(least, 2)(2.0) == pytest.approx(-6.0 * z / 4.0**3, rel=1e-12)
    assert ac.jvp(ac.grad(least), 2.0, 1.0)[1] == pytest.approx(-6.0 / 64.0, rel=1e-12)


def test_a_solution_within_an_equation():
    """z^2 = w with w^2 = a: the fourth root."""

    def fourth(a):
        w = root(a)
        return implicit(lambda z: z * z - w, plain(a) ** 0.25)

    def inside(a):
        return implicit(lambda z: z * z - root(a), plain(a) ** 0.25)

    for f in (fourth, inside):
        for n in (1, 2, 3):
            exact = float(mp.diff(lambda a: a**0.25, 3.0, n))
            assert nth(f, n)(3.0) == pytest.approx(exact, rel=1e-11)
            assert ac.derivative(f, n)(3.0) == pytest.approx(exact, rel=1e-11)


def test_in_a_checkpoint():
    f = ac.checkpoint(lambda e: kepler(e, 1.0) * e)
    assert ac.grad(f)(0.3) == pytest.approx(ac.grad(f.__wrapped__)(0.3), rel=1e-14)
    assert ac.grad(ac.grad(f))(0.3) == pytest.approx(ac.grad(ac.grad(f.__wrapped__))(0.3), rel=1e-12)


def test_conditions_and_constants_in_the_equation():
    a = Value(2.0)
    z = implicit(lambda z: ac.where(z > 1.0, z * z, 7.0 * z) - 2.0 * a, 2.0)
    z.backward()
    assert a.grad == 0.5
