"""Formulas: what the table's rules give when they are called on names instead of numbers.

A formula is one more interpreter of the primitives. It is a sum of products, and knows its number too, so that a
rule that branches takes the branch that was taken. It is simplified only as far as people do it without a thought:
like terms are added, 1 and 0 vanish, and products are multiplied out where that leaves less to read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from autograd_core.derivation.terms import (
    LONGEST,
    Atom,
    Factors,
    Names,
    Terms,
    factors_key,
    merged,
    multiplied_out,
    size_of,
    times,
)
from autograd_core.rules.ieee import divide, total
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import TABLE

_GREATEST_POWER: Final = 9


class Formula:
    """A sum of products of atoms with powers; `terms` is None if it is too long to be kept."""

    __slots__ = ("terms", "number", "names", "size")

    def __init__(self, terms: Terms | None, number: float, names: Names) -> None:
        size = 0 if terms is None else sum(size_of(term) for term in terms)
        self.terms = terms if size <= LONGEST else None
        self.number = number
        self.names = names
        self.size = size

    __hash__ = None  # type: ignore[assignment]  # == compares numbers, as it does on Values

    def __eq__(self, other: object) -> bool:
        return self.number == (other.number if isinstance(other, Formula) else other)

    def __str__(self) -> str:
        return self._written("text", spaced=True)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return f"${self._written('latex')}$"

    def _written(self, how: str, **options: bool) -> str:
        from autograd_core.derivation import formula_text  # it writes formulas

        return "..." if self.terms is None else str(getattr(formula_text, how)(self, **options))

    @property
    def has_names(self) -> bool:
        """Whether it is kept and not only a number."""
        return any(factors for _, factors in self.terms or ())

    @property
    def key(self) -> str:
        """The same for formulas that are the same sum, in whatever order."""
        return (
            "?"
            if self.terms is None
            else "+".join(sorted(f"{c!r}*{factors_key(factors)}" for c, factors in self.terms))
        )

    def __add__(self, other: Any) -> Formula:
        return summed([self, self._formula(other)], self.names)

    def __radd__(self, other: Any) -> Formula:
        return self._formula(other) + self

    def __neg__(self) -> Formula:
        terms = None if self.terms is None else tuple((-c, factors) for c, factors in self.terms)
        return _normal(terms, -self.number, self.names)

    def __sub__(self, other: Any) -> Formula:
        return self + -self._formula(other)

    def __rsub__(self, other: Any) -> Formula:
        return self._formula(other) + -self

    def __mul__(self, other: Any) -> Formula:
        other = self._formula(other)
        return product(self, other, self.number * other.number)

    def __rmul__(self, other: Any) -> Formula:
        return self._formula(other) * self

    def __truediv__(self, other: Any) -> Formula:
        return self.__apply_primitive__(TABLE["divide"], (self, other))

    def __rtruediv__(self, other: Any) -> Formula:
        return self.__apply_primitive__(TABLE["divide"], (other, self))

    def __pow__(self, other: Any) -> Formula:
        return self.__apply_primitive__(TABLE["power"], (self, other))

    def __rpow__(self, other: Any) -> Formula:
        return self.__apply_primitive__(TABLE["power"], (other, self))

    def __lt__(self, other: Any) -> bool:
        return self.number < self._formula(other).number

    def __gt__(self, other: Any) -> bool:
        return self.number > self._formula(other).number

    def __le__(self, other: Any) -> bool:
        return self.number <= self._formula(other).number

    def __ge__(self, other: Any) -> bool:
        return self.number >= self._formula(other).number

    def __bool__(self) -> bool:
        return self.number != 0.0

    def __apply_primitive__(self, row: Primitive, operands: tuple[Any, ...]) -> Formula:
        """See `autograd_core.rules.rows.Differentiable`."""
        formulas = [self._formula(x) for x in operands]
        number = row.evaluate([f.number for f in formulas])
        if any(f.terms is None for f in formulas) or len(formulas) > LONGEST:
            return Formula(None, number, self.names)
        from autograd_core.derivation.identities import WRITTEN_OUT  # they are made of formulas

        written = WRITTEN_OUT.get(row.key)
        found = None if written is None else written(*formulas)
        return self._call(row, formulas, number) if found is None else found

    def _call(self, row: Primitive, operands: Sequence[Formula], number: float) -> Formula:
        key = f"{row.key}({','.join(f.key for f in operands)})"
        size = 1 + (0 if row is TABLE["peak"] else sum(f.size for f in operands))  # a peak drops out in the end
        return of_atom(_named(Atom(key, number, size, "", row, tuple(operands)), self.names), self.names)

    def _formula(self, x: Any) -> Formula:
        return x if isinstance(x, Formula) else of_number(float(x), self.names)


def atoms_of(f: Formula) -> Iterator[Atom]:
    """Yield the names and functions in a formula, those within brackets and functions too."""
    waiting = [f]
    while waiting:
        for _, factors in waiting.pop().terms or ():
            for atom, _ in factors:
                yield atom
                waiting.extend([] if atom.name else atom.operands)


def of_number(x: float, names: Names) -> Formula:
    """Return a constant as a formula."""
    return Formula(((x, ()),) if x != 0.0 else (), x, names)


def _named(atom: Atom, names: Names) -> Atom:
    """A function application under the name of the node that it is, if there is one."""
    key, name = names.get(atom.key, (atom.key, ""))
    return replace(atom, key=key, name=name, size=1) if name else atom


def of_atom(atom: Atom, names: Names) -> Formula:
    """Return a formula that is one atom."""
    return Formula(((1.0, ((atom, 1),)),), atom.number, names)


# Sums.


def summed(formulas: Sequence[Formula], names: Names) -> Formula:
    """Return the sum of formulas."""
    number = total([f.number for f in formulas])
    if any(f.terms is None for f in formulas):
        return Formula(None, number, names)
    return _normal(tuple(term for f in formulas for term in f.terms or ()), number, names)


def _normal(terms: Terms | None, number: float, names: Names) -> Formula:
    """A sum with like terms added, in the form that is the shortest."""
    if terms is None:
        return Formula(None, number, names)
    found = tuple(_signed(c, factors) for c, factors in merged(terms))
    expanded = merged([part for term in found for part in multiplied_out(term)])
    if sum(map(size_of, expanded)) < sum(map(size_of, found)):
        found = expanded
    return Formula(_all_but_one(found, names), number, names)


def softmax_entry(entry: int, operands: tuple[Formula, ...], names: Names) -> Atom:
    """Return one entry of the softmax of formulas."""
    top = max(f.number for f in operands)
    powers = [math.exp(f.number - top) for f in operands]
    key = f"softmax{entry}({','.join(f.key for f in operands)})"
    size = 1 + sum(f.size for f in operands)
    return _named(Atom(key, powers[entry] / sum(powers), size, "", None, operands, entry), names)


def _all_but_one(terms: Terms, names: Names) -> Terms:
    """The entries of a softmax sum to 1: minus all of them but one is that one, minus 1."""
    if not terms or any(c != terms[0][0] or len(factors) != 1 or factors[0][1] != 1 for c, factors in terms):
        return terms
    c, atoms = terms[0][0], [factors[0][0] for _, factors in terms]
    operands = atoms[0].operands
    keys = [f.key for f in operands]
    entries = {atom.entry for atom in atoms if atom.entry is not None and [f.key for f in atom.operands] == keys}
    missing = set(range(len(operands))) - entries
    if c >= 0.0 or len(entries) != len(atoms) or len(missing) != 1:
        return terms
    return ((-c, ((softmax_entry(missing.pop(), operands, names), 1),)), (c, ()))


# Products.


def product(a: Formula, b: Formula, number: float) -> Formula:
    """Return the product of two formulas, of which the number is known."""
    if a.terms is None or b.terms is None:
        return Formula(None, number, a.names)
    for constant, other in ((a, b), (b, a)):
        if constant.terms == ((-1.0, ()),):
            return -other
    (c, left), (d, right) = _as_term(a), _as_term(b)
    return _of_product(c * d, times(left, right), number, a.names)


def _of_product(c: float, factors: Factors, number: float, names: Names) -> Formula:
    c, factors = _signed(c, tuple(_rewritten(atom, power) for atom, power in factors))
    for atom, power in factors:
        if atom.is_sum and power == 1 and (shorter := _cancelled(atom, factors)) is not None:
            inner, others = shorter
            return product(inner, Formula(((c, others),), math.nan, names), number)
    if len(factors) == 1 and factors[0][0].is_sum and factors[0][1] == 1 and abs(c) == 1.0:
        inner = factors[0][0].operands[0]
        return _normal((inner if c > 0.0 else -inner).terms, number, names)
    return Formula(((c, factors),) if c != 0.0 else (), number, names)


def _signed(c: float, factors: Factors) -> tuple[float, Factors]:
    """-(t - o) w as (o - t) w: a minus is taken into a sum that has one already."""
    for i, (atom, power) in enumerate(factors):
        if c < 0.0 and atom.is_sum and power == 1:
            terms = atom.operands[0].terms or ()
            if 2 * sum(d < 0.0 for d, _ in terms) >= len(terms):
                turned = _as_term(-atom.operands[0])[1]
                return -c, (*factors[:i], *turned, *factors[i + 1 :])
    return c, factors


def _cancelled(bracket: Atom, factors: Factors) -> tuple[Formula, Factors] | None:
    """(y / p + z) p as y + z p, if that is shorter: a sum times the factors that its terms have below the line."""
    (inner,) = bracket.operands
    below = {atom.key for _, term in inner.terms or () for atom, power in term if power < 0}
    taken = tuple((atom, power) for atom, power in factors if atom.key in below and power > 0)
    if not taken:
        return None
    number = math.prod(atom.number**power for atom, power in taken)
    terms = tuple((c, times(term, taken)) for c, term in inner.terms or ())
    found = _normal(terms, inner.number * number, inner.names)
    if found.terms is None or found.size >= inner.size + size_of((1.0, taken)):
        return None
    return found, tuple(f for f in factors if f not in taken and f[0] is not bracket)


def _rewritten(atom: Atom, power: int) -> tuple[Atom, int]:
    """The squares of sech and hypot as people write them: 1 - tanh(x)**2, and x**2 + y**2."""
    if abs(power) != 2 or atom.function is None or atom.function.key not in ("sech", "hypot") or atom.name:
        return atom, power
    squares = [f * f for f in atom.operands]
    if atom.function.key == "hypot":
        written = squares[0] + squares[1]
    else:
        (x,) = atom.operands
        y = x.__apply_primitive__(TABLE["tanh"], (x,))
        written = 1.0 - y * y
    return _as_term(written)[1][0][0], power // 2


def _as_term(f: Formula) -> tuple[float, Factors]:
    """A formula as one product: a sum of several terms in brackets."""
    if not f.terms:
        return (0.0, ())
    if len(f.terms) == 1:
        return f.terms[0]
    return (1.0, ((Atom(f"({f.key})", f.number, f.size, operands=(f,)), 1),))


def raised(f: Formula, power: int) -> Formula | None:
    """Return a power of a formula; None of one that is 0, or where the power is too large to be written out."""
    terms = f.terms
    if not terms:
        return None
    c, factors = _as_term(f)
    if any(abs(k * power) > _GREATEST_POWER for _, k in factors):
        return None
    number, c = (divide(1.0, x) if power == -1 else math.prod([x] * power) for x in (f.number, c))
    return _of_product(c, tuple((atom, k * power) for atom, k in factors), number, f.names)
