"""Activations as modules agree with PyTorch's formulas, on numbers, Values, lists and batches."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value, leaky_relu
from autograd_core.errors import NotAScalarError
from nn.layers.activations import ACTIVATIONS, activation_name, resolve_activation

FORMULAS = {
    nn.ReLU(): lambda x: max(x, mp.mpf(0)),
    nn.Tanh(): mp.tanh,
    nn.Sigmoid(): lambda x: 1 / (1 + mp.exp(-x)),
    nn.LeakyReLU(0.2): lambda x: x if x > 0 else mp.mpf(0.2) * x,
    nn.ELU(0.5): lambda x: x if x > 0 else (mp.exp(x) - 1) / 2,
    nn.GELU(): lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2,
    nn.SiLU(): lambda x: x / (1 + mp.exp(-x)),
    nn.Softplus(): lambda x: mp.log(1 + mp.exp(x)),
    nn.Identity(): lambda x: x,
}


@pytest.mark.parametrize("module", FORMULAS, ids=lambda m: type(m).__name__)
@given(x=st.floats(-30.0, 30.0).filter(lambda x: abs(x) > 1e-3))
def test_value_and_slope(module, x):
    formula = FORMULAS[module]
    v = Value(x)
    y = module(v)
    y.backward()
    with mp.workdps(50):
        exact, slope = float(formula(mp.mpf(x))), float(mp.diff(formula, mp.mpf(x)))
    assert y.data == pytest.approx(exact, rel=1e-14)
    assert v.grad == pytest.approx(slope, rel=1e-13)
    assert module(x) == y.data


@pytest.mark.parametrize("module", FORMULAS, ids=lambda m: type(m).__name__)
def test_lists_and_batches_are_mapped(module):
    row, batch = [0.5, -1.0], [[0.5, -1.0], [2.0, 3.0]]
    assert module(row) == [module(x) for x in row]
    assert module(batch) == [[module(x) for x in row] for row in batch]


def test_softmax():
    values = [Value(x) for x in (1.0, 2.0, 3.0)]
    assert sum(p.data for p in nn.Softmax()(values)) == pytest.approx(1.0, rel=1e-15)
    assert [math.exp(v) for v in nn.LogSoftmax()([1.0, 2.0, 3.0])] == pytest.approx(nn.Softmax()([1.0, 2.0, 3.0]))
    assert nn.Softmax()([[0.0, 0.0], [1000.0, 0.0]]) == [[0.5, 0.5], [1.0, 0.0]]


def test_defaults_are_pytorchs():
    assert nn.LeakyReLU()(-1.0) == -0.01
    assert nn.ELU()(-1.0) == math.expm1(-1.0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_names(name):
    model = nn.MLP(2, [3, 1], activation=name, seed=0)
    model([1.0, -2.0]).backward()
    assert model.parameters()[0].has_grad


def test_how_activations_are_shown():
    assert activation_name(None) == "linear"
    assert activation_name(resolve_activation("gelu")) == "gelu"
    assert activation_name(nn.Tanh()) == "Tanh"
    assert activation_name(nn.ELU(0.5)) == "ELU(alpha=0.5)"


def test_an_activation_may_have_parameters():
    class Slope(nn.Module):
        def __init__(self):
            self.slope = Value(0.25)

        def forward(self, x):
            return x.leaky_relu(self.slope)

    model = nn.MLP(2, [3, 1], activation=Slope(), seed=0)
    assert len(model.parameters()) == 9 + 4 + 1
    model([-1.0, -1.0]).backward()


def test_wrong_options():
    with pytest.raises(TypeError, match=r"LeakyReLU\(negative_slope\) takes one real number .* got the string 'a'"):
        nn.LeakyReLU("a")
    with pytest.raises(TypeError, match=r"ELU\(alpha\) takes one real number"):
        nn.ELU(None)


@pytest.mark.parametrize("x", [{0: 5.0}, {5.0}])
def test_elements_without_an_order(x):
    with pytest.raises(NotAScalarError, match=f"Tanh takes a number, a Value or a list, got a {type(x).__name__}"):
        nn.Tanh()(x)


def test_rows_of_two_operands_with_a_default_are_activations():
    assert resolve_activation(leaky_relu) is leaky_relu
