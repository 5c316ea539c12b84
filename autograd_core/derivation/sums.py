"""Sums of expressions, simplified: like terms are added, and a minus before a bracket is taken into it."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.derivation.atoms import as_term, softmax_entry
from autograd_core.derivation.expression import Expression, Factors, Names, Term, Terms, size_of
from autograd_core.derivation.terms import merged, multiplied_out
from autograd_core.rules.ieee import total


def summed(expressions: Sequence[Expression], names: Names) -> Expression:
    """Return the sum of expressions."""
    number = total([f.number for f in expressions])
    if any(f.terms is None for f in expressions):
        return Expression(None, number, names)
    return normal(tuple(term for f in expressions for term in f.terms or ()), number, names)


def negated(f: Expression) -> Expression:
    """Return minus an expression."""
    terms = None if f.terms is None else tuple((-c, factors) for c, factors in f.terms)
    return normal(terms, -f.number, f.names)


def difference(a: Expression, b: Expression) -> Expression:
    """Return a - b."""
    return summed([a, negated(b)], a.names)


def normal(terms: Terms | None, number: float, names: Names) -> Expression:
    """Return a sum with like terms added, with or without brackets, whichever is shorter."""
    if terms is None:
        return Expression(None, number, names)
    found = tuple(with_sign_inside(term) for term in merged(terms))
    expanded = merged([part for term in found for part in multiplied_out(term)])
    if _size(expanded) < _size(found):
        found = expanded
    return Expression(_without_softmax_sum(found, names), number, names)


def _size(terms: Terms) -> int:
    return sum(map(size_of, terms))


def with_sign_inside(term: Term) -> Term:
    """Return -(t - o)·w as (o - t)·w: a bracket at least half of whose terms have a minus takes the one before it."""
    c, factors = term
    for i, (atom, power) in enumerate(factors):
        if c < 0.0 and atom.is_sum and power == 1:
            terms = atom.operands[0].terms or ()
            if 2 * sum(d < 0.0 for d, _ in terms) >= len(terms):
                turned: Factors = as_term(negated(atom.operands[0]))[1]
                return -c, (*factors[:i], *turned, *factors[i + 1 :])
    return term


def _without_softmax_sum(terms: Terms, names: Names) -> Terms:
    """Use that a softmax sums to 1: minus all its entries but one is that one, minus 1."""
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
