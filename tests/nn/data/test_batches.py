"""Mini-batches, as nn.batches gives them."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

X = [[float(i), float(-i)] for i in range(7)]
Y = [10.0 * i for i in range(7)]


class TestBatches:
    def test_each_row_once_with_its_target(self):
        batches = nn.batches(X, Y, 3, seed=0)
        assert len(batches) == 3
        for _ in range(3):
            parts = list(batches)
            assert [len(rows) for rows, _ in parts] == [3, 3, 1]
            pairs = [(row, target) for rows, targets in parts for row, target in zip(rows, targets, strict=True)]
            assert pairs != list(zip(X, Y, strict=True))
            assert sorted(pairs) == list(zip(X, Y, strict=True))

    def test_each_loop_has_its_order_and_a_seed_repeats_them(self):
        def orders(seed):
            batches = nn.batches(Y, size=7, seed=seed)
            return [rows for _ in range(3) for rows in batches]

        first, second, third = orders(5)
        assert first != second != third != first
        assert orders(5) == [first, second, third] == orders(random.Random(5))
        assert orders(6) != orders(5)
        random.seed(3)
        drawn = orders(None)
        random.seed(3)
        assert orders(None) == drawn

    def test_in_order(self):
        parts = list(nn.batches(X, Y, 3, shuffle=False))
        assert parts == [(X[:3], Y[:3]), (X[3:6], Y[3:6]), (X[6:], Y[6:])]
        assert list(nn.batches(X, Y, 3, shuffle=False, drop_last=True)) == parts[:2]
        assert len(nn.batches(X, Y, 3, drop_last=True)) == 2
        assert list(nn.batches(X, size=100, shuffle=False)) == [X]

    @pytest.mark.parametrize("kind", [np.array, tuple, pd.DataFrame, lambda rows: iter(rows)])
    def test_any_table(self, kind):
        assert list(nn.batches(kind(X), size=7, shuffle=False)) == [X]

    def test_a_loop_trains_as_fit_does(self):
        def model():
            return nn.MLP(2, [3, 1], activation="tanh", init="xavier", seed=0)

        by_hand, by_fit = model(), model()
        optimizer = nn.Adam(by_hand.parameters(), lr=0.01)
        batches = nn.batches(X, Y, 3, seed=1)
        for _ in range(2):
            for rows, targets in batches:
                loss = nn.mse_loss([by_hand(row) for row in rows], targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        nn.fit(by_fit, X, Y, loss="mse", lr=0.01, epochs=2, batch_size=3, seed=1, progress=False)
        pairs = zip(by_hand.parameters(), by_fit.parameters(), strict=True)
        assert all(a.data == pytest.approx(b.data, rel=1e-12) for a, b in pairs)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"size": 0}, DomainError, r"batches\(size\) takes an int of at least 1, got 0"),
            ({"size": 2.0}, DomainError, r"batches\(size\) takes an int"),
            ({"size": 8, "drop_last": True}, DomainError, r"batches\(size=8, drop_last=True\) has no batch"),
            ({"y": Y[:3]}, ShapeError, r"batches\(\): X has 7 rows and y has 3"),
            ({"y": [math.nan] * 7}, DomainError, r"batches\(\): y has nan in row 0"),
            ({"X": [[1.0], ["a"]]}, NotAScalarError, r"batches\(\): row 1, column 0 of X"),
            ({"seed": "x"}, DomainError, "seed takes an int"),
        ],
    )
    def test_errors_come_before_the_first_batch(self, arguments, error, message):
        with pytest.raises(error, match=message):
            nn.batches(**{"X": X, "y": Y, **arguments})
