"""Nested lists: what counts as one, how deep it is, and whether it is a batch."""

from __future__ import annotations

from typing import Any, Final

from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.rules.scalars import shortened

UNORDERED: Final = (dict, set, frozenset)
"""What can be looped over, but would give a dict's keys, or elements in an arbitrary order."""

ORDER: Final = "pass a list, in the order of the inputs"


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


def is_batch(x: Any) -> bool:
    """Return whether `x` is a list of examples rather than one example, judged by its first element.

    >>> is_batch([1.0, 2.0]), is_batch([[1.0, 2.0], [3.0, 4.0]])
    (False, True)
    """
    if type(x) is list or isinstance(x, (list, tuple)):
        return bool(x) and (isinstance(x[0], (list, tuple)) or getattr(x[0], "ndim", 0) > 0)
    return getattr(x, "ndim", 0) > 1


def listed(numbers: Any, call: str) -> list[Any]:
    """Return a row, or rows, as a list.

    Raises:
        NotAScalarError: they have no order, or are none.
    """
    if isinstance(numbers, (str, bytes, *UNORDERED)) or not hasattr(numbers, "__iter__"):
        raise NotAScalarError(f"{call} takes a list, got {shortened(numbers)}: pass one number for each input")
    return list(numbers)
