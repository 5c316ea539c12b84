"""A derivation as LaTeX, for a notebook."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from autograd_core.derivation.derivation_rows import Definition, DerivationRows, Factor, PathRow
from autograd_core.derivation.formula_latex import (
    filled_in,
    in_brackets,
    latex,
    latex_name,
    latex_number,
    upright,
)

_DOT: Final = r" \cdot "
_SPACE: Final = r" \, "
_NEW_ROW: Final = " \\\\\n& \\qquad"
_WITH: Final = r"\text{with } "
_MOST_OPERANDS: Final = 10


def as_latex(rows: DerivationRows) -> str:
    """Return a derivation as one aligned formula between dollar signs."""
    whole = _slope(rows.y, rows.x)
    if not rows.count:
        return f"${whole} = 0$"
    lines = [f"{whole} &= {latex_number(rows.total)}{_words(rows.summary)}"]
    sign = "=" if rows.count == 1 else "+"
    for row in rows.paths:
        if rows.count > 1 or len(row.factors) > 1:
            lines.append(f"&{sign} {_path(row)}")
        elif row.has_formulas:  # its slope and its number stand in the first line
            lines.append(f"&= {_product(row, _formula_of, _DOT)} = {latex_number(row.product)}")
    if rows.note:
        lines.append(f"& {_words(rows.note)}")
    if (f := rows.whole) is not None:
        lines += [f"&= {latex(f)}", f"&= {latex(f, numbers=True)} = {latex_number(rows.total)}"]
    for k, definition in enumerate(rows.definitions):
        lines.append(f"& {'' if k else _WITH}{_definition(definition)}")
    return "$$\n\\begin{aligned}\n" + "".join(f"{line} \\\\\n" for line in lines) + "\\end{aligned}\n$$"


def _path(row: PathRow) -> str:
    written = _product(row, _slope_of, _SPACE)
    if row.has_formulas:
        new_row = _NEW_ROW if row.is_wide else ""
        written += f"{new_row} = {_product(row, _formula_of, _DOT)}{_NEW_ROW}"
    if len(row.factors) > 1:
        written += f" = {_product(row, _number_of, _DOT)}"
    return f"{written} = {latex_number(row.product)}"


def _product(row: PathRow, write: Callable[[Factor], str], dot: str) -> str:
    """Return the product of what `write` makes of the factors."""
    if None not in row.factors:
        return dot.join(write(factor) for factor in row.factors if factor is not None)
    gap = row.factors.index(None)
    ends = (row.factors[:gap], row.factors[gap + 1 :])
    return r" \cdots ".join(dot.join(write(factor) for factor in end if factor is not None) for end in ends)


def _slope(above: str, below: str) -> str:
    return rf"\frac{{\partial {latex_name(above)}}}{{\partial {latex_name(below)}}}"


def _slope_of(factor: Factor) -> str:
    return _slope(factor.above, factor.below)


def _formula_of(factor: Factor) -> str:
    if factor.formula is None:
        return _slope_of(factor)
    written = latex(factor.formula)
    return in_brackets(written, factor.is_sum or written.startswith("-"))


def _number_of(factor: Factor) -> str:
    return in_brackets(latex_number(factor.number), factor.number < 0)


def _definition(definition: Definition) -> str:
    operands = []
    for x in definition.operands[:_MOST_OPERANDS]:
        written = latex_name(x) if isinstance(x, str) else latex_number(x)
        operands.append((written, in_brackets(written, written.startswith("-"))))
    if len(definition.operands) > _MOST_OPERANDS:
        operands.append((r"\cdots", r"\cdots"))
    template = "" if definition.primitive is None else definition.primitive.latex
    return f"{latex_name(definition.name)} = {filled_in(template, operands)} = {latex_number(definition.number)}"


def _words(words: str) -> str:
    """Return words amid formulas; a power of ten among them is a formula again."""
    pieces = re.split(r"10\^(\d+)", words)
    return "".join(f"10^{{{piece}}}" if i % 2 else upright(piece) for i, piece in enumerate(pieces))
