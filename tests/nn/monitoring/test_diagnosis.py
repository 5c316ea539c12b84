"""What a monitor says is wrong, and that it is right about it."""

from __future__ import annotations

import numpy as np

import nn

X = np.random.default_rng(0).normal(size=(7, 3))

Y = X.sum(axis=1)


def step(model, optimizer, rows=X, targets=Y):
    """One step on all rows; the loss."""
    loss = nn.mse_loss([model(row) for row in rows.tolist()], targets.tolist())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def layer(w, b, activation=None):
    return nn.Layer.from_weights(w, b, activation=activation)


class TestReport:
    def watched(self, model, lr=0.1, steps=12, rows=X, targets=Y):
        monitor, optimizer = nn.Monitor(model), nn.SGD(model.parameters(), lr=lr)
        for _ in range(steps):
            monitor.record(step(model, optimizer, rows, targets))
        return monitor

    def test_nothing_to_report(self):
        monitor = self.watched(nn.MLP(3, [5, 4, 1], activation="tanh", init="xavier", seed=0), lr=0.01)
        assert monitor.flags() == []
        assert monitor.report() == "12 steps, 3 layers: nothing to report."

    def test_vanishing_through_sigmoids(self):
        monitor = self.watched(nn.MLP(3, [5] * 8 + [1], activation="sigmoid", init="xavier", seed=0), lr=0.01)
        flag = monitor.flags()[0]
        assert flag.kind == "vanishing"
        assert flag.layers[0] == "layers.0"
        assert "layers.0" in flag.message
        assert "A sigmoid passes at most a quarter" in flag.message
        assert "nn.Residual" in flag.message
        assert "layers.7" not in flag.layers

    def test_vanishing_through_saturation(self):
        wide = nn.MLP(3, [5, 5, 5, 1], activation="tanh", init=lambda o, i, s: [[s.gauss(0, 9)] * i] * o, seed=1)
        message = next(flag.message for flag in self.watched(wide, lr=0.0).flags() if flag.kind == "vanishing")
        assert "are saturated" in message
        assert 'init="xavier"' in message

    def test_vanishing_through_small_weights(self):
        small = nn.MLP(3, [5, 5, 5, 1], activation="tanh", init=lambda o, i, s: [[s.gauss(0, 0.01)] * i] * o, seed=1)
        message = next(flag.message for flag in self.watched(small).flags() if flag.kind == "vanishing")
        assert "Start from larger weights" in message

    def test_exploding(self):
        def large(nout, nin, source):
            return [[source.gauss(0, 3.0) for _ in range(nin)] for _ in range(nout)]

        monitor = self.watched(nn.MLP(3, [5, 5, 5, 5, 1], activation="leaky_relu", init=large, seed=0), 1e-12, 3)
        (flag,) = monitor.flags()
        assert flag.kind == "exploding"
        assert flag.layers[0] in flag.message
        assert "nn.clip_grad_norm_" in flag.message

    def test_exploding_beyond_numbers(self):
        model = nn.MLP(3, [5, 1], activation="leaky_relu", init="he", seed=0)
        flags = {flag.kind: flag.message for flag in self.watched(model, lr=1e200, steps=3).flags()}
        assert "is no longer finite, so the model must start anew" in flags["exploding"]
        assert "vanishing" not in flags

    def test_dead_units(self):
        model = nn.Sequential(layer([[1.0] * 3] * 4, [0.0, -60.0, 0.1, -60.0], "relu"), nn.Linear(4, 1, seed=0))
        (flag,) = (flag for flag in self.watched(model, lr=0.001).flags() if flag.kind == "dead")
        assert flag.layers == ["modules.0"]
        assert "2 of 4 in modules.0" in flag.message
        assert "units 1 and 3" in flag.message
        assert "the last 10 steps" in flag.message
        assert "leaky_relu" in flag.message

    def test_a_unit_that_fires_now_and_then_lives(self):
        model = nn.Sequential(layer([[1.0] * 3], [-10.0], "relu"), nn.Linear(1, 1, seed=0))
        monitor, optimizer = nn.Monitor(model), nn.SGD(model.parameters(), lr=0.0)
        for i in range(12):
            monitor.record(step(model, optimizer, X + (10 if i == 5 else 0)))
        assert monitor.dead["modules.0"].count(1.0) == 11
        assert not [flag for flag in monitor.flags() if flag.kind == "dead"]

    def test_large_steps(self):
        model = nn.MLP(3, [5, 1], activation="tanh", init="xavier", seed=0)
        monitor = self.watched(model, lr=5.0)
        assert "large steps" in [flag.kind for flag in monitor.flags()]
        assert "smaller learning rate" in monitor.report()

    def test_plateau(self):
        how = {"activation": "sigmoid", "output_activation": "sigmoid", "seed": 1}
        net = nn.MLP(2, [4, 1], init=lambda o, i, s: [[s.gauss(0, 0.1) for _ in range(i)] for _ in range(o)], **how)
        corners, xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
        (flag,) = self.watched(net, 0.5, 100, corners, xor).flags()
        assert flag.kind == "plateau"
        assert "the loss is 0.25, 0.25 at first" in flag.message
        assert "The outputs of layers.0 differ from example to example by 0.018 only" in flag.message

    def test_no_plateau_in_the_first_steps(self):
        """A learning rate may warm up."""
        model = nn.MLP(3, [1], activation=None, init="zeros", seed=0)
        monitor = self.watched(model, lr=1e-9, steps=1)
        assert monitor.report() == "1 step, 1 layer: nothing to report."
        assert repr(monitor) == "Monitor(1 layer, 1 step)"

    def test_no_plateau_where_the_loss_has_come_down(self):
        model = nn.MLP(3, [1], activation=None, init="zeros", seed=0)
        monitor = self.watched(model, lr=0.3, steps=200)
        assert monitor.losses[-1] < 1e-6
        assert monitor.flags() == []

    def test_a_plateau_at_the_end_of_a_vanishing_gradient(self):
        deep = nn.MLP(3, [5] * 9 + [1], activation="sigmoid", init="xavier", seed=0)
        kinds = [flag.kind for flag in self.watched(deep, 0.5, 60, X, np.arange(7) % 2).flags()]
        assert kinds == ["vanishing", "plateau"]
