"""Early stopping: when a run ends, and which parameters come back."""

from __future__ import annotations

import math
import random

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError

LINE = [0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, "loss": "mse", **options})


def losses(*numbers):
    """A loss function that is the k-th number in epoch k of one row."""
    epochs = iter(numbers)
    return lambda output, target: output * 0.0 + next(epochs)


def stopped(numbers, **options):
    stopping = nn.EarlyStopping(**options)
    history = quiet(nn.Linear(1, 1), [1.0], [1.0], loss=losses(*numbers), epochs=len(numbers), callbacks=stopping)
    return history.epochs, stopping.best_epoch, stopping.stopped_epoch


@pytest.mark.parametrize(
    ("numbers", "options", "expected"),
    [
        ([5, 4, 3, 2, 1], {"patience": 1}, (5, 5, 0)),
        ([5, 4, 4, 3, 1], {"patience": 1}, (3, 2, 3)),
        ([5, 4, 4, 3, 3, 3, 1], {"patience": 2}, (6, 4, 6)),
        ([5, 4.5, 4.2, 3.9, 3.5], {"patience": 3, "min_delta": 1.0}, (5, 4, 0)),
        ([5, 4.5, 4.2, 4.0, 1], {"patience": 3, "min_delta": 1.0}, (4, 1, 4)),
    ],
)
def test_when_a_run_stops(numbers, options, expected):
    assert stopped(numbers, **options) == expected


@pytest.mark.parametrize("restore", [True, False])
def test_the_best_epoch_comes_back(restore):
    class Drifts(nn.Module):
        """Its parameter and its running state move by 1 in each step; the loss is least at 3."""

        buffers = ("moves",)

        def __init__(self):
            self.w, self.moves = Value(0.0), 0

        def forward(self, x):
            self.moves += self.training
            return self.w

    model = Drifts()
    stopping = nn.EarlyStopping(2, restore_best=restore)
    validation_loss = ([1.0], [3.0])
    history = quiet(
        model, [1.0], [1.0], loss=lambda output, target: -output if target == 1.0 else (output - target) ** 2,
        optimizer="sgd", lr=1.0, epochs=50, validation=validation_loss, callbacks=[stopping],
    )  # fmt: skip
    assert history.validation_loss == [4.0, 1.0, 0.0, 1.0, 4.0]
    assert (stopping.best, stopping.best_epoch, stopping.stopped_epoch) == (0.0, 3, 5)
    assert (model.w.data, model.moves) == ((3.0, 3) if restore else (5.0, 5))


def moving(*numbers):
    """A loss function that is these numbers in turn, and whose slope moves the bias by the rate."""
    turns = iter(numbers)
    return lambda output, target: output - output.data + next(turns)


def test_an_interrupted_run_gets_its_best_epoch_back_and_one_that_failed_does_not():
    values = []

    def interrupt(epoch, history):
        values.append(model.bias[0].data)
        if epoch == 4:
            raise KeyboardInterrupt

    model = nn.Linear(1, 1, seed=0)
    options = {"optimizer": "sgd", "lr": 1.0, "epochs": 5}
    with pytest.warns(UserWarning, match="interrupted"):
        quiet(model, [1.0], [1.0], loss=moving(1, 0, 3, 4), callbacks=[nn.EarlyStopping(), interrupt], **options)
    assert values == [-1.0, -2.0, -3.0, -4.0]
    assert model.bias[0].data == -2.0
    model = nn.Linear(1, 1, seed=0)
    with pytest.raises(nn.DivergedError):
        quiet(model, [1.0], [1.0], loss=moving(0, 1, 2, math.nan), callbacks=[nn.EarlyStopping()], **options)
    assert model.bias[0].data == -2.0


def test_accuracy_rises():
    rng = random.Random(0)
    points = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(30)]
    labels = [int(a > b) for a, b in points]
    stopping = nn.EarlyStopping(3, monitor="validation_accuracy")
    model = nn.Linear(2, 1, seed=0)
    history = quiet(
        model, points, labels, loss="bce_with_logits", lr=0.1, epochs=60, validation=0.3, callbacks=[stopping]
    )
    assert history.epochs == stopping.best_epoch + 3 == stopping.stopped_epoch < 60
    assert stopping.best == max(history.validation_accuracy)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.EarlyStopping(0), r"EarlyStopping\(patience\) takes an int of at least 1, got 0"),
        (
            lambda: nn.EarlyStopping(min_delta=-1),
            r"EarlyStopping\(min_delta\) takes a number .* at least 0, got -1",
        ),
        (lambda: nn.EarlyStopping(monitor="f1"), r"EarlyStopping\(monitor\) takes loss, .* or None, got 'f1'"),
        (lambda: nn.EarlyStopping(monitor="validation_loss"), r"needs validation data: pass fit\(validation=\.\.\.\)"),
        (lambda: nn.EarlyStopping(monitor="accuracy"), "needs a loss that tells classes apart, and mse_loss does not"),
    ],
)
def test_wrong_early_stopping(make, message):
    model = nn.Linear(1, 1, seed=0)
    before = model.state_dict()
    with pytest.raises(DomainError, match=message):
        quiet(model, *LINE, callbacks=[make()])
    assert model.state_dict() == before
