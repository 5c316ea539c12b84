"""How atoms come about: from constants and names, from functions that are applied, from sums that get brackets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd_core.derivation.expression import Atom, Expression, Names, Term
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import peak


def constant(x: float, names: Names) -> Expression:
    """Return a number as an expression."""
    return Expression(((x, ()),) if x != 0.0 else (), x, names)


def of_atom(atom: Atom, names: Names) -> Expression:
    """Return the expression that is one atom."""
    return Expression(((1.0, ((atom, 1),)),), atom.number, names)


def application(row: Primitive, operands: Sequence[Expression], number: float, names: Names) -> Expression:
    """Return a row applied to expressions, as an atom; under the name of the node that it is, if that has one."""
    key = f"{row.key}({','.join(f.key for f in operands)})"
    size = 1 + (0 if row is peak else sum(f.size for f in operands))  # a peak cancels out in the end
    return of_atom(_named(Atom(key, number, size, "", row, tuple(operands)), names), names)


def softmax_entry(entry: int, operands: tuple[Expression, ...], names: Names) -> Atom:
    """Return one entry of the softmax of expressions."""
    top = max(f.number for f in operands)
    powers = [math.exp(f.number - top) for f in operands]
    key = f"softmax{entry}({','.join(f.key for f in operands)})"
    size = 1 + sum(f.size for f in operands)
    return _named(Atom(key, powers[entry] / sum(powers), size, "", None, operands, entry), names)


def _named(atom: Atom, names: Names) -> Atom:
    key, name = names.get(atom.key, (atom.key, ""))
    return replace(atom, key=key, name=name, size=1) if name else atom


def as_term(f: Expression) -> Term:
    """Return an expression as one term: several terms stand in brackets."""
    if not f.terms:
        return (0.0, ())
    if len(f.terms) == 1:
        return f.terms[0]
    return (1.0, ((Atom(f"({f.key})", f.number, f.size, operands=(f,)), 1),))


def atoms_of(f: Expression) -> Iterator[Atom]:
    """Yield the names and functions in an expression, those within brackets and functions too."""
    waiting = [f]
    while waiting:
        for _, factors in waiting.pop().terms or ():
            for atom, _ in factors:
                yield atom
                waiting.extend([] if atom.name else atom.operands)
