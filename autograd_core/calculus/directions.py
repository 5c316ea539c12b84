"""Directions: derivatives along one direction, in forward mode with dual numbers, which keep no graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.calculus.argnums import Argnums, replaced, taken
from autograd_core.calculus.outputs import checked_open, outputs_of
from autograd_core.calculus.tracing import as_outside, recording
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.lifted import Lifted, new_level
from autograd_core.nesting.matching import matching
from autograd_core.nesting.structures import Structure, is_nothing


def pushed(call: str, f: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], v: Any) -> tuple[Any, Any]:
    """Return the result of `f(*args)`, and its derivative as the arguments at `argnums` move along `v`.

    Raises:
        ShapeError: `v` has not one number for each number in those arguments.
    """
    structure, numbers = taken(call, argnums, args)
    direction = [None if is_nothing(t) else t for t in matching(structure, v, call, "v", "x")]
    outputs, moved = moved_along(lambda duals: f(*replaced(argnums, args, structure, duals)), numbers, direction, call)
    return outputs.build([primal for primal, _ in moved]), outputs.build([tangent for _, tangent in moved])


def moved_along(
    f: Callable[[list[Any]], Any], numbers: Sequence[Any], direction: Sequence[Any], call: str
) -> tuple[Structure, list[tuple[Any, Any]]]:
    """Return the structure of the result of `f`, and each number in it with its derivative along a direction.

    Args:
        f: takes the list of numbers.
        numbers: where to differentiate.
        direction: one number for each; None for a number that does not move.
        call: how errors begin.
    """
    with new_level() as level, recording():
        result = f([Dual(level, x, t) for x, t in zip(numbers, direction, strict=True)])
    outputs, ys = outputs_of(result, call)
    pairs = [parts_of(y, level, 2, call) for y in ys]
    return outputs, [(primal, tangent) for primal, tangent in pairs]


def unit(i: int, n: int) -> list[float | None]:
    """Return the direction in which only number `i` of `n` moves."""
    return [1.0 if j == i else None for j in range(n)]


def parts_of(y: Any, level: int, count: int, call: str) -> list[Any]:
    """Return the parts of a result of this level: value and tangent, or coefficients. A constant has only the first.

    Raises:
        GraphError: a part belongs to another transform, which is over.
    """
    parts = y.parts() if isinstance(y, Lifted) and y.level == level else [y, *[None] * (count - 1)]
    for part in parts:
        if isinstance(part, Lifted):
            checked_open(part, call)
    return [0.0 if part is None else as_outside(part) for part in parts]
