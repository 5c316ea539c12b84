"""The cross-entropy and its gradient against its formula at many digits, also where naive forms cancel."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from tests.support.formulas import assert_is

LOGITS = st.floats(-1000.0, 1000.0)


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
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("logits", [["a", "b"], [1.0, None], [[1.0, 2.0], [1.0, "b"]]])
def test_logits_that_are_no_numbers(logits):
    with pytest.raises(NotAScalarError, match=r"cross_entropy\(\) takes numbers and Values as logits, got"):
        nn.cross_entropy(logits, [0, 0] if isinstance(logits[0], list) else 0)
