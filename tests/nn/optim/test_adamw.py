"""AdamW against its published algorithm."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError
from tests.support.descent import START, STEPS, slope, trajectory


def adam_w(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """Algorithm 2 of Loshchilov and Hutter 2019, with the learning rate multiplying the decay, as in PyTorch."""
    p, m, v, path = START.copy(), 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = slope(p)
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t) / (np.sqrt(v / (1 - betas[1] ** t)) + eps) + weight_decay * p)
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    ("ours", "published", "options"),
    [
        (nn.AdamW, adam_w, {"lr": 0.1}),
        (nn.AdamW, adam_w, {"lr": 0.05, "betas": (0.5, 0.9), "weight_decay": 0.3, "eps": 1e-4}),
    ],
)
def test_adaptive_optimizers(ours, published, options):
    np.testing.assert_allclose(trajectory(lambda ps: ours(ps, **options)), published(**options), rtol=1e-10)


def test_weight_decay_of_adam_w_stays_out_of_the_step():
    p = Value(10.0)
    optimizer = nn.AdamW([p], lr=0.1, weight_decay=0.01)
    (1e-3 * p).backward()
    optimizer.step()
    assert p.data == pytest.approx(10.0 * (1 - 0.1 * 0.01) - 0.1, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.AdamW([p], betas=[0.9]), DomainError, r"AdamW\(betas\) takes two numbers"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
