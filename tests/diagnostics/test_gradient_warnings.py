from __future__ import annotations

import inspect
import threading
import warnings

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, gradient_warnings
from autograd_core.engine.modes import ACTIVE, SWEEPS
from autograd_core.engine.vertex import Vertex
from autograd_core.errors import DeadUnitWarning, GradientWarning, StaleGradientWarning, UnreachedGradientWarning


def line() -> int:
    """The line that this is called from."""
    return inspect.currentframe().f_back.f_lineno


@pytest.fixture
def told():
    """What is warned of, within the mode; the mode is that of the test."""
    with warnings.catch_warnings(record=True) as caught, gradient_warnings():
        warnings.simplefilter("always")
        yield caught
    assert "grad" not in vars(Value)


def test_a_gradient_that_no_pass_has_reached(told):
    w = Value(2.0)
    here = line() + 1
    assert w.grad == 0.0
    (warning,) = told
    assert warning.category is UnreachedGradientWarning
    assert (warning.filename, warning.lineno) == (__file__, here)
    assert str(warning.message) == (
        "the gradient of w is read before any backward pass has reached it: it is 0.0 until backward() is called on a "
        "result that was computed from w"
    )


def test_once_a_line_and_kind(told):
    for w in [Value(1.0), Value(2.0)]:
        assert w.grad == 0.0
    assert len(told) == 1


def test_none_after_a_pass_or_where_it_was_set_to_0(told):
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    x.grad = 0.0
    assert x.grad == 0.0
    assert not told


def test_a_parameter_is_named_by_its_path(told):
    model = nn.MLP(2, [1], seed=0)
    assert sum(p.grad for p in model.parameters()) == 0.0
    (warning,) = told
    assert "the gradient of layers.0.neurons.0.w.0 is read" in str(warning.message)


def test_a_stale_gradient_that_is_read(told):
    x = Value(3.0, "x")
    (x * x).backward()
    x.data = 4.0
    here = line() + 1
    assert x.grad == 6.0
    (warning,) = told
    assert (warning.category, warning.lineno) == (StaleGradientWarning, here)
    assert "the gradient of x is stale: it was computed at x = 3.0, which is 4.0 now" in str(warning.message)


def test_a_pass_that_adds_to_a_stale_gradient(told):
    w = Value(3.0)
    (w * w).backward()
    w.data -= 0.1 * 6.0
    loss = w * w
    here = line() + 1
    loss.backward()
    (warning,) = told
    assert (warning.category, warning.lineno) == (StaleGradientWarning, here)
    assert "backward() added to a stale gradient: that of w was computed at w = 3.0, which is 2.4 now" in str(
        warning.message
    )
    assert "zero_grad()" in str(warning.message)


def test_a_pass_through_a_graph_that_was_recorded_before(told):
    x, c = Value(3.0), Value(1.0)
    y = x * x + c
    x.data = 4.0
    y.backward()
    assert [w.category for w in told] == [StaleGradientWarning]
    assert "x was assigned after the graph was recorded" in str(told[0].message)


def test_sums_of_passes_on_the_same_data_are_meant(told):
    x = Value(3.0)
    (x * x).backward()
    (x * 2).backward()
    assert x.grad == 8.0
    assert not told


@pytest.mark.parametrize("activation", ["relu", "clip"])
def test_units_dead_for_a_whole_batch(told, activation):
    model = nn.MLP(2, [3, 1], activation="relu" if activation == "relu" else lambda v: ac.relu(v), seed=1)
    for k, bias in ((0, -100.0), (2, 100.0), (1, -100.0)):
        model.layers[0].neurons[k].b.data = bias
    loss = nn.mse_loss([model([i / 10, 1.0]) for i in range(6)], [1.0] * 6)
    here = line() + 1
    loss.backward()
    (warning,) = told
    assert (warning.category, warning.lineno) == (DeadUnitWarning, here)
    assert str(warning.message).startswith(
        "2 units are dead for all 6 examples of a backward pass: layers.0.neurons.0, layers.0.neurons.1. "
    )
    nn.mse_loss([model([i / 10, 1.0]) for i in range(6)], [1.0] * 6).backward()
    assert len(told) == 1


def test_a_unit_that_lives_for_one_example_or_of_a_module(told):
    model = nn.Sequential(nn.Linear(1, 2, seed=0), nn.ReLU(), nn.Linear(2, 1, seed=0))
    first = model.modules[0]
    for k, (weight, bias) in enumerate([(1.0, 0.0), (1.0, -9.0)]):
        first.weight[k][0].data, first.bias[k].data = weight, bias
    nn.mse_loss([model([x]) for x in (-1.0, -2.0, 3.0)], [0.0] * 3).backward()
    assert [w.category for w in told] == [DeadUnitWarning]
    assert "1 unit is dead for all 3 examples of a backward pass: modules.0.outputs.1." in str(told[0].message)


def test_one_example_does_not_tell_that_a_unit_is_dead(told):
    model = nn.MLP(2, [3, 1], activation="relu", seed=1)
    model.layers[0].neurons[0].b.data = -100.0
    model([1.0, 1.0]).backward()
    assert not told


def test_training_as_it_should_be_is_silent(told):
    model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    nn.fit(model, X, y, loss="bce_with_logits", lr=0.1, epochs=3, seed=0, progress=False)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        nn.mse_loss([model(row) for row in X], [float(t) for t in y]).backward()
        optimizer.step()
    assert not told


def test_as_errors():
    x = Value(1.0)
    with warnings.catch_warnings(), gradient_warnings():
        warnings.simplefilter("error", GradientWarning)
        with pytest.raises(UnreachedGradientWarning):
            x.grad  # noqa: B018


def test_off_nothing_is_told_and_the_property_is_the_plain_one():
    x = Value(1.0)
    assert x.grad == 0.0
    with gradient_warnings(), gradient_warnings():
        assert "grad" in vars(Value)
        assert (ACTIVE.count, SWEEPS.count) == (0, 2)  # nodes are recorded as fast as ever
    assert "grad" not in vars(Value)
    assert inspect.getattr_static(x, "grad") is vars(Vertex)["grad"]
    assert SWEEPS.count == 0


def test_gradients_can_be_set_and_deleted_as_ever(told):
    x = Value(1.0)
    x.grad = 2.5
    assert x.grad == 2.5
    with pytest.raises(ac.errors.NotAScalarError):
        x.grad = "no"
    assert not told


def test_it_decorates_and_belongs_to_its_thread():
    @gradient_warnings()
    def work():
        read = []
        thread = threading.Thread(target=lambda: read.append(Value(0.0).grad))
        thread.start()
        thread.join()
        return read

    assert work() == [0.0]


def test_beside_detect_anomaly(told):
    x = Value(0.0, "x")
    with ac.detect_anomaly():
        y = x.sqrt()
        with pytest.raises(ac.errors.AnomalyError):
            y.backward()
    assert not told
    assert x.grad == 0.0
    assert [w.category for w in told] == [UnreachedGradientWarning]


def test_brackets_are_needed():
    with pytest.raises(ac.errors.ArgumentError, match="gradient_warnings"):
        gradient_warnings(lambda: None)
