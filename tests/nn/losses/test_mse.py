"""The mean squared error against its formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value

LOGITS = st.floats(-1000.0, 1000.0)


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=4e-15, abs=1e-320)


@given(LOGITS, LOGITS)
def test_mse(p, y):
    prediction = Value(p)
    loss = nn.mse_loss(prediction, y)
    loss.backward()
    assert close(loss.data, (p - y) ** 2)
    assert close(prediction.grad, 2 * (p - y))


def test_mse_is_the_mean_over_all_outputs():
    p = np.arange(6.0).reshape(3, 2)
    y = np.ones((3, 2))
    values = [[Value(x) for x in row] for row in p]
    loss = nn.mse_loss(values, y)
    loss.backward()
    assert loss.data == pytest.approx(np.mean((p - y) ** 2), rel=1e-15)
    assert [v.grad for row in values for v in row] == pytest.approx((2 * (p - y) / 6).ravel().tolist(), rel=1e-15)
    assert nn.mse_loss(p, y) == loss.data
