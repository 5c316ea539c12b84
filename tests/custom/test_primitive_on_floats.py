"""Partials that only floats go through: first derivatives work, higher ones say what is missing."""

from __future__ import annotations

import math

import pytest

import autograd_core as ac
from autograd_core import Value, check_gradients, gradients, primitive
from autograd_core.errors import (
    GradientLostError,
)


def math_only():
    @primitive(partials=(lambda x, y: math.cos(x),))
    def wave(x):
        return math.sin(x)

    return wave


def test_first_derivatives_do_with_floats():
    wave = math_only()
    assert ac.grad(wave)(1.0) == ac.derivative(wave)(1.0) == ac.jvp(wave, 1.0, 1.0)[1] == math.cos(1.0)
    assert ac.jacobian(lambda p: [wave(p[0]), p[1]])([1.0, 2.0])[0] == [math.cos(1.0), 0.0]
    x = Value(1.0, "x")
    y = wave(x) * 2.0
    y.backward()
    assert x.grad == 2.0 * math.cos(1.0)
    assert f"{x.grad:.4g}" in str(ac.explain(y, x))
    check_gradients(wave, 1.0, order=1)


@pytest.mark.parametrize(
    "second",
    [
        lambda f: ac.grad(ac.grad(f))(1.0),
        lambda f: ac.derivative(f, 2)(1.0),
        lambda f: ac.hvp(f, 1.0, 1.0),
        lambda f: ac.hessian(f)(1.0),
        lambda f: gradients(f(x := Value(1.0)), [x]),
    ],
)
def test_higher_ones_say_what_is_missing(second):
    with pytest.raises(
        GradientLostError, match=r"the partial of wave with respect to x cannot be differentiated again"
    ):
        second(math_only())
