"""Losses: how far predictions are from targets, on floats and Values alike; those that judge each output by itself.

Each takes one example or a batch, and returns the mean over all: a Value if a prediction or a target is one, else a
float. All are exact and stable for numbers of any size: nothing overflows, nothing cancels.

What all of them take, where the docstring does not say otherwise: `prediction` is a number or Value, a list of
them (tuples and arrays count), or a list of such lists; `target` has the same shape; `reduction` is "mean" over all
outputs, their "sum", or "none" for one loss an output, in the shape of the prediction. All raise ShapeError where the
shapes differ, NotAScalarError where something is no number, and DomainError where there is nothing to compare.

Losses that judge the outputs of an example together, as scores of classes, are in `nn.losses.likelihoods`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, overload

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import abs as size
from autograd_core.rules.table import log, log1p, minimum, relu, softplus, square
from autograd_core.rules.table import sum as total
from nn.inputs.options import not_negative
from nn.losses.pairs import pairs_of
from nn.losses.reductions import by_example, by_output

Floats: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]]
Values: TypeAlias = Value | Sequence[Value] | Sequence[Sequence[Value]]


class LossFunction(Protocol):
    """The type of a loss: floats in, a float out; predictions that are Values in, a Value out; with "none", lists."""

    __name__: str

    @overload
    def __call__(self, prediction: Any, target: Any, *, reduction: Literal["none"], **options: Any) -> Any: ...
    @overload
    def __call__(self, prediction: Floats, target: Floats, *, reduction: str = ..., **options: Any) -> float: ...
    @overload
    def __call__(
        self, prediction: Values, target: Floats | Values, *, reduction: str = ..., **options: Any
    ) -> Value: ...
    @overload
    def __call__(self, prediction: Any, target: Any, *, reduction: str = ..., **options: Any) -> Any: ...


def typed(function: Any) -> LossFunction:
    """Return the function itself: a decorator for type checkers."""
    loss: LossFunction = function
    return loss


@typed
def mse(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean squared error, the mean of (p - y)**2 over all outputs and examples.

    For shapes, reductions and errors see the top of `nn.losses.by_output`.

    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return by_output(_squared_error, prediction, target, "mse", reduction)


@typed
def half_squared_error(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return one half of the squared error of an example, 1/2 sum (p - y)**2 over its outputs.

    Its derivative by p is p - y. A list of numbers is one example with several outputs; over a batch, a list of
    lists, it is the mean over the examples, their "sum", or with "none" one loss an example. For shapes and errors
    see the top of `nn.losses.by_output`.

    >>> half_squared_error([1.0, 2.0], [2.0, 4.0])
    2.5
    """
    return by_example(_half_squared_error, prediction, target, "half_squared_error", reduction)


@typed
def huber(prediction: Any, target: Any, *, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Return the mean of 1/2 (p - y)**2 where |p - y| is at most delta, and of delta (|p - y| - delta/2) beyond.

    A target that is far off pulls with the force delta, and no more. For shapes, reductions and errors see the top
    of `nn.losses.by_output`.

    Args:
        prediction: any real numbers.
        target: any real numbers.
        delta: where the parabola ends.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: delta is not positive.

    Source: Huber 1964.

    >>> huber([1.0, 5.0], [0.5, 2.0])
    1.3125
    """
    bend = as_float(delta, "huber(delta)")
    if not bend > 0.0:
        raise DomainError(f"huber(delta) takes a positive number, got {shortened(delta)}")

    def term(p: Any, y: Any) -> Any:
        error = size(p - y)
        bounded = minimum(error, bend)
        return bounded * (error - 0.5 * bounded)

    return by_output(term, prediction, target, "huber", reduction)


@typed
def binary_cross_entropy(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean of -y log(p) - (1 - y) log(1 - p), for probabilities p.

    Where the probability comes out of a sigmoid, `binary_cross_entropy_with_logits` of its input is the better
    choice: a sigmoid rounds to 1 from 37 on, and its logarithm is then infinite.

    Args:
        prediction: probabilities.
        target: targets between 0 and 1.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a probability or a target lies outside [0, 1].

    >>> round(binary_cross_entropy([0.9, 0.2], [1, 0]), 4)
    0.1643
    """
    return by_output(_bce, prediction, target, "binary_cross_entropy", reduction)


@typed
def binary_cross_entropy_with_logits(
    prediction: Any, target: Any, *, pos_weight: float = 1.0, reduction: str = "mean"
) -> Any:
    """Return the mean of the binary cross-entropy of sigmoid(z), for logits z: (1 - y) softplus(z) + y softplus(-z).

    Args:
        prediction: logits, any real numbers.
        target: targets between 0 and 1.
        pos_weight: a factor on the second term, above 1 where the positive class is rare.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a target lies outside [0, 1], or `pos_weight` is negative.

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [1, 1])
    500.0
    """
    weight = not_negative(pos_weight, "binary_cross_entropy_with_logits(pos_weight)")

    def term(z: Any, y: Any) -> Any:
        return _bce_with_logits(z, y, weight)

    return by_output(term, prediction, target, "binary_cross_entropy_with_logits", reduction)


@typed
def hinge(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean of max(0, 1 - y s), for scores s and labels y of 1 or -1.

    Args:
        prediction: scores, any real numbers.
        target: labels 1 or -1.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a label is neither 1 nor -1.

    >>> hinge([0.5, 2.0], [1, -1])
    1.75
    """
    return by_output(_hinge, prediction, target, "hinge", reduction)


# One term of each loss. A term whose constant weight is 0 is left out: 0 times an infinite logarithm is nan.


def _squared_error(p: Any, y: Any) -> Any:
    return square(p - y)


def _half_squared_error(outputs: Any, targets: Any) -> Any:
    terms = [_squared_error(p, y) for p, y in pairs_of(outputs, targets, "half_squared_error")]
    return 0.5 * (terms[0] if len(terms) == 1 else total(terms))


def _bce(p: Any, y: Any) -> Any:
    data = p.data if isinstance(p, Value) else p
    if data < 0.0 or data > 1.0:
        raise DomainError(
            f"binary_cross_entropy() takes probabilities from 0 to 1, got {data}: end the model with a sigmoid, or use "
            "binary_cross_entropy_with_logits"
        )
    _check_probability(y, "binary_cross_entropy()")
    return _weighted(y, lambda: -log(p), lambda: -log1p(-p))


def _bce_with_logits(z: Any, y: Any, pos_weight: float) -> Any:
    _check_probability(y, "binary_cross_entropy_with_logits()")
    if pos_weight == 1.0:
        return _weighted(y, lambda: softplus(-z), lambda: softplus(z))
    return _weighted(y, lambda: pos_weight * softplus(-z), lambda: softplus(z))


def _hinge(s: Any, y: Any) -> Any:
    if isinstance(y, Value) or y not in (-1.0, 1.0):
        raise DomainError(
            f"hinge() takes labels 1 and -1, got {shortened(y)}: turn labels 0 and 1 into -1 and 1 with 2 * y - 1"
        )
    return relu(1.0 - s if y > 0.0 else 1.0 + s)


def _weighted(y: Any, if_one: Callable[[], Any], if_zero: Callable[[], Any]) -> Any:
    """y * if_one + (1 - y) * if_zero."""
    if not isinstance(y, Value):
        if y == 1.0:
            return if_one()
        if y == 0.0:
            return if_zero()
    return y * if_one() + (1.0 - y) * if_zero()


def _check_probability(y: Any, call: str) -> None:
    data = y.data if isinstance(y, Value) else y
    if not 0.0 <= data <= 1.0:
        raise DomainError(
            f"{call} takes targets from 0 to 1, got {data}: turn labels -1 and 1 into 0 and 1 with (y + 1) / 2"
        )
