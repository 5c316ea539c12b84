"""A linear map is a matrix product."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value


def test_linear_is_a_matrix_product():
    linear = nn.Linear(3, 2, seed=0)
    w = np.array([[p.data for p in row] for row in linear.weight])
    x = [0.5, -1.0, 2.0]
    assert [v.data for v in linear(x)] == pytest.approx((w @ x).tolist(), rel=1e-12)
    assert np.abs(w).max() <= 1 / math.sqrt(3)
    assert len(nn.Linear(3, 2, bias=False).parameters()) == 6
    assert isinstance(nn.Linear(3, 1)(x), Value)
