from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import (
    Value,
    gradients,
)
from autograd_core.errors import GraphError, NotAScalarError


def test_higher_derivatives_of_a_power():
    x = Value(2.0)
    y = x**5
    expected = [5 * 2**4, 20 * 2**3, 60 * 2**2, 120 * 2, 120, 0]
    for value in expected:
        (y,) = gradients(y, [x])
        assert y.data == value
    assert x.grad == 0.0
    assert not x.has_grad


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_mixed_partials_agree(a, b):
    x, y = Value(a), Value(b)
    z = ac.sin(x * y) + ac.exp(x) * ac.tanh(y)
    dx, dy = gradients(z, [x, y])
    (dxy,) = gradients(dx, [y])
    (dyx,) = gradients(dy, [x])
    exact = math.cos(a * b) - a * b * math.sin(a * b) + math.exp(a) / math.cosh(b) ** 2
    assert dxy.data == pytest.approx(exact, rel=1e-12, abs=1e-12)
    assert dyx.data == pytest.approx(exact, rel=1e-12, abs=1e-12)


def test_the_first_gradients_are_those_of_backward():
    x, y = Value(0.3), Value(-1.2)
    z = ac.logsumexp([x * y, x, 1.0]) * ac.norm([x, y]) - x ** y.exp() + ac.prod([x, y, x])
    slopes = gradients(z, [x, y])
    z.backward()
    assert [g.data for g in slopes] == pytest.approx([x.grad, y.grad], rel=1e-14)


def test_by_inner_nodes_and_by_what_does_not_matter():
    x = Value(3.0)
    y = x * x
    z = y * 2 + x
    other = Value(1.0)
    dy, dx, none = gradients(z, [y, x, other])
    assert (dy.data, dx.data, none.data) == (2.0, 13.0, 0.0)
    assert gradients(5.0, [x])[0].data == 0.0
    assert gradients(x, [x])[0].data == 1.0


def test_where_stays_clean_at_higher_order():
    x = Value(0.0)
    y = ac.where(x > 0, ac.sqrt(x), x * x)
    (first,) = gradients(y, [x])
    (second,) = gradients(first, [x])
    assert (first.data, second.data) == (0.0, 2.0)


def test_a_leaf_assigned_since_is_noticed():
    x = Value(2.0)
    y = x**3
    x.data = 5.0
    with pytest.raises(GraphError, match="assigned after the graph was recorded; compute y again"):
        gradients(y, [x])
    x.data = 2.0
    assert gradients(y, [x])[0].data == 12.0


def test_a_leaf_whose_value_returns_the_same_result_is_noticed_too():
    """x*x is the same at 2 and -2, its slope is not."""
    x = Value(2.0)
    y = x * x
    x.data = -2.0
    with pytest.raises(GraphError):
        gradients(y, [x])


def test_nan_does_not_count_as_a_change():
    x = Value(-1.0)
    assert math.isnan(gradients(x.log() * 0 + x.sqrt(), [x])[0].data)


def test_the_result_is_nobody_elses_node():
    x, w = Value(2.0), Value(3.0)
    (slope,) = gradients(x * w, [x])
    assert slope.data == 3.0
    assert slope is not w


@pytest.mark.parametrize("xs", [Value(1.0), [1.0], ["a"], [None], None])
def test_wrong_targets(xs):
    with pytest.raises(NotAScalarError, match=r"gradients\(y, xs\)"):
        gradients(Value(1.0), xs)


def test_deep_graphs():
    x = Value(1.0)
    y = x
    for _ in range(20_000):
        y = y * 1.0001
    assert gradients(y, [x])[0].data == pytest.approx(1.0001**20_000)
