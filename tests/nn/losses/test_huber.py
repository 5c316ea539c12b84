"""The Huber loss against its formula."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, ShapeError


def exactly(formula):
    """The value of a formula in mpmath at 60 digits more than exp(-2000) needs, as a float."""
    with mp.workdps(1000):
        return float(formula())


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=4e-15, abs=1e-320)


@given(st.floats(-1e6, 1e6), st.floats(-10.0, 10.0), st.floats(0.01, 100.0))
def test_huber(p, y, delta):
    prediction, target = Value(p), Value(y)
    loss = nn.huber_loss(prediction, target, delta=delta)
    loss.backward()
    error = p - y  # the rounded difference: cancellation in it is none of the loss's
    d, r = mp.mpf(delta), mp.mpf(error)
    assert close(loss.data, exactly(lambda: r * r / 2 if abs(r) <= d else d * (abs(r) - d / 2)))
    assert prediction.grad == -target.grad
    assert close(prediction.grad, error if abs(error) <= delta else math.copysign(delta, error))


def test_huber_is_as_published():
    """Both parts meet at delta in value and slope; a large delta leaves the parabola, a small one the modulus."""
    assert nn.huber_loss([3.0, -3.0], [1.0, -1.0], delta=2.0) == 2.0
    assert nn.huber_loss(1e200, 0.0) == 1e200 - 0.5
    assert nn.huber_loss(5.0, 2.0, delta=100.0) == nn.half_squared_error_loss(5.0, 2.0)
    assert nn.huber_loss(5.0, 2.0, delta=1e-9) / 1e-9 == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.huber_loss(0.5, 0, delta=0.0),
            DomainError,
            r"huber_loss\(delta\) takes a positive number, got 0.0",
        ),
        (lambda: nn.HuberLoss(delta=math.nan), DomainError, r"huber_loss\(delta\) takes a positive number, got nan"),
        (lambda: nn.huber_loss([0.5], 0), ShapeError, r"huber_loss\(\) takes a target for each prediction"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
