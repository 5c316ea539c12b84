"""What formulas are made of: an expression is a sum of terms, a term a number times powers of atoms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from autograd_core.rules.rows import Primitive

LONGEST: Final = 24
"""How many names and numbers a formula may hold. Beyond that its terms are dropped: it is too long to be read."""


@dataclass(frozen=True)
class Atom:
    """A factor that is not taken apart: a name, a function applied to expressions, or a sum in brackets.

    Attributes:
        key: identifies it; atoms with the same key are equal.
        number: its value.
        size: how many names and numbers it holds.
        name: what it is called, if it has a name.
        function: the row of the table that is applied, or None.
        operands: what the function is applied to; for a sum in brackets, that sum alone.
        entry: for one entry of a softmax, which one.
    """

    key: str
    number: float = field(compare=False)
    size: int = field(default=1, compare=False)
    name: str = field(default="", compare=False)
    function: Primitive | None = field(default=None, compare=False)
    operands: tuple[Expression, ...] = field(default=(), compare=False)
    entry: int | None = field(default=None, compare=False)

    @property
    def is_sum(self) -> bool:
        """Whether it is a sum in brackets."""
        return not self.name and self.function is None and self.entry is None


Factors: TypeAlias = tuple[tuple[Atom, int], ...]
"""Atoms, each with its power."""
Term: TypeAlias = tuple[float, Factors]
Terms: TypeAlias = tuple[Term, ...]
Names: TypeAlias = dict[str, tuple[str, str]]
"""For the key of a function application the key and the name of the node that it is: p instead of sigmoid(z)."""


class Expression:
    """A sum of terms, such as 2·x·y - 1, with the number that it comes to.

    Args:
        terms: its terms; None if it has been found too long. More than LONGEST names and numbers are dropped too.
        number: its value.
        names: the names to write in place of function applications.
    """

    __slots__ = ("terms", "number", "names", "size")

    def __init__(self, terms: Terms | None, number: float, names: Names) -> None:
        size = 0 if terms is None else sum(size_of(term) for term in terms)
        self.terms = terms if size <= LONGEST else None
        self.number = number
        self.names = names
        self.size = size

    @property
    def has_names(self) -> bool:
        """Whether it is more than a number, and short enough to be kept."""
        return any(factors for _, factors in self.terms or ())

    @property
    def is_constant(self) -> bool:
        """Whether it is a number."""
        return all(not factors for _, factors in self.terms or ())

    @property
    def key(self) -> str:
        """A string that is the same for the same sum, whatever the order of its terms."""
        if self.terms is None:
            return "?"
        return "+".join(sorted(f"{c!r}*{factors_key(factors)}" for c, factors in self.terms))


def factors_key(factors: Factors) -> str:
    """Return a string that is the same for the same factors, whatever their order."""
    return "*".join(sorted(f"{atom.key}^{power}" for atom, power in factors))


def size_of(term: Term) -> int:
    """Return how many names and numbers a term holds; a power counts its atom twice."""
    c, factors = term
    return sum(atom.size * min(abs(power), 2) for atom, power in factors) + (not factors or abs(c) != 1.0)
