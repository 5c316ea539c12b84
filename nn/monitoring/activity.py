"""Activity: what the outputs of one layer did within a step, unit by unit."""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_core.engine.modes import ACTIVE, modes
from autograd_core.engine.no_grad import no_grad
from autograd_core.engine.value import Value

STEEPEST: Final = {
    "sigmoid": 0.25,
    "tanh": 1.0,
    "relu": 1.0,
    "leaky_relu": 1.0,
    "elu": 1.0,
    "gelu": 1.13,
    "silu": 1.1,
    "softplus": 1.0,
}
"""The activations whose slope is looked at, and their largest slope."""

BOUNDED: Final = frozenset({"sigmoid", "tanh"})
"""Those that saturate on both sides."""

SATURATED: Final = 0.06
"""Up to this share of its largest slope an activation is saturated: |tanh| above 0.97, a sigmoid 0.015 from 0 or 1."""

DEAD: Final = 1e-6
"""A unit whose slope is at most this in every example passes no gradient."""


class Unit:
    """One output of a layer over the examples of a step."""

    __slots__ = ("alive", "count", "mean", "saturated", "squares")

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0  # the sum of squared distances from the mean, kept as Welford 1962 does
        self.saturated = 0
        self.alive = False

    def see(self, x: float) -> None:
        """Take in the output for one example."""
        self.count += 1
        distance = x - self.mean
        self.mean += distance / self.count
        self.squares += distance * (x - self.mean)


class Activity:
    """What the outputs of one layer did since `clear()`. Call it with each output.

    Attributes:
        activation: the name of the activation that the outputs came from, or None if they came from none.
        units: one entry for each number of an output.
    """

    def __init__(self) -> None:
        self.activation: str | None = None
        self.units: list[Unit] = []

    def clear(self) -> None:
        """Begin anew."""
        self.units = []

    def __call__(self, output: Any) -> None:
        """Take in an output, of one example or of several; what is not recorded for gradients does not count.

        Of a pair (outputs, state), which recurrent modules return, the outputs are taken.
        """
        if ACTIVE.count and any(isinstance(mode, no_grad) for mode in modes()):
            return
        if isinstance(output, tuple) and output and isinstance(output[0], (list, tuple)):
            output = output[0]
        stack = [output]
        while stack:
            part = stack.pop()
            if not isinstance(part, (list, tuple)):
                self._see([part])
            elif part and isinstance(part[0], (list, tuple)):
                stack.extend(reversed(part))
            else:
                self._see(part)

    def _see(self, example: Any) -> None:
        """Take in the numbers of one example. They come from one activation, so the first tells which."""
        units = self.units
        while len(units) < len(example):
            units.append(Unit())
        first = next((x for x in example if isinstance(x, Value)), None)
        row = None if first is None else first.primitive
        name = None if row is None else row.name
        steepest = STEEPEST.get(name) if name is not None else None
        if steepest is not None:
            self.activation = name
        for unit, x in zip(units, example, strict=False):
            if isinstance(x, Value):
                unit.see(x.data)
                if steepest is not None and x.primitive is row:
                    slope = abs(x.local_derivatives[0])
                    unit.alive = unit.alive or slope > DEAD
                    unit.saturated += slope <= SATURATED * steepest
                else:
                    unit.alive = True

    @property
    def examples(self) -> int:
        """How many examples were seen."""
        return self.units[0].count if self.units else 0

    @property
    def mean(self) -> float:
        """The mean over units and examples; nan if nothing was seen."""
        count = sum(unit.count for unit in self.units)
        return sum(unit.mean * unit.count for unit in self.units) / count if count else math.nan

    @property
    def spread(self) -> float:
        """How far a unit's outputs differ from example to example: their standard deviation.

        The root of the mean over the units of the variance over the examples; nan for fewer than two examples.
        """
        variances = [unit.squares / unit.count for unit in self.units if unit.count > 1]
        return math.sqrt(sum(variances) / len(variances)) if variances else math.nan

    @property
    def saturated(self) -> float:
        """The share of outputs on the flat parts of a sigmoid or tanh; nan for any other activation."""
        count = sum(unit.count for unit in self.units)
        if self.activation not in BOUNDED or not count:
            return math.nan
        return sum(unit.saturated for unit in self.units) / count

    @property
    def dead(self) -> list[bool] | None:
        """For each unit whether it passed no gradient in any example; None where there is no activation."""
        if self.activation is None or not self.units:
            return None
        return [not unit.alive for unit in self.units]
