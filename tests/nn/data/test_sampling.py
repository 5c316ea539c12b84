"""Mini-batches and rows set aside."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

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
                loss = nn.mse([by_hand(row) for row in rows], targets)
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


class TestSplit:
    def test_parts(self):
        X_train, X_test, y_train, y_test = nn.split(X, Y, 0.3, seed=0)
        assert (len(X_train), len(X_test)) == (5, 2)
        assert sorted(X_train + X_test) == X
        for rows, targets in ((X_train, y_train), (X_test, y_test)):
            assert targets == [10.0 * row[0] for row in rows]
            assert rows == sorted(rows)
        assert nn.split(X, Y, 0.3, seed=0)[1] == X_test
        assert len({tuple(map(tuple, nn.split(X, Y, 0.3, seed=seed)[1])) for seed in range(20)}) > 5

    def test_the_last_rows_as_scikit_learn_takes_them(self):
        ours = nn.split(X, Y, 3 / 7, shuffle=False)
        theirs = train_test_split(X, Y, test_size=3, shuffle=False)
        assert list(ours) == theirs

    def test_it_sets_aside_what_fit_sets_aside(self):
        class Watch(nn.Callback):
            def on_start(self, run):
                self.parts = run.training[0], run.held_out[0]

        watch = Watch()
        nn.fit(
            nn.MLP(2, [1], seed=0),
            X,
            Y,
            loss="mse",
            epochs=1,
            validation=0.3,
            seed=4,
            callbacks=[watch],
            progress=False,
        )
        assert watch.parts == nn.split(X, Y, 0.3, seed=4)[:2]

    def test_frames_and_several_targets(self):
        frame = pd.DataFrame({"a": range(4), "b": [0.5] * 4})
        X_train, X_test, y_train, y_test = nn.split(frame[["a"]], frame, 0.25, shuffle=False)
        assert (X_train, y_train) == ([[0.0], [1.0], [2.0]], [[0.0, 0.5], [1.0, 0.5], [2.0, 0.5]])
        assert (X_test, y_test) == ([[3.0]], [[3.0, 0.5]])

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"share": 0}, DomainError, r"split\(share\) takes a share of the examples between 0 and 1, got 0"),
            ({"share": 1.0}, DomainError, r"split\(share\)"),
            ({"share": math.nan}, DomainError, r"split\(share\)"),
            ({"share": "half"}, DomainError, r"split\(share\) takes .* got 'half'"),
            ({"share": [0.5]}, DomainError, r"split\(share\)"),
            ({"share": 0.01}, DomainError, r"split\(share=0.01\) would set aside 0 of 7 examples"),
            ({"y": Y[1:]}, ShapeError, r"split\(\): X has 7 rows and y has 6"),
            ({"X": []}, DomainError, r"split\(\): X is empty"),
        ],
    )
    def test_errors(self, arguments, error, message):
        with pytest.raises(error, match=message):
            nn.split(**{"X": X, "y": Y, **arguments})
