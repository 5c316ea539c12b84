"""MLPClassifier and MLPRegressor train as scikit-learn's, and pass its checks."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier as PeerClassifier
from sklearn.neural_network import MLPRegressor as PeerRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

import nn
from autograd_core.errors import DomainError
from nn.estimators.multilayer import MLPClassifier, MLPRegressor

QUICK = {"hidden_layer_sizes": (8,), "max_iter": 12, "learning_rate_init": 0.05}
"""All checks in 10 seconds; with the defaults they take two minutes."""

unconverged = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.untraced
@unconverged
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([MLPClassifier(**QUICK), MLPRegressor(**QUICK)])
def test_every_check_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.long
@unconverged
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.parametrize("estimator", [MLPClassifier(), MLPRegressor()])
def test_every_check_of_scikit_learn_with_the_defaults(estimator):
    results = check_estimator(estimator)
    assert {result["status"] for result in results} <= {"passed", "skipped"}
    assert sum(result["status"] == "passed" for result in results) > 50


def take_over(ours, peer):
    """Give our network the peer's weights."""
    for layer, w, b in zip(ours.model_.layers, peer.coefs_, peer.intercepts_, strict=True):
        for j, neuron in enumerate(layer.neurons):
            neuron.b.data = float(b[j])
            for i, weight in enumerate(neuron.w):
                weight.data = float(w[i, j])


@unconverged
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
def test_training_goes_as_scikit_learn_goes(classes, activation):
    X, y = load_iris(return_X_y=True)
    X, y = X[y < classes][::5], y[y < classes][::5]
    how = {
        "hidden_layer_sizes": (4, 3),
        "activation": activation,
        "solver": "sgd",
        "learning_rate_init": 0.1,
        "momentum": 0.0,
        "alpha": 0.0,
        "batch_size": 8,
        "shuffle": False,
        "random_state": 0,
    }
    ours, peer = MLPClassifier(**how).partial_fit(X, y), PeerClassifier(**how).partial_fit(X, y, classes=np.unique(y))
    take_over(ours, peer)
    np.testing.assert_allclose(ours.predict_proba(X), peer.predict_proba(X), rtol=1e-9)
    for _ in range(3):
        ours.partial_fit(X, y)
        peer.partial_fit(X, y)
    for a, b in zip([*ours.coefs_, *ours.intercepts_], [*peer.coefs_, *peer.intercepts_], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-12)
    assert ours.loss_ == pytest.approx(peer.loss_, rel=1e-9)
    assert (ours.predict(X) == peer.predict(X)).all()


@unconverged
@pytest.mark.parametrize("outputs", [1, 2])
def test_regression_goes_as_scikit_learn_goes(outputs):
    draw = np.random.default_rng(0)
    X = draw.normal(size=(20, 3))
    y = X @ draw.normal(size=(3, outputs))
    y = y[:, 0] if outputs == 1 else y
    how = {"hidden_layer_sizes": 4, "activation": "tanh", "solver": "sgd", "momentum": 0.0, "alpha": 0.0}
    how |= {"batch_size": 6, "shuffle": False, "random_state": 0}
    how |= {"learning_rate_init": 0.05}
    ours, peer = MLPRegressor(**how).partial_fit(X, y), PeerRegressor(**how).partial_fit(X, y)
    take_over(ours, peer)
    for _ in range(3):
        ours.partial_fit(X, y)
        peer.partial_fit(X, y)
    np.testing.assert_allclose(ours.predict(X), peer.predict(X), rtol=1e-8, atol=1e-12)
    assert ours.score(X, y) == pytest.approx(peer.score(X, y), rel=1e-8)


def test_iris_in_a_pipeline():
    X, y = load_iris(return_X_y=True, as_frame=True)
    labels = np.array(["setosa", "versicolor", "virginica"])[y]
    model = make_pipeline(StandardScaler(), MLPClassifier((6,), learning_rate_init=0.05, max_iter=15, random_state=0))
    with pytest.warns(ConvergenceWarning, match="max_iter=15 epochs were not enough"):
        model.fit(X[::2], labels[::2])
    assert model.score(X[1::2], labels[1::2]) >= 0.9
    classifier = model[-1]
    assert classifier.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert [w.shape for w in classifier.coefs_] == [(4, 6), (6, 3)]
    assert (classifier.n_layers_, classifier.n_outputs_, classifier.n_iter_) == (3, 3, 15)
    probabilities = model.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(probabilities))


@unconverged
def test_grid_search_and_cross_validation():
    X, y = make_moons(40, noise=0.1, random_state=0)
    grid = {"hidden_layer_sizes": [(2,), (8,)], "learning_rate_init": [1e-6, 0.1]}
    search = GridSearchCV(MLPClassifier(max_iter=8, random_state=0), grid, cv=2).fit(X, y)
    assert search.best_params_["learning_rate_init"] == 0.1
    assert cross_val_score(search.best_estimator_, X, y, cv=2).mean() > 0.75


@unconverged
def test_partial_fit_is_told_of_classes_to_come():
    estimator = MLPClassifier((4,), random_state=0).partial_fit([[0.0], [1.0]], ["a", "b"], classes=["c", "b", "a"])
    estimator.partial_fit([[2.0]], ["c"])
    assert estimator.predict_proba([[0.0]]).shape == (1, 3)
    with pytest.raises(DomainError, match=r"y has the class .*'d'.*, and the classes were \['a', 'b', 'c'\]"):
        estimator.partial_fit([[2.0]], ["d"])
    with pytest.raises(DomainError, match=r"partial_fit\(classes\) were \['a', 'b', 'c'\] before, and now are"):
        estimator.partial_fit([[2.0]], ["a"], classes=["a", "b"])


@unconverged
def test_frames_name_their_columns():
    frame = pd.DataFrame({"width": [0.0, 1.0, 2.0], "height": [1.0, 0.0, 1.0]})
    estimator = MLPRegressor((2,), max_iter=2, random_state=0).fit(frame, frame["width"])
    assert estimator.feature_names_in_.tolist() == ["width", "height"]
    with pytest.raises(ValueError, match="feature names should match"):
        estimator.predict(frame[["height", "width"]])


def test_logits_of_any_size():
    estimator = MLPClassifier((2,), "identity", max_iter=1, random_state=0)
    with pytest.warns(ConvergenceWarning):
        estimator.fit([[0.0], [1.0]], [0, 1])
    estimator.model_.layers[-1].neurons[0].b.data = 1000.0
    assert estimator.predict_proba([[0.0]]).tolist() == [[0.0, 1.0]]
    assert estimator.predict_log_proba([[0.0]])[0].tolist() == [-math.inf, 0.0]


def test_targets_without_a_meaning():
    with pytest.raises(DomainError, match=r"y has one class only, \['a'\]; there must be at least two"):
        MLPClassifier().fit([[0.0], [1.0]], ["a", "a"])
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        MLPClassifier().fit([[0.0], [1.0]], [0.5, 1.5])
    estimator = MLPRegressor((2,)).partial_fit([[0.0], [1.0]], [0.5, 1.5])
    with pytest.raises(DomainError, match="y has 2 columns, and had 1 before"):
        estimator.partial_fit([[0.0]], [[0.5, 1.5]])


def test_the_pair_comes_with_nn_when_it_is_asked_for():
    assert nn.MLPClassifier is MLPClassifier
    assert nn.MLPRegressor is MLPRegressor
    assert {"MLPClassifier", "MLPRegressor"} <= set(dir(nn))
    with pytest.raises(AttributeError, match="has no attribute 'MLPCluster'"):
        nn.MLPCluster  # noqa: B018


def test_without_scikit_learn():
    code = """
import sys
sys.modules["sklearn"] = None
import nn
try:
    nn.MLPClassifier
except ImportError as error:
    print(type(error).__name__, error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("MissingDependencyError nn.MLPClassifier and nn.MLPRegressor need scikit-learn")
    assert "pip install 'autograd-core[all]'" in run.stdout
