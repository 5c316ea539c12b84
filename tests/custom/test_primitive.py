"""primitive: a user's own functions, in every transform and in everything that shows a graph."""

from __future__ import annotations

import copy
import math
import pickle

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, check_gradients, gradients, no_grad, primitive
from autograd_core.errors import (
    AnomalyError,
    ArgumentError,
    NotAScalarError,
)
from autograd_core.rules.table import TABLE


@primitive(partials=(lambda x, y: y * (1.0 + ac.log(x)),), symbol="x↑x", latex="{{{0}}}^{{{0}}}")
def self_power(x):
    """X to the power x."""
    return x**x


def _bessel(x):
    return float(mp.besselj(0, x)), float(mp.besselj(1, x))


@primitive(outputs=2, partials=lambda x, j: [[-j[1]], [j[0] - j[1] / x]], latex="J({0})")
def bessel(x):
    """The Bessel functions J0 and J1."""
    return _bessel(x)


@primitive(
    partials=(lambda amount, rate, years, y: y / amount, lambda amount, rate, years, y: years * y / (1.0 + rate), None)
)
def compound(amount, rate, years=2.0):
    return amount * (1.0 + rate) ** years


@primitive(partials=lambda *all: [2.0 * x * all[-1] for x in all[:-1]])
def bell(*xs):
    return math.exp(sum(x * x for x in xs))


# The same as the table gives.


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 3.0), st.floats(-2, 2))
def test_it_is_the_function_it_stands_for(a, b):
    own = lambda x: self_power(x * x) * b + x / self_power(x)  # noqa: E731
    written = lambda x: (x * x) ** (x * x) * b + x / x**x  # noqa: E731
    close = {"rel": 1e-10, "abs": 1e-8}
    for f, g in ((own, written), (lambda x: own(x) * own(b + 3.0), lambda x: written(x) * written(b + 3.0))):
        x, y = Value(a), Value(a)
        f(x).backward()
        g(y).backward()
        assert x.grad == pytest.approx(y.grad, **close)
        assert ac.grad(ac.grad(f))(a) == pytest.approx(ac.grad(ac.grad(g))(a), **close)
        assert ac.jvp(f, a, 2.0) == pytest.approx(ac.jvp(g, a, 2.0), **close)
        assert ac.taylor(f, a, 4) == pytest.approx(ac.taylor(g, a, 4), **close)
        assert ac.jvp(ac.grad(f), a, 1.0)[1] == pytest.approx(ac.jvp(ac.grad(g), a, 1.0)[1], **close)
        assert ac.grad(lambda x, f=f: ac.jvp(f, x, 1.0)[1])(a) == pytest.approx(ac.grad(ac.grad(g))(a), **close)


@pytest.mark.parametrize("order", range(1, 7))
def test_orders_one_to_six(order):
    f = self_power
    for _ in range(order):
        f = ac.grad(f)
    with mp.workdps(60):
        exact = float(mp.diff(lambda x: x**x, 1.3, order))
    assert f(1.3) == pytest.approx(exact, rel=1e-9)
    assert ac.derivative(self_power, order)(1.3) == pytest.approx(exact, rel=1e-9)


def test_several_outputs():
    x = Value(1.7)
    j0, j1 = bessel(x)
    assert (j0.data, j1.data) == _bessel(1.7)
    (j0 * j1).backward()
    with mp.workdps(30):
        exact = [float(mp.diff(lambda x: mp.besselj(0, x) * mp.besselj(1, x), 1.7, n)) for n in range(1, 5)]
    assert x.grad == pytest.approx(exact[0], rel=1e-13)
    product = lambda x: bessel(x)[0] * bessel(x)[1]  # noqa: E731
    for n in (2, 3, 4):
        assert ac.derivative(product, n)(1.7) == pytest.approx(exact[n - 1], rel=1e-9)
        f = product
        for _ in range(n):
            f = ac.grad(f)
        assert f(1.7) == pytest.approx(exact[n - 1], rel=1e-9)
    assert ac.jacobian(lambda x: list(bessel(x)))(1.7) == pytest.approx(
        [-_bessel(1.7)[1], float(mp.besselj(1, 1.7, 1))]
    )
    assert ac.jvp(lambda x: bessel(x), 1.7, 1.0)[0] == _bessel(1.7)
    check_gradients(lambda x: bessel(x), 0.8)


def test_outputs_share_one_evaluation():
    count = [0]

    @primitive(outputs=3, partials=lambda a, b, r: [[1.0, 0.0], [0.0, 1.0], [b, a]])
    def rule(a, b):
        count[0] += 1
        return a, b, a * b

    rule(2.0, 3.0)
    assert count == [1]
    a, b = Value(2.0), Value(4.0)
    first, _, third = rule(a, b)
    assert count == [2]
    (first * third).backward()
    assert (a.grad, b.grad, count) == (16.0, 4.0, [2])
    rule(2.0, 4.0)
    assert count == [3]  # a new call is a new evaluation: the function may have changed
    assert rule(-0.0, 1.0)[0].hex() == "-0x0.0p+0"
    assert rule(0.0, 1.0)[0].hex() == "0x0.0p+0"


def test_any_number_of_arguments():
    xs = [0.3, -0.4, 0.5]
    expected = [2.0 * x * math.exp(0.5) for x in xs]
    assert ac.grad(lambda p: bell(*p))(xs) == pytest.approx(expected)
    check_gradients(lambda p: bell(*p), xs)
    assert bell(1.0) == math.e
    x = Value(0.5)
    bell(x, 2.0).backward()
    assert x.grad == pytest.approx(math.exp(4.25))


def test_arguments_by_name_and_by_default_and_constant_ones():
    assert compound(100.0, 0.5) == 225.0
    assert compound(100.0, years=1, rate=0.5) == 150.0
    years = Value(2.0)
    rate = Value(0.5)
    y = compound(100.0, rate, years)
    assert y.parents == (rate,)
    y.backward()
    assert (rate.grad, years.grad) == (300.0, 0.0)
    assert ac.grad(compound, (0, 1))(100.0, 0.5, 2) == (2.25, 300.0)
    with pytest.raises(ArgumentError, match=r"compound\(\) is called as compound\(amount, rate, years=2.0\)"):
        compound(1.0)
    with pytest.raises(NotAScalarError, match=r"compound\(\)"):
        compound("1", rate)


def test_arguments_reach_the_function_as_floats():
    seen = []

    @primitive(partials=(lambda x, n, y: n * y / x, None))
    def power(x, n):
        seen.append((type(x), type(n)))
        return x**n

    power(Value(2.0), 3)
    power(np.float64(2.0), np.int64(3))
    assert seen == [(float, float)] * 2


def test_one_row_called_from_anothers_partials():
    @primitive(partials=(lambda x, y: cosine(x),), name="sin")
    def sine(x):
        return math.sin(x)

    @primitive(partials=(lambda x, y: -sine(x),), name="cos")
    def cosine(x):
        return math.cos(x)

    for n in range(1, 6):
        assert ac.derivative(sine, n)(0.7) == pytest.approx(math.sin(0.7 + n * math.pi / 2), rel=1e-12)
    # Named like rows of the table, and not taken for them.
    x = Value(0.7)
    assert gradients(sine(x) - ac.sin(x), [x])[0].data == pytest.approx(0.0, abs=1e-15)
    assert ac.taylor(lambda x: sine(x) * ac.cos(x), 0.7, 3) == pytest.approx(
        ac.taylor(lambda x: 0.5 * ac.sin(2.0 * x), 0.7, 3)
    )


def test_two_of_one_name_in_one_series():
    def times(k):
        return primitive(partials=(lambda x, y: float(k),), name="add")(lambda x: k * x)

    rows = times(2), times(5)
    assert ac.taylor(lambda x: rows[0](x) * rows[1](x), 3.0, 2) == [90.0, 60.0, 10.0]
    x = Value(3.0, "x")
    y = rows[0](x) * rows[1](x)
    y.backward()
    assert x.grad == 60.0
    assert "60" in str(ac.explain(y, x))


# What shows a graph.


def test_it_is_drawn_and_explained():
    x = Value(1.2, "x")
    y = self_power(x) * x
    y.backward()
    source = ac.draw(y).source
    assert "x↑x" in source
    derivation = ac.explain(y, x)
    assert "ln" in str(derivation) or "log" in str(derivation)
    assert "{x}^{x}" in derivation._repr_latex_()
    x = Value(1.2, "x")
    j0, j1 = bessel(x)
    y = j0 * j1
    y.backward()
    assert "bessel_0" in ac.draw(y).source
    assert r"{J(x)}_{1}" in ac.explain(y, x)._repr_latex_()
    once = x.grad
    assert [step.after for step in ac.steps(y)][-1] == once


def test_the_default_way_of_writing():
    x = Value(1.0, "x")
    y = compound(x, 0.5) ** 2
    y.backward()
    assert r"\operatorname{compound}(x, 0.5, 2)" in ac.explain(y, x)._repr_latex_()
    assert compound.symbol == "compound"
    assert compound.__doc__ is None
    assert self_power.__doc__ == "X to the power x."
    assert repr(self_power) == "<primitive self_power>"
    assert repr(bessel) == "<primitive bessel with 2 outputs>"


def test_no_grad_and_detach():
    x = Value(2.0)
    with no_grad():
        assert self_power(x).parents == ()
    assert self_power(ac.detach(x)).data == 4.0


def test_anomalies_name_it_and_the_line():
    @primitive(partials=(lambda x, y: ac.reciprocal(x),))
    def logarithm(x):
        return math.log(x) if x > 0 else -math.inf

    x = Value(0.0, "x")
    with (
        ac.detect_anomaly(),
        pytest.raises(AnomalyError, match=r"logarithm gave -inf, from x = 0.0(.|\n)*test_prim"),
    ):
        logarithm(x)


def test_pickles_and_copies():
    for row in (self_power, bessel, compound, bell, bessel.rows[1]):
        assert pickle.loads(pickle.dumps(row)) is row
        assert copy.deepcopy(row) is row

    @primitive(partials=(lambda x, y: 1.0,))
    def local(x):
        return x

    with pytest.raises((pickle.PicklingError, AttributeError), match="local"):
        pickle.dumps(local)


def test_the_table_is_left_alone():
    assert "self_power" not in TABLE
    assert not hasattr(Value, "self_power")
