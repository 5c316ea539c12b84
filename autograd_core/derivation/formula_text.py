"""A formula as text, such as `(p - y)·a`: in names, or in numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from autograd_core.derivation.expression import Atom, Expression, Factors, Term
from autograd_core.rules.rows import Primitive

_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(x: float) -> str:
    """Return a number with four significant digits."""
    return f"{x:.4g}" if x else "0"


def text(f: Expression, *, numbers: bool = False, spaced: bool = False) -> str:
    """Return a formula as text.

    Args:
        f: the formula; its terms are known.
        numbers: whether to write each name's number in its place.
        spaced: whether a product has spaces around its dots.
    """
    if numbers and is_one_number(f):
        return short(f.number)
    dot = " · " if spaced and len(f.terms or ()) == 1 else "·"
    return joined([(c, _product(abs(c), factors, numbers, dot)) for c, factors in in_order(f)])


def is_one_number(f: Expression) -> bool:
    """Return whether it is a constant or one name, which needs no brackets around its number."""
    terms = f.terms or ()
    return len(terms) == 1 and (not terms[0][1] or _is_one_name(terms[0]))


def _is_one_name(term: Term) -> bool:
    return [(abs(term[0]), k, atom.is_sum) for atom, k in term[1]] == [(1.0, 1, False)]


def in_order(f: Expression) -> list[Term]:
    """Return the terms, those with a minus last."""
    return sorted(f.terms or (), key=lambda term: term[0] < 0.0)


def joined(terms: list[tuple[float, str]]) -> str:
    """Return a sum of products that are written already; of their numbers only the signs are written."""
    written = "".join(f" {'-' if c < 0.0 else '+'} {product}" for c, product in terms)
    return (written[3:] if written.startswith(" +") else f"-{written[3:]}") if written else "0"


def _product(c: float, factors: Factors, numbers: bool, dot: str) -> str:
    above = [_power(atom, k, numbers) for atom, k in factors if k > 0]
    below = [_power(atom, -k, numbers) for atom, k in factors if k < 0]
    if c != 1.0 or not above:
        above.insert(0, short(c))
    if not below:
        return dot.join(above)
    return f"{dot.join(above)}/{below[0] if len(below) == 1 else f'({dot.join(below)})'}"


def _power(atom: Atom, k: int, numbers: bool) -> str:
    base = _atom(atom, numbers)
    has_brackets = atom.is_sum or (numbers and atom.number < 0.0)
    if k != 1 and not has_brackets and not re.fullmatch(r"\w+(\[\d+\])*|[\d.]+|[σ\w]+\(\w+\)", base):
        base = f"({base})"
    return base if k == 1 else base + str(k).translate(_SUPERSCRIPTS)


def _atom(atom: Atom, numbers: bool) -> str:
    if atom.is_sum:
        return f"({text(atom.operands[0], numbers=numbers)})"
    if numbers:
        return f"({short(atom.number)})" if atom.number < 0.0 else short(atom.number)
    if atom.name:
        return atom.name
    operands = [text(f) for f in atom.operands]
    if atom.entry is not None:
        return f"softmax({', '.join(operands)})[{atom.entry}]"
    return _application("" if atom.function is None else atom.function.symbol, operands)


def _application(symbol: str, operands: list[str]) -> str:
    if symbol.isalnum() or "_" in symbol:
        return f"{symbol}({', '.join(operands)})"
    if symbol == "**":
        return "**".join(x if re.fullmatch(r"\w+", x) else f"({x})" for x in operands)
    return f"[{f' {symbol} '.join(operands)}]" if len(operands) > 1 else f"[{operands[0]} {symbol}]"


_MOST_OPERANDS: Final = 6


def written(primitive: Primitive | None, operands: Sequence[str], *, times: str = "*") -> str:
    """Return a row applied to operands that are written already, such as `w * x` or `tanh(z)`.

    Args:
        primitive: the row; None, of a leaf, has no name.
        operands: its operands. Of more than six only five are written.
        times: the sign of multiplication.
    """
    name, symbol = ("", "") if primitive is None else (primitive.name, primitive.symbol)
    if symbol == "neg":
        return f"-{operands[0]}"
    if primitive is not None and primitive.arity == 2 and not symbol.isalnum():
        return f"{operands[0]} {times if symbol == '*' else symbol} {operands[1]}"
    shown = operands if len(operands) <= _MOST_OPERANDS else [*operands[: _MOST_OPERANDS - 1], "..."]
    return f"{name}({', '.join(shown)})"
