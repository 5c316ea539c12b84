"""The binary cross-entropy of logits against its formula at many digits, also where naive forms overflow."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError

LOGITS = st.floats(-1000.0, 1000.0)


def exactly(formula):
    """The value of a formula in mpmath at 60 digits more than exp(-2000) needs, as a float."""
    with mp.workdps(1000):
        return float(formula())


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=4e-15, abs=1e-320)


@given(LOGITS, st.sampled_from([0.0, 1.0, 0.25, 0.9]))
def test_binary_cross_entropy_with_logits(z, y):
    logit = Value(z)
    loss = nn.binary_cross_entropy_with_logits(logit, y)
    loss.backward()
    x, t = mp.mpf(z), mp.mpf(y)
    with mp.workdps(1000):
        p = 1 / (1 + mp.exp(-x))
    assert close(loss.data, exactly(lambda: (1 - t) * mp.log(1 + mp.exp(x)) + t * mp.log(1 + mp.exp(-x))))
    if y in (0.0, 1.0):
        assert close(logit.grad, exactly(lambda: p - t))  # for soft targets p - y itself may cancel
    else:
        assert abs(logit.grad - exactly(lambda: p - t)) <= 2e-16


@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
def test_pos_weight(y):
    z = Value(-1.5)
    loss = nn.BCEWithLogitsLoss(pos_weight=2.5)(z, y)
    loss.backward()

    def exact(x):
        return -(1 - y) * mp.log(1 - 1 / (1 + mp.exp(-x))) - 2.5 * y * mp.log(1 / (1 + mp.exp(-x)))

    assert loss.data == pytest.approx(float(exact(mp.mpf(-1.5))), rel=1e-14)
    assert z.grad == pytest.approx(float(mp.diff(exact, -1.5)), rel=1e-14)


@pytest.mark.parametrize(("z", "y", "loss"), [(1000.0, 1, 0.0), (1000.0, 0, 1000.0), (-1000.0, 1, 1000.0)])
def test_huge_logits(z, y, loss):
    logit = Value(z)
    result = nn.binary_cross_entropy_with_logits(logit, y)
    result.backward()
    assert result.data == loss
    assert logit.grad == (0.0 if loss == 0.0 else 1.0 - 2.0 * y)


def test_a_target_may_be_a_value():
    p, y = Value(0.5), Value(0.25)
    nn.binary_cross_entropy_with_logits(p, y).backward()
    assert y.grad == pytest.approx(-0.5, rel=1e-15)  # softplus(-z) - softplus(z) = -z
    nn.mse_loss(p, y)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.binary_cross_entropy_with_logits(Value(0.5), -1.0), DomainError, r"\(y \+ 1\) / 2"),
        (lambda: nn.binary_cross_entropy_with_logits(0.5, math.nan), DomainError, "targets from 0 to 1, got nan"),
        (lambda: nn.BCEWithLogitsLoss(pos_weight=-1), DomainError, r"\(pos_weight\) takes a number .* got -1"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
