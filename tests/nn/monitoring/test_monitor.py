"""A monitor records what happens in each layer, by hand and in fit, and leaves the model as it is."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import nn
from autograd_core import Value, no_grad
from autograd_core.errors import DomainError, GraphError, NotAScalarError

X = np.random.default_rng(0).normal(size=(7, 3))

Y = X.sum(axis=1)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def step(model, optimizer, rows=X, targets=Y):
    """One step on all rows; the loss."""
    loss = nn.mse_loss([model(row) for row in rows.tolist()], targets.tolist())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def layer(w, b, activation=None):
    return nn.Layer.from_weights(w, b, activation=activation)


class TestRecord:
    def test_against_numpy(self):
        model = nn.MLP(3, [5, 4, 1], activation="tanh", init="xavier", seed=0)
        monitor = nn.Monitor(model)
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            w = [np.array([[v.data for v in n.w] for n in part.neurons]) for part in model.layers]
            b = [np.array([n.b.data for n in part.neurons]) for part in model.layers]
            monitor.record(step(model, optimizer))
            a1 = np.tanh(X @ w[0].T + b[0])
            a2 = np.tanh(a1 @ w[1].T + b[1])
            out = (a2 @ w[2].T + b[2])[:, 0]
            d3 = (2 * (out - Y) / len(Y))[:, None]
            d2 = (d3 @ w[2]) * (1 - a2**2)
            d1 = (d2 @ w[1]) * (1 - a1**2)
            for i, (name, d, before, a) in enumerate(
                zip(monitor.layers, (d1, d2, d3), (X, a1, a2), (a1, a2, out[:, None]), strict=True)
            ):
                gradient = np.concatenate([(d.T @ before).ravel(), d.sum(0)])
                weights = np.concatenate([w[i].ravel(), b[i]])
                assert name == f"layers.{i}"
                assert monitor.gradient_norm[name][-1] == pytest.approx(np.linalg.norm(gradient), rel=1e-11)
                assert monitor.weight_norm[name][-1] == pytest.approx(np.linalg.norm(weights - 0.1 * gradient))
                ratio = 0.1 * np.linalg.norm(gradient) / np.linalg.norm(weights)
                assert monitor.update_ratio[name][-1] == pytest.approx(ratio, rel=1e-9)
                assert monitor.activation_mean[name][-1] == pytest.approx(a.mean(), rel=1e-11)
                assert monitor.activation_spread[name][-1] == pytest.approx(np.sqrt(a.var(axis=0).mean()), rel=1e-11)
            assert monitor.losses[-1] == pytest.approx(((out - Y) ** 2).mean())
        assert monitor.steps == [1, 2, 3]
        assert math.isnan(monitor.saturated["layers.2"][0])  # no activation there
        assert math.isnan(monitor.dead["layers.2"][0])

    @pytest.mark.parametrize(
        ("activation", "function", "slope", "steepest"),
        [
            ("sigmoid", sigma, lambda z: sigma(z) * sigma(-z), 0.25),
            ("tanh", np.tanh, lambda z: 1 / np.cosh(z) ** 2, 1.0),
        ],
    )
    def test_saturated(self, activation, function, slope, steepest):
        w = np.random.default_rng(1).normal(size=(6, 3)) * 6
        model = nn.Sequential(layer(w.tolist(), [0.0] * 6, activation), nn.Linear(6, 1, seed=0))
        monitor = nn.Monitor(model)
        monitor.record(step(model, nn.SGD(model.parameters(), lr=0.0)))
        z = X @ w.T
        assert monitor.saturated["modules.0"][0] == np.mean(slope(z) <= 0.06 * steepest) > 0.2
        assert monitor.activation_mean["modules.0"][0] == pytest.approx(function(z).mean())
        assert monitor.dead["modules.0"] == [0.0]

    @pytest.mark.parametrize("activation", ["relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh"])
    def test_dead(self, activation):
        """Units 1 and 3 get a sum of -50 or less for every example."""
        biases = [0.0, -60.0, 0.1, -60.0]
        model = nn.Sequential(layer([[1.0, -1.0, 1.0]] * 4, biases, activation), nn.Linear(4, 1, seed=0))
        monitor = nn.Monitor(model)
        for _ in range(2):
            monitor.record(step(model, nn.SGD(model.parameters(), lr=0.0)))
        assert monitor.dead["modules.0"] == [0.5, 0.5]
        assert monitor.dead_units("modules.0", 2) == [1, 3]
        assert monitor.dead_units("modules.0", 3) == []
        assert monitor.unit_count("modules.0") == 4
        assert monitor.activation_of("modules.0") == activation

    def test_a_leaky_relu_is_never_dead(self):
        model = nn.Sequential(layer([[1.0] * 3], [-60.0], "leaky_relu"), nn.Linear(1, 1, seed=0))
        monitor = nn.Monitor(model)
        monitor.record(step(model, nn.SGD(model.parameters(), lr=0.0)))
        assert monitor.dead["modules.0"] == [0.0]
        assert math.isnan(monitor.saturated["modules.0"][0])

    def test_as_a_callback_of_fit(self):
        model = nn.MLP(3, [4, 1], activation="tanh", init="xavier", seed=0)
        twin = copy.deepcopy(model)
        monitor = nn.Monitor(model)
        how = {"loss": "mse", "optimizer": "sgd", "lr": 0.1, "epochs": 4, "seed": 0, "progress": False}
        history = nn.fit(model, X, Y, batch_size=3, validation=(X, Y), callbacks=[monitor], **how)
        assert monitor.steps == list(range(1, 13))  # 3 batches an epoch
        for name, norms in monitor.gradient_norm.items():
            assert norms[2::3] == history.gradient_norms[name]
        assert np.mean(monitor.losses[:2]) == pytest.approx(history.loss[0], rel=0.5)
        unwatched = nn.fit(twin, X, Y, batch_size=3, validation=(X, Y), **how)
        assert unwatched.loss == history.loss  # to be watched changes nothing

    def test_a_second_run_begins_where_the_model_is(self):
        model = nn.MLP(3, [4, 1], activation="tanh", init="xavier", seed=0)
        monitor = nn.Monitor(model)
        for parameter in model.parameters():
            parameter.data += 1.0  # by other hands than an optimiser's
        nn.fit(model, X, Y, loss="mse", lr=0.0, epochs=1, seed=0, progress=False, callbacks=[monitor])
        assert monitor.update_ratio == {"layers.0": [0.0], "layers.1": [0.0]}

    def test_every(self):
        monitors = []
        for every in (1, 3):
            model = nn.MLP(3, [4, 1], activation="tanh", init="xavier", seed=0)
            monitor, optimizer = nn.Monitor(model, every=every), nn.SGD(model.parameters(), lr=0.1)
            for _ in range(7):
                monitor.record(step(model, optimizer))
            monitors.append(monitor)
        each, third = monitors
        assert third.steps == [3, 6]
        assert third.losses == each.losses[2::3]
        for quantity in ("gradient_norm", "weight_norm", "update_ratio", "activation_mean", "activation_spread"):
            for name, numbers in third.series(quantity).items():
                assert numbers == each.series(quantity)[name][2::3]

    def test_evaluation_and_no_grad_do_not_count(self):
        model = nn.MLP(3, [4, 1], activation="tanh", init="xavier", seed=0)
        monitor, optimizer = nn.Monitor(model), nn.SGD(model.parameters(), lr=0.1)
        expected = np.tanh(X @ np.array([[v.data for v in n.w] for n in model.layers[0].neurons]).T).mean()
        loss = step(model, optimizer)
        nn.predict(model, 100 * X)
        with no_grad():
            model([100.0, 100.0, 100.0])
        monitor.record(loss)
        assert monitor.activation_mean["layers.0"] == [pytest.approx(expected)]

    def test_batch_norm_takes_the_batch_at_once(self):
        model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.BatchNorm(4), nn.Tanh(), nn.Linear(4, 1, seed=1))
        monitor = nn.Monitor(model)
        loss = nn.mse_loss(model(X.tolist()), Y.tolist())
        loss.backward()
        monitor.record(loss)
        assert monitor.layers == ["modules.0", "modules.1", "modules.2", "modules.3"]
        assert monitor.activation_mean["modules.1"][0] == pytest.approx(0.0, abs=1e-12)
        assert monitor.activation_spread["modules.1"][0] == pytest.approx(1.0, abs=1e-3)
        assert monitor.weight_norm["modules.1"] == [2.0]  # four scales of 1
        assert math.isnan(monitor.weight_norm["modules.2"][0])  # a tanh has no parameters
        assert monitor.saturated["modules.2"][0] < 0.2

    @pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
    def test_of_a_recurrent_module_the_outputs_count(self, kind):
        model = kind(3, 2, seed=0)
        monitor = nn.Monitor(model)
        outputs, _ = model(X.tolist())
        nn.mse_loss(outputs, X[:, :2].tolist()).backward()
        monitor.record()
        datas = np.array([[v.data for v in row] for row in outputs])
        name = kind.__name__
        assert monitor.activation_mean[name] == [pytest.approx(datas.mean())]
        assert monitor.activation_spread[name] == [pytest.approx(np.sqrt(datas.var(axis=0).mean()))]

    def test_attention_and_embedding(self):
        embedding, attention = nn.Embedding(5, 4, seed=0), nn.CausalSelfAttention(4, 2, seed=0)
        model = nn.Sequential(embedding, attention, nn.Linear(4, 5, seed=0))
        monitor = nn.Monitor(model)
        nn.cross_entropy(model([0, 3, 1]), [3, 1, 4]).backward()
        monitor.record()
        assert monitor.layers[0] == "modules.0"
        rows = np.array([[v.data for v in row] for row in embedding([0, 3, 1])])
        assert monitor.activation_mean["modules.0"] == [pytest.approx(rows.mean())]
        assert all(norms[0] > 0 for norms in monitor.gradient_norm.values())

    def test_layers_come_in_the_order_of_their_calls(self):
        class Backwards(nn.Module):
            def __init__(self):
                self.last, self.first = nn.Linear(2, 1, seed=0), nn.Linear(3, 2, seed=1)
                self.unused = nn.Linear(1, 1, seed=2)
                self.scale = Value(2.0)

            def forward(self, x):
                return self.scale * self.last(self.first(x))

        model = Backwards()
        monitor = nn.Monitor(model)
        monitor.record(step(model, nn.SGD([*model.first.parameters(), model.scale], lr=0.1)))
        assert monitor.layers == ["first", "last", "Backwards", "unused"]
        assert monitor.gradient_norm["unused"] == [0.0]
        assert math.isnan(monitor.activation_mean["unused"][0])
        assert monitor.update_ratio["last"] == [0.0]

    def test_as_dict(self):
        model = nn.Sequential(nn.Linear(3, 2, seed=0), nn.ReLU(), nn.Linear(2, 1, seed=1))
        monitor = nn.Monitor(model)
        monitor.record(step(model, nn.SGD(model.parameters(), lr=0.1)))
        columns = monitor.as_dict()
        assert columns["step"] == [1.0]
        assert columns["loss"] == monitor.losses
        assert columns["gradient_norm modules.0"] == monitor.gradient_norm["modules.0"]
        assert "dead modules.1" in columns
        assert "gradient_norm modules.1" not in columns  # it has no parameters


class TestErrors:
    def test_what_is_no_model(self):
        with pytest.raises(NotAScalarError, match=r"Monitor\(\) takes an nn.Module, such as nn.MLP"):
            nn.Monitor([Value(1.0)])
        with pytest.raises(DomainError, match=r"Monitor\(\) takes a model with parameters, and Tanh\(\) has none"):
            nn.Monitor(nn.Tanh())

    @pytest.mark.parametrize("every", [0, -1, 1.0, "2", True, None])
    def test_every(self, every):
        with pytest.raises(DomainError, match=r"Monitor\(every\) takes an int of at least 1"):
            nn.Monitor(nn.Neuron(1), every=every)

    def test_before_anything_was_recorded(self):
        monitor = nn.Monitor(nn.MLP(3, [1], seed=0))
        with pytest.raises(
            GraphError, match=r"Monitor.record\(\): no parameter has a gradient; call it after backward"
        ):
            monitor.record()
        for method in ("plot", "heat_map"):
            with pytest.raises(DomainError, match=rf"Monitor.{method}\(\): no step was recorded"):
                getattr(monitor, method)()
        assert monitor.flags() == []
        assert monitor.steps == []

    def test_names(self):
        monitor = nn.Monitor(nn.MLP(3, [1], seed=0))
        with pytest.raises(DomainError, match=r"Monitor records gradient_norm, .*; got 'gradients'"):
            monitor.series("gradients")

    def test_loss(self):
        model = nn.MLP(3, [1], seed=0)
        monitor = nn.Monitor(model)
        step(model, nn.SGD(model.parameters(), lr=0.1))
        with pytest.raises(NotAScalarError, match=r"Monitor.record\(\)"):
            monitor.record("0.5")
        assert monitor.steps == []
        monitor.record(0.5)
        assert monitor.losses == [0.5]


def _trained(model, monitor):
    how = {"loss": "mse", "epochs": 2, "seed": 0, "progress": False}
    nn.fit(model, [[0.0, 1.0], [1.0, 0.0]], [1.0, 0.0], callbacks=[monitor], **how)
    return monitor.as_dict()


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))])
def test_a_copy_with_its_model_records_what_that_does(twin_of):
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    monitor = nn.Monitor(model)
    twins = twin_of((model, monitor))
    assert _trained(*twins) == _trained(model, monitor)
    assert "activation_mean layers.0" in twins[1].as_dict()
    assert len(monitor.steps) == len(twins[1].steps) == 2
    monitor.close()
    model, closed = twin_of((model, monitor))
    assert math.isnan(_trained(model, closed)["activation_mean layers.0"][-1])


def test_what_was_recorded_can_be_put_into_another_monitor():
    model = nn.Sequential(nn.Linear(1, 2, seed=0), nn.Tanh())
    monitor, other = nn.Monitor(model), nn.Monitor(model)
    sum(v * v for v in model([1.0])).backward()
    monitor.record(0.5)
    state = monitor.state_dict()
    other.load_state_dict(state)
    assert repr(other.as_dict()) == repr(monitor.as_dict())
    monitor.record(0.25)
    assert len(state["steps"]) == len(other.steps) == 1
    late = nn.Monitor(nn.Sequential(nn.Linear(1, 2, seed=0), nn.Tanh()))
    late.load_state_dict(nn.Monitor(model).state_dict())
    late.model.modules[1]([1.0])  # from then on it goes on to note which layers are called first
    assert late.layers == ["modules.1", "modules.0"]
    before = repr(other.state_dict())
    with pytest.raises(nn.StateError, match=r"saturated of layers does not fit: missing modules.1"):
        other.load_state_dict({**state, "saturated": {"modules.0": [0.0]}})
    assert repr(other.state_dict()) == before
