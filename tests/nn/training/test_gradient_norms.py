"""Gradient norms by layer."""

from __future__ import annotations

import math

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import NotAScalarError


def test_norms_are_those_of_each_layer():
    model = nn.Sequential(nn.MLP(2, [3, 2], activation="tanh", seed=0), nn.Linear(2, 1, seed=1))
    model([1.0, -2.0]).backward()
    layers = [*model[0].layers, model[1]]
    assert nn.gradient_norms(model) == {
        name: math.hypot(*(p.grad for p in layer.parameters()))
        for name, layer in zip(["modules.0.layers.0", "modules.0.layers.1", "modules.1"], layers, strict=True)
    }


def test_parameters_of_the_model_itself_and_lone_layers():
    class Line(nn.Module):
        def __init__(self):
            self.slopes = [Value(2.0)]
            self.inner = nn.Neuron(1)

        def forward(self, x):
            return self.slopes[0] * self.inner(x)

    assert nn.gradient_norms(Line()) == {"Line": 0.0}
    assert nn.gradient_norms(nn.Layer(1, 2)) == {"Layer": 0.0}
    assert nn.gradient_norms(nn.Neuron(1)) == {"Neuron": 0.0}


@pytest.mark.parametrize("model", [None, nn.MLP, [1.0]])
def test_what_is_no_module(model):
    with pytest.raises(NotAScalarError, match=r"gradient_norms\(\) takes an nn.Module"):
        nn.gradient_norms(model)
