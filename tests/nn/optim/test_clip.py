"""Clipping bounds gradients and keeps what it should."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError


def with_gradients(*gradients):
    values = [Value(1.0) for _ in gradients]
    for value, gradient in zip(values, gradients, strict=True):
        value.grad = gradient
    return values


@pytest.mark.parametrize("norm_type", [1.0, 1.5, 2.0, 3.0, math.inf])
def test_the_norm(norm_type):
    values = with_gradients(3.0, -4.0, 0.5)
    before = [value.grad for value in values]
    norm = nn.clip_grad_norm_(values, 2.0, norm_type)
    assert norm == pytest.approx(np.linalg.norm(before, norm_type), rel=1e-14)
    after = [value.grad for value in values]
    assert np.linalg.norm(after, norm_type) == pytest.approx(2.0, rel=1e-6)
    assert after == pytest.approx([g * 2.0 / (norm + 1e-6) for g in before], rel=1e-14)


def test_small_gradients_stay():
    values = with_gradients(3.0, -4.0)
    assert nn.clip_grad_norm_(values, 5.1) == 5.0
    assert [value.grad for value in values] == [3.0, -4.0]
    assert nn.clip_grad_norm_(values, math.inf) == 5.0
    assert nn.clip_grad_norm_([], 1.0) == 0.0


def test_huge_gradients_do_not_overflow():
    assert nn.clip_grad_norm_(with_gradients(1e200, 1e200), 1.0, 3.0) == pytest.approx(2 ** (1 / 3) * 1e200)


def test_a_gradient_of_0_is_not_forgotten():
    p, q = Value(1.0), Value(2.0)
    (p * 0.0 + q * 9.0).backward()
    nn.clip_grad_norm_([p, q], 1.0)
    nn.clip_grad_value_([p, q], 0.1)
    assert p.has_grad
    assert q.grad == 0.1


def test_a_norm_that_is_not_finite():
    values = with_gradients(math.inf, 1.0)
    with pytest.raises(DomainError, match=r"clip_grad_norm_\(\): the norm of the gradients is inf"):
        nn.clip_grad_norm_(values, 1.0, error_if_nonfinite=True)
    assert [value.grad for value in values] == [math.inf, 1.0]
    assert nn.clip_grad_norm_(values, 1.0) == math.inf
    assert math.isnan(values[0].grad)
    assert values[1].grad == 0.0
    values = with_gradients(math.nan, 1.0)
    assert math.isnan(nn.clip_grad_norm_(values, 1.0, 1.0))
    assert math.isnan(values[1].grad)


def test_values():
    values = with_gradients(3.0, -0.2, -7.0)
    assert nn.clip_grad_value_(values, 0.5) is None
    assert [value.grad for value in values] == [0.5, -0.2, -0.5]


def test_a_model_serves_as_parameters():
    model = nn.MLP(2, [2, 1], seed=0)
    (model([1.0, -2.0]) * 100.0).backward()
    norm = math.hypot(*(p.grad for p in model.parameters()))
    assert nn.clip_grad_norm_(model, 1.0) == norm
    assert nn.clip_grad_norm_(nn.SGD(model), 1.0) == pytest.approx(1.0, rel=1e-5)
    single = with_gradients(-3.0)[0]
    nn.clip_grad_value_(single, 1.0)
    assert single.grad == -1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda p: nn.clip_grad_norm_(p, 0.0),
            DomainError,
            r"clip_grad_norm_\(max_norm\) takes a number above 0, got 0",
        ),
        (lambda p: nn.clip_grad_norm_(p, math.nan), DomainError, "got nan"),
        (
            lambda p: nn.clip_grad_norm_(p, 1.0, 0.5),
            DomainError,
            r"norm_type\) takes a number from 1 on, or inf, got 0.5",
        ),
        (
            lambda p: nn.clip_grad_norm_([1.0], 1.0),
            NotAScalarError,
            r"takes Values or a model, got \[1.0\]: pass model",
        ),
        (lambda p: nn.clip_grad_norm_(3, 1.0), NotAScalarError, "takes Values or a model, got 3"),
        (lambda p: nn.clip_grad_value_(p, "a"), DomainError, r"clip_grad_value_\(clip_value\) takes a number above 0"),
        (lambda p: nn.clip_grad_value_(None, 1.0), NotAScalarError, "takes Values or a model, got None"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(with_gradients(1.0))
