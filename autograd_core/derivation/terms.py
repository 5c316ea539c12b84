"""What formulas are made of: terms, each a number times a product of atoms with powers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from autograd_core.rules.rows import Primitive

if TYPE_CHECKING:
    from autograd_core.derivation.formula import Formula

LONGEST: Final = 24
"""How many names and numbers a formula may hold. What is longer nobody reads: it is not kept."""


@dataclass(frozen=True)
class Atom:
    """A factor that is not taken apart: a name, a function of formulas, or a sum in brackets.

    Attributes:
        key: tells it from others.
        number: its value.
        size: how many names and numbers it holds.
        name: what it is called, if it has a name.
        function: the row of the table that it is an application of, or None.
        operands: what the function is applied to; for a sum in brackets, the sum.
        entry: for one entry of a softmax, which.
    """

    key: str
    number: float
    size: int = 1
    name: str = ""
    function: Primitive | None = None
    operands: tuple[Formula, ...] = ()
    entry: int | None = None

    @property
    def is_sum(self) -> bool:
        """Whether it is a sum in brackets."""
        return not self.name and self.function is None and self.entry is None


Factors: TypeAlias = tuple[tuple[Atom, int], ...]
Terms: TypeAlias = tuple[tuple[float, Factors], ...]
Names: TypeAlias = dict[str, tuple[str, str]]
"""The key and the name to write instead of a function application: where p = sigmoid(z) has a name, p is written."""


def factors_key(factors: Factors) -> str:
    """Return what is the same for the same factors, in whatever order."""
    return "*".join(sorted(f"{atom.key}^{power}" for atom, power in factors))


def size_of(term: tuple[float, Factors]) -> int:
    """Return how many names and numbers a term holds."""
    c, factors = term
    return sum(atom.size * min(abs(power), 2) for atom, power in factors) + (not factors or abs(c) != 1.0)


def merged(terms: Sequence[tuple[float, Factors]]) -> Terms:
    """Return a sum with like terms added."""
    sums: dict[str, tuple[float, Factors]] = {}
    for c, factors in terms:
        key = factors_key(factors)
        sums[key] = (sums[key][0] + c if key in sums else c, factors)
    return tuple((c, factors) for c, factors in sums.values() if c != 0.0)


def multiplied_out(term: tuple[float, Factors]) -> list[tuple[float, Factors]]:
    """Return a product with sums in brackets as a sum of products."""
    parts: list[tuple[float, Factors]] = [(term[0], ())]
    for atom, power in term[1]:
        inner = atom.operands[0].terms or () if atom.is_sum and power == 1 else ((1.0, ((atom, power),)),)
        parts = [(c * d, times(left, right)) for c, left in parts for d, right in inner]
        if len(parts) > LONGEST:
            return [term]
    return parts


def times(left: Factors, right: Factors) -> Factors:
    """Return the product of two products; x / x is left out only where it is 1."""
    powers: dict[tuple[str, bool], tuple[Atom, int]] = {}
    for atom, power in (*left, *right):
        key = atom.key, power < 0 and not 0.0 < abs(atom.number) < math.inf
        powers[key] = (atom, powers[key][1] + power if key in powers else power)
    return tuple((atom, power) for atom, power in powers.values() if power != 0)
