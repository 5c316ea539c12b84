"""Arithmetic on terms: adding like terms, multiplying factors, and multiplying brackets out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd_core.derivation.expression import LONGEST, Atom, Factors, Term, Terms, factors_key


def merged(terms: Sequence[Term]) -> Terms:
    """Return a sum with like terms added, and without those that are 0."""
    sums: dict[str, Term] = {}
    for c, factors in terms:
        key = factors_key(factors)
        sums[key] = (sums[key][0] + c if key in sums else c, factors)
    return tuple((c, factors) for c, factors in sums.values() if c != 0.0)


def multiplied_out(term: Term) -> list[Term]:
    """Return a term without brackets, as a sum; the term itself where that sum has too many terms."""
    parts: list[Term] = [(term[0], ())]
    for atom, power in term[1]:
        inner = atom.operands[0].terms or () if atom.is_sum and power == 1 else ((1.0, ((atom, power),)),)
        parts = [(c * d, times(left, right)) for c, left in parts for d, right in inner]
        if len(parts) > LONGEST:
            return [term]
    return parts


def times(left: Factors, right: Factors) -> Factors:
    """Return the product of two products. x / x is left out only where it is 1: not where x is 0 or infinite."""
    powers: dict[tuple[str, bool], tuple[Atom, int]] = {}
    for atom, power in (*left, *right):
        key = atom.key, power < 0 and not 0.0 < abs(atom.number) < math.inf
        powers[key] = (atom, powers[key][1] + power if key in powers else power)
    return tuple((atom, power) for atom, power in powers.values() if power != 0)
