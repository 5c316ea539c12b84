"""What is done beside the optimiser's step: schedules and clipping."""

from __future__ import annotations

import math

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError

LINE = [0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, "loss": "mse", **options})


def rates_of(**options):
    rates = []

    class Rates(nn.Callback):
        def on_step(self, run):
            rates.append(run.optimizer.lr)

    quiet(nn.Linear(1, 1, seed=0), *LINE, **{"epochs": 3, "batch_size": 2, "callbacks": [Rates()], **options})
    return rates


def test_a_schedule_moves_once_an_epoch_or_once_a_step():
    def by_half(optimizer):
        return nn.StepLR(optimizer, 1, gamma=0.5)

    assert rates_of(lr=0.8, schedule=by_half) == [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]
    assert rates_of(lr=0.8, schedule=by_half, schedule_by="step") == [0.4, 0.2, 0.1, 0.05, 0.025, 0.0125]
    optimizer = nn.SGD(nn.Linear(1, 1, seed=0), lr=0.8)
    model = nn.Linear(1, 1, seed=0)
    optimizer = nn.SGD(model, lr=0.08)
    quiet(model, *LINE, optimizer=optimizer, schedule=by_half(optimizer), epochs=3)
    assert optimizer.lr == 0.01


def test_a_plateau_watches_the_validation_loss():
    def rate_after(**options):
        model = nn.Linear(1, 1, seed=0)
        optimizer = nn.SGD(model, lr=0.1)
        plateau = nn.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
        quiet(model, *LINE, optimizer=optimizer, schedule=plateau, epochs=4, **options)
        return optimizer.lr

    assert rate_after() == 0.1
    assert rate_after(validation=([0.0, 1.0], [9.0, -9.0])) < 0.1


def test_clipping_bounds_each_step():
    norms = []

    class Norms(nn.Callback):
        def on_backward(self, run):
            self.before = math.hypot(*(p.grad for p in run.optimizer.parameters))

        def on_step(self, run):
            norms.append((self.before, math.hypot(*(p.grad for p in run.optimizer.parameters))))

    model = nn.Linear(1, 1, seed=0)
    quiet(model, *LINE, clip_norm=0.5, optimizer="sgd", lr=0.1, epochs=20, callbacks=[Norms()])
    assert norms[0][0] > 5.0
    assert all(after == pytest.approx(min(before, 0.5), rel=1e-5) for before, after in norms)
    model = nn.Linear(1, 1, seed=0)
    norms.clear()
    quiet(model, *LINE, clip_norm=0.5, clip_value=0.1, optimizer="sgd", lr=0.1, epochs=1, callbacks=[Norms()])
    assert norms[0][1] == pytest.approx(math.hypot(0.1, 0.1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schedule": 3}, r"fit\(schedule\) takes a schedule, such as .* got 3"),
        ({"schedule": lambda optimizer: 0.1}, r"fit\(schedule\) takes a schedule, .* got 0.1"),
        (
            {"schedule": nn.StepLR(nn.SGD([Value(1.0)]), 2)},
            "moves the rate of another optimiser than the one that trains",
        ),
        (
            {"schedule": nn.ReduceLROnPlateau, "schedule_by": "step"},
            "ReduceLROnPlateau watches a loss that is there after",
        ),
        ({"schedule_by": "batch"}, r"fit\(schedule_by\) takes 'epoch' or 'step', got 'batch'"),
        ({"clip_norm": 0.0}, r"fit\(clip_norm\) takes a number above 0 or None, got 0.0"),
        ({"clip_value": "small"}, r"fit\(clip_value\) takes a number above 0 or None, got 'small'"),
    ],
)
def test_wrong_options(options, message):
    model = nn.Linear(1, 1, seed=0)
    before = model.state_dict()
    with pytest.raises(DomainError, match=message):
        quiet(model, *LINE, **options)
    assert model.state_dict() == before
