"""The programs of notebook 04: two scripts print numbers that they cannot have printed."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value, relu, sigmoid, sqrt
from tests.support.nodes import grads, values


class TestDocument003:
    """Programs whose printed outputs they cannot have printed."""

    XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])

    def learn(self, spread, lr, epochs):
        def normal(nout, nin, source):
            return [[source.gauss(0, spread) for _ in range(nin)] for _ in range(nout)]

        net = nn.MLP(2, [4, 1], activation="sigmoid", output_activation="sigmoid", init=normal, seed=1)
        how = {"loss": "half_squared_error", "optimizer": "sgd", "lr": lr, "batch_size": None}
        return nn.fit(net, *self.XOR, epochs=epochs, seed=0, progress=False, **how)

    def test_xor_from_small_weights_stays_on_the_plateau(self):
        assert self.learn(0.1, 0.5, 500).loss[-1] == pytest.approx(0.125, abs=1e-5)

    def test_xor_from_sound_weights_is_learned(self):
        assert self.learn(1.0, 10.0, 500).loss[-1] < 0.002

    def test_a_sigmoid_passes_a_quarter_at_most(self):
        slopes = [sigmoid(Value(z / 10)).local_derivatives[0] for z in range(-100, 101)]
        assert max(slopes) == 0.25 == slopes[100]
        assert slopes[0] < 1e-4

    def test_the_final_loss_does_not_follow_from_the_final_answers(self):
        answers = np.array([0.0234, 0.9876, 0.9765, 0.0123])
        loss = nn.half_squared_error_loss(answers.reshape(4, 1).tolist(), [[y] for y in self.XOR[1]])
        assert loss == pytest.approx(0.5 * np.mean((answers - self.XOR[1]) ** 2), rel=1e-12)
        assert round(loss, 6) == 0.000176  # 0.000234 is printed

    def test_no_answers_give_the_printed_norm_of_delta(self):
        o = np.linspace(0, 1, 100_001)
        assert math.sqrt(4) * np.max(o * o * (1 - o)) == pytest.approx(2 * 4 / 27, rel=1e-9)
        assert 2 * 4 / 27 < 0.345678

    def test_gradients_through_batch_normalisation(self):
        """The engine's agree with the rule by hand, and not with a backward pass that leaves normalisation out."""
        draw = np.random.default_rng(0)
        x, w = draw.normal(size=(8, 2)), [draw.normal(size=(2, 3)), draw.normal(size=(3, 1))]
        y = (x**2).sum(1, keepdims=True) < 1.5
        layers = [values(m.tolist()) for m in w]
        out = x.tolist()
        for depth, m in enumerate(layers):
            columns = []
            for j in range(len(m[0])):
                z = [sum(v * row[j] for v, row in zip(point, m, strict=True)) for point in out]
                mean = sum(z) / len(z)
                deviation = sqrt(sum((v - mean) ** 2 for v in z) / len(z) + 1e-8)
                z = [(v - mean) / deviation for v in z]
                columns.append([relu(v) for v in z] if depth == 0 else z)
            out = list(zip(*columns, strict=True))
        loss = sum((o - float(t)) ** 2 for (o,), (t,) in zip(out, y, strict=True)) / 16
        loss.backward()

        def by_hand(through_norm):
            inputs, normed, deviations = [x], [], []
            for i, m in enumerate(w):
                z = inputs[-1] @ m
                deviations.append(np.sqrt(z.var(0) + 1e-8))
                normed.append((z - z.mean(0)) / deviations[-1])
                inputs.append(np.maximum(normed[-1], 0) if i == 0 else normed[-1])
            delta, found = inputs[-1] - y, []
            for i in (1, 0):
                if through_norm:
                    n = normed[i]
                    delta = (delta - delta.mean(0) - n * (delta * n).mean(0)) / deviations[i]
                found.insert(0, inputs[i].T @ delta / 8)
                if i == 1:
                    delta = (delta @ w[1].T) * (normed[0] > 0)
            return found

        for m, with_norm, without in zip(layers, by_hand(True), by_hand(False), strict=True):
            np.testing.assert_allclose(grads(m), with_norm, rtol=1e-9, atol=1e-12)
            assert not np.allclose(grads(m), without, rtol=0.1)

    def test_normalised_outputs_cannot_reach_the_printed_loss(self):
        p = 51 / 200
        least = (1 + p - 2 * math.sqrt(p * (1 - p))) / 2
        best = np.where(np.arange(200) < 51, math.sqrt((1 - p) / p), -math.sqrt(p / (1 - p)))
        assert (best.mean(), best.var()) == pytest.approx((0, 1), abs=1e-12)
        assert np.mean((best - (np.arange(200) < 51)) ** 2) / 2 == pytest.approx(least, rel=1e-12)
        assert round(least, 4) == 0.1916  # 0.012345 is printed
