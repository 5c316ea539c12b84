"""Options of a call: sizes, numbers and names, checked in one way and refused in the same words."""

from __future__ import annotations

import math
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_count, number, shortened


def size_of(n: Any, call: str, at_least: int = 1) -> int:
    """Return a size or a count as an int.

    Raises:
        DomainError: it is none, or too small; the message names the call.

    >>> size_of(3, "Linear(in_features)")
    3
    """
    return as_count(n, call, at_least)


def not_negative(x: Any, call: str, *, below: float = math.inf) -> float:
    """Return an option as a float that is finite, at least 0, and below a bound.

    Raises:
        DomainError: it is none; the message names the call.

    >>> not_negative(3, "Adam(lr)")
    3.0
    """
    found = number(x)
    if found is None or not 0.0 <= found < below:
        bound = f"from 0 to below {below:g}" if math.isfinite(below) else "that is finite and at least 0"
        raise DomainError(f"{call} takes a number {bound}, got {shortened(x)}")
    return found


def positive(x: Any, call: str, other: str = "") -> float:
    """Return an option as a float above 0; math.inf is one.

    Raises:
        DomainError: it is none; the message names the call, and what `other` thing it takes.

    >>> positive(3, "clip_grad_norm_(max_norm)")
    3.0
    """
    found = number(x)
    if found is None or not found > 0.0:
        raise DomainError(f"{call} takes a number above 0{other}, got {shortened(x)}")
    return found


def one_of(given: Any, choices: tuple[str, ...], call: str) -> str:
    """Return an option that is one of a few names.

    Raises:
        DomainError: it is none of them.

    >>> one_of("min", ("min", "max"), "ReduceLROnPlateau(mode)")
    'min'
    """
    if not isinstance(given, str) or given not in choices:
        raise DomainError(f"{call} takes {' or '.join(map(repr, choices))}, got {shortened(given)}")
    return given
