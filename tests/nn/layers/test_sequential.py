"""Modules one after the other."""

from __future__ import annotations

import pytest

import nn
from autograd_core import tanh


def test_sequential():
    model = nn.Sequential([nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1), lambda v: v * 2.0])
    assert len(model) == 4
    assert isinstance(model[1], nn.Tanh)
    assert model([1.0, 2.0]).data == 2.0 * model[2](model[1](model[0]([1.0, 2.0]))).data
    with pytest.raises(TypeError, match=r"Sequential\(\) takes modules and functions, got 3 at place 1"):
        nn.Sequential(nn.Tanh(), 3)


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


def test_a_part_of_a_sequence_is_one_too():
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1))
    features = model[:-1]
    assert features.parameters() == model[0].parameters()
    assert model[2]([h.data for h in features([0.5, -1.0])]).data == model([0.5, -1.0]).data
    assert (model[-1], len(model[1:])) == (model.modules[2], 2)


def test_functions_serve_and_names_are_known():
    model = nn.Sequential(nn.Residual(tanh), nn.Residual(nn.Linear(2, 2), nn.Sequential(nn.ReLU())))
    assert [path for path, _ in model.named_modules()] == [
        "",
        "modules.0",
        "modules.1",
        "modules.1.block",
        "modules.1.block.modules.0",
        "modules.1.block.modules.1",
        "modules.1.block.modules.1.modules.0",
    ]
    assert model[0](0.0) == 0.0
