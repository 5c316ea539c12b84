"""Callbacks: in which order they are called, what they see, how they end a run."""

from __future__ import annotations

import numpy as np
import pytest

import nn

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
