"""Targets that are numbers of classes, and the outputs that they choose from."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import number, shortened
from nn.losses.pairs import scalar_of


def class_number(target: Any, count: int, call: str) -> int:
    """Return a target as the number of a class, or say why it is none. It chooses an output, so it is no Value."""
    found = number(target)
    if found is None or found != found or found not in range(count):
        raise DomainError(
            f"{call} takes targets that are class numbers from 0 to {count - 1}, since there are {count} outputs; "
            f"got {shortened(target)}: number the classes from 0, or give the model more outputs"
        )
    return int(found)


def scores_of(outputs: Any, target: Any, call: str, what: str, of_one: str) -> tuple[list[Any], int]:
    """Return the outputs of one example and the place of the right one.

    Args:
        outputs: a list of one output for each class.
        target: the number of the right class.
        call: the loss that errors name.
        what: what it calls the outputs.
        of_one: the loss to use for one output that decides between two classes.
    """
    if not isinstance(outputs, list) or len(outputs) < 2:
        raise DomainError(
            f"{call}() takes a list of at least 2 {what} for each example, got {shortened(outputs)}; for one "
            f"output that decides between two classes use {of_one}"
        )
    wanted = class_number(target, len(outputs), f"{call}()")
    return [scalar_of(x, call, what) for x in outputs], wanted
