"""Residual connections, and what they and sequences of modules refuse."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import NotAScalarError, ShapeError
from tests.support.formulas import assert_is


def test_a_residual_adds_its_block():
    linear = nn.Linear(2, 2, seed=0)
    residual = nn.Residual(linear, nn.Tanh())
    xs = [Value(0.5), Value(-1.5)]

    def formula(points):
        a, b, w00, w01, w10, w11, b0, b1 = points
        return [a + mp.tanh(w00 * a + w01 * b + b0), b + mp.tanh(w10 * a + w11 * b + b1)]

    assert_is(residual(xs), formula, [*xs, *linear.parameters()])


@pytest.mark.parametrize("x", [0.5, [0.5], [0.5, 2.0], [[0.5, 1.0], [2.0, 3.0]], [[[0.5], [1.0]]], (0.5, 2.0)])
def test_the_shape_stays(x):
    def doubled(x):
        return [doubled(part) for part in x] if isinstance(x, (list, tuple)) else 2.0 * x

    found = nn.Residual(doubled)(x)
    assert np.array(found).tolist() == (3.0 * np.array(x)).tolist()
    assert nn.Residual(doubled)(np.array([1.0, 2.0])) == [3.0, 6.0]


def test_one_input_and_one_output():
    """A layer of one neuron returns one Value for a list of one number."""
    residual = nn.Residual(nn.Linear(1, 1, seed=0))
    y = residual.block([2.0])
    assert residual(2.0).data == residual([2.0])[0].data == residual([[2.0]])[0][0].data == 2.0 + y.data


def test_the_gradient_passes_a_deep_stack():
    """Of 200 blocks that halve, each contributes 1 + 1/2; without the connections 2**-200 would be left."""
    x = Value(1.0)
    nn.Sequential([nn.Residual(lambda x: 0.5 * x) for _ in range(200)])(x).backward()
    assert x.grad == pytest.approx(1.5**200, rel=1e-13)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.Residual(nn.Linear(2, 3))([1.0, 2.0]),
            ShapeError,
            "got a list of 2 as input and a list of 3 as output: give the block as many outputs as inputs",
        ),
        (lambda: nn.Residual(nn.Linear(2, 1))([1.0, 2.0]), ShapeError, "a list of 2 as input and one number as output"),
        (lambda: nn.Residual(nn.Linear(1, 2))(1.0), ShapeError, "one number as input and a list of 2 as output"),
        (
            lambda: nn.Sequential(nn.Residual(nn.Linear(2, 3)))([[1, 2]] * 2),
            ShapeError,
            r"modules.0: Residual",
        ),
        (lambda: nn.Residual(), NotAScalarError, "takes the block that it goes around, got nothing"),
        (lambda: nn.Residual(3), NotAScalarError, r"Residual\(\) takes modules and functions, got 3 at place 0"),
        (lambda: nn.Sequential(nn.Tanh(), nn.ReLU), NotAScalarError, r"at place 1: make one first, .* ReLU\(\)"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
