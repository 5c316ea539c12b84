"""What a module that takes a sequence is given: a list of vectors, checked position by position."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules.scalars import shortened
from nn.data.rows import UNORDERED
from nn.examples import check_numbers, inputs_of, where
from nn.module import Module
from nn.shapes import as_list

Vector = list[Any]
"""Numbers and Values."""


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


def check_vectors(module: Module, vectors: list[Vector], example: str = "") -> None:
    """Raise NotAScalarError if there is anything but numbers and Values, in words that name the position."""
    for position, vector in enumerate(vectors):
        check_numbers(module, vector, f" at position {position}{example}")
