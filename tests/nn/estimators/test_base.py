"""What the two estimators share: options, seeds, warm starts, when training ends."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.neural_network import MLPClassifier as PeerClassifier

from autograd_core.errors import DomainError
from nn.estimators.multilayer import MLPClassifier

unconverged = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["same", "other", "other", "same"]


def take_over(ours, peer):
    """Give our network the peer's weights."""
    for layer, w, b in zip(ours.model_.layers, peer.coefs_, peer.intercepts_, strict=True):
        for j, neuron in enumerate(layer.neurons):
            neuron.b.data = float(b[j])
            for i, weight in enumerate(neuron.w):
                weight.data = float(w[i, j])


@unconverged
def test_copies():
    estimator = MLPClassifier((4,), max_iter=5, random_state=0).fit(*XOR)
    twin = pickle.loads(pickle.dumps(estimator))
    assert (twin.predict_proba(XOR[0]) == estimator.predict_proba(XOR[0])).all()
    twin.partial_fit(*XOR)
    estimator.partial_fit(*XOR)  # the optimiser and the source of the order came with it
    assert (twin.predict_proba(XOR[0]) == estimator.predict_proba(XOR[0])).all()
    fresh = clone(estimator)
    assert fresh.get_params() == estimator.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(XOR[0])


@unconverged
def test_a_run_is_its_seed():
    def weights(seed):
        return MLPClassifier((4,), max_iter=3, random_state=seed).fit(*XOR).coefs_[0].tolist()

    assert weights(1) == weights(1) == weights(np.random.RandomState(1))
    assert weights(1) != weights(2)


@unconverged
def test_warm_start_goes_on():
    cold, warm = (MLPClassifier((4,), max_iter=3, random_state=0, warm_start=w).fit(*XOR) for w in (False, True))
    first = cold.coefs_[0].tolist()
    assert warm.coefs_[0].tolist() == first
    assert cold.fit(*XOR).coefs_[0].tolist() == first
    assert warm.fit(*XOR).coefs_[0].tolist() != first


def test_training_ends_when_the_loss_stands():
    estimator = MLPClassifier((4,), "tanh", learning_rate_init=0.1, tol=0.01, n_iter_no_change=3, random_state=0)
    losses = estimator.fit(*XOR).loss_curve_
    assert estimator.n_iter_ < 100
    assert losses[-1] > min(losses[:-3]) - 0.01
    assert estimator.loss_ == losses[-1]


def test_early_stopping_keeps_the_best_weights():
    X, y = make_moons(60, noise=0.3, random_state=1)
    how = {"early_stopping": True, "validation_fraction": 0.3, "learning_rate_init": 0.1, "tol": 0.0}
    estimator = MLPClassifier((8,), **how, n_iter_no_change=5, random_state=0).fit(X, y)
    losses = estimator.history_.validation_loss
    assert len(losses) < 100
    assert losses[-1] > min(losses)
    again = MLPClassifier((8,), **how, max_iter=1 + int(np.argmin(losses)), n_iter_no_change=1000, random_state=0)
    with pytest.warns(ConvergenceWarning):
        again.fit(X, y)
    assert again.coefs_[0].tolist() == estimator.coefs_[0].tolist()


@unconverged
def test_the_penalty_is_scikit_learns():
    X, y = make_moons(20, random_state=0)
    how = {"hidden_layer_sizes": 4, "activation": "tanh", "solver": "sgd", "momentum": 0.0, "alpha": 2.0}
    how |= {"learning_rate_init": 0.1, "batch_size": 10, "shuffle": False, "random_state": 0}
    ours, peer = MLPClassifier(**how).partial_fit(X, y), PeerClassifier(**how).partial_fit(X, y, classes=[0, 1])
    take_over(ours, peer)
    for _ in range(3):
        ours.partial_fit(X, y)
        peer.partial_fit(X, y)
    for a, b in zip([*ours.coefs_, *ours.intercepts_], [*peer.coefs_, *peer.intercepts_], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-12)


@unconverged
def test_the_penalty_shrinks_the_weights():
    X, y = make_moons(20, random_state=0)
    for solver in ("adam", "sgd"):
        how = {"solver": solver, "learning_rate_init": 0.05, "max_iter": 15, "random_state": 0}
        free, bound = (np.linalg.norm(MLPClassifier((4,), alpha=a, **how).fit(X, y).coefs_[0]) for a in (0.0, 20.0))
        assert bound < 0.7 * free


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"solver": "lbfgs"}, r"MLPClassifier\(solver\) takes 'adam' or 'sgd', got 'lbfgs'"),
        ({"hidden_layer_sizes": (8, 0)}, r"MLPClassifier\(hidden_layer_sizes\) takes ints of at least 1, got 0"),
        ({"hidden_layer_sizes": "8"}, r"got '8': pass \(16,\) for one layer of 16"),
        ({"hidden_layer_sizes": 2.5}, "takes ints of at least 1, got 2.5"),
        ({"activation": "swish"}, "activation takes a name"),
        ({"batch_size": 0}, r"MLPClassifier\(batch_size\) takes 'auto' or an int of at least 1, got 0"),
        ({"max_iter": 0}, r"MLPClassifier\(max_iter\) takes an int of at least 1, got 0"),
        ({"n_iter_no_change": 2.5}, r"n_iter_no_change\) takes an int"),
        ({"alpha": -1.0}, r"MLPClassifier\(alpha\) takes a number .* at least 0, got -1.0"),
        ({"tol": math.nan}, r"MLPClassifier\(tol\) takes a number .* at least 0, got nan"),
        (
            {"learning_rate_init": "fast"},
            r"learning_rate_init\) takes a number .* at least 0, got 'fast'",
        ),
        ({"beta_1": 1.0}, r"MLPClassifier\(beta_1\) takes a number from 0 to below 1, got 1.0"),
        ({"epsilon": -1.0}, r"MLPClassifier\(epsilon\) takes a number .* at least 0, got -1.0"),
        ({"activation": ["relu"]}, r"MLPClassifier\(activation\) takes a name such as 'relu', got \['relu'\]"),
        (
            {"solver": "sgd", "momentum": "much"},
            r"MLPClassifier\(momentum\) takes a number .* at least 0, got 'much'",
        ),
        (
            {"early_stopping": True, "validation_fraction": 2},
            r"validation_fraction\) takes a share of the examples between",
        ),
    ],
)
def test_options_without_a_meaning(options, message):
    estimator = MLPClassifier(**options)
    with pytest.raises(DomainError, match=message):
        estimator.fit(*XOR)
    assert not hasattr(estimator, "model_")
