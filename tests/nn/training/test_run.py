"""A run that is interrupted or diverges: what the model is then, and what the error says."""

from __future__ import annotations

import math
import pickle

import pytest

import nn

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, **options})


def test_a_keyboard_interrupt_returns_the_history_so_far():
    model = nn.MLP(2, [3, 1], seed=0)
    after = []

    def interrupt(epoch, history):
        after.append([p.data for p in model.parameters()])
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match=r"fit\(\) was interrupted after 2 of 9 epochs"):
        history = quiet(model, *XOR, loss="mse", epochs=9, callbacks=[interrupt])
    assert history.interrupted
    assert history.epochs == 2
    assert [p.data for p in model.parameters()] == after[-1]
    assert model.training


def test_an_interrupt_in_the_middle_of_a_step_leaves_the_last_complete_one():
    class Interrupted(nn.SGD):
        steps = 0

        def step(self):
            self.steps += 1
            if self.steps == 3:
                self.update([(0, self.parameters[0])], self.param_groups[0])
                raise KeyboardInterrupt
            super().step()
            self.after = [p.data for p in self.parameters]

    model = nn.MLP(2, [3, 1], seed=0)
    optimizer = Interrupted(model, lr=0.1)
    with pytest.warns(UserWarning, match="after 2 of 5 epochs"):
        quiet(model, *XOR, loss="mse", epochs=5, optimizer=optimizer)
    assert [p.data for p in model.parameters()] == optimizer.after


def test_divergence_keeps_the_last_good_parameters():
    model = nn.MLP(1, [3, 1], activation=None, seed=0)
    with pytest.raises(nn.DivergedError, match=r"became .* in epoch \d+, batch 1 of 1\. .* smaller learning rate") as e:
        quiet(model, [1, 2, 3], [1, 2, 3], loss="mse", optimizer="sgd", lr=10.0, epochs=400)
    assert isinstance(e.value, ArithmeticError)
    assert e.value.history.epochs > 1
    assert all(math.isfinite(p.data) for p in model.parameters())
    assert math.isfinite(nn.mse_loss([model(x) for x in (1.0, 2.0, 3.0)], [1, 2, 3]).data)


def test_divergence_in_another_process_comes_back_whole():
    with pytest.raises(nn.DivergedError) as e:
        quiet(nn.Linear(1, 1, seed=0), [1.0, 2.0], [1.0, 2.0], loss="mse", optimizer="sgd", lr=1e9, epochs=99)
    other = pickle.loads(pickle.dumps(e.value))
    assert (type(other), str(other), other.history) == (nn.DivergedError, str(e.value), e.value.history)
    assert other.history.epochs > 1


def test_a_gradient_that_is_not_finite_names_its_parameter():
    model = nn.Linear(1, 1, init="zeros")
    before = [p.data for p in model.parameters()]
    with pytest.raises(nn.DivergedError, match=r"the gradient of weight.0.0 became .* in epoch 1, batch 1 of 1"):
        quiet(model, [1.0], [0.0], loss=lambda p, y: p.sqrt())
    assert [p.data for p in model.parameters()] == before


def test_a_parameter_that_overflows():
    model = nn.Linear(1, 1, init="zeros")
    with pytest.raises(nn.DivergedError, match="a parameter became infinite"):
        quiet(model, [1.0], [0.0], loss=lambda p, y: 1e300 * p, optimizer="sgd", lr=1e300)
    assert [p.data for p in model.parameters()] == [0.0, 0.0]
