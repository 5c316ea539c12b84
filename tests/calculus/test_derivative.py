from __future__ import annotations

import math

import pytest

import autograd_core as ac
from autograd_core import Value, derivative, grad, jvp, taylor
from autograd_core.errors import DomainError


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


def test_the_highest_order():
    for n in (1000, 1499, 1500):
        assert derivative(ac.exp, n)(0.0) == pytest.approx(1.0, rel=1e-9)
        assert derivative(ac.sin, n)(0.0) == pytest.approx(math.sin(n * math.pi / 2), abs=1e-9)
    with pytest.raises(DomainError, match=r"derivative\(f, n\): n may be up to 1500, got 1501: .* overflow"):
        derivative(ac.exp, 1501)
