"""How rows are written as formulas: sums, products, powers, and the identities by which people write slopes.

sigmoid(-x) is 1 - sigmoid(x), and exp(x_j) / sum(exp(x_i)) is an entry of a softmax. No rule of differentiation
stands here: what is written comes from the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from autograd_core.derivation.formula import Formula, of_atom, of_number, product, raised, softmax_entry, summed
from autograd_core.derivation.terms import Atom, factors_key
from autograd_core.rules.ieee import divide
from autograd_core.rules.table import TABLE

_GREATEST_POWER: Final = 9


def _power(base: Formula, exponent: Formula) -> Formula | None:
    k = exponent.number
    if not _is_constant(exponent) or k != round(k) or not 0 < k <= _GREATEST_POWER:
        return None
    return base if k == 1.0 else raised(base, int(k))


def _quotient(a: Formula, b: Formula) -> Formula | None:
    softmax = _softmax(a, b)
    if softmax is not None:
        return softmax
    inverse = raised(b, -1)
    return None if inverse is None else product(a, inverse, divide(a.number, b.number))


def _softmax(a: Formula, b: Formula) -> Formula | None:
    """One entry of a softmax, if this is one; the largest operand, which is taken off each, is put back."""
    operands: list[Formula] = []
    entry = None
    for term in b.terms or ():
        c, factors = term
        if c != 1.0 or len(factors) != 1 or not _is(factors[0][0], "exp"):
            return None
        if a.terms == (term,):
            entry = len(operands)
        (power,) = factors[0][0].operands
        peaks = [atom for _, inner in power.terms or () for atom, _ in inner if _is(atom, "peak")]
        if len(peaks) != 1:
            return None
        operands.append(power + of_atom(peaks[0], a.names))
    if entry is None or len(operands) < 2:
        return None
    return of_atom(softmax_entry(entry, _shifted(operands), a.names), a.names)


def _shifted(operands: list[Formula]) -> tuple[Formula, ...]:
    """A softmax does not change if all operands do by the same: (0, b - a, c - a) is written (a, b, c)."""
    others = [f for f in operands if f.terms]
    if len(others) == len(operands):
        return tuple(operands)
    for c, factors in others[0].terms or ():
        if c == -1.0 and all(
            (c, factors_key(factors)) in [(d, factors_key(more)) for d, more in f.terms or ()] for f in others
        ):
            taken = Formula(((1.0, factors),), math.prod(atom.number**k for atom, k in factors), others[0].names)
            return tuple(f + taken for f in operands)
    return tuple(operands)


def _sigmoid(x: Formula) -> Formula | None:
    if x.terms and all(c < 0.0 for c, _ in x.terms):
        return 1.0 - x.__apply_primitive__(TABLE["sigmoid"], (-x,))
    return None


def _dot(*xs_then_ys: Formula) -> Formula:
    half = len(xs_then_ys) // 2
    return summed([x * y for x, y in zip(xs_then_ys[:half], xs_then_ys[half:], strict=True)], xs_then_ys[0].names)


def _is(atom: Atom, name: str) -> bool:
    return atom.function is not None and atom.function.key == name


def _is_constant(f: Formula) -> bool:
    return all(not factors for _, factors in f.terms or ())


WRITTEN_OUT: Final[dict[str, Callable[..., Formula | None]]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": _quotient,
    "negative": lambda x: -x,
    "square": lambda x: raised(x, 2),
    "reciprocal": lambda x: _quotient(of_number(1.0, x.names), x),
    "power": _power,
    "one_minus_square": lambda x: None if (y := raised(x, 2)) is None else 1.0 - y,
    "sum": lambda *xs: summed(xs, xs[0].names),
    "prod": lambda *xs: math.prod(xs, start=of_number(1.0, xs[0].names)),
    "dot": _dot,
    "sigmoid": _sigmoid,
    "where": lambda condition, a, b: a if condition.number != 0.0 else b,
    "is_zero": lambda x: of_number(1.0 if x.number == 0.0 else 0.0, x.names),
}
"""By the name of a row, its application to formulas as a formula; None where it stays an application."""
