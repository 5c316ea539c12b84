"""Accuracy and confusion matrix against scikit-learn."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn import metrics

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

X = np.random.default_rng(0).normal(size=(40, 3))


@pytest.mark.parametrize("outputs", [2, 3, 5])
def test_several_classes(outputs):
    model = nn.MLP(3, [4, outputs], activation="tanh", init="xavier", seed=0)
    y = np.random.default_rng(1).integers(0, outputs, 40)
    found = np.argmax(nn.predict(model, X), axis=1)
    assert nn.confusion_matrix(model, X, y).tolist() == metrics.confusion_matrix(y, found).tolist()
    assert nn.accuracy(model, X, y) == metrics.accuracy_score(y, found)


@pytest.mark.parametrize("negative", [0, -1])
@pytest.mark.parametrize(("activation", "threshold"), [(None, 0.0), ("sigmoid", 0.5), ("tanh", 0.0)])
def test_two_classes(negative, activation, threshold):
    model = nn.MLP(3, [4, 1], activation="tanh", output_activation=activation, init="xavier", seed=0)
    y = np.where(X[:, 0] + 0.5 * X[:, 1] > 0, 1, negative)
    found = np.where(np.array(nn.predict(model, X)) > threshold, 1, negative)
    assert nn.confusion_matrix(model, X, y).tolist() == metrics.confusion_matrix(y, found).tolist()
    assert nn.accuracy(model, X, y) == metrics.accuracy_score(y, found)


def test_all_classes_are_there_even_if_the_data_lack_some():
    model = nn.Linear(3, 4, seed=0)
    counts = nn.confusion_matrix(model, X[:2], [0, 1])
    assert counts.shape == (4, 4)
    assert counts.sum() == 2
    assert nn.confusion_matrix(nn.Linear(3, 1, seed=0), X[:2], [1, 1]).shape == (2, 2)


def test_a_loss_names_the_threshold():
    model = nn.Neuron.from_weights([1.0], activation=None)
    y = [0, 0, 1]
    assert nn.confusion_matrix(model, [0.2, 0.4, 0.6], y, loss="bce").tolist() == [[2, 0], [0, 1]]
    assert nn.confusion_matrix(model, [0.2, 0.4, 0.6], y, loss="bce_with_logits").tolist() == [[0, 2], [0, 1]]
    assert nn.confusion_matrix(model, [0.2, 0.4, 0.6], y, threshold=0.3).tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: nn.confusion_matrix(m, X, [2] * 40), DomainError, r"confusion_matrix\(\) takes labels 0 and 1"),
        (lambda m: nn.confusion_matrix(m, X, [0]), ShapeError, r"confusion_matrix\(\): X has 40 rows and y has 1"),
        (lambda m: nn.confusion_matrix(nn.Linear, X, [0] * 40), NotAScalarError, r"confusion_matrix\(\) takes a model"),
        (
            lambda m: nn.confusion_matrix(m, X, [0] * 40, loss="mse"),
            DomainError,
            r"confusion_matrix\(loss='mse'\): this loss does not tell classes apart",
        ),
        (
            lambda m: nn.confusion_matrix(m, X, [0] * 40, threshold=0.5, loss="bce"),
            DomainError,
            r"confusion_matrix\(\) takes a threshold or a loss, and got both",
        ),
        (
            lambda m: nn.confusion_matrix(m, X, [0] * 40, threshold=float("nan")),
            DomainError,
            r"confusion_matrix\(threshold\) takes a number",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(nn.Linear(3, 1, seed=0))


def test_without_scikit_learn():
    code = """
import sys
sys.modules["sklearn"] = None
import nn
model = nn.Neuron.from_weights([1.0], activation=None)
print(nn.accuracy(model, [-1.0, 1.0], [0, 1]))
for function in (nn.confusion_matrix, nn.r2):
    try:
        function(model, [-1.0, 1.0], [0, 1])
    except ImportError as error:
        print(type(error).__name__, error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second, third = run.stdout.splitlines()
    assert first == "1.0"
    assert second.startswith(
        "MissingDependencyError confusion_matrix() needs scikit-learn, which is not installed: pip"
    )
    assert third.startswith("MissingDependencyError r2() needs scikit-learn")
