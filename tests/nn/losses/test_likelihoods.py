"""Likelihoods and their gradients against their formulas at many digits, also where naive forms cancel."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import nn
from autograd_core import Value, log_softmax
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from tests.support.formulas import assert_is, flat

LOGITS = st.floats(-1000.0, 1000.0)
LOGS = [[-0.5, -1.25, -2.0], [-3.0, -0.125, -2.5]]
SHARES = [[0.25, 0.75, 0.0], [0.5, 0.3, 0.2]]


@given(st.lists(LOGITS, min_size=2, max_size=5), st.data())
def test_cross_entropy(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    values = [Value(z) for z in logits]
    loss = nn.cross_entropy(values, target)
    loss.backward()
    with mp.workdps(1000):
        xs = [mp.mpf(z) for z in logits]
        powers = [mp.exp(x - xs[target]) for x in xs]
        total = mp.fsum(powers)
        rest = mp.fsum(p for j, p in enumerate(powers) if j != target)
        exact, slopes = mp.log(total), [p / total for p in powers]
        slopes[target] = -rest / total
    # rounding x_j - x_target moves the exponent by up to 1/2 ulp of 2000, and the loss relatively as much
    spread = 2.3e-13 * (max(logits) - min(logits)) / 2000 + 4e-15
    assert loss.data == pytest.approx(float(exact), rel=spread, abs=1e-320)
    for v, slope in zip(values, slopes, strict=True):
        assert v.grad == pytest.approx(float(slope), rel=2 * spread, abs=1e-320)


def test_cross_entropy_does_not_cancel():
    assert nn.cross_entropy([0.0, -600.0], 0) == pytest.approx(math.exp(-600.0), rel=1e-13)
    values = [Value(700.0), Value(0.0)]
    nn.cross_entropy(values, 0).backward()
    assert values[0].grad == pytest.approx(-math.exp(-700.0), rel=1e-13)


@pytest.mark.parametrize("smoothing", [0.1, 0.75, 1.0])
def test_label_smoothing(smoothing):
    def formula(xs):
        powers = [mp.exp(x) for x in xs]
        logs = [mp.log(p / mp.fsum(powers)) for p in powers]
        share = mp.mpf(smoothing)
        return [-(1 - share) * logs[1] - share * mp.fsum(logs) / len(logs)]

    logits = [Value(0.5), Value(-1.25), Value(2.0)]
    assert_is(nn.cross_entropy(logits, 1, label_smoothing=smoothing), formula, logits)
    module = nn.CrossEntropyLoss(label_smoothing=smoothing, reduction="sum")
    one = nn.cross_entropy([0.5, 2.0], 0, label_smoothing=smoothing)
    assert module([[0.5, 2.0], [0.5, 2.0]], [0, 0]) == pytest.approx(2.0 * one, rel=1e-15)


def test_fit_trains_by_label_smoothing():
    """The smoothed loss is least at finite logits: the right class has the probability 1 - smoothing / 2."""
    model = nn.Linear(1, 2, init="zeros")
    nn.fit(model, [[1.0]], [1], loss=nn.CrossEntropyLoss(label_smoothing=0.5), lr=0.1, epochs=200, progress=False)
    assert nn.Softmax()(nn.predict(model, [[1.0]])[0])[1] == pytest.approx(0.75, abs=1e-3)


def test_cross_entropy_over_a_batch():
    logits, targets = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), np.array([2, 0])
    both = [nn.cross_entropy(row, t) for row, t in zip(logits.tolist(), targets.tolist(), strict=True)]
    assert nn.cross_entropy(logits, targets) == sum(both) / 2
    assert both[1] == pytest.approx(math.log(3), rel=1e-15)
    assert nn.cross_entropy([0.0, 0.0], 1.0) == math.log(2)


def test_nll_loss():
    rows = [[Value(x) for x in row] for row in LOGS]
    loss = nn.nll_loss(rows, [2, 0])
    assert loss.data == (2.0 + 3.0) / 2
    loss.backward()
    assert [[v.grad for v in row] for row in rows] == [[0.0, 0.0, -0.5], [-0.5, 0.0, 0.0]]
    assert nn.NLLLoss()(LOGS, [2, 0]) == 2.5


@given(st.lists(st.floats(-30.0, 30.0), min_size=2, max_size=4), st.data())
def test_behind_a_log_softmax_it_is_the_cross_entropy(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    values, others = [Value(x) for x in logits], [Value(x) for x in logits]
    likelihood, entropy = nn.nll_loss(nn.LogSoftmax()(values), target), nn.cross_entropy(others, target)
    assert likelihood.data == pytest.approx(entropy.data, rel=1e-12, abs=1e-13)
    likelihood.backward()
    entropy.backward()
    assert [v.grad for v in values] == pytest.approx([v.grad for v in others], rel=1e-12, abs=1e-13)


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


@pytest.mark.parametrize(("loss", "targets"), [("nll", [0, 1, 2]), ("kl_div", np.eye(3))])
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
        (lambda: nn.cross_entropy([1.0, 2.0], 2), DomainError, "class numbers from 0 to 1, .* got 2"),
        (lambda: nn.cross_entropy([1.0, 2.0], -1), DomainError, "class numbers from 0 to 1, .* got -1"),
        (lambda: nn.cross_entropy([1.0, 2.0], 0.5), DomainError, "class numbers from 0 to 1, .* got 0.5"),
        (lambda: nn.cross_entropy([1.0, 2.0], math.nan), DomainError, "got nan"),
        (lambda: nn.cross_entropy([1.0, 2.0], "cat"), DomainError, "got 'cat'"),
        (lambda: nn.cross_entropy([1.0], 0), DomainError, "at least 2 logits .* binary_cross_entropy_with_logits"),
        (lambda: nn.cross_entropy(Value(1.0), 0), DomainError, "at least 2 logits"),
        (lambda: nn.cross_entropy([[1.0, 2.0]], [0, 1]), ShapeError, "a list of 1 as prediction and a list of 2"),
        (lambda: nn.nll_loss(LOGS, [0, 3]), DomainError, "class numbers from 0 to 2, .* got 3"),
        (lambda: nn.nll_loss([-1.0], 0), DomainError, "at least 2 log-probabilities .* binary_cross"),
        (lambda: nn.nll_loss(LOGS, [0]), ShapeError, "a list of 2 as prediction and a list of 1"),
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


@pytest.mark.parametrize("logits", [["a", "b"], [1.0, None], [[1.0, 2.0], [1.0, "b"]]])
def test_logits_that_are_no_numbers(logits):
    with pytest.raises(NotAScalarError, match=r"cross_entropy\(\) takes numbers and Values as logits, got"):
        nn.cross_entropy(logits, [0, 0] if isinstance(logits[0], list) else 0)
