"""Standardizer against scikit-learn's StandardScaler."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

TABLES = arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=st.integers(-1000, 1000).map(float))


@given(TABLES)
def test_against_scikit_learn(table):
    ours, theirs = nn.Standardizer().fit(table), StandardScaler().fit(table)
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(ours.scale_, theirs.scale_, rtol=1e-9)
    moved = ours.transform(table)
    np.testing.assert_allclose(moved, theirs.transform(table), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.inverse_transform(moved), table, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, -3.7, 1e300])
def test_a_constant_column_is_only_shifted(value):
    scaler = nn.Standardizer().fit([value] * 10)
    assert scaler.scale_ == [1.0]
    assert scaler.transform([value]) == [pytest.approx(0.0, abs=1e-12 * abs(value))]


def test_numbers_of_any_size():
    for size in (1e-300, 1e300):
        assert nn.Standardizer().fit_transform([0.0, size]) == pytest.approx([-1.0, 1.0])


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.DataFrame, iter])
def test_any_table(kind):
    rows = [[1.0, 10.0], [3.0, 30.0]]
    assert nn.Standardizer().fit_transform(kind(rows)) == [[-1.0, -1.0], [1.0, 1.0]]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, iter])
def test_bare_numbers_stay_bare(kind):
    scaler = nn.Standardizer().fit(kind([2.0, 4.0]))
    assert scaler.transform(kind([4.0, 6.0])) == [1.0, 3.0]
    assert scaler.inverse_transform(kind([1.0, 3.0])) == [4.0, 6.0]
    assert scaler.transform([[4.0]]) == [[1.0]]


def test_targets_are_brought_back():
    X, y = [[0.0], [1.0], [2.0]], [100.0, 300.0, 500.0]
    scaler = nn.Standardizer()
    model = nn.Linear(1, 1, seed=0)
    nn.fit(model, X, scaler.fit_transform(y), loss="mse", optimizer="sgd", lr=0.2, epochs=300, seed=0, progress=False)
    assert scaler.inverse_transform(nn.predict(model, X)) == pytest.approx(y, rel=1e-3)


def test_copies():
    scaler = nn.Standardizer().fit([1.0, 5.0])
    for other in (copy.deepcopy(scaler), pickle.loads(pickle.dumps(scaler))):
        assert (other.mean_, other.scale_) == ([3.0], [2.0])
    assert repr(scaler) == "Standardizer(1 column)"
    assert repr(nn.Standardizer()) == "Standardizer()"


def test_errors():
    scaler = nn.Standardizer()
    for method in ("transform", "inverse_transform"):
        with pytest.raises(DomainError, match=rf"Standardizer.{method}\(\): no mean and deviation are known; call fit"):
            getattr(scaler, method)([1.0])
    scaler.fit([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ShapeError, match=r"Standardizer.transform\(\): X has 1 column, and what was fitted had 2"):
        scaler.transform([[1.0]])
    with pytest.raises(DomainError, match=r"Standardizer.fit\(\): X has nan in row 0, column 1"):
        scaler.fit([[1.0, float("nan")]])
    with pytest.raises(NotAScalarError, match=r"Standardizer.fit\(\): X takes a list"):
        scaler.fit(None)
    assert scaler.mean_ == [2.0, 3.0]
