"""Functions made of several primitives; like the rows of the table, they take floats and Values alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

from autograd_core.errors import DomainError
from autograd_core.rules import table as primitives
from autograd_core.rules.kinds import operands_of
from autograd_core.rules.scalars import as_constant

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


@overload
def mean(xs: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]  # floats are not Values
@overload
def mean(xs: Iterable[Value | float]) -> Value: ...
@overload
def mean(xs: Iterable[Any]) -> Any: ...
def mean(xs: Iterable[Any]) -> Any:
    """Return the arithmetic mean of a sequence.

    >>> mean([1.0, 2.0, 6.0])
    3.0

    Raises:
        DomainError: the sequence is empty.
    """
    operands = _not_empty(xs, "mean")
    return primitives.divide(primitives.sum(operands), float(len(operands)))


@overload
def softmax(xs: Iterable[float]) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def softmax(xs: Iterable[Value | float]) -> list[Value]: ...
@overload
def softmax(xs: Iterable[Any]) -> list[Any]: ...
def softmax(xs: Iterable[Any]) -> list[Any]:
    """Return exp(x) / sum(exp(x)) for each x, without overflow.

    >>> softmax([1000.0, 1000.0])
    [0.5, 0.5]

    Raises:
        DomainError: the sequence is empty.
    """
    return primitives.softmax(_not_empty(xs, "softmax"))


@overload
def log_softmax(xs: Iterable[float]) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def log_softmax(xs: Iterable[Value | float]) -> list[Value]: ...
@overload
def log_softmax(xs: Iterable[Any]) -> list[Any]: ...
def log_softmax(xs: Iterable[Any]) -> list[Any]:
    """Return log(softmax(xs)), exact also where a probability is close to 1 or to 0.

    >>> log_softmax([0.0, -1000.0])
    [0.0, -1000.0]

    Raises:
        DomainError: the sequence is empty.
    """
    operands = _not_empty(xs, "log_softmax")
    top = primitives.peak(operands)
    shifted = [x - top for x in operands]
    total = primitives.logsumexp(shifted)
    return [x - total for x in shifted]


def _not_empty(xs: Iterable[Any], name: str) -> tuple[Any, ...]:
    operands = operands_of(xs, name)
    if not operands:
        raise DomainError(f"{name}() of an empty sequence has no value; pass at least one number or Value")
    for x in operands:
        if not hasattr(x, "__apply_primitive__"):
            as_constant(x, name)
    return operands
