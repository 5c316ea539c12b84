"""Predictions, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError


class Mode(nn.Module):
    """Returns 1 in evaluation, 0 in training, and remembers what it returned."""

    def __init__(self):
        self.w = Value(1.0)
        self.last = None

    def forward(self, x):
        self.last = self.w * (0.0 if self.training else 1.0)
        return self.last


def test_predict_returns_floats():
    model = nn.MLP(2, [3, 1], seed=0)
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    predictions = nn.predict(model, rows)
    assert predictions == [model(row).data for row in rows.tolist()]
    assert all(type(p) is float for p in predictions)
    wide = nn.MLP(2, [3, 2], seed=0)
    assert nn.predict(wide, rows) == [[v.data for v in wide(row)] for row in rows.tolist()]


def test_predict_records_nothing_and_switches_to_evaluation():
    model = nn.Sequential(Mode())
    assert nn.predict(model, [1.0]) == [1.0]
    assert model[0].last.parents == ()
    assert model.training
    assert model[0].training
    model[0].eval()
    nn.predict(model, [1.0])
    assert model.training
    assert not model[0].training


def test_the_modes_come_back_after_an_error():
    model = nn.MLP(2, [1])
    with pytest.raises(ShapeError, match="takes 2 inputs, got 1"):
        nn.predict(model, [1.0, 2.0])
    assert model.training
    assert model([1.0, 2.0]).parents


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: nn.predict(m, []), DomainError, r"predict\(\): X is empty"),
        (lambda m: nn.predict(m, [[float("nan")]]), DomainError, r"predict\(\): X has nan in row 0, column 0"),
        (lambda m: nn.predict(nn.MLP, [1.0]), NotAScalarError, r"predict\(\) takes a model, .* got <class"),
        (lambda m: nn.predict(None, [1.0]), NotAScalarError, r"predict\(\) takes a model, .* got None"),
        (lambda m: nn.predict(nn.Sequential(lambda x: "a"), [1.0]), NotAScalarError, "the model's output takes one"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(nn.Neuron.from_weights([1.0], activation=None))
