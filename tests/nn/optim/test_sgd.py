"""SGD against its formula."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError
from tests.support.descent import START, STEPS, slope, trajectory


def sgd(lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """torch.optim.SGD's documentation, line by line."""
    p, b, path = START.copy(), None, []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        if momentum != 0:
            b = momentum * b + (1 - dampening) * g if t > 1 else g
            g = g + momentum * b if nesterov else b
        p = p - lr * g
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.01},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "momentum": 0.9},
        {"lr": 0.01, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.05},
        {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
    ],
    ids=str,
)
def test_sgd(options):
    np.testing.assert_allclose(trajectory(lambda ps: nn.SGD(ps, **options)), sgd(**options), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.SGD([p], momentum=-1), DomainError, r"SGD\(momentum\)"),
        (lambda p: nn.SGD([p], weight_decay=-1), DomainError, r"SGD\(weight_decay\)"),
        (lambda p: nn.SGD([p], nesterov=True), DomainError, "needs momentum above 0 and dampening 0, got momentum=0.0"),
        (lambda p: nn.SGD([p], momentum=0.9, dampening=0.1, nesterov=True), DomainError, "dampening=0.1"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
