"""Values, gradients and second derivatives against JAX in double precision."""

from __future__ import annotations

import math

import pytest

import autograd_core as ac
from autograd_core import Value, gradients
from autograd_core.rules.table import TABLE

WORDS = """
exp expm1 log log1p log2 log10 sqrt cbrt square reciprocal sin
cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
"""
NAMES = WORDS.split()
OURS = {row.numpy_name: row for row in TABLE.values()}
POINTS = [-2.5, -0.9, -0.25, 0.1, 0.5, 0.99, 1.5, 3.0]


@pytest.mark.parametrize("name", NAMES)
def test_to_second_order(name):
    import jax

    jax.config.update("jax_enable_x64", True)
    theirs = getattr(jax.numpy, name)
    for point in POINTS:
        expected = [float(f(point)) for f in (theirs, jax.grad(theirs), jax.grad(jax.grad(theirs)))]
        if not all(map(math.isfinite, expected)):
            continue  # outside of the function's domain
        x = Value(point)
        y = OURS[name](x)
        (first,) = gradients(y, [x])
        (second,) = gradients(first, [x])
        assert [y.data, first.data, second.data] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_logsumexp_and_softmax():
    import jax

    jax.config.update("jax_enable_x64", True)
    points = [1000.0, 999.0, -1000.0]
    xs = [Value(p) for p in points]
    y = ac.logsumexp(xs)
    y.backward()
    assert y.data == pytest.approx(float(jax.nn.logsumexp(jax.numpy.array(points))), rel=1e-15)
    assert [x.grad for x in xs] == pytest.approx(list(map(float, jax.nn.softmax(jax.numpy.array(points)))), abs=1e-15)
