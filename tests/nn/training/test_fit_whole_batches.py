"""Models with modules that take whole batches."""

from __future__ import annotations

import math
import random

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, ShapeError

LINE = [0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, "loss": "mse", **options})


def circle(n, seed):
    rng = random.Random(seed)
    points = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(n)]
    return points, [int(math.hypot(*point) < 0.7) for point in points]


def normalised(seed=0):
    return nn.Sequential(nn.Linear(2, 6, seed=seed), nn.BatchNorm(6), nn.Tanh(), nn.Linear(6, 1, seed=seed + 1))


def test_a_model_with_batch_norm_is_trained_by_whole_batches():
    sizes = []

    class Spy(nn.BatchNorm):
        def forward(self, x):
            sizes.append((self.training, len(x)))
            return super().forward(x)

    model = nn.Sequential(nn.Linear(2, 6, seed=0), Spy(6), nn.Linear(6, 1, seed=1))
    quiet(model, *circle(20, 0), epochs=1, batch_size=8, validation=circle(5, 1))
    assert sizes == [(False, 1), (True, 8), (True, 8), (True, 4), (False, 5)]


def test_a_model_with_batch_norm_learns_and_is_evaluated_by_its_running_statistics():
    model = normalised()
    points, labels = circle(150, 0)
    history = quiet(model, points, labels, loss="bce_with_logits", lr=0.1, epochs=40, batch_size=50)
    assert history.accuracy[-1] > 0.9
    assert nn.accuracy(model, points, labels) > 0.9
    single = [model.eval()(point).data for point in points[:5]]
    assert nn.predict(model.train(), points)[:5] == pytest.approx(single, rel=1e-14)
    assert model.training
    statistics = model[1].running_mean, model[1].running_var
    nn.predict(model, points)
    assert (model[1].running_mean, model[1].running_var) == statistics


def test_one_step_through_batch_norm_is_the_gradient_of_the_mean():
    model, twin = normalised(), normalised()
    points, labels = circle(10, 3)
    quiet(model, points, labels, optimizer="sgd", lr=0.1, epochs=1, batch_size=None, shuffle=False)
    nn.mse_loss(twin(points), labels).backward()
    expected = [p.data - 0.1 * p.grad for p in twin.parameters()]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("count", "size"), [(9, 4), (5, 1), (1, None)])
def test_a_last_batch_of_one_row_is_refused_before_the_first_step(count, size):
    model = normalised()
    before = model.state_dict()
    with pytest.raises(
        DomainError, match=rf"makes a batch of 1 example, of {count} in all, and modules.1: BatchNorm\(6\) needs at"
    ):
        quiet(model, *circle(count, 0), epochs=1, batch_size=size)
    assert model.state_dict() == before


def test_divergence_brings_running_statistics_back_too():
    model = normalised()
    kept = []

    class Keep(nn.Callback):
        def on_step_start(self, run):
            kept.append(repr(model.state_dict()))

    calls = iter(range(99))

    def loss(output, target):
        return (output - target) ** 2 * (1.0 if next(calls) < 40 else math.inf)

    with pytest.raises(nn.DivergedError, match="the loss became"):
        quiet(model, *circle(10, 0), loss=loss, epochs=9, callbacks=[Keep()])
    assert repr(model.state_dict()) == kept[3]


def test_a_model_that_loses_rows():
    class Half(nn.Module):
        needs_batch = True

        def __init__(self):
            self.w = Value(1.0)

        def forward(self, x):
            return [self.w * row[0] for row in x][: self.keep]

    model = Half()
    model.keep = 1
    with pytest.raises(
        ShapeError, match=r"predict\(\): the model was called with a batch of 4 examples and returned 1 output;"
    ):
        nn.predict(model, [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(ShapeError, match=r"fit\(\): the model was called with a batch of 4 examples"):
        quiet(model, *LINE)
