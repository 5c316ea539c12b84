"""Gradients that vanish and explode, and each remedy; the numbers of notebook 06."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from tests.support.gradient_flow import CLAIMED_LOSS, deep_net, descend, leaky_net, learn, linear_norms, moons, xor_run

pytestmark = pytest.mark.training

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3))]


class TestXor:
    @pytest.mark.parametrize("seeds", [range(1), pytest.param(range(10), marks=pytest.mark.long)], ids=len)
    def test_reaches_what_document_003_claims(self, seeds):
        losses = [xor_run(seed, deviation=1.0, lr=10.0)[0].loss[-1] for seed in seeds]
        assert sum(loss <= CLAIMED_LOSS for loss in losses) >= 0.9 * len(losses)

    def test_the_document_s_own_setting_is_stuck_and_the_monitor_says_why(self):
        history, monitor = xor_run(0, deviation=0.1, lr=0.5, rounds=1000)
        assert history.loss[-1] == pytest.approx(0.125, abs=2e-5)
        (flag,) = monitor.flags()
        assert flag.kind == "plateau"
        assert "the loss is 0.125, 0.125 at first" in flag.message
        assert "The outputs of layers.0 differ from example to example by" in flag.message
        assert monitor.activation_spread["layers.0"][-1] < 0.03
        assert max(norms[-1] for norms in monitor.gradient_norm.values()) < 1e-3


class TestVanishing:
    def gradients_by_layer(self, model, X, y):
        """The norms of the gradients of each layer's outputs, over all rows, and the spectral norms of the weights."""
        a, outputs = X, []
        for part in model.modules:
            a = part(a)
            outputs.append(a)
        nn.binary_cross_entropy_with_logits(a, y).backward()
        sigmoids = [o for part, o in zip(model.modules, outputs, strict=True) if isinstance(part, nn.Sigmoid)]
        weights = [[[w.data for w in row] for row in part.weight] for part in model.modules if hasattr(part, "weight")]
        norms = [np.linalg.norm([[v.grad for v in row] for row in output]) for output in sigmoids]
        return norms, [np.linalg.norm(w, 2) for w in weights]

    @pytest.mark.parametrize("seed", range(5))
    def test_each_sigmoid_layer_passes_at_most_a_quarter_of_its_weights_norm(self, seed):
        norms, weights = self.gradients_by_layer(deep_net("sigmoid", seed), *moons())
        assert len(norms) == 9
        for i in range(8):
            assert norms[i] <= 0.25 * weights[i + 1] * norms[i + 1]
            assert norms[i] < 0.6 * norms[i + 1]
        assert norms[0] < 1e-4 * norms[-1]

    def test_the_bound_is_reached(self):
        """In the middle of the sigmoid, along the weights' first singular vector."""
        outer = nn.Layer.from_weights([[3.0, 4.0]], [-3.5], activation="sigmoid")
        inner = nn.Layer.from_weights([[0.0], [0.0]], [0.0, 0.0], activation="sigmoid")
        a = inner([1.0])
        outer(a).backward()
        assert math.hypot(a[0].grad, a[1].grad) == pytest.approx(0.25 * 5.0, rel=1e-15)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_sigmoids_do_not_learn(self, seed):
        model = deep_net("sigmoid", seed)
        history, monitor = learn(model)
        norms = linear_norms(model, monitor, 0)
        assert norms[0] < 1e-5 * norms[-1]
        assert history.loss[-1] > 0.6  # to answer 0 gives 0.693
        fresh = learn(deep_net("sigmoid", seed), epochs=10)[1]
        flag = fresh.flags()[0]
        assert (flag.kind, flag.layers[0]) == ("vanishing", "modules.0")

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize(("remedy", "loss"), [("relu and he", 0.1), ("residual", 0.47), ("batch norm", 0.15)])
    def test_a_remedy(self, remedy, loss, seed):
        model = deep_net(remedy, seed)
        history, monitor = learn(model)
        norms = linear_norms(model, monitor, 0)
        assert len(norms) == 10
        assert norms[0] > 0.05 * norms[-1]
        assert history.loss[-1] < loss
        assert "vanishing" not in [flag.kind for flag in monitor.flags()]


class TestExploding:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_large_weights_blow_up(self, seed):
        monitor = descend(leaky_net(2.0, seed), lr=0.01)
        assert len(monitor.steps) <= 4
        assert not math.isfinite(monitor.losses[-1])
        assert max(norms[0] for norms in monitor.series("gradient_norm").values() if norms[0] > 0) > 1e4
        assert monitor.flags()[0].kind == "exploding"

    @pytest.mark.parametrize("seed", SEEDS)
    def test_clipping(self, seed):
        monitor = descend(leaky_net(2.0, seed), lr=0.01, clip=1.0)
        assert monitor.losses[-1] < 0.05 * monitor.losses[0]
        norms = np.array([norms for norms in monitor.gradient_norm.values() if norms[0] == norms[0]])
        assert np.linalg.norm(norms, axis=0).max() <= 1.0 + 1e-12

    @pytest.mark.parametrize("seed", SEEDS)
    def test_smaller_steps(self, seed):
        monitor = descend(leaky_net(2.0, seed), lr=1e-7)
        assert monitor.losses[-1] < 0.05 * monitor.losses[0]

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_sound_initialisation(self, seed):
        monitor = descend(leaky_net(1.0, seed), lr=0.01)
        assert monitor.losses[-1] < 0.25
        assert monitor.flags() == []
