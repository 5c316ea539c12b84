"""The reference machine: a loop over the steps of a Program, which defines what every other machine must return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_core.errors import PathError
from autograd_core.interpreters.operators import RELATIONS
from autograd_core.program.form import Guard, Program


def run(program: Program, given: Sequence[Any]) -> list[Any]:
    """Return the numbers at all places.

    Args:
        program: what to do.
        given: a number for each input, captured ones too: floats, or objects of any interpreter.

    Raises:
        PathError: the function that was recorded takes another branch at these numbers.
    """
    numbers: list[Any] = [*given, *program.constants]
    guards = iter(program.guards)
    guard = next(guards, None)
    for step, (_, primitive, operands) in enumerate(program.steps()):
        while guard is not None and guard.step <= step:
            _check(program, guard, numbers)
            guard = next(guards, None)
        numbers.append(primitive.apply(tuple([numbers[p] for p in operands])))
    while guard is not None:
        _check(program, guard, numbers)
        guard = next(guards, None)
    return numbers


def outputs(program: Program, numbers: Sequence[Any]) -> list[Any]:
    """Return the outputs among the numbers at all places."""
    return [numbers[place] for place in program.outputs]


def _check(program: Program, guard: Guard, numbers: Sequence[Any]) -> None:
    left, right = numbers[guard.left], numbers[guard.right]
    if RELATIONS[guard.relation](left, right) != guard.outcome:
        at = f" at {guard.line}" if guard.line else ""
        raise PathError(
            f"program {program.name} was recorded where `a {guard.relation} b`{at} is {guard.outcome}. Here it is "
            f"{not guard.outcome}, with a = {left!r} and b = {right!r}: another branch is taken, so record it again"
        )
