"""Program: a computation as a flat list of steps, each a row of the table applied to earlier numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograd_core.rules.rows import Primitive


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    Attributes:
        name: what it is called, such as `x[0]`.
        source: the Value, or the outer recording's Symbol, that it stands for; None for a number that is passed in.
    """

    name: str
    source: Any = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a step comes from: a line of the user's code, the label of its result, the part of a model that made it."""

    line: str = ""
    label: str = ""
    module: str = ""

    def __str__(self) -> str:
        return " ".join([x for x in (self.label, self.module, self.line) if x])


@dataclass(frozen=True, slots=True)
class Guard:
    """A branch that was taken while recording: `left relation right` was `outcome`.

    Attributes:
        step: how many steps come before it.
        relation: one of < <= == != > >=.
        left: the place of a number.
        right: the place of the number that it was compared with.
        outcome: what the comparison gave.
        line: the line of the user's code, `model.py:9`.
    """

    step: int
    relation: str
    left: int
    right: int
    outcome: bool
    line: str = ""

    def __str__(self) -> str:
        where = f"  # {self.line}" if self.line else ""
        return f"guard %{self.left} {self.relation} %{self.right} is {self.outcome}{where}"


@dataclass(frozen=True, eq=False)
class Program:
    """A computation in static single assignment form.

    Numbers stand at places, counted from 0: the inputs, then the constants, then the result of each step.

    Attributes:
        name: what errors call it.
        inputs: those that are passed in, then those that were captured.
        constants: floats, kept by their bits.
        primitives: the row of each step.
        offsets: where the operands of each step begin in `arguments`, and where the last ones end.
        arguments: the places of all operands.
        outputs: the places of the results.
        guards: the branches that were taken, in order.
        origins: of each step, where it comes from; empty if that was not kept.
        structure: how the inputs that are passed in were nested.
        results: how the outputs were nested.

    >>> from autograd_core.program.record import record
    >>> program = record(lambda x, y: x * y + 2.0, 3.0, 4.0)
    >>> for line in str(program).splitlines():
    ...     print(line.partition("  #")[0])
    program <lambda>, 2 inputs, 2 steps, 1 output
      %0 = input x
      %1 = input y
      %2 = constant 2.0
      %3 = multiply %0, %1
      %4 = add %3, %2
      return %4
    """

    name: str
    inputs: tuple[Input, ...]
    constants: array[float]
    primitives: tuple[Primitive, ...]
    offsets: array[int]
    arguments: array[int]
    outputs: tuple[int, ...]
    guards: tuple[Guard, ...] = ()
    origins: tuple[Origin | None, ...] = ()
    structure: Any = field(default=None, repr=False)
    results: Any = field(default=None, repr=False)

    @property
    def given(self) -> int:
        """How many numbers are there before the first step: inputs and constants."""
        return len(self.inputs) + len(self.constants)

    @property
    def size(self) -> int:
        """How many numbers there are in all."""
        return self.given + len(self.primitives)

    @property
    def captured(self) -> tuple[Any, ...]:
        """What the captured inputs stand for."""
        return tuple(x.source for x in self.inputs if x.source is not None)

    def operands(self, step: int) -> array[int]:
        """Return the places of the operands of a step."""
        return self.arguments[self.offsets[step] : self.offsets[step + 1]]

    def steps(self) -> Iterator[tuple[int, Primitive, array[int]]]:
        """Yield for each step the place of its result, its row, and the places of its operands."""
        offsets, arguments = self.offsets, self.arguments
        for step, primitive in enumerate(self.primitives):
            yield self.given + step, primitive, arguments[offsets[step] : offsets[step + 1]]

    def __str__(self) -> str:
        counts = (
            _counted(len(self.inputs), "input"),
            _counted(len(self.primitives), "step"),
            _counted(len(self.outputs), "output"),
        )
        lines = [f"program {self.name}, {', '.join(counts)}"]
        for place, x in enumerate(self.inputs):
            lines.append(f"  %{place} = {'input' if x.source is None else 'captured'} {x.name}")
        for place, number in enumerate(self.constants, len(self.inputs)):
            lines.append(f"  %{place} = constant {number!r}")
        guards = list(self.guards)
        for step, (place, primitive, operands) in enumerate(self.steps()):
            while guards and guards[0].step <= step:
                lines.append(f"  {guards.pop(0)}")
            written = f"  %{place} = {primitive.name} {', '.join(f'%{p}' for p in operands)}"
            origin = str(self.origins[step] or "") if self.origins else ""
            lines.append(f"{written}  # {origin}" if origin else written)
        lines += [f"  {guard}" for guard in guards]
        lines.append(f"  return {', '.join(f'%{p}' for p in self.outputs)}")
        return "\n".join(lines)


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
