"""Dropout: numbers left out at random in training, so that no unit relies on a single other one."""

from __future__ import annotations

import random
from typing import Any, ClassVar

from autograd_core.errors import DomainError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float, shortened
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import where
from nn.inputs.seeds import Seed, Source, source_of
from nn.layers.activations import each


class Dropout(ByExample):
    """In training, set each number to 0 with probability p and divide the others by 1 - p; else leave all alone.

    Called with a number, a list of numbers or Values, or a batch of them, it returns the same shape.

    What is left out while `record` calls the module is left out at each replay: the choices are constants of a program.

    Args:
        p: the probability of being left out, from 0 to 1.
        seed: an int for the same choices each time; None draws from Python's `random` module. With a seed, the
            choices of a call depend on it and on `draws`, the number of calls before it, which is saved with the
            parameters: a run that is taken up again goes on as it would have.

    Raises:
        DomainError: p lies outside [0, 1], or the seed is not an int.

    Source: Srivastava et al. 2014.

    >>> dropout = Dropout(0.5, seed=1)
    >>> dropout([1.0, 2.0, 3.0, 4.0])
    [2.0, 0.0, 6.0, 0.0]
    >>> dropout.eval()([1.0, 2.0, 3.0, 4.0])
    [1.0, 2.0, 3.0, 4.0]
    """

    buffers: ClassVar[tuple[str, ...]] = ("draws",)

    def __init__(self, p: float = 0.5, *, seed: Seed = None) -> None:
        self.p = as_float(p, "Dropout(p)")
        if not 0.0 <= self.p <= 1.0:
            raise DomainError(f"Dropout(p) takes a probability from 0 to 1, got {shortened(p)}")
        source = source_of(seed)
        self.seed = None if seed is None else int(source.uniform(0.0, 2.0**53))
        self.draws = 0

    def forward(self, x: Any) -> Any:
        """Return one example with some of its numbers left out."""
        if not self.training or self.p == 0.0:
            return x
        source: Source = random if self.seed is None else random.Random(f"{self.seed} {self.draws}")

        def drop(element: Any) -> Any:
            factor = 0.0 if source.uniform(0.0, 1.0) < self.p else 1.0 / (1.0 - self.p)
            return (element if is_operand(element) else as_float(element, where(self))) * factor

        outputs = each(self, drop, x)
        self.draws += 1
        return outputs

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"p={self.p}"
