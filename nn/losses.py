"""Losses: how far predictions are from targets, on floats and Values alike.

Each takes one example or a batch, and returns the mean over the examples: a Value if a prediction or a target is
one, else a float. All are exact and stable for logits of any size: nothing overflows, nothing cancels.

What all of them take, where the docstring does not say otherwise: `prediction` is a number or Value, a list of
them (tuples and arrays count), or a list of such lists; `target` has the same shape. All raise ShapeError where the
shapes differ, NotAScalarError where something is no number, and DomainError where there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias, overload

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.functions import mean
from autograd_core.primitives import log, log1p, logsumexp, relu, softplus, square
from autograd_core.primitives import sum as total
from autograd_core.scalars import complaint, number, shortened
from autograd_core.value import Value
from nn.module import Module

Floats: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]]
Values: TypeAlias = Value | Sequence[Value] | Sequence[Sequence[Value]]


class LossFunction(Protocol):
    """The type of a loss: floats in, a float out; predictions that are Values in, a Value out."""

    __name__: str

    @overload
    def __call__(self, prediction: Floats, target: Floats) -> float: ...
    @overload
    def __call__(self, prediction: Values, target: Floats | Values) -> Value: ...
    @overload
    def __call__(self, prediction: Any, target: Any) -> Any: ...


def _typed(function: Any) -> LossFunction:
    """Return the function itself: a decorator for type checkers."""
    loss: LossFunction = function
    return loss


@_typed
def mse(prediction: Any, target: Any) -> Any:
    """Return the mean squared error, the mean of (p - y)**2 over all outputs and examples.

    For shapes and errors see the top of `nn.losses`.

    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return _mean_of(_squared_error, prediction, target, "mse")


@_typed
def half_squared_error(prediction: Any, target: Any) -> Any:
    """Return one half of the squared error of an example, 1/2 sum (p - y)**2 over its outputs.

    Its derivative by p is p - y. A list of numbers is one example with several outputs; over a batch, a list of
    lists, it is the mean over the examples. For shapes and errors see the top of `nn.losses`.

    >>> half_squared_error([1.0, 2.0], [2.0, 4.0])
    2.5
    """
    prediction, target = _plain(prediction), _plain(target)
    if isinstance(prediction, list) and prediction and isinstance(_plain(prediction[0]), list):
        _check_lengths(prediction, target, "half_squared_error")
        return mean([half_squared_error(p, y) for p, y in zip(prediction, target, strict=True)])
    terms = [_squared_error(p, y) for p, y in _pairs(prediction, target, "half_squared_error")]
    return 0.5 * (terms[0] if len(terms) == 1 else total(terms))


@_typed
def binary_cross_entropy(prediction: Any, target: Any) -> Any:
    """Return the mean of -y log(p) - (1 - y) log(1 - p), for probabilities p.

    Where the probability comes out of a sigmoid, `binary_cross_entropy_with_logits` of its input is the better
    choice: a sigmoid rounds to 1 from 37 on, and its logarithm is then infinite.

    Args:
        prediction: probabilities.
        target: targets between 0 and 1.

    Raises:
        DomainError: a probability or a target lies outside [0, 1].

    >>> round(binary_cross_entropy([0.9, 0.2], [1, 0]), 4)
    0.1643
    """
    return _mean_of(_bce, prediction, target, "binary_cross_entropy")


@_typed
def binary_cross_entropy_with_logits(prediction: Any, target: Any) -> Any:
    """Return the mean of the binary cross-entropy of sigmoid(z), for logits z: (1 - y) softplus(z) + y softplus(-z).

    Args:
        prediction: logits, any real numbers.
        target: targets between 0 and 1.

    Raises:
        DomainError: a target lies outside [0, 1].

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [1, 1])
    500.0
    """
    return _mean_of(_bce_with_logits, prediction, target, "binary_cross_entropy_with_logits")


@_typed
def cross_entropy(prediction: Any, target: Any) -> Any:
    """Return -log(softmax(logits)[target]), and its mean over a batch.

    Written as the logsumexp of the differences x_j - x_target, which does not cancel where the right class is
    far ahead: there a loss of 1e-300 comes out as 1e-300, not as 0.

    Args:
        prediction: a list of k logits, or a list of such lists.
        target: the number of the right class, 0 to k - 1, or a list of such numbers.

    Raises:
        ShapeError: there are not as many targets as lists of logits.
        DomainError: a target is not a whole number from 0 to k - 1, there are fewer than 2 logits or no examples.

    >>> round(cross_entropy([1.0, 2.0, 3.0], 2), 6)
    0.407606
    """
    logits, targets = _plain(prediction), _plain(target)
    if isinstance(logits, list) and logits and isinstance(_plain(logits[0]), list):
        _check_lengths(logits, targets, "cross_entropy")
        return mean([cross_entropy(row, wanted) for row, wanted in zip(logits, targets, strict=True)])
    if isinstance(logits, list) and not logits and isinstance(targets, list):
        raise _empty("cross_entropy")
    if not isinstance(logits, list) or len(logits) < 2:
        raise DomainError(
            f"cross_entropy() takes a list of at least 2 logits for each example, got {shortened(logits)}; for one "
            "output that decides between two classes use binary_cross_entropy_with_logits"
        )
    wanted = class_number(targets, len(logits), "cross_entropy()")
    logits = [_scalar(x, "cross_entropy", "logits") for x in logits]
    right = logits[wanted]
    return logsumexp([0.0 if j == wanted else x - right for j, x in enumerate(logits)])


@_typed
def hinge(prediction: Any, target: Any) -> Any:
    """Return the mean of max(0, 1 - y s), for scores s and labels y of 1 or -1.

    Args:
        prediction: scores, any real numbers.
        target: labels 1 or -1.

    Raises:
        DomainError: a label is neither 1 nor -1.

    >>> hinge([0.5, 2.0], [1, -1])
    1.75
    """
    return _mean_of(_hinge, prediction, target, "hinge")


class Loss(Module):
    """The base of losses as modules: called with (prediction, target). Subclasses name a `function`."""

    function: ClassVar[Any]

    def forward(self, prediction: Any, target: Any) -> Any:
        """Return the loss of one example or the mean over a batch."""
        return type(self).function(prediction, target)


class MSELoss(Loss):
    """`mse` as a module.

    >>> MSELoss()([1.0, 2.0], [1.0, 4.0])
    2.0
    """

    function = mse


class HalfSquaredErrorLoss(Loss):
    """`half_squared_error` as a module."""

    function = half_squared_error


class BCELoss(Loss):
    """`binary_cross_entropy` as a module."""

    function = binary_cross_entropy


class BCEWithLogitsLoss(Loss):
    """`binary_cross_entropy_with_logits` as a module."""

    function = binary_cross_entropy_with_logits


class CrossEntropyLoss(Loss):
    """`cross_entropy` as a module."""

    function = cross_entropy


class HingeLoss(Loss):
    """`hinge` as a module."""

    function = hinge


def class_number(target: Any, count: int, call: str) -> int:
    """Return a target as the number of a class, or say why it is none."""
    found = None if isinstance(target, Value) else number(target)
    if found is None or found != found or found not in range(count):
        raise DomainError(
            f"{call} takes targets that are class numbers from 0 to {count - 1}, since there are {count} logits; "
            f"got {shortened(target)}: number the classes from 0, or give the model more outputs"
        )
    return int(found)


# One term of each loss. A term whose constant weight is 0 is left out: 0 times an infinite logarithm is nan.


def _squared_error(p: Any, y: Any) -> Any:
    return square(p - y)


def _bce(p: Any, y: Any) -> Any:
    data = p.data if isinstance(p, Value) else p
    if data < 0.0 or data > 1.0:
        raise DomainError(
            f"binary_cross_entropy() takes probabilities from 0 to 1, got {data}: end the model with a sigmoid, or use "
            "binary_cross_entropy_with_logits"
        )
    _check_probability(y, "binary_cross_entropy()")
    return _weighted(y, lambda: -log(p), lambda: -log1p(-p))


def _bce_with_logits(z: Any, y: Any) -> Any:
    _check_probability(y, "binary_cross_entropy_with_logits()")
    return _weighted(y, lambda: softplus(-z), lambda: softplus(z))


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


# Shapes.


def _mean_of(term: Callable[[Any, Any], Any], prediction: Any, target: Any, call: str) -> Any:
    """The mean of term(p, y) over all pairs."""
    if isinstance(prediction, Value) and type(target) is float:  # one output of one example, the commonest case
        return term(prediction, target)
    terms = [term(p, y) for p, y in _pairs(_plain(prediction), _plain(target), call)]
    return terms[0] if len(terms) == 1 else mean(terms)


def _pairs(prediction: Any, target: Any, call: str) -> list[tuple[Any, Any]]:
    """Each prediction with its target, from lists of any depth that have the same shape."""
    pairs: list[tuple[Any, Any]] = []
    stack = [(prediction, target)]
    while stack:
        p, y = stack.pop()
        if isinstance(p, list) or isinstance(y, list):
            _check_lengths(p, y, call)
            stack.extend(zip(map(_plain, reversed(p)), map(_plain, reversed(y)), strict=True))
        else:
            pairs.append((_scalar(p, call, "predictions"), _scalar(y, call, "targets")))
    if not pairs:
        raise _empty(call)
    return pairs


def _check_lengths(prediction: Any, target: Any, call: str) -> None:
    sizes = [f"a list of {len(x)}" if isinstance(x, list) else "one number" for x in (prediction, target)]
    if sizes[0] != sizes[1]:
        raise ShapeError(
            f"{call}() takes a target for each prediction, in the same shape; got {sizes[0]} as prediction and "
            f"{sizes[1]} as target"
        )


def _empty(call: str) -> DomainError:
    return DomainError(f"{call}() of an empty batch has no value; pass at least one prediction and its target")


def _plain(x: Any) -> Any:
    """Tuples and arrays as lists; all else as it is."""
    if isinstance(x, (list, Value, float)):
        return x
    if isinstance(x, tuple):
        return list(x)
    return x.tolist() if hasattr(x, "tolist") else x


def _scalar(x: Any, call: str, what: str) -> Any:
    if isinstance(x, Value) or type(x) is float:
        return x
    found = number(x)
    if found is None:
        raise NotAScalarError(f"{call}() takes numbers and Values as {what}, {complaint(x)}")
    return found
