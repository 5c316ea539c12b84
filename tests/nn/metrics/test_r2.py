"""R2 against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

X = np.random.default_rng(0).normal(size=(40, 3))


@pytest.mark.parametrize("outputs", [1, 2])
def test_r2(outputs):
    model = nn.Linear(3, outputs, seed=0)
    y = X @ np.random.default_rng(1).normal(size=(3, outputs))
    y = y[:, 0] if outputs == 1 else y
    assert nn.r2(model, X, y) == pytest.approx(metrics.r2_score(y, nn.predict(model, X)), rel=1e-12)
    assert nn.r2(model, X, nn.predict(model, X)) == 1.0


def test_r2_of_the_mean_is_0():
    model = nn.Neuron.from_weights([0.0], 2.0, activation=None)
    assert nn.r2(model, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) == 0.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: nn.r2(m, X, [0.0]), ShapeError, r"r2\(\): X has 40 rows and y has 1"),
        (lambda m: nn.r2(m, X, X), ShapeError, r"r2\(\): the model has 1 output, and each row of y has 3 targets"),
        (lambda m: nn.r2(m, X[:1], [0.0]), DomainError, r"r2\(\) of one row has no meaning"),
        (lambda m: nn.r2(None, X, [0.0]), NotAScalarError, r"r2\(\) takes a model"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(nn.Linear(3, 1, seed=0))
