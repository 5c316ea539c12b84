"""A derivation as text, for a terminal."""

from __future__ import annotations

from collections.abc import Callable

from autograd_core.derivation.derivation_rows import Definition, DerivationRows, Factor, PathRow
from autograd_core.derivation.formula_text import short, text, written


def as_text(rows: DerivationRows) -> str:
    """Return a derivation as lines of text."""
    whole = _slope(rows.y, rows.x)
    if not rows.count:
        return f"{whole} = 0: {rows.y} was not computed from {rows.x}"
    lines = [f"{whole} = {short(rows.total)}{rows.summary}:"]
    lines += [f"  {_path(row) if row.factors else f'{whole} = {short(row.product)}'}" for row in rows.paths]
    if rows.note:
        lines.append(f"  {rows.note}")
    if (f := rows.whole) is not None:
        numbers = text(f, numbers=True, spaced=True)
        lines.append(f"  in all: {text(f, spaced=True)} = {numbers} = {short(rows.total)}")
    definitions = [_definition(definition) for definition in rows.definitions]
    if rows.more:
        definitions.append(f"and {rows.more} more")
    return "\n".join([*lines, *(f"{'    ' if k else 'with'} {line}" for k, line in enumerate(definitions))])


def _path(row: PathRow) -> str:
    parts = [_product(row, _slope_of)]
    if row.has_formulas:
        parts.append(_product(row, _formula_of))
    if len(row.factors) > 1:
        parts.append(_product(row, lambda factor: short(factor.number)))
    return " = ".join([*parts, short(row.product)])


def _product(row: PathRow, write: Callable[[Factor], str]) -> str:
    return " · ".join("..." if factor is None else write(factor) for factor in row.factors)


def _slope(above: str, below: str) -> str:
    return f"∂{above}/∂{below}"


def _slope_of(factor: Factor) -> str:
    return _slope(factor.above, factor.below)


def _formula_of(factor: Factor) -> str:
    if factor.formula is None:
        return _slope_of(factor)
    return f"({text(factor.formula)})" if factor.is_sum else text(factor.formula)


def _definition(definition: Definition) -> str:
    operands = [x if isinstance(x, str) else short(x) for x in definition.operands]
    return f"{definition.name} = {written(definition.primitive, operands)} = {short(definition.number)}"
