"""Adam against its published algorithm."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError
from tests.support.descent import START, STEPS, slope, trajectory


def adam(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """Algorithm 1 of Kingma and Ba 2015."""
    p, m, v, path = START.copy(), 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
        path.append(p)
    return np.array(path)


def amsgrad(lr, betas=(0.9, 0.999), eps=1e-8):
    """Algorithm 2 of Reddi et al. 2018, with Adam's bias corrections, as in PyTorch."""
    p, m, v, largest, path = START.copy(), 0.0, np.zeros(3), np.zeros(3), []
    for t in range(1, STEPS + 1):
        g = slope(p)
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        largest = np.maximum(largest, v)
        p = p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(largest / (1 - betas[1] ** t)) + eps)
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    "options",
    [{"lr": 0.1}, {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}, {"lr": 0.05, "weight_decay": 0.1}],
    ids=str,
)
def test_adam(options):
    np.testing.assert_allclose(trajectory(lambda ps: nn.Adam(ps, **options)), adam(**options), rtol=1e-11)


@pytest.mark.parametrize(
    ("ours", "published", "options"),
    [
        (lambda ps, **options: nn.Adam(ps, amsgrad=True, **options), amsgrad, {"lr": 0.1, "betas": (0.8, 0.6)}),
    ],
)
def test_adaptive_optimizers(ours, published, options):
    np.testing.assert_allclose(trajectory(lambda ps: ours(ps, **options)), published(**options), rtol=1e-10)


def test_the_first_step_of_adam_is_lr():
    for scale in (1e-3, 1.0, 1e6):
        p = Value(1.0)
        optimizer = nn.Adam([p], lr=0.25)
        (scale * p).backward()
        optimizer.step()
        assert p.data == pytest.approx(0.75, rel=1e-5)


def test_adam_counts_the_steps_of_each_parameter():
    p, q = Value(1.0), Value(1.0)
    optimizer = nn.Adam([p, q], lr=0.1)
    for _ in range(3):
        (p * 1.0).backward()
        optimizer.step()
    (q * 1.0).backward()
    optimizer.step()
    assert q.data == pytest.approx(0.9, rel=1e-7)


def test_a_zero_gradient_with_eps_0():
    p = Value(1.0)
    optimizer = nn.Adam([p], eps=0.0)
    (p * 0.0).backward()
    optimizer.step()
    assert p.data == 1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.Adam([p], betas=(0.9, 1.0)), DomainError, r"Adam\(betas\[1\]\) .* from 0 to below 1, got 1.0"),
        (lambda p: nn.Adam([p], betas=0.9), DomainError, r"Adam\(betas\) takes two numbers"),
        (lambda p: nn.Adam([p], eps=-1e-8), DomainError, r"Adam\(eps\)"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
