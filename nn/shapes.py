"""Shapes: sizes of modules, nested lists of numbers, and predictions beside their targets."""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import complaint, number, shortened


def size_of(n: Any, call: str, at_least: int = 1) -> int:
    """Return a size or a count as an int.

    Raises:
        DomainError: it is none, or too small; the message names the call.

    >>> size_of(3, "Linear(nin)")
    3
    """
    if isinstance(n, (str, float, bool)) or not hasattr(type(n), "__index__") or n.__index__() < at_least:
        raise DomainError(f"{call} takes an int of at least {at_least}, got {shortened(n)}")
    return int(n.__index__())


def as_list(x: Any) -> Any:
    """Return tuples and arrays as lists, and all else as it is.

    >>> as_list((1.0, 2.0)), as_list(3.0)
    ([1.0, 2.0], 3.0)
    """
    if isinstance(x, (list, Value, float)):
        return x
    if isinstance(x, tuple):
        return list(x)
    return x.tolist() if hasattr(x, "tolist") else x


def depth_of(x: Any) -> int:
    """Return how deep lists are nested, judged by their first elements; an array counts with its dimensions.

    An empty first element tells nothing, so the next one is asked.

    >>> depth_of(1.0), depth_of([1.0, 2.0]), depth_of([[1.0], [2.0]]), depth_of([[], [[1.0]]])
    (0, 1, 2, 3)
    """
    depth = 0
    while isinstance(x, (list, tuple)):
        depth += 1
        if not x:
            return depth
        x = next((part for part in x if not isinstance(part, (list, tuple)) or part), x[0])
    return depth + int(getattr(x, "ndim", 0))


def pairs_of(prediction: Any, target: Any, call: str) -> list[tuple[Any, Any]]:
    """Return each prediction with its target, from lists of any depth that have the same shape."""
    pairs: list[tuple[Any, Any]] = []
    stack = [(prediction, target)]
    while stack:
        p, y = stack.pop()
        if isinstance(p, list) or isinstance(y, list):
            check_lengths(p, y, call)
            stack.extend(zip(map(as_list, reversed(p)), map(as_list, reversed(y)), strict=True))
        else:
            pairs.append((scalar_of(p, call, "predictions"), scalar_of(y, call, "targets")))
    if not pairs:
        raise empty(call)
    return pairs


def check_lengths(prediction: Any, target: Any, call: str) -> None:
    """Raise ShapeError unless both are numbers, or lists of one length."""
    sizes = [f"a list of {len(x)}" if isinstance(x, list) else "one number" for x in (prediction, target)]
    if sizes[0] != sizes[1]:
        raise ShapeError(
            f"{call}() takes a target for each prediction, in the same shape; got {sizes[0]} as prediction and "
            f"{sizes[1]} as target"
        )


def empty(call: str) -> DomainError:
    """Return what a loss raises where there is nothing to compare."""
    return DomainError(f"{call}() of an empty batch has no value; pass at least one prediction and its target")


def scalar_of(x: Any, call: str, what: str) -> Any:
    """Return a Value as it is and a number as a float, or raise NotAScalarError."""
    if isinstance(x, Value) or type(x) is float:
        return x
    found = number(x)
    if found is None:
        raise NotAScalarError(f"{call}() takes numbers and Values as {what}, {complaint(x)}")
    return found
