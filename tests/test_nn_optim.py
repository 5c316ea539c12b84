"""Optimisers move as the published formulas say, written here once more in NumPy."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, GraphError, NotAScalarError

STEPS = 50
START = np.array([1.5, -0.7, 0.3])
SCALE = np.array([1.0, 10.0, 0.1])


def slope(p):
    """The gradient of sum(scale * (p - 1)**2 + sin(p))."""
    return 2 * SCALE * (p - 1) + np.cos(p)


def trajectory(make):
    """What an optimiser does on that function, step by step."""
    parameters = [Value(x) for x in START]
    optimizer = make(parameters)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        losses = [s * (p - 1.0) ** 2 + p.sin() for s, p in zip(SCALE.tolist(), parameters, strict=True)]
        (losses[0] + losses[1] + losses[2]).backward()
        optimizer.step()
        path.append([p.data for p in parameters])
    return np.array(path)


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
    "options",
    [{"lr": 0.1}, {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}, {"lr": 0.05, "weight_decay": 0.1}],
    ids=str,
)
def test_adam(options):
    np.testing.assert_allclose(trajectory(lambda ps: nn.Adam(ps, **options)), adam(**options), rtol=1e-11)


def test_the_first_step_of_adam_is_lr():
    for scale in (1e-3, 1.0, 1e6):
        p = Value(1.0)
        optimizer = nn.Adam([p], lr=0.25)
        (scale * p).backward()
        optimizer.step()
        assert p.data == pytest.approx(0.75, rel=1e-5)


def test_a_parameter_without_a_gradient_stays():
    p, q = Value(1.0), Value(2.0)
    optimizer = nn.SGD([p, q], lr=0.1, momentum=0.9, weight_decay=0.5)
    (p * 3.0).backward()
    optimizer.step()
    assert q.data == 2.0
    assert p.data == 1.0 - 0.1 * 3.5


def test_adam_counts_the_steps_of_each_parameter():
    p, q = Value(1.0), Value(1.0)
    optimizer = nn.Adam([p, q], lr=0.1)
    for _ in range(3):
        (p * 1.0).backward()
        optimizer.step()
    (q * 1.0).backward()
    optimizer.step()
    assert q.data == pytest.approx(0.9, rel=1e-7)


def test_zero_grad_and_lr():
    p = Value(1.0)
    optimizer = nn.SGD([p], lr=0.1)
    (p * 3.0).backward()
    optimizer.zero_grad()
    optimizer.step()
    assert (p.grad, p.data) == (0.0, 1.0)
    optimizer.lr = 0.5
    (p * 1.0).backward()
    optimizer.step()
    assert p.data == 0.5


def test_a_zero_gradient_with_eps_0():
    p = Value(1.0)
    optimizer = nn.Adam([p], eps=0.0)
    (p * 0.0).backward()
    optimizer.step()
    assert p.data == 1.0


def test_a_model_serves_as_parameters():
    model = nn.MLP(2, [2, 1])
    assert nn.Adam(model).parameters == model.parameters()
    assert repr(nn.SGD(model, lr=0.1, momentum=0.9)) == (
        "SGD(lr=0.1, momentum=0.9, dampening=0.0, weight_decay=0.0, nesterov=False; 9 parameters)"
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.SGD([]), DomainError, r"SGD\(parameters\) got an empty list, .* pass model.parameters\(\)"),
        (lambda p: nn.SGD(p), NotAScalarError, r"SGD\(parameters\) takes a list of Values"),
        (lambda p: nn.Adam([p, 1.0]), NotAScalarError, r"Adam\(parameters\) takes Values, got 1.0 at place 1"),
        (lambda p: nn.Adam([p * 2]), GraphError, r"takes leaves, but .* at place 0 was computed by \*"),
        (lambda p: nn.Adam([p, p]), DomainError, "a parameter twice"),
        (lambda p: nn.SGD([p], lr=-0.1), DomainError, r"SGD\(lr\) takes a number .* not below 0, got -0.1"),
        (lambda p: nn.SGD([p], lr=math.nan), DomainError, r"SGD\(lr\) .* got nan"),
        (lambda p: nn.SGD([p], lr=math.inf), DomainError, r"SGD\(lr\) .* got inf"),
        (lambda p: nn.SGD([p], lr="fast"), DomainError, r"SGD\(lr\) .* got 'fast'"),
        (lambda p: nn.SGD([p], momentum=-1), DomainError, r"SGD\(momentum\)"),
        (lambda p: nn.SGD([p], weight_decay=-1), DomainError, r"SGD\(weight_decay\)"),
        (lambda p: nn.SGD([p], nesterov=True), DomainError, "needs momentum above 0 and dampening 0, got momentum=0.0"),
        (lambda p: nn.SGD([p], momentum=0.9, dampening=0.1, nesterov=True), DomainError, "dampening=0.1"),
        (lambda p: nn.Adam([p], betas=(0.9, 1.0)), DomainError, r"Adam\(betas\[1\]\) .* from 0 to below 1, got 1.0"),
        (lambda p: nn.Adam([p], betas=0.9), DomainError, r"Adam\(betas\) takes two numbers"),
        (lambda p: nn.Adam([p], eps=-1e-8), DomainError, r"Adam\(eps\)"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
