"""What a derivation shows, row by row. Text and LaTeX are two ways to write these rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from autograd_core.derivation.expression import Expression
from autograd_core.rules.rows import Primitive

T = TypeVar("T")

SHOWN: Final = 8
"""How many paths are written out."""

_LONG: Final = 10
_AT_THE_END: Final = 2


@dataclass(frozen=True)
class Factor:
    """One step of a path: the local derivative ∂above/∂below.

    Attributes:
        above: the name of the node.
        below: the name of its parent.
        formula: the local derivative; None where it is too long, or is not known.
        number: its value.
    """

    above: str
    below: str
    formula: Expression | None
    number: float

    @property
    def is_sum(self) -> bool:
        """Whether the formula is a sum, which takes brackets in a product."""
        return self.formula is not None and len(self.formula.terms or ()) > 1


@dataclass(frozen=True)
class PathRow:
    """One path.

    Attributes:
        factors: its steps; None in the place of those that are left out of a long path.
        product: their product.
        has_formulas: whether any of the local derivatives says more than its number does.
        is_wide: whether its slopes and its formulas do not fit into one line.
    """

    factors: tuple[Factor | None, ...]
    product: float
    has_formulas: bool
    is_wide: bool


@dataclass(frozen=True)
class Definition:
    """What a node is.

    Attributes:
        name: the name of the node.
        primitive: the row of the table that computed it; None for a leaf.
        operands: what the row was applied to: names, and the numbers of what has no name.
        number: its value.
    """

    name: str
    primitive: Primitive | None
    operands: tuple[str | float, ...]
    number: float


@dataclass(frozen=True)
class DerivationRows:
    """All that a derivation shows.

    Attributes:
        y: the name of the result.
        x: the name of what it is differentiated by.
        total: dy/dx.
        count: how many paths there are.
        summary: says so, in words; empty for one path.
        paths: those that are written out.
        note: how many more there are and what they come to, in words; empty if there are none.
        whole: dy/dx as one formula; None if it is too long, or says nothing that the paths do not say.
        definitions: what the nodes between y and x are.
        more: how many more definitions there are.
    """

    y: str
    x: str
    total: float
    count: int
    summary: str
    paths: tuple[PathRow, ...]
    note: str
    whole: Expression | None
    definitions: tuple[Definition, ...]
    more: int


def without_middle(factors: Sequence[T]) -> list[T | None]:
    """Return a product, a long one with None in the place of its middle.

    >>> without_middle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    [1, 2, 3, 4, 5, 6, 7, None, 10, 11]
    """
    if len(factors) <= _LONG:
        return list(factors)
    return [*factors[: _LONG - 1 - _AT_THE_END], None, *factors[-_AT_THE_END:]]
