"""Examples set aside, as nn.split does it."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

import nn
from autograd_core.errors import DomainError, ShapeError

X = [[float(i), float(-i)] for i in range(7)]
Y = [10.0 * i for i in range(7)]


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
