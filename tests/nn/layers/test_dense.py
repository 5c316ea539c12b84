"""Neurons, layers and networks compute what their formulas say, and are called as micrograd's are."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core
import nn
from autograd_core import Value
from autograd_core.engine.graph import topological_order
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

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


def test_micrograds_demo_runs():
    """The calls of micrograd's demo notebook, on a smaller net and fewer points."""
    random.seed(1337)
    model = nn.MLP(2, [8, 8, 1])
    assert len(model.parameters()) == 105
    points = np.array([[math.cos(t), math.sin(t)] for t in range(12)])
    y = np.array([1 if t % 2 else -1 for t in range(12)])
    losses = []
    for k in range(5):
        inputs = [list(map(Value, row)) for row in points]
        scores = list(map(model, inputs))
        margins = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(margins) * (1.0 / len(margins))
        total_loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total_loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * 0.05 * p.grad
        losses.append(total_loss.data)
    assert losses[-1] < losses[0]


def test_micrograds_arguments_and_attributes():
    neuron = nn.Neuron(3, nonlin=False)
    assert not neuron.nonlin
    assert len(neuron.w) == 3
    assert neuron.b.data == 0.0
    assert nn.Neuron(3, True).nonlin
    layer = nn.Layer(2, 4, nonlin=True)
    assert len(layer.neurons) == 4
    assert isinstance(layer([1.0, 2.0]), list)
    assert isinstance(nn.Layer(2, 1)([1.0, 2.0]), Value)
    model = nn.MLP(2, [4, 3, 1])
    assert [layer.neurons[0].nonlin for layer in model.layers] == [True, True, False]
    assert model.layers[0].neurons[0].activation is autograd_core.relu


def test_without_a_seed_the_weights_are_micrograds():
    """micrograd draws uniform(-1, 1) from Python's random module, neuron by neuron."""
    random.seed(5)
    drawn = [p.data for layer in nn.MLP(2, [3, 1]).layers for n in layer.neurons for p in n.w]
    random.seed(5)
    assert drawn == [random.uniform(-1, 1) for _ in range(9)]


def test_the_same_seed_gives_the_same_weights():
    first, second, other = (nn.MLP(2, [3, 1], seed=seed) for seed in (0, 0, 1))
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]
    assert [p.data for p in first.parameters()] != [p.data for p in other.parameters()]
    before = random.getstate()
    nn.MLP(2, [3, 1], seed=0)
    assert random.getstate() == before


def test_layers_from_weights():
    layer = nn.Layer.from_weights([[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5], activation=None)
    assert [v.data for v in layer([1.0, -1.0])] == [-0.5, -1.5]
    assert [n.b.data for n in nn.Layer.from_weights([[1.0]]).neurons] == [0.0]
    for w, b in ([[1.0], [1.0, 2.0]], None), ([[1.0]], [1.0, 2.0]), ([], None):
        with pytest.raises(ShapeError, match=r"Layer.from_weights\(w, b\) takes one row of weights and one bias"):
            nn.Layer.from_weights(w, b)


def test_linear_is_a_matrix_product():
    linear = nn.Linear(3, 2, seed=0)
    w = np.array([[p.data for p in row] for row in linear.weight])
    x = [0.5, -1.0, 2.0]
    assert [v.data for v in linear(x)] == pytest.approx((w @ x).tolist(), rel=1e-12)
    assert np.abs(w).max() <= 1 / math.sqrt(3)
    assert len(nn.Linear(3, 2, bias=False).parameters()) == 6
    assert isinstance(nn.Linear(3, 1)(x), Value)


def test_a_layer_of_one_input_takes_a_bare_number():
    model = nn.MLP(1, [1, 2], seed=0)
    assert [v.data for v in model(0.5)] == [v.data for v in model([0.5])]
    assert nn.Linear(1, 1)(Value(2.0)).parents


@pytest.mark.parametrize("x", [(1.0, 2.0), np.array([1.0, 2.0]), [np.float64(1.0), 2], range(1, 3)])
def test_an_example_comes_in_any_sequence(x):
    model = nn.MLP(2, [3, 1], seed=0)
    assert model(x).data == model([1.0, 2.0]).data


def test_sequential():
    model = nn.Sequential([nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1), lambda v: v * 2.0])
    assert len(model) == 4
    assert isinstance(model[1], nn.Tanh)
    assert model([1.0, 2.0]).data == 2.0 * model[2](model[1](model[0]([1.0, 2.0]))).data
    with pytest.raises(TypeError, match=r"Sequential\(\) takes modules and functions, got 3 at place 1"):
        nn.Sequential(nn.Tanh(), 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.MLP(2, [3, 1])([1.0]), r"layers.0: Layer\(2 -> 3, relu\) takes 2 inputs, got 1: pass one example"),
        (lambda: nn.MLP(2, [3, 1])([]), r"takes 2 inputs, got 0"),
        (lambda: nn.MLP(2, [3, 1])(1.0), r"takes 2 inputs, got 1"),
        (lambda: nn.MLP(2, [3, 1])([[1.0, 2.0, 3.0]]), r"takes 2 inputs, got 3"),
        (lambda: nn.Neuron(1)([1.0, 2.0]), r"Neuron\(1 -> 1, relu\) takes 1 input, got 2"),
        (
            lambda: nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 1))([1, 2]),
            r"modules.1: Linear\(2 -> 1\) takes 2 .* got 3",
        ),
    ],
)
def test_a_wrong_number_of_inputs(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Neuron(0), r"Neuron\(nin\) takes an int of at least 1, got 0"),
        (lambda: nn.Neuron("3"), r"Neuron\(nin\) takes an int of at least 1, got '3'"),
        (lambda: nn.Neuron.from_weights([]), r"Neuron.from_weights\(w\) takes an int of at least 1, got 0"),
        (lambda: nn.MLP(True, [1]), r"MLP\(nin\) takes an int of at least 1, got True"),
        (lambda: nn.Layer(2, True), r"Layer\(nout\) takes an int of at least 1, got True"),
        (lambda: nn.MLP(2, {3: 1}), r"MLP\(nin, nouts\) takes a list of layer sizes, got \{3: 1\}"),
        (lambda: nn.Neuron(2, activation=autograd_core.maximum), r"a function of one Value, .* <primitive maximum>"),
        (lambda: nn.Neuron(2, activation=autograd_core.clip), r"a function of one Value, .* got <primitive clip>"),
        (lambda: nn.Layer(2, -1), r"Layer\(nout\) takes an int of at least 1, got -1"),
        (lambda: nn.Linear(2.0, 1), r"Linear\(in_features\) takes an int of at least 1, got 2.0"),
        (lambda: nn.MLP(2, 3), r"MLP\(nin, nouts\) takes a list of layer sizes, got 3"),
        (lambda: nn.MLP(2, []), r"MLP\(nin, nouts\) takes at least one layer size"),
        (lambda: nn.MLP(2, [3, 0]), r"MLP\(nouts\) takes an int of at least 1, got 0"),
        (lambda: nn.MLP(2, [3, 1], activation="tahn"), r"got 'tahn'; the names are linear, identity, relu, tanh"),
        (lambda: nn.Neuron(2, activation=autograd_core.logsumexp), r"activation takes a name"),
        (lambda: nn.Neuron(2, activation="softmax"), r"softmax on a whole layer: .* cross_entropy"),
        (lambda: nn.Neuron(2, activation=nn.Softmax), r"softmax on a whole layer"),
        (lambda: nn.Neuron(2, activation=autograd_core.softmax), r"softmax on a whole layer"),
        (lambda: nn.Neuron(2, activation=3), r"activation takes a name, a function of one Value, .* got 3"),
        (lambda: nn.Neuron(2, init="xaver"), r"got 'xaver'; the names are uniform, normal, fan_in, xavier"),
        (lambda: nn.Neuron(2, seed=1.5), r"seed takes an int, a random.Random or None, got 1.5"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(DomainError, match=message):
        call()


@pytest.mark.parametrize("x", [{0: 5, 1: 7}, {"a": 5, "b": 7}, {5.0, 7.0}, frozenset([5.0, 7.0])])
@pytest.mark.parametrize("model", [nn.MLP(2, [1]), nn.Neuron(2), nn.Linear(2, 1)], ids=["mlp", "neuron", "linear"])
def test_inputs_without_an_order(model, x):
    with pytest.raises(NotAScalarError, match=f"takes a list of 2 numbers, got a {type(x).__name__}: pass a list"):
        model(x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Layer.from_weights([1, 2]), r"Layer.from_weights\(w\), row 0, takes a list, got 1"),
        (lambda: nn.Layer.from_weights(3), r"Layer.from_weights\(w\) takes a list, got 3"),
        (lambda: nn.Layer.from_weights([{1.0, 2.0}]), r"row 0, takes a list, got \{1.0, 2.0\}"),
        (lambda: nn.Layer.from_weights([[1.0]], 2.0), r"Layer.from_weights\(b\) takes a list, got 2.0"),
        (lambda: nn.Neuron.from_weights(3), r"Neuron.from_weights\(w\) takes a list, got 3"),
        (lambda: nn.Neuron.from_weights({1.0: 2.0}), r"Neuron.from_weights\(w\) takes a list, got \{1.0: 2.0\}"),
    ],
)
def test_weights_that_are_no_lists(call, message):
    with pytest.raises(NotAScalarError, match=message):
        call()


def test_sequentials_nest_deeper_than_pythons_stack():
    model = nn.Linear(1, 1, seed=0)
    expected = model([2.0]).data
    for _ in range(600):
        model = nn.Sequential(model)
    assert model([2.0]).data == expected
    assert len(model.parameters()) == 2


def test_a_sequential_that_holds_another_one_twice_applies_it_twice():
    double = nn.Sequential(lambda v: v * 2.0)
    assert nn.Sequential(double, lambda v: v + 1.0, double)(3.0) == 14.0
