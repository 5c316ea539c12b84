"""What a History shows."""

from __future__ import annotations

import builtins

import matplotlib
import pytest

import nn
from autograd_core.errors import MissingDependencyError

matplotlib.use("agg")

FULL = nn.History(
    loss=[0.7, 0.25],
    accuracy=[0.5, 0.875],
    validation_loss=[0.6, 0.3],
    validation_accuracy=[0.5, 0.75],
    gradient_norms={"layers.0": [1.0, 0.5]},
    seconds=[1.25, 1.25],
)


def test_repr_is_short():
    assert repr(FULL) == (
        "History(2 epochs, loss 0.7 -> 0.25, accuracy 87.5%, validation loss 0.3, validation accuracy 75.0%, 2.5 s)"
    )
    assert repr(nn.History(loss=[0.5], seconds=[1.0])) == "History(1 epoch, loss 0.5 -> 0.5, 1.0 s)"
    assert repr(nn.History(interrupted=True)) == "History(no epoch completed, interrupted)"


def test_as_dict():
    assert list(FULL.as_dict()) == [
        "loss",
        "accuracy",
        "validation_loss",
        "validation_accuracy",
        "gradient_norm layers.0",
        "seconds",
    ]
    assert FULL.as_dict()["loss"] == [0.7, 0.25]
    assert list(nn.History(loss=[0.5], seconds=[1.0]).as_dict()) == ["loss", "seconds"]


def test_plot():
    figure = FULL.plot()
    loss, accuracy = figure.axes
    assert (loss.get_title(loc="left"), accuracy.get_title(loc="left")) == ("Loss", "Accuracy")
    assert [list(line.get_ydata()) for line in loss.lines] == [[0.7, 0.25], [0.6, 0.3]]
    assert [list(line.get_xdata()) for line in accuracy.lines] == [[1, 2], [1, 2]]
    assert loss.get_xlabel() == "epoch"
    figure.canvas.draw()
    matplotlib.pyplot.close(figure)


def test_plot_of_the_loss_alone():
    figure = nn.History(loss=[0.5], seconds=[1.0]).plot()
    assert len(figure.axes) == 1
    figure.canvas.draw()
    matplotlib.pyplot.close(figure)


def test_without_matplotlib(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        MissingDependencyError, match=r"History.plot\(\) needs matplotlib, .* pip install 'autograd-core"
    ):
        FULL.plot()
