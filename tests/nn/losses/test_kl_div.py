"""The Kullback-Leibler divergence against its formula and SciPy."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import nn
from autograd_core import Value, log_softmax
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from tests.support.formulas import assert_is, flat

LOGS = [[-0.5, -1.25, -2.0], [-3.0, -0.125, -2.5]]

SHARES = [[0.25, 0.75, 0.0], [0.5, 0.3, 0.2]]


def test_kl_div():
    rows = [[Value(x) for x in row] for row in LOGS]

    def formula(points):
        terms = [y * (mp.log(y) - p) for p, y in zip(points, flat(SHARES), strict=True) if y]
        return [mp.fsum(terms) / 2]

    assert_is([nn.kl_div(rows, SHARES, reduction="batchmean")], formula, flat(rows))
    by_scipy = special.rel_entr(SHARES, np.exp(LOGS))
    assert nn.kl_div(LOGS, SHARES, reduction="batchmean") == pytest.approx(by_scipy.sum() / 2, rel=1e-14)
    assert nn.kl_div(LOGS, SHARES) == pytest.approx(by_scipy.mean(), rel=1e-14)
    assert np.array(nn.kl_div(LOGS, SHARES, reduction="none")) == pytest.approx(by_scipy, rel=1e-14)
    one = nn.kl_div(LOGS[0], SHARES[0], reduction="batchmean")
    assert one == pytest.approx(by_scipy[0].sum(), rel=1e-14)


def test_kl_div_from_logarithms():
    predictions, targets = ([[Value(x) for x in row] for row in rows] for rows in (LOGS, LOGS[::-1]))

    def formula(points):
        return [mp.fsum(mp.exp(y) * (y - p) for p, y in zip(points[:6], points[6:], strict=True)) / 2]

    loss = nn.kl_div(predictions, targets, log_target=True, reduction="batchmean")
    assert_is([loss], formula, flat([predictions, targets]))
    assert nn.kl_div([-1.0, -2.0], [-math.inf, 0.0], log_target=True, reduction="sum") == 2.0


def test_the_targets_of_a_kl_divergence_may_be_values():
    predictions, targets = [Value(-0.5), Value(-2.0)], [Value(0.25), Value(0.75)]
    formula = lambda ps: [mp.fsum(y * (mp.log(y) - p) for p, y in zip(ps[:2], ps[2:], strict=True))]  # noqa: E731
    assert_is([nn.kl_div(predictions, targets, reduction="sum")], formula, predictions + targets)
    nothing = Value(0.0)
    assert nn.kl_div([-1.0, Value(-2.0)], [nothing, 1.0], reduction="sum").data == 2.0


def test_a_kl_divergence_is_0_for_equal_distributions_and_never_negative():
    p = log_softmax([0.3, -1.0, 2.0])
    assert nn.kl_div(p, [math.exp(x) for x in p]) == pytest.approx(0.0, abs=1e-16)
    assert nn.kl_div(p, p, log_target=True) == 0.0
    assert nn.kl_div([-800.0, 0.0], [0.0, 1.0]) == 0.0  # where y is 0, so is the term
    assert nn.kl_div([-math.inf, 0.0], [0.0, 1.0]) == 0.0
    assert nn.kl_div([-math.inf, 0.0], [0.5, 0.5]) == math.inf


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        ("kl_div", np.eye(3)),
    ],
)
def test_fit_takes_them_by_name(loss, targets):
    model = nn.Sequential(nn.Linear(1, 3, seed=0), nn.LogSoftmax())
    X = [-2.0, 0.0, 2.0]
    history = nn.fit(model, X, targets, loss=loss, lr=0.3, epochs=60, seed=0, progress=False)
    assert history.loss[-1] < 0.2 * history.loss[0]
    assert nn.accuracy(model, X, [0, 1, 2]) == 1.0
    assert history.accuracy[-1:] == ([1.0] if loss == "nll" else [])  # of a distribution there is no right class


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.kl_div(LOGS, SHARES[0]), ShapeError, "a list of 2 as prediction and a list of 3 as target"),
        (lambda: nn.kl_div([-1.0, -1.0], [0.5, 1.5]), DomainError, "from 0 to 1, got 1.5: pass log_target=True"),
        (lambda: nn.kl_div([-1.0, -1.0], [0.5, -0.5]), DomainError, "from 0 to 1, got -0.5"),
        (lambda: nn.kl_div([-1.0, -1.0], [0.5, Value(math.nan)]), DomainError, "from 0 to 1, got nan"),
        (lambda: nn.kl_div([-1.0], [0.5], log_target=True), DomainError, "at most 0, got 0.5: leave log_target"),
        (
            lambda: nn.kl_div("a", 1.0),
            NotAScalarError,
            "takes numbers and Values as predictions, got the string",
        ),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
