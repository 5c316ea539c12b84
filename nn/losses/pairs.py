"""Predictions beside their targets, in nested lists of one shape."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number
from nn.inputs.nesting import as_list


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
    """Return a Value or the like as it is and a number as a float, or raise NotAScalarError."""
    if type(x) is float or is_operand(x):
        return x
    found = number(x)
    if found is None:
        raise NotAScalarError(f"{call}() takes numbers and Values as {what}, {complaint(x)}")
    return found
