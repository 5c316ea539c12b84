"""What a function returned to a transform: one number, or numbers in a structure."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import GraphError, NotAScalarError
from autograd_core.interpreters.lifted import Lifted, is_over
from autograd_core.nesting.structures import Structure, flatten, is_object_array
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number, shortened


def scalar(result: Any, call: str, remedy: str) -> Any:
    """Return the result of a function that must return one number: a float, a Value or a lifted number.

    Raises:
        NotAScalarError: it returned something else. For several numbers, the message ends with `remedy`.
    """
    found = one_number(result)
    if found is None:
        if result is None or isinstance(result, (str, bytes, complex)):
            remedy = ""
        raise NotAScalarError(
            f"{call} takes a function that returns one number; it returned {described(result)}{remedy}"
        )
    return found


def one_number(x: Any) -> Any:
    """Return a plain number as a float, a Value or a lifted number unchanged, and None for anything else."""
    if is_object_array(x) and x.ndim == 0:
        x = x.item()  # an array without dimensions around one Value
    return x if is_operand(x) else number(x)


def outputs_of(result: Any, call: str) -> tuple[Structure, list[Any]]:
    """Return the structure of the result of a function, and the numbers in it.

    Raises:
        NotAScalarError: it is None, or something in it is no number.
    """
    if result is None:
        raise NotAScalarError(f"{call} takes a function that returns numbers; it returned {described(result)}")
    return flatten(result, f"{call}: the result")


def described(x: Any) -> str:
    """Return what errors say about something that is no number."""
    return complaint(x).removeprefix("got ").split(": take its elements")[0]


def checked_open(y: Lifted, call: str) -> Lifted:
    """Return a lifted number of a transform that is still running.

    Raises:
        GraphError: that transform has returned: its number would be taken for a constant.
    """
    if is_over(y):
        raise GraphError(
            f"{call}: the result holds a number from within another transform, which is over: {shortened(y)}. "
            "Let that transform return the number, instead of keeping it in a variable"
        )
    return y
