"""What the two binary cross-entropies share: targets that are probabilities, and the sum of two terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from autograd_core.errors import DomainError
from autograd_core.interpreters.symbol import number_of

TARGETS: Final = "from 0 to 1 (turn labels -1 and 1 into 0 and 1 with (y + 1) / 2)"
"""What the targets of a binary cross-entropy are, in words."""


def is_probability(y: float) -> bool:
    """Return whether a number lies between 0 and 1."""
    return 0.0 <= y <= 1.0


def check_target(y: Any, call: str) -> None:
    """Raise DomainError unless a target lies between 0 and 1."""
    if not 0.0 <= y <= 1.0:
        raise DomainError(
            f"{call}() takes targets from 0 to 1, got {number_of(y)}: turn labels -1 and 1 into 0 "
            "and 1 with (y + 1) / 2"
        )


def mixed(y: Any, if_one: Callable[[], Any], if_zero: Callable[[], Any]) -> Any:
    """Return y * if_one() + (1 - y) * if_zero().

    A term whose weight is a plain 0 is left out: 0 times an infinite logarithm is nan. The weights of a target that is
    a Value stay in, whatever its number is, since the loss depends on them.
    """
    if type(y) is float:
        if y == 1.0:
            return if_one()
        if y == 0.0:
            return if_zero()
    return y * if_one() + (1.0 - y) * if_zero()
