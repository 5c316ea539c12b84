"""Seeds: what draws random numbers, for `seed=` of any call."""

from __future__ import annotations

import random
from typing import Any, Protocol

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened

Seed = int | random.Random | None


class Source(Protocol):
    """What draws random numbers: an instance of `random.Random`, or the module `random` itself."""

    def uniform(self, a: float, b: float) -> float:
        """Return a number between a and b."""

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """Return a normally distributed number."""

    def shuffle(self, x: list[Any]) -> None:
        """Put a list into random order, in place."""

    def getstate(self) -> tuple[Any, ...]:
        """Return where it stands."""

    def setstate(self, state: Any) -> None:
        """Go on from where it stood."""


def source_of(seed: Seed) -> Source:
    """Return what draws random numbers: `random.Random(seed)`, or the `random` module itself for None.

    Raises:
        DomainError: the seed is not an int.
    """
    if seed is None:
        return random
    if isinstance(seed, random.Random):
        return seed
    if isinstance(seed, float) or not hasattr(type(seed), "__index__"):
        raise DomainError(f"seed takes an int, a random.Random or None, got {shortened(seed)}")
    return random.Random(seed.__index__())


def shared(seed: Seed) -> Seed:
    """Return a seed for several modules: each goes on drawing where the one before stopped.

    Raises:
        DomainError: the seed is not an int.

    >>> from nn import Linear
    >>> source = shared(0)
    >>> Linear(1, 1, seed=source).weight[0][0] == Linear(1, 1, seed=source).weight[0][0]
    False
    """
    source = source_of(seed)
    return source if isinstance(source, random.Random) else None
