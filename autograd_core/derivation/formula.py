"""Formula: an interpreter of the table that writes down what it is asked to compute.

Where a rule of the table is called on Formulas instead of numbers, its result is the rule as a formula. A Formula
knows its number too, so that a rule that branches takes the branch that was taken. How a formula is simplified stands
in `sums`, `products` and `identities`.
"""

from __future__ import annotations

from typing import Any

from autograd_core.derivation.atoms import constant, of_atom
from autograd_core.derivation.expression import Atom, Expression, Names
from autograd_core.derivation.formula_latex import latex
from autograd_core.derivation.formula_text import text
from autograd_core.derivation.identities import applied
from autograd_core.interpreters.operators import RELATIONS, Operators
from autograd_core.rules.rows import Primitive


class Formula(Operators):
    """An expression under the operators of the table.

    Args:
        expression: what it says; its `terms` are None where that is too long to be read.
    """

    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    @staticmethod
    def of_number(x: float, names: Names) -> Formula:
        """Return a constant as a formula."""
        return Formula(constant(x, names))

    @staticmethod
    def of_atom(atom: Atom, names: Names) -> Formula:
        """Return the formula that is one name or function."""
        return Formula(of_atom(atom, names))

    @property
    def number(self) -> float:
        """What it comes to."""
        return self.expression.number

    @property
    def is_kept(self) -> bool:
        """Whether it is short enough to be written."""
        return self.expression.terms is not None

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Formula:
        """See `autograd_core.rules.rows.Differentiable`."""
        names = self.expression.names
        expressions = [x.expression if isinstance(x, Formula) else constant(float(x), names) for x in operands]
        return Formula(applied(primitive, expressions, names))

    def _compare(self, relation: str, other: object) -> bool:
        return RELATIONS[relation](self.number, other.number if isinstance(other, Formula) else other)

    def __str__(self) -> str:
        return text(self.expression, spaced=True) if self.is_kept else "..."

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return f"${latex(self.expression) if self.is_kept else '...'}$"
