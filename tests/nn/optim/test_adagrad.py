"""Adagrad against its formula."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError
from tests.support.descent import START, STEPS, slope, trajectory


def adagrad(lr, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
    """torch.optim.Adagrad's documentation, line by line."""
    p, total, path = START.copy(), np.full(3, initial_accumulator_value), []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        total = total + g**2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(total) + eps)
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    ("ours", "published", "options"),
    [
        (nn.Adagrad, adagrad, {"lr": 0.5}),
        (nn.Adagrad, adagrad, {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.2, "initial_accumulator_value": 0.7}),
    ],
)
def test_adaptive_optimizers(ours, published, options):
    np.testing.assert_allclose(trajectory(lambda ps: ours(ps, **options)), published(**options), rtol=1e-10)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.Adagrad([p], initial_accumulator_value=-1), DomainError, r"Adagrad\(initial_accumulator_value\)"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
