"""Callbacks see each step, may end a run, and are told of its end whatever happens."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, ShapeError

LINE = [0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, "loss": "mse", **options})


class Diary(nn.Callback):
    def __init__(self):
        self.events = []

    def __getattribute__(self, name):
        if name.startswith("on_"):
            return lambda run: self.events.append(name)
        return super().__getattribute__(name)


def test_the_order_of_events():
    diary = Diary()
    quiet(nn.Linear(1, 1), *LINE, epochs=2, batch_size=2, callbacks=[diary])
    step = ["on_step_start", "on_backward", "on_step"]
    epoch = ["on_epoch_start", *step, *step, "on_epoch_end"]
    assert diary.events == ["on_start", *epoch, *epoch, "on_end"]


def test_what_each_event_sees():
    class Look(nn.Callback):
        def on_start(self, run):
            self.seen = [(run.epochs, run.epoch, run.batches, run.steps, run.history.epochs)]

        def on_step_start(self, run):
            self.weight = run.model.weight[0][0].data
            assert len(run.rows) == len(run.targets)

        def on_backward(self, run):
            self.gradient = run.model.weight[0][0].grad
            assert run.model.weight[0][0].data == self.weight
            assert run.loss == pytest.approx(nn.mse_loss([o.data for o in run.outputs], run.targets), rel=1e-14)
            slopes = [2 * (o.data - y) * row[0] for o, y, row in zip(run.outputs, run.targets, run.rows, strict=True)]
            assert self.gradient == pytest.approx(sum(slopes) / len(slopes), rel=1e-12)

        def on_step(self, run):
            weight = run.model.weight[0][0]
            assert weight.grad == pytest.approx(max(-0.5, min(0.5, self.gradient)))
            assert weight.data == self.weight - run.optimizer.lr * weight.grad
            self.seen.append((run.epoch, run.batch, run.steps, run.rows))

        def on_epoch_end(self, run):
            self.seen.append(run.history.epochs)

    look = Look()
    options = {"optimizer": "sgd", "lr": 0.01, "clip_value": 0.5, "shuffle": False}
    quiet(nn.Linear(1, 1, seed=0), *LINE, epochs=2, batch_size=3, callbacks=look, **options)
    first, second = [[0.0], [1.0], [2.0]], [[3.0]]
    assert look.seen == [
        (2, 0, 2, 0, 0),
        *((1, 1, 1, first), (1, 2, 2, second), 1),
        *((2, 1, 3, first), (2, 2, 4, second), 2),
    ]


def test_the_end_comes_after_errors_too():
    class Ends(nn.Callback):
        errors = ()

        def on_end(self, run):
            self.errors = (*self.errors, type(run.error))

    one, two = Ends(), Ends()
    with pytest.raises(nn.DivergedError):
        quiet(nn.Linear(1, 1, seed=0), *LINE, optimizer="sgd", lr=1e9, epochs=99, callbacks=[one, two])
    assert one.errors == two.errors == (nn.DivergedError,)

    def interrupt(epoch, history):
        raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="interrupted after 1 of 5 epochs"):
        quiet(nn.Linear(1, 1, seed=0), *LINE, epochs=5, callbacks=[one, interrupt])
    quiet(nn.Linear(1, 1, seed=0), *LINE, epochs=1, callbacks=[one])
    assert one.errors == (nn.DivergedError, type(None), type(None))


def test_a_callback_that_fails_at_the_start_ends_those_before_it():
    class Fails(nn.Callback):
        def on_start(self, run):
            raise LookupError("no")

    diary, model = Diary(), nn.Linear(1, 1).eval()
    with pytest.raises(LookupError):
        quiet(model, *LINE, callbacks=[diary, Fails()])
    assert diary.events == ["on_start", "on_end"]
    assert not model.training


def test_a_run_can_be_stopped():
    class Stop(nn.Callback):
        def on_step(self, run):
            if run.steps == 3:
                run.stop()

    assert quiet(nn.Linear(1, 1), *LINE, epochs=9, batch_size=2, callbacks=[Stop()]).epochs == 2


def test_a_function_may_stop_a_run_with_a_comparison_of_numpys():
    assert quiet(nn.Linear(1, 1), *LINE, epochs=9, callbacks=lambda e, h: np.mean(h.loss) > 0.0).epochs == 1
    assert quiet(nn.Linear(1, 1), *LINE, epochs=3, callbacks=lambda e, h: np.mean(h.loss) < 0.0).epochs == 3
    assert quiet(nn.Linear(1, 1), *LINE, epochs=3, callbacks=lambda e, h: 1).epochs == 3


# Early stopping.


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


# Schedules and clipping in fit.


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


# Models that take whole batches.


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
        DomainError, match=rf"makes a batch of 1 of {count} examples, and modules.1: BatchNorm\(6\) needs at"
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
        ShapeError, match=r"predict\(\): the model was called with a batch of 4 examples and returned 1 outputs"
    ):
        nn.predict(model, [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(ShapeError, match=r"fit\(\): the model was called with a batch of 4 examples"):
        quiet(model, *LINE)
