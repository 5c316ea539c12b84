"""A row of the table applied to expressions: as a sum or a product, by an identity that people use, or as a function.

sigmoid(-x) is 1 - sigmoid(x), and exp(x_j) / sum(exp(x_i)) is an entry of a softmax. There is no rule of
differentiation here: what is written comes from the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final

from autograd_core.derivation.atoms import application, constant, of_atom, softmax_entry
from autograd_core.derivation.expression import LONGEST, Expression, Names, Terms, factors_key
from autograd_core.derivation.products import GREATEST_POWER, multiplied, product, raised
from autograd_core.derivation.sums import difference, negated, summed
from autograd_core.rules.ieee import divide
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import TABLE, exp, peak


def applied(row: Primitive, operands: Sequence[Expression], names: Names) -> Expression:
    """Return a row applied to expressions, simplified."""
    number = row.evaluate([f.number for f in operands])
    if any(f.terms is None for f in operands) or len(operands) > LONGEST:
        return Expression(None, number, names)
    written = WRITTEN_OUT.get(row.key)
    found = None if written is None else written(*operands)
    return application(row, operands, number, names) if found is None else found


def _power(base: Expression, exponent: Expression) -> Expression | None:
    k = exponent.number
    if not exponent.is_constant or k != round(k) or not 0 < k <= GREATEST_POWER:
        return None
    return base if k == 1.0 else raised(base, int(k))


def _reciprocal(x: Expression) -> Expression | None:
    return _quotient(constant(1.0, x.names), x)


def _quotient(a: Expression, b: Expression) -> Expression | None:
    softmax = _softmax(a, b)
    if softmax is not None:
        return softmax
    inverse = raised(b, -1)
    return None if inverse is None else product(a, inverse, divide(a.number, b.number))


def _softmax(a: Expression, b: Expression) -> Expression | None:
    """Return a / b as an entry of a softmax, if it is one."""
    operands: list[Expression] = []
    entry = None
    for term in b.terms or ():
        operand = _exponent((term,), b.names)
        if operand is None:
            return None
        if a.terms == (term,):
            entry = len(operands)
        operands.append(operand)
    if entry is None or len(operands) < 2:
        return None
    return of_atom(softmax_entry(entry, _without_shift(operands), a.names), a.names)


def _exponent(terms: Terms, names: Names) -> Expression | None:
    """Return x, if the terms are exp(x - peak) alone; the peak is the largest operand, taken off each by softmax()."""
    ((c, factors),) = terms
    if c != 1.0 or len(factors) != 1 or factors[0][0].function is not exp:
        return None
    (power,) = factors[0][0].operands
    peaks = [atom for _, inner in power.terms or () for atom, _ in inner if atom.function is peak]
    return summed([power, of_atom(peaks[0], names)], power.names) if len(peaks) == 1 else None


def _without_shift(operands: list[Expression]) -> tuple[Expression, ...]:
    """Return the operands of a softmax as people write them: (0, b - a, c - a) as (a, b, c).

    A softmax does not change if the same is added to all its operands.
    """
    others = [f for f in operands if f.terms]
    if len(others) == len(operands):
        return tuple(operands)
    for c, factors in others[0].terms or ():
        key = factors_key(factors)
        if c == -1.0 and all((c, key) in [(d, factors_key(more)) for d, more in f.terms or ()] for f in others):
            taken = Expression(((1.0, factors),), math.prod(atom.number**k for atom, k in factors), others[0].names)
            return tuple(summed([f, taken], f.names) for f in operands)
    return tuple(operands)


def _sigmoid(x: Expression) -> Expression | None:
    if x.terms and all(c < 0.0 for c, _ in x.terms):
        return difference(constant(1.0, x.names), applied(TABLE["sigmoid"], [negated(x)], x.names))
    return None


def _one_minus_square(x: Expression) -> Expression | None:
    square = raised(x, 2)
    return None if square is None else difference(constant(1.0, x.names), square)


def _sum(*xs: Expression) -> Expression:
    return summed(xs, xs[0].names)


def _prod(*xs: Expression) -> Expression:
    return reduce(multiplied, xs, constant(1.0, xs[0].names))


def _dot(*xs_then_ys: Expression) -> Expression:
    half = len(xs_then_ys) // 2
    return _sum(*map(multiplied, xs_then_ys[:half], xs_then_ys[half:]))


WRITTEN_OUT: Final[dict[str, Callable[..., Expression | None]]] = {
    "add": _sum,
    "subtract": difference,
    "multiply": multiplied,
    "divide": _quotient,
    "negative": negated,
    "square": lambda x: raised(x, 2),
    "reciprocal": _reciprocal,
    "power": _power,
    "one_minus_square": _one_minus_square,
    "sum": _sum,
    "prod": _prod,
    "dot": _dot,
    "sigmoid": _sigmoid,
    "where": lambda condition, a, b: a if condition.number != 0.0 else b,
    "is_zero": lambda x: constant(1.0 if x.number == 0.0 else 0.0, x.names),
}
"""By the key of a row, what it gives on expressions; None where it stays a function that is applied."""
