"""`argnums`: which arguments of a function a transform differentiates by, and how other numbers are put there."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from autograd_core.errors import ArgumentError, NotAScalarError
from autograd_core.nesting.structures import Structure, flatten
from autograd_core.rules.scalars import counted, shortened

Argnums = int | Sequence[int]
"""Which arguments to differentiate by: the position of one, or several positions, for which results are tuples."""


def checked_argnums(call: str, argnums: Any) -> Argnums:
    """Return `argnums` as an int or a tuple of ints.

    Raises:
        ArgumentError: it is neither an int nor a sequence of ints, each once.
    """
    several = isinstance(argnums, (list, tuple))
    positions = tuple(_position(i) for i in (argnums if several else [argnums]))
    found = [i for i in positions if i is not None]
    if not positions or len(set(found)) < len(positions):
        raise ArgumentError(
            f"{call}: argnums must be the position of an argument, or a tuple of different positions; got "
            f"{shortened(argnums)}"
        )
    return tuple(found) if several else found[0]


def _position(i: Any) -> int | None:
    if isinstance(i, bool):
        return None
    try:
        return operator.index(i)
    except TypeError:
        return None


def all_arguments(call: str, x: Any, argnums: Argnums | None) -> tuple[Argnums, tuple[Any, ...]]:
    """Return the positions to differentiate by, and all arguments of the function.

    Without `argnums`, `x` is the only argument; with it, `x` is a tuple of all of them.

    Raises:
        ArgumentError: `argnums` is given, and `x` is no tuple or list.
    """
    if argnums is None:
        return 0, (x,)
    positions = checked_argnums(call, argnums)
    if not isinstance(x, (list, tuple)):
        raise ArgumentError(
            f"{call} with argnums={shortened(argnums)} takes as x the tuple of all arguments of the function, got "
            f"{type(x).__name__} {shortened(x)}: pass (x,) for one argument, or leave argnums out"
        )
    return positions, tuple(x)


def taken(call: str, argnums: Argnums, args: tuple[Any, ...]) -> tuple[Structure, list[Any]]:
    """Return the structure of the arguments to differentiate by, and the numbers in them.

    Raises:
        ArgumentError: there is no argument at a position, or two positions are of one argument.
        NotAScalarError: an argument holds something that is no number.
    """
    positions = _positions(call, argnums, args)
    try:
        parts = [flatten(args[i], f"{call}: argument {i}") for i in positions]
    except NotAScalarError as error:
        raise NotAScalarError(
            f"{error}; pass it as another argument, which argnums leaves out, or bind it with a lambda"
        ) from None
    numbers = [x for _, found in parts for x in found]
    if isinstance(argnums, int):
        return parts[0][0], numbers
    return Structure(tuple, [structure for structure, _ in parts]), numbers


def replaced(argnums: Argnums, args: tuple[Any, ...], structure: Structure, numbers: Sequence[Any]) -> list[Any]:
    """Return all arguments, with `numbers` instead of those that `taken` took out of them."""
    built = structure.build(numbers)
    arguments = list(args)
    for i, argument in zip(*([argnums], [built]) if isinstance(argnums, int) else (argnums, built), strict=True):
        arguments[i] = argument
    return arguments


def _positions(call: str, argnums: Argnums, args: tuple[Any, ...]) -> list[int]:
    positions = [argnums] if isinstance(argnums, int) else list(argnums)
    for i in positions:
        if not -len(args) <= i < len(args):
            raise ArgumentError(
                f"{call} differentiates by the argument at position {shortened(i)} (argnums={shortened(argnums)}), and "
                f"got {counted(len(args), 'positional argument')}: pass that argument by position, not by name"
            )
    if len({i % len(args) for i in positions}) < len(positions):
        raise ArgumentError(
            f"{call} differentiates by each argument once, and argnums={shortened(argnums)} names one of "
            f"{counted(len(args), 'argument')} twice"
        )
    return positions
