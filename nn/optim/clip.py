"""Clipping: gradients that are too large, made smaller between `backward()` and `step()`. As torch.nn.utils does it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules.scalars import number, shortened
from nn.inputs.options import positive
from nn.module import Module


def clip_grad_norm_(
    parameters: Iterable[Value] | Value | Module,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale all gradients by one factor, such that their norm is at most `max_norm`; their direction stays.

    Args:
        parameters: the Values, such as `model.parameters()`, or the model.
        max_norm: the largest norm that is left as it is, above 0.
        norm_type: 2 for the Euclidean norm, any other power from 1 on, or math.inf for the largest absolute value.
        error_if_nonfinite: whether a norm that is nan or infinite is an error. If it is none, the gradients become
            nan or 0 by the same factor.

    Returns:
        The norm before clipping.

    Raises:
        NotAScalarError: these are no Values.
        DomainError: `max_norm` or `norm_type` has no meaning, or the norm is not finite and that is an error.

    Source: Pascanu, Mikolov and Bengio 2013, algorithm 1, with the factor max_norm / (norm + 1e-6) of PyTorch.

    >>> p, q = Value(1.0), Value(1.0)
    >>> (30 * p + 40 * q).backward()
    >>> clip_grad_norm_([p, q], max_norm=5.0)
    50.0
    >>> round(p.grad, 6), round(q.grad, 6)
    (3.0, 4.0)
    """
    call = "clip_grad_norm_()"
    values = _values(parameters, call)
    limit = positive(max_norm, "clip_grad_norm_(max_norm)")
    power = number(norm_type)
    if power is None or not power >= 1.0:
        raise DomainError(f"clip_grad_norm_(norm_type) takes a number from 1 on, or inf, got {shortened(norm_type)}")
    total = _norm([value.grad for value in values], power)
    if error_if_nonfinite and not math.isfinite(total):
        raise DomainError(f"{call}: the norm of the gradients is {total}, so they cannot be scaled to {limit:g}")
    factor = min(limit / (total + 1e-6), 1.0) if total == total else total
    for value in values:
        if value.grad != 0.0:  # to assign 0 is to forget that a gradient came, and 0 needs no scaling
            value.grad = value.grad * factor
    return total


def clip_grad_value_(parameters: Iterable[Value] | Value | Module, clip_value: float) -> None:
    """Bring each gradient into the interval from -clip_value to clip_value.

    Args:
        parameters: the Values, such as `model.parameters()`, or the model.
        clip_value: the largest absolute value, above 0.

    Raises:
        NotAScalarError: these are no Values.
        DomainError: `clip_value` is not above 0.

    >>> p, q = Value(1.0), Value(1.0)
    >>> (30 * p - 0.5 * q).backward()
    >>> clip_grad_value_([p, q], 1.0)
    >>> p.grad, q.grad
    (1.0, -0.5)
    """
    limit = positive(clip_value, "clip_grad_value_(clip_value)")
    for value in _values(parameters, "clip_grad_value_()"):
        if abs(value.grad) > limit:
            value.grad = math.copysign(limit, value.grad)


def _norm(gradients: list[float], power: float) -> float:
    if power == 2.0:
        return math.hypot(*gradients)
    sizes = [abs(g) for g in gradients]
    largest = math.nan if any(size != size for size in sizes) else max(sizes, default=0.0)
    if math.isinf(power) or largest == 0.0 or not math.isfinite(largest):
        return largest
    share = math.fsum(math.pow(size / largest, power) for size in sizes)  # shares of the largest: no power overflows
    return largest * math.pow(share, 1.0 / power)


def _values(parameters: Any, call: str) -> list[Value]:
    if isinstance(parameters, Value):
        return [parameters]
    given = getattr(parameters, "parameters", parameters)
    given = given() if callable(given) else given
    values = list(given) if hasattr(given, "__iter__") else None
    if values is None or not all(isinstance(value, Value) for value in values):
        raise NotAScalarError(f"{call} takes Values or a model, got {shortened(parameters)}: pass model.parameters()")
    return values
