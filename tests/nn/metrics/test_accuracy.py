"""Accuracy, and the threshold that tells the classes apart."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value, exp, no_grad, sigmoid
from autograd_core.errors import DomainError, ShapeError


@pytest.mark.parametrize(
    ("labels", "threshold", "share"),
    [([0, 1, 1], 0.0, 2 / 3), ([-1, 1, 1], 0.0, 2 / 3), ([0, 0, 1], 2.5, 1.0), ([1, 1, 1], 0.0, 1 / 3)],
)
def test_accuracy_of_one_output(labels, threshold, share):
    model = nn.Neuron.from_weights([1.0], activation=None)
    assert nn.accuracy(model, [-1.0, -0.5, 3.0], labels, threshold=threshold) == share


def test_accuracy_of_several_outputs():
    model = nn.Layer.from_weights([[1.0, 0.0], [0.0, 1.0]], activation=None)
    assert nn.accuracy(model, [[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]], np.array([0, 1, 1])) == 2 / 3


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: nn.accuracy(m, [1.0, 2.0], [1.0]), ShapeError, "X has 2 rows and y has 1"),
        (lambda m: nn.accuracy(m, [1.0], [0.5]), DomainError, "labels 0 and 1, or -1 and 1; row 0 of y has 0.5"),
        (lambda m: nn.accuracy(m, [1.0, 1.0], [0, -1]), DomainError, "both 0 and -1"),
        (lambda m: nn.accuracy(m, [1.0], [[1.0, 0.0]]), DomainError, r"row 0 of y has \[1.0, 0.0\]"),
        (lambda m: nn.accuracy(nn.MLP(1, [3]), [1.0], [3]), DomainError, "labels 0 to 2, one for each output; row 0"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(nn.Neuron.from_weights([1.0], activation=None))


XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


class Probability(nn.Module):
    """A sigmoid that somebody calls in a forward of their own."""

    def __init__(self, function):
        self.w = Value(1.0)
        self.function = function

    def forward(self, x):
        return self.function(self.w * x[0])


@pytest.mark.parametrize("labels", [[0, 0, 1, 1], [-1, -1, 1, 1]], ids=["01", "+-1"])
@pytest.mark.parametrize(
    "model",
    [
        nn.Neuron.from_weights([1.0], activation="sigmoid"),
        nn.Neuron.from_weights([1.0], activation=nn.Sigmoid()),
        nn.Sequential(nn.Neuron.from_weights([1.0], activation=None), nn.Sigmoid()),
        nn.Sequential(nn.Sequential(nn.Neuron.from_weights([1.0], activation=None)), sigmoid),
        Probability(sigmoid),
    ],
    ids=["name", "module", "sequential", "function", "forward"],
)
def test_probabilities_have_a_threshold_of_one_half(model, labels):
    rows = [-2.0, -1.0, 1.0, 2.0]
    assert nn.accuracy(model, rows, labels) == 1.0
    with no_grad():
        assert nn.accuracy(model, rows, labels) == 1.0
        assert model([1.0]).parents == ()
    assert nn.accuracy(model, rows, labels, threshold=0.0) == 0.5


def test_accuracy_agrees_with_fit_on_probabilities():
    model = nn.MLP(2, [8, 1], activation="tanh", output_activation="sigmoid", seed=0)
    history = nn.fit(model, *XOR, loss="bce", lr=0.1, epochs=150, batch_size=None, seed=0, progress=False)
    assert history.accuracy[-1] == nn.accuracy(model, *XOR) == nn.accuracy(model, *XOR, loss="bce") == 1.0


def test_logits_between_0_and_1_keep_their_threshold():
    for model in (nn.Neuron.from_weights([1.0], activation=None), nn.Linear(1, 1, bias=False)):
        model.parameters()[0].data = 1.0
        assert nn.accuracy(model, [0.1, 0.9], [1, 1]) == 1.0
    assert nn.accuracy(nn.Neuron.from_weights([1.0], activation="tanh"), [0.1, 0.9], [1, 1]) == 1.0


@pytest.mark.parametrize("function", [lambda v: 1.0 / (1.0 + exp(-v)), lambda v: (v * 0.5).tanh() * 0.5 + 0.5])
def test_what_may_be_a_probability_asks_for_a_threshold(function):
    for model in (Probability(function), nn.Neuron.from_weights([1.0], activation=function)):
        with pytest.raises(DomainError, match=r"pass threshold=0\.5 for probabilities, threshold=0 for logits"):
            nn.accuracy(model, [-1.0, 1.0], [0, 1])
        assert nn.accuracy(model, [-1.0, 1.0], [0, 1], threshold=0.5) == 1.0
        assert nn.accuracy(model, [-1.0, 1.0], [0, 1], loss=nn.BCELoss) == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": float("nan")}, r"accuracy\(threshold\) .* got nan"),
        ({"threshold": 0.5, "loss": "bce"}, "a threshold or a loss, and got both"),
        ({"loss": "mse"}, r"accuracy\(loss='mse'\): this loss does not tell classes apart"),
        ({"loss": "what"}, "loss takes a name"),
    ],
)
def test_wrong_thresholds(options, message):
    with pytest.raises(DomainError, match=message):
        nn.accuracy(nn.Neuron.from_weights([1.0], activation=None), [1.0], [1], **options)
