"""What a module is called with: one example or a sequence, as lists of the right width, and how errors name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, counted, number, shortened
from nn.inputs.nesting import ORDER, UNORDERED, as_list

if TYPE_CHECKING:
    from nn.module import Module

Vector = list[Any]
"""Numbers and Values."""


def where(module: Module) -> str:
    """Return how errors name a module: its class and sizes, and its path if it has one."""
    name = f"{type(module).__name__}({module.extra_repr()})"
    return f"{module.path}: {name}" if module.path else name


def inputs_of(module: Module, x: Any, expected: int, place: str = "") -> list[Any]:
    """Return one example as a list of `expected` numbers and Values; a bare one counts as a list of one.

    `place` says in errors where it stands, such as " at position 3".

    Raises:
        ShapeError: there are more or fewer, in words that name the module.
    """
    if type(x) is list:
        inputs = x
    elif isinstance(x, UNORDERED):
        raise NotAScalarError(
            f"{where(module)} takes a list of {counted(expected, 'number')}{place}, got a {type(x).__name__}: {ORDER}"
        )
    elif hasattr(x, "tolist"):
        found = x.tolist()
        inputs = found if isinstance(found, list) else [found]
    elif is_operand(x) or number(x) is not None:
        inputs = [x]
    else:
        try:
            inputs = list(x)
        except TypeError:
            raise NotAScalarError(
                f"{where(module)} takes a list of {counted(expected, 'number')}{place}, {complaint(x)}"
            ) from None
    if len(inputs) != expected:
        wanted = f"a list of {expected} number{'s or Values' if expected != 1 else ' or Value'}"
        remedy = f"each must be {wanted}" if place else f"pass one example as {wanted}, or a list of such examples"
        raise ShapeError(f"{where(module)} takes {counted(expected, 'input')}{place}, got {len(inputs)}: {remedy}")
    return inputs


def vectors_of(module: Module, x: Any, width: int, example: str = "") -> list[Vector]:
    """Return a sequence as a list of vectors of one width; bare numbers are vectors of one.

    Args:
        module: what takes it.
        x: what was given.
        width: how many numbers a vector has.
        example: how errors say which example of a batch it is, such as " of example 2".

    Raises:
        NotAScalarError: it is no sequence.
        DomainError: it is empty.
        ShapeError: a vector has another width; the message names its position.
    """
    sequence = as_list(x)
    if not isinstance(sequence, list):
        kind = f"a {type(x).__name__}" if isinstance(x, UNORDERED) else shortened(x)
        vectors = f"lists of {width} numbers" if width > 1 else "numbers"
        raise NotAScalarError(f"{where(module)} takes a sequence, a list of {vectors}, got {kind}{example}")
    if not sequence:
        raise DomainError(f"{where(module)} takes a sequence of at least one input, got an empty one{example}")
    return [
        inputs_of(module, vector, width, f" at position {position}{example}")
        for position, vector in enumerate(sequence)
    ]


def check_numbers(module: Module, x: Any, place: str = "") -> None:
    """Raise NotAScalarError if an element of an example is no number, in words that name the module and the place."""
    if isinstance(x, UNORDERED):
        return
    for i, element in enumerate(x if hasattr(x, "__iter__") else [x]):
        if not is_operand(element) and number(element) is None:
            raise NotAScalarError(
                f"{where(module)} takes numbers and Values; for input {i}{place} it {complaint(element)}"
            )


def check_vectors(module: Module, vectors: list[Vector], example: str = "") -> None:
    """Raise NotAScalarError if there is anything but numbers and Values, in words that name the position."""
    for position, vector in enumerate(vectors):
        check_numbers(module, vector, f" at position {position}{example}")
