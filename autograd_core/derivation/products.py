"""Products and powers of expressions, with factors cancelled where that leaves less to read."""

from __future__ import annotations

import math
from typing import Final

from autograd_core.derivation.atoms import application, as_term, constant
from autograd_core.derivation.expression import Atom, Expression, Factors, Names, size_of
from autograd_core.derivation.sums import difference, negated, normal, summed, with_sign_inside
from autograd_core.derivation.terms import times
from autograd_core.rules.ieee import divide
from autograd_core.rules.table import hypot, sech, tanh

GREATEST_POWER: Final = 9
"""The largest power that is written with an exponent; functions with larger ones are applications of `power`."""


def multiplied(a: Expression, b: Expression) -> Expression:
    """Return the product of two expressions."""
    return product(a, b, a.number * b.number)


def product(a: Expression, b: Expression, number: float) -> Expression:
    """Return the product of two expressions, of which the number is known."""
    if a.terms is None or b.terms is None:
        return Expression(None, number, a.names)
    for factor, other in ((a, b), (b, a)):
        if factor.terms == ((-1.0, ()),):
            return negated(other)
    (c, left), (d, right) = as_term(a), as_term(b)
    return _of_factors(c * d, times(left, right), number, a.names)


def raised(f: Expression, power: int) -> Expression | None:
    """Return a power of an expression; None of one that is 0, or where the power is too large to be written."""
    if not f.terms:
        return None
    c, factors = as_term(f)
    if any(abs(k * power) > GREATEST_POWER for _, k in factors):
        return None
    number, c = (divide(1.0, x) if power == -1 else math.prod([x] * power) for x in (f.number, c))
    return _of_factors(c, tuple((atom, k * power) for atom, k in factors), number, f.names)


def _of_factors(c: float, factors: Factors, number: float, names: Names) -> Expression:
    c, factors = with_sign_inside((c, tuple(_as_people_write(atom, power) for atom, power in factors)))
    for atom, power in factors:
        if atom.is_sum and power == 1 and (shorter := _cancelled(atom, factors)) is not None:
            inner, others = shorter
            return product(inner, Expression(((c, others),), math.nan, names), number)
    if len(factors) == 1 and factors[0][0].is_sum and factors[0][1] == 1 and abs(c) == 1.0:
        inner = factors[0][0].operands[0]
        return normal((inner if c > 0.0 else negated(inner)).terms, number, names)
    return Expression(((c, factors),) if c != 0.0 else (), number, names)


def _cancelled(bracket: Atom, factors: Factors) -> tuple[Expression, Factors] | None:
    """Return (y / p + z)·p as y + z·p, with the factors that are left; None if that is no shorter.

    The factors that are multiplied into the bracket are those that its terms have in their denominators.
    """
    (inner,) = bracket.operands
    below = {atom.key for _, term in inner.terms or () for atom, power in term if power < 0}
    taken = tuple((atom, power) for atom, power in factors if atom.key in below and power > 0)
    if not taken:
        return None
    number = math.prod(atom.number**power for atom, power in taken)
    terms = tuple((c, times(term, taken)) for c, term in inner.terms or ())
    found = normal(terms, inner.number * number, inner.names)
    if found.terms is None or found.size >= inner.size + size_of((1.0, taken)):
        return None
    return found, tuple(f for f in factors if f not in taken and f[0] is not bracket)


def _as_people_write(atom: Atom, power: int) -> tuple[Atom, int]:
    """Return sech(x)² as 1 - tanh(x)² and hypot(x, y)² as x² + y², in brackets; all else as it is."""
    if abs(power) != 2 or atom.name or (atom.function is not sech and atom.function is not hypot):
        return atom, power
    if atom.function is hypot:
        a, b = (multiplied(f, f) for f in atom.operands)
        written = summed([a, b], a.names)
    else:
        (x,) = atom.operands
        y = application(tanh, [x], math.tanh(x.number), x.names)
        written = difference(constant(1.0, x.names), multiplied(y, y))
    return as_term(written)[1][0][0], power // 2
