"""A neuron is its formula, with any activation or none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core
import nn
from autograd_core import Value
from autograd_core.engine.graph import topological_order

NUMBERS = st.floats(-3.0, 3.0)


@given(st.lists(NUMBERS, min_size=3, max_size=3), NUMBERS, st.lists(NUMBERS, min_size=3, max_size=3))
def test_a_neuron_is_its_formula_and_so_is_its_gradient(w, b, x):
    neuron = nn.Neuron.from_weights(w, b, activation="tanh")
    inputs = [Value(v) for v in x]
    y = neuron(inputs)
    z = sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b
    assert y.data == pytest.approx(math.tanh(z), rel=1e-12, abs=1e-14)
    y.backward()
    slope = 1.0 / math.cosh(z) ** 2
    assert [p.grad for p in neuron.w] == pytest.approx([slope * xi for xi in x], rel=1e-11, abs=1e-13)
    assert neuron.b.grad == pytest.approx(slope, rel=1e-11)
    assert [v.grad for v in inputs] == pytest.approx([slope * wi for wi in w], rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("activation", ["tanh", autograd_core.tanh, nn.Tanh(), nn.Tanh, lambda v: v.tanh()])
def test_an_activation_is_a_name_a_function_or_a_module(activation):
    assert nn.Neuron.from_weights([1.0], activation=activation)([0.5]).data == math.tanh(0.5)


@pytest.mark.parametrize("activation", [None, "linear", "identity", nn.Identity()])
def test_no_activation(activation):
    assert nn.Neuron.from_weights([2.0], 1.0, activation=activation)([-3.0]).data == -5.0


def test_float_inputs_are_constants():
    model = nn.MLP(2, [3, 1], seed=0)
    leaves = [v for v in topological_order(model([1.0, 2.0])) if v.is_leaf]
    assert {id(v) for v in leaves} == {id(p) for p in model.parameters()}


def test_all_nodes_of_a_neuron_bear_its_path():
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    nodes = [v for v in topological_order(model([1.0, 2.0])) if not v.is_leaf]
    assert sorted({v.origin for v in nodes}) == [*(f"layers.0.neurons.{j}" for j in range(3)), "layers.1.neurons.0"]
    assert nn.Neuron(1)([1.0]).origin == "neuron"
    linear = nn.Sequential(nn.Linear(2, 2))
    assert [v.origin for v in linear([1.0, 2.0])] == ["modules.0.outputs.0", "modules.0.outputs.1"]
