"""The hinge loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError

LOGITS = st.floats(-1000.0, 1000.0)


@given(LOGITS, st.sampled_from([-1, 1]))
def test_hinge(s, y):
    score = Value(s)
    loss = nn.hinge_loss(score, y)
    loss.backward()
    assert loss.data == max(0.0, 1.0 - y * s)
    assert score.grad == (-y if 1.0 - y * s > 0 else 0.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.hinge_loss(1.0, None),
            NotAScalarError,
            r"hinge_loss\(\) takes numbers and Values as targets, got None",
        ),
        (lambda: nn.hinge_loss(0.5, 0), DomainError, r"labels 1 and -1, got 0.0: .* 2 \* y - 1"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
