from __future__ import annotations

import math
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
import nn
from autograd_core import (
    Value,
    derivative,
    detach,
    divergence,
    grad,
    hessian,
    jacobian,
    jvp,
    laplacian,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd_core.errors import ArgumentError, GradientLostError, NotAScalarError
from autograd_core.nesting.structures import flatten
from tests.support.programs import random_function


@dataclass(frozen=True)
class Spring:
    stiffness: float
    rest: float
    note: None = None


class Point(NamedTuple):
    x: float
    y: float


def test_gradients_take_the_structure_of_the_arguments():
    def energy(spring, ends, options):
        length = ac.hypot(ends["a"].x - ends["b"].x, ends["a"].y - ends["b"].y)
        return 0.5 * spring.stiffness * (length - spring.rest) ** 2 + options["push"][0] * length

    spring, ends = Spring(2.0, 1.0), {"a": Point(0.0, 0.0), "b": Point(3.0, 4.0)}
    d_spring, d_ends = grad(energy, argnums=(0, 1))(spring, ends, {"push": [0.5], "name": "kept out"})
    assert d_spring == Spring(8.0, -8.0)
    assert type(d_ends["a"]) is Point
    assert d_ends["a"] == pytest.approx((-5.1, -6.8))
    assert d_ends["b"] == pytest.approx((5.1, 6.8))
    assert spring == Spring(2.0, 1.0)


@pytest.mark.parametrize(
    "argument", [{}, [], (), None, OrderedDict(b=1.0, a=2.0), defaultdict(int, a=1.0), [[1.0], (2.0, [3])], True]
)
def test_structures_come_back_as_they_were(argument):
    found = grad(lambda x: 0.0)(argument)
    assert type(found) is (float if argument is True else type(argument))
    structure, numbers = flatten(argument, "x")
    assert structure.build(numbers) == argument


def test_arrays():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = grad(lambda x, k: (x**3).sum() * k)(a, 2)
    assert found.dtype == float
    np.testing.assert_allclose(found, 6 * a**2)
    np.testing.assert_allclose(grad(lambda x: np.sum(x @ x))(a), [[7.0, 11.0], [9.0, 13.0]])
    assert grad(lambda x: x * x)(np.float32(3.0)) == 6.0
    assert type(grad(lambda x: x * x)(np.array(3.0))) is float


def test_value_and_gradient_come_from_one_evaluation():
    calls = []

    def f(x):
        calls.append(x)
        return x**3

    assert value_and_grad(f)(2.0) == (8.0, 12.0)
    assert len(calls) == 1
    assert grad(f).__name__ == "grad(f)"


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_gradients_are_those_of_backward(seed, count):
    f = random_function(seed, count, 1)
    xs = [0.3 * i - 0.5 for i in range(count)]
    leaves = [Value(x) for x in xs]
    (y,) = f(leaves)
    (y + 0.0).backward()
    value, found = value_and_grad(lambda xs: f(xs)[0])(xs)
    assert found == [leaf.grad for leaf in leaves]
    assert value == y.data
    _, pull = vjp(f, xs)
    assert pull([1.0]) == found


def test_a_result_that_does_not_depend_on_the_argument_has_gradient_zero():
    assert grad(lambda x: 5)(2.0) == 0.0
    assert grad(lambda x: Value(5.0) * 2.0)([1.0, 2.0]) == [0.0, 0.0]
    assert value_and_grad(lambda x: 5)(2.0) == (5.0, 0.0)
    assert grad(grad(lambda x: 3.0 * x))(1.0) == 0.0


def test_nothing_is_left_behind():
    w = Value(3.0)
    w.grad = 7.0
    found = grad(lambda x: w * x * x)(2.0)
    assert (found.data, w.grad) == (12.0, 7.0)
    found.backward()
    assert w.grad == 7.0 + 4.0


def test_results_are_floats_unless_they_reach_outside():
    w = Value(3.0)
    assert type(grad(lambda x: x * x)(2.0)) is float
    assert isinstance(grad(lambda x: w * x)(2.0), Value)
    assert isinstance(grad(lambda x: x * x)(w), Value)
    assert type(grad(lambda x: x * Value(2.0) + detach(x) * x)(3.0)) is float  # constants made within
    value, slope = value_and_grad(lambda x: x * w)(2.0)
    assert (value.data, slope.data) == (6.0, 3.0)


def test_inner_and_outer_derivatives_are_kept_apart():
    """The classic: d/dx of x times d/dy (x + y), which is 1 and not 2. Source: Siskind and Pearlmutter 2005."""
    for outer in (grad, derivative):
        for inner in (grad, derivative):
            assert outer(lambda x, inner=inner: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
            assert outer(lambda x, inner=inner: x * inner(lambda y: x * y)(x))(3.0) == 6.0
            assert outer(lambda x, inner=inner: inner(lambda y: y**3 * x)(x))(2.0) == 36.0


def test_inside_no_grad():
    with no_grad():
        assert grad(lambda x: x**3)(2.0) == 12.0
        assert hessian(lambda x: x**3)(2.0) == 12.0
        assert vjp(lambda x: x**3, 2.0)[1](1.0) == 12.0
        assert derivative(lambda x: grad(lambda y: y**3)(x))(2.0) == 12.0
        assert (Value(2.0) * 3).parents == ()

    def partly(x):
        with no_grad():
            c = x * 10.0
        return c * x

    assert grad(partly)(2.0) == 20.0


def test_detached_numbers_are_constants_in_every_mode():
    assert grad(lambda x: x * detach(x))(3.0) == 3.0
    assert derivative(lambda x: x * detach(x))(3.0) == 3.0
    assert derivative(lambda x: x * detach(x), 2)(3.0) == 0.0


def test_an_argument_is_named_once():
    with pytest.raises(ArgumentError, match=r"by each argument once, and argnums=\(0, -2\) names one of 2 .* twice"):
        grad(lambda x, y: x * y, argnums=(0, -2))(2.0, 5.0)
    assert grad(lambda x, y: x * y * y, argnums=(-1, 0))(2.0, 5.0) == (20.0, 25.0)


def test_through_a_network_in_both_modes():
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    by_reverse = grad(model)([1.0, 2.0])
    assert [slope.data for slope in by_reverse] == pytest.approx(
        [jvp(model, [1.0, 2.0], e)[1].data for e in ([1.0, 0.0], [0.0, 1.0])], rel=1e-14
    )
    by_reverse[0].backward()
    assert any(parameter.grad for parameter in model.parameters())


def returns(x):
    return lambda _: x


@pytest.mark.parametrize(
    ("f", "args", "error", "message"),
    [
        (returns("a"), (1.0,), NotAScalarError, r"it returned the string 'a': convert it with float\(\) first$"),
        (returns(None), (1.0,), NotAScalarError, "it returned None: a function without a return statement gives None$"),
        (returns([1.0]), (1.0,), NotAScalarError, r"it returned list \[1.0\]; for several outputs use jacobian"),
        (returns(1j), (1.0,), NotAScalarError, "complex"),
        (returns(np.zeros(3)), (1.0,), NotAScalarError, "jacobian"),
        (returns(1.0), ("a",), NotAScalarError, "argument 0 must be a number, .* got the string 'a'"),
        (returns(1.0), ({"a": [1.0, "b"]},), NotAScalarError, r"argument 0\['a'\]\[1\] must be a number"),
        (returns(1.0), (np.array(["a"]),), NotAScalarError, "element 0 of an array of shape"),
        (returns(1.0), ({1.0},), NotAScalarError, "got set"),
        (returns(1.0), (), ArgumentError, r"argument at position 0 \(argnums=0\), and got 0 positional arguments"),
        (math.sin, (1.0,), GradientLostError, "autograd_core.sin"),
    ],
)
def test_errors_on_the_call(f, args, error, message):
    for transform in (grad, value_and_grad):
        with pytest.raises(error, match=message):
            transform(f)(*args)


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian, divergence, laplacian])
def test_errors_on_making_a_transform(transform):
    with pytest.raises(ArgumentError, match=r"takes a function, got float 3.0: pass f itself"):
        transform(3.0)
    for argnums in ("a", (), (0, 0), 1.0, True, [0.5]):
        with pytest.raises(ArgumentError, match="argnums"):
            transform(math.sin, argnums)
    assert callable(transform(math.sin, (0, -1)))
