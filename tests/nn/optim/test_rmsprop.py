"""RMSprop against its formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError
from tests.support.descent import START, STEPS, slope, trajectory


def rmsprop(lr, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    """torch.optim.RMSprop's documentation, line by line."""
    p, v, b, mean, path = START.copy(), 0.0, 0.0, 0.0, []
    for _ in range(STEPS):
        g = slope(p) + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        spread = v
        if centered:
            mean = alpha * mean + (1 - alpha) * g
            spread = v - mean**2
        b = momentum * b + g / (np.sqrt(spread) + eps)
        p = p - lr * b
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    ("ours", "published", "options"),
    [
        (nn.RMSprop, rmsprop, {"lr": 0.01}),
        (nn.RMSprop, rmsprop, {"lr": 0.02, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
        (nn.RMSprop, rmsprop, {"lr": 0.01, "momentum": 0.5, "centered": True}),
    ],
)
def test_adaptive_optimizers(ours, published, options):
    np.testing.assert_allclose(trajectory(lambda ps: ours(ps, **options)), published(**options), rtol=1e-10)


def test_a_centered_mean_square_does_not_round_below_zero():
    p = Value(1.0)
    optimizer = nn.RMSprop([p], lr=1e-6, alpha=0.0, centered=True)
    for _ in range(20):
        optimizer.zero_grad()
        (0.1 * p).backward()
        optimizer.step()
        assert math.isfinite(p.data)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.RMSprop([p], alpha=1.0), DomainError, r"RMSprop\(alpha\) .* from 0 to below 1, got 1.0"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
