"""Initialisers: how the weights of a layer start.

An initialiser is called with (nout, nin, source) and returns one row of nin floats for each output. `source`
draws the numbers: a seeded `random.Random`, or Python's `random` module, which `random.seed()` governs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, Final, Protocol

from autograd_core.errors import DomainError, ShapeError
from autograd_core.scalars import number, shortened

Matrix = list[list[float]]


class Source(Protocol):
    """What draws random numbers: an instance of `random.Random`, or the module `random` itself."""

    def uniform(self, a: float, b: float) -> float:
        """Return a number between a and b."""

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """Return a normally distributed number."""

    def shuffle(self, x: list[Any]) -> None:
        """Put a list into random order, in place."""


Initialiser = Callable[[int, int, Source], Matrix]
Seed = int | random.Random | None


def uniform(nout: int, nin: int, source: Source) -> Matrix:
    """Uniform in [-1, 1], as micrograd draws it, whatever the layer's width.

    >>> uniform(1, 2, random.Random(0))
    [[0.6888437030500962, 0.515908805880605]]
    """
    return _uniform(nout, nin, 1.0, source)


def fan_in(nout: int, nin: int, source: Source) -> Matrix:
    """Uniform in [-1/sqrt(nin), 1/sqrt(nin)], as PyTorch's Linear draws it."""
    return _uniform(nout, nin, 1.0 / math.sqrt(nin), source)


def xavier(nout: int, nin: int, source: Source) -> Matrix:
    """Uniform with variance 2 / (nin + nout): keeps signals and gradients alike in size through tanh and sigmoid.

    Source: Glorot and Bengio 2010, equation 16.
    """
    return _uniform(nout, nin, math.sqrt(6.0 / (nin + nout)), source)


def xavier_normal(nout: int, nin: int, source: Source) -> Matrix:
    """Normal with variance 2 / (nin + nout). Source: Glorot and Bengio 2010, equation 12."""
    return _normal(nout, nin, math.sqrt(2.0 / (nin + nout)), source)


def he(nout: int, nin: int, source: Source) -> Matrix:
    """Normal with variance 2 / nin: keeps signals alike in size through relu, which drops one half of them.

    Source: He et al. 2015, equation 10.
    """
    return _normal(nout, nin, math.sqrt(2.0 / nin), source)


def he_uniform(nout: int, nin: int, source: Source) -> Matrix:
    """Uniform with variance 2 / nin. Source: He et al. 2015."""
    return _uniform(nout, nin, math.sqrt(6.0 / nin), source)


def zeros(nout: int, nin: int, source: Source) -> Matrix:
    """All 0. A hidden layer that starts so cannot learn: its neurons stay equal."""
    return [[0.0] * nin for _ in range(nout)]


INITIALISERS: Final[dict[str, Initialiser]] = {
    row.__name__: row for row in (uniform, fan_in, xavier, xavier_normal, he, he_uniform, zeros)
}
"""The initialisers that `init="..."` names."""


def draw(init: str | Initialiser, nout: int, nin: int, source: Source) -> Matrix:
    """Return nout rows of nin weights, drawn by an initialiser given by name or as a function.

    Raises:
        DomainError: no initialiser has this name, or a weight is not finite.
        ShapeError: the function returned other than nout rows of nin numbers.
    """
    if isinstance(init, str) and init in INITIALISERS:
        init = INITIALISERS[init]
    if isinstance(init, str) or not callable(init):
        raise DomainError(
            f"init takes the name of an initialiser or a function (nout, nin, source), got {shortened(init)}; "
            f"the names are {', '.join(INITIALISERS)}"
        )
    rows = [list(row) for row in init(nout, nin, source)]
    if [len(row) for row in rows] != [nin] * nout:
        raise ShapeError(
            f"init must return {nout} rows of {nin} weights, got rows of {shortened([len(row) for row in rows])}"
        )
    weights = [[number(weight) for weight in row] for row in rows]
    if any(weight is None or not math.isfinite(weight) for row in weights for weight in row):
        raise DomainError(f"init must return finite numbers, got {shortened(rows)}")
    return [[weight for weight in row if weight is not None] for row in weights]


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


def _uniform(nout: int, nin: int, bound: float, source: Source) -> Matrix:
    return [[source.uniform(-bound, bound) for _ in range(nin)] for _ in range(nout)]


def _normal(nout: int, nin: int, deviation: float, source: Source) -> Matrix:
    return [[source.gauss(0.0, deviation) for _ in range(nin)] for _ in range(nout)]
