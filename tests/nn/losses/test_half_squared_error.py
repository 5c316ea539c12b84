"""One half of the squared error: a sum over outputs, a mean over examples."""

from __future__ import annotations

import nn
from autograd_core import Value


def test_half_squared_error_is_a_sum_over_outputs_and_a_mean_over_examples():
    values = [Value(0.75), Value(0.25)]
    loss = nn.half_squared_error_loss(values, [0.5, 1.0])
    loss.backward()
    assert loss.data == 0.5 * (0.0625 + 0.5625)
    assert [v.grad for v in values] == [0.25, -0.75]  # p - y
    assert nn.half_squared_error_loss([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]) == (2.5 + 12.5) / 2
    single = Value(3.0)
    nn.half_squared_error_loss(single, 1).backward()
    assert single.grad == 2.0
