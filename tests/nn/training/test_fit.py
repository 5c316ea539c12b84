"""Training loops: what is learned, in which order, and what the history holds."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import nn
from autograd_core import Value

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def moons(n=40, seed=0):
    rng = random.Random(seed)
    points, labels = [], []
    for i in range(n):
        t = math.pi * rng.random()
        upper = i % 2 == 0
        points.append([math.cos(t), math.sin(t)] if upper else [1 - math.cos(t), 0.5 - math.sin(t)])
        labels.append(int(upper))
    return points, labels


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, **options})


@pytest.mark.parametrize(
    ("loss", "labels", "width", "output"),
    [
        ("bce_with_logits", [0, 1, 1, 0], 1, None),
        ("bce", [0, 1, 1, 0], 1, "sigmoid"),
        ("hinge", [-1, 1, 1, -1], 1, None),
        ("cross_entropy", [0, 1, 1, 0], 2, None),
        ("mse", [0, 1, 1, 0], 1, None),
        ("half_squared_error", [0, 1, 1, 0], 1, "sigmoid"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_xor_is_learned(loss, labels, width, output, seed):
    model = nn.MLP(2, [8, width], activation="tanh", output_activation=output, seed=seed)
    history = quiet(model, XOR[0], labels, loss=loss, lr=0.1, epochs=150, batch_size=None, seed=seed)
    assert history.loss[-1] < 0.02
    if loss.startswith(("bce", "cross", "hinge")):
        assert history.accuracy[-1] == 1.0
        assert nn.accuracy(model, XOR[0], labels, threshold=0.5 if loss == "bce" else 0.0) == 1.0
    else:
        assert history.accuracy == []


def test_a_line_is_found():
    model = nn.Linear(2, 1, seed=0)
    rows = [[random.Random(i).uniform(-1, 1), random.Random(-i - 1).uniform(-1, 1)] for i in range(30)]
    y = [3.0 * a - 2.0 * b + 0.5 for a, b in rows]
    quiet(model, np.array(rows), np.array(y), loss="mse", optimizer="sgd", lr=0.3, epochs=60, batch_size=10)
    assert [p.data for p in model.parameters()] == pytest.approx([3.0, -2.0, 0.5], abs=1e-6)


def test_several_outputs():
    model = nn.Linear(1, 2, seed=0)
    history = quiet(model, [0, 1, 2], [[0, 1], [1, 0], [2, -1]], loss=nn.MSELoss(), lr=0.1, epochs=150)
    assert history.loss[-1] < 1e-3
    multi = nn.Linear(1, 2, seed=0)
    assert quiet(multi, [-1, 1], [[0, 1], [1, 0]], loss="bce_with_logits", lr=0.3, epochs=50).accuracy[-1] == 1.0


def test_one_step_is_the_gradient_of_the_mean():
    model, twin = (nn.MLP(2, [3, 1], activation="tanh", seed=4) for _ in range(2))
    points, labels = moons(6)
    quiet(
        model, points, labels, loss="bce_with_logits", optimizer="sgd", lr=0.5, epochs=1, batch_size=None, shuffle=False
    )
    nn.binary_cross_entropy_with_logits([twin(x) for x in points], labels).backward()
    expected = [p.data - 0.5 * p.grad for p in twin.parameters()]
    assert [p.data for p in model.parameters()] == pytest.approx(expected, rel=1e-14)
    assert [p.grad for p in model.parameters()] == pytest.approx([p.grad for p in twin.parameters()], rel=1e-12)


def test_the_same_seed_gives_the_same_numbers():
    def numbers(seed):
        model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
        history = quiet(model, *moons(), loss="bce_with_logits", epochs=3, batch_size=8, validation=0.25, seed=seed)
        columns = history.as_dict()
        del columns["seconds"]
        return columns, [p.data for p in model.parameters()]

    assert numbers(0) == numbers(0)
    assert numbers(0) != numbers(1)
    random.seed(3)
    first = numbers(None)
    random.seed(3)
    assert numbers(None) == first


def test_a_seed_leaves_pythons_random_alone():
    before = random.getstate()
    quiet(nn.MLP(2, [1], seed=0), *XOR, loss="mse", epochs=2, validation=0.25)
    assert random.getstate() == before


def test_without_shuffling_rows_come_in_order():
    seen = []

    def loss(output, target):
        seen.append(target)
        return output * 0.0

    quiet(nn.Linear(1, 1), [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], loss=loss, epochs=2, batch_size=2, shuffle=False)
    assert seen == [1, 2, 3, 4, 5] * 2
    seen.clear()
    quiet(nn.Linear(1, 1), [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], loss=loss, epochs=2, batch_size=2)
    assert sorted(seen[:5]) == [1, 2, 3, 4, 5]
    assert seen[:5] != seen[5:]


def test_what_the_history_holds():
    model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    points, labels = moons()
    held_out = moons(10, seed=5)
    history = quiet(model, points, labels, loss="bce_with_logits", epochs=4, batch_size=16, validation=held_out)
    assert history.epochs == 4
    assert {len(column) for column in history.as_dict().values()} == {4}
    logits = nn.predict(model, held_out[0])
    assert history.validation_loss[-1] == nn.binary_cross_entropy_with_logits(logits, held_out[1])
    assert history.validation_accuracy[-1] == nn.accuracy(model, *held_out)
    assert {name: norms[-1] for name, norms in history.gradient_norms.items()} == nn.gradient_norms(model)
    assert not history.interrupted


def test_the_loss_of_an_epoch_weighs_each_example_alike():
    def loss(output, target):
        return output * 0.0 + target

    history = quiet(nn.Linear(1, 1), [1, 2, 3], [1.0, 2.0, 9.0], loss=loss, epochs=1, batch_size=2, shuffle=False)
    assert history.loss == [4.0]


def test_a_share_is_set_aside():
    seen = set()

    def loss(output, target):
        if output.parents:
            seen.add(target)
        return output * 0.0

    history = quiet(nn.Linear(1, 1), range(10), range(10), loss=loss, epochs=3, validation=0.3)
    assert len(seen) == 7
    assert len(history.validation_loss) == 3


@pytest.mark.parametrize(
    "optimizer",
    ["sgd", "adam", nn.SGD, lambda ps: nn.Adam(ps, lr=0.1), lambda ps, lr=0.1: nn.SGD(ps, lr, momentum=0.5)],
)
def test_optimizers(optimizer):
    model = nn.Linear(1, 1, seed=0)
    history = quiet(model, [0, 1, 2], [1, 3, 5], loss="mse", optimizer=optimizer, epochs=3)
    assert history.loss[-1] < history.loss[0]


def test_an_optimizer_of_ones_own():
    model = nn.Linear(1, 1, seed=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    quiet(model, [0, 1, 2], [1, 3, 5], loss="mse", optimizer=optimizer, epochs=100)
    assert model([3.0]).data == pytest.approx(7.0, abs=0.01)


def test_parameters_that_the_optimizer_does_not_have_stay():
    model = nn.MLP(1, [2, 1], activation="tanh", seed=0)
    frozen = [p.data for p in model.layers[0].parameters()]
    last = model.layers[1]
    quiet(model, [0, 1], [0, 1], loss="mse", optimizer=nn.SGD(last, lr=0.1), epochs=5)
    assert [p.data for p in model.layers[0].parameters()] == frozen
    fresh = nn.MLP(1, [2, 1], activation="tanh", seed=0)
    assert [p.data for p in last.parameters()] != [p.data for p in fresh.layers[1].parameters()]


def test_gradients_are_those_of_the_last_step_alone():
    model = nn.MLP(1, [2, 1], activation="tanh", seed=0)
    temperature = Value(1.0)
    optimizer = nn.SGD([*model.layers[1].parameters(), temperature], lr=0.0)

    def loss(output, target):
        return (output * temperature - target) ** 2

    quiet(model, [0.5], [2.0], loss=loss, optimizer=optimizer, epochs=1)
    once = [p.grad for p in (*model.parameters(), temperature)]
    quiet(model, [0.5], [2.0], loss=loss, optimizer=optimizer, epochs=5)
    assert [p.grad for p in (*model.parameters(), temperature)] == once


def test_callbacks_see_each_epoch_and_may_stop():
    seen = []

    def stop_at_3(epoch, history):
        seen.append((epoch, history.epochs))
        return epoch == 3

    history = quiet(nn.Linear(1, 1), [0, 1], [0, 1], loss="mse", epochs=10, callbacks=[stop_at_3, lambda *_: None])
    assert seen == [(1, 1), (2, 2), (3, 3)]
    assert history.epochs == 3
    assert quiet(nn.Linear(1, 1), [0], [0], loss="mse", epochs=2, callbacks=lambda e, h: "go on").epochs == 2


def test_training_mode():
    modes = []

    class Spy(nn.Module):
        def forward(self, x):
            modes.append(self.training)
            return x

    model = nn.Sequential(nn.Linear(1, 1), Spy()).eval()
    quiet(model, [0, 1], [0, 1], loss="mse", epochs=2, validation=([2], [2]))
    assert modes == [False] + [True, True, False] * 2
    assert not model.training


def test_a_model_need_not_be_a_module():
    class Slope:
        def __init__(self):
            self.w = Value(0.0)

        def parameters(self):
            return [self.w]

        def __call__(self, x):
            return self.w * x[0]

    model = Slope()
    history = quiet(model, [1, 2], [3, 6], loss="mse", lr=0.1, epochs=200)
    assert model.w.data == pytest.approx(3.0, abs=1e-3)
    assert history.gradient_norms == {}


def as_array(output):
    return np.array(output, dtype=object)


@pytest.mark.parametrize("form", [tuple, as_array])
@pytest.mark.parametrize(("width", "loss"), [(2, "cross_entropy"), (1, "bce_with_logits")])
@pytest.mark.parametrize("whole_batches", [False, True])
def test_outputs_may_be_tuples_and_arrays(form, width, loss, whole_batches):
    class Formed(nn.Module):
        needs_batch = whole_batches

        def __init__(self, form):
            self.layer, self.form = nn.Linear(2, width, seed=0), form

        def forward(self, x):
            def one(row):
                output = self.layer(row)
                return self.form(output if width > 1 else [output])

            return self.form([one(row) for row in x]) if whole_batches else one(x)

    plain, formed = Formed(list), Formed(form)
    histories = [quiet(m, *XOR, loss=loss, epochs=2, validation=XOR).as_dict() for m in (plain, formed)]
    for history in histories:
        del history["seconds"]
    assert histories[0] == histories[1]
    assert nn.predict(formed, XOR[0]) == nn.predict(plain, XOR[0])
    assert nn.accuracy(formed, *XOR) == nn.accuracy(nn.Sequential(plain.layer), *XOR)
    assert (nn.confusion_matrix(formed, *XOR) == nn.confusion_matrix(nn.Sequential(plain.layer), *XOR)).all()


def test_the_progress_bar(capsys):
    nn.fit(nn.Linear(1, 1), [0, 1], [0, 1], loss="mse", epochs=3, validation=([0], [0]))
    assert "epoch 3: 100%" in capsys.readouterr().err
    nn.fit(nn.Linear(1, 1), [0, 1], [0, 1], loss="mse", epochs=3, progress=False)
    assert capsys.readouterr() == ("", "")
