"""Networks of neurons are called as micrograd's are; what they and their parts refuse."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import autograd_core
import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError


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


def test_a_layer_of_one_input_takes_a_bare_number():
    model = nn.MLP(1, [1, 2], seed=0)
    assert [v.data for v in model(0.5)] == [v.data for v in model([0.5])]
    assert nn.Linear(1, 1)(Value(2.0)).parents


@pytest.mark.parametrize("x", [(1.0, 2.0), np.array([1.0, 2.0]), [np.float64(1.0), 2], range(1, 3)])
def test_an_example_comes_in_any_sequence(x):
    model = nn.MLP(2, [3, 1], seed=0)
    assert model(x).data == model([1.0, 2.0]).data


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
