from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value, derivative, grad, hvp, jvp
from autograd_core.errors import ArgumentError, GradientLostError, NotAScalarError, ShapeError
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.series import Series


def test_directions():
    value, moved = jvp(lambda d: {"s": d["a"] * d["b"][0]}, {"a": 2.0, "b": [5.0]}, {"a": 1.0, "b": [10.0]})
    assert (value, moved) == ({"s": 10.0}, {"s": 25.0})
    _, moved = jvp(lambda a: a @ a, np.array([1.0, 2.0]), [1.0, 1.0])
    assert moved == 6.0
    assert jvp(lambda x: 3.0, 1.0, 1.0) == (3.0, 0.0)
    np.testing.assert_array_equal(hvp(lambda a: (a**3).sum(), np.array([1.0, 2.0]), np.array([1.0, 1.0])), [6.0, 12.0])
    with pytest.raises(ShapeError, match=r"^jvp\(<lambda>\): v has 2 numbers, x has 1; .*; got \[1.0, 2.0\]$"):
        jvp(lambda x: x, [1.0], [1.0, 2.0])


@pytest.mark.untraced  # what coverage keeps is memory too
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


def test_wrong_results():
    with pytest.raises(NotAScalarError, match="the result must be a number"):
        jvp(lambda x: "a", 1.0, 1.0)


def area(width, height):
    return {"area": width * height}


def test_several_arguments():
    assert jvp(area, (3.0, 5.0), 1.0, argnums=0) == ({"area": 15.0}, {"area": 5.0})
    assert jvp(area, [3.0, 5.0], 2.0, argnums=-1) == ({"area": 15.0}, {"area": 6.0})
    assert jvp(area, (3.0, 5.0), (1.0, 2.0), argnums=(0, 1))[1] == {"area": 11.0}
    assert jvp(area, (3.0, 5.0), (2.0, 1.0), argnums=[1, 0])[1] == {"area": 11.0}
    assert jvp(area, (3.0, 5.0), 1.0, argnums=np.int64(1)) == jvp(area, (3.0, 5.0), 1.0, argnums=1)
    assert jvp(lambda power, x: x**power, (3, 2.0), 1.0, argnums=1) == (8.0, 12.0)  # the 3 stays an int


def test_wrong_arguments():
    with pytest.raises(ArgumentError, match=r"^jvp\(area\) with argnums=0 takes as x the tuple .* float 3.0: pass"):
        jvp(area, 3.0, 1.0, argnums=0)
    with pytest.raises(ArgumentError, match=r"argument at position 2 \(argnums=2\), and got 2 positional arguments"):
        jvp(area, (3.0, 5.0), 1.0, argnums=2)
    with pytest.raises(ArgumentError, match=r"^jvp\(area\): argnums must be the position of an argument.* got 'x'"):
        jvp(area, (3.0, 5.0), 1.0, argnums="x")
    with pytest.raises(ShapeError, match=r"^jvp\(area\): v has 1 number, x has 2; "):
        jvp(area, (3.0, 5.0), 1.0, argnums=(0, 1))
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'height'"):
        jvp(area, (3.0, 5.0), (1.0, 2.0))  # without argnums, the tuple is one argument
