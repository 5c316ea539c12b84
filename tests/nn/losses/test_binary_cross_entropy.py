"""The binary cross-entropy of probabilities against its formula at many digits."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError


def exactly(formula):
    """The value of a formula in mpmath at 60 digits more than exp(-2000) needs, as a float."""
    with mp.workdps(1000):
        return float(formula())


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=4e-15, abs=1e-320)


@given(st.floats(1e-300, 1.0, exclude_max=True), st.sampled_from([0.0, 1.0, 0.25, 0.9]))
def test_binary_cross_entropy(p, y):
    prediction = Value(p)
    loss = nn.binary_cross_entropy(prediction, y)
    loss.backward()
    q, t = mp.mpf(p), mp.mpf(y)
    assert close(loss.data, exactly(lambda: -t * mp.log(q) - (1 - t) * mp.log(1 - q)))
    size = exactly(lambda: t / q + (1 - t) / (1 - q))
    assert abs(prediction.grad - exactly(lambda: -t / q + (1 - t) / (1 - q))) <= 1e-15 * size


def test_a_probability_of_0_or_1_is_taken_as_it_is():
    assert nn.binary_cross_entropy(1.0, 1) == 0.0
    assert nn.binary_cross_entropy(0.0, 0) == 0.0
    assert nn.binary_cross_entropy(0.0, 1) == math.inf
    certain = Value(1.0)
    nn.binary_cross_entropy(certain, 1).backward()
    assert certain.grad == -1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.binary_cross_entropy(1.5, 1),
            DomainError,
            "probabilities from 0 to 1, got 1.5: end the model with",
        ),
        (lambda: nn.binary_cross_entropy(0.5, 2), DomainError, "targets from 0 to 1, got 2.0"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
