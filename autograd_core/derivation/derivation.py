"""Derivation: what `explain(y, x)` found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from autograd_core.derivation.derivation_formulas import DerivationFormulas
from autograd_core.derivation.derivation_latex import as_latex
from autograd_core.derivation.derivation_rows import (
    SHOWN,
    Definition,
    DerivationRows,
    Factor,
    PathRow,
    without_middle,
)
from autograd_core.derivation.derivation_text import as_text
from autograd_core.derivation.expression import Expression
from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formula_text import text
from autograd_core.derivation.paths import Path
from autograd_core.engine.value import Value
from autograd_core.rules.ieee import total

_MOST_DEFINITIONS: Final = 12
_MOST_DIGITS: Final = 15
_MOST_CHARACTERS: Final = 120  # of dy/dx as one formula
_MOST_CHARACTERS_OF_A_FACTOR: Final = 40
_WIDE: Final = 70  # characters, of a path's slopes and formulas in one line
_SLOPE: Final = 4  # characters that a slope takes in it; ∂y/∂x stands as a fraction


@dataclass(frozen=True)
class Derivation:
    """What `explain(y, x)` found; as text in a terminal, as LaTeX in a notebook.

    Attributes:
        paths: the paths from y to x, those with the largest products first; not all, if they are too many.
        total: dy/dx, the sum of the products over all paths.
        count: how many paths there are.
        coverage: how much of dy/dx the listed paths account for, from 0 to 1: the sum of the magnitudes of their
            products, divided by that of all products. If more products are inf or nan than are listed, it is the
            number of listed paths divided by that of all paths.
        names: a name for each node, by id.
        formulas: the local derivatives, and dy/dx, as formulas in these names.
    """

    paths: tuple[Path, ...]
    total: float
    count: int
    coverage: float
    names: dict[int, str]
    formulas: DerivationFormulas
    y: Value
    x: Value

    @property
    def formula(self) -> Formula | None:
        """dy/dx as one formula, such as `(p - y) · a`; None where it is too long to be read."""
        return self.formulas.total

    def symbols(self, path: Path) -> tuple[Formula | None, ...]:
        """Return the local derivatives along a path as formulas.

        None stands for one that is too long, or was not written since the text does not show it.
        """
        return tuple(self.formulas.partials.get((id(v), id(p))) for v, p in pairwise(path.nodes))

    def rows(self) -> DerivationRows:
        """Return what is shown, row by row."""
        between = _nodes_to_define(self)
        return DerivationRows(
            y=self.names[id(self.y)],
            x=self.names[id(self.x)],
            total=self.total,
            count=self.count,
            summary="" if self.count == 1 else f", the sum over {_how_many(self.count)} paths",
            paths=tuple(_path_row(self, path) for path in self.paths[:SHOWN]),
            note=_note(self),
            whole=_whole(self),
            definitions=tuple(_definition(self, v) for v in between[:_MOST_DEFINITIONS]),
            more=max(0, len(between) - _MOST_DEFINITIONS),
        )

    def __str__(self) -> str:
        return as_text(self.rows())

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return as_latex(self.rows())


def _path_row(d: Derivation, path: Path) -> PathRow:
    formulas = [None if f is None else f.expression for f in d.symbols(path)]
    steps = list(zip(pairwise(path.nodes), formulas, path.factors, strict=True))
    factors = [None if step is None else _factor(d, *step) for step in without_middle(steps)]
    has_formulas = any(f is not None and f.has_names for f in formulas)
    return PathRow(tuple(factors), path.product, has_formulas, has_formulas and _width(formulas) > _WIDE)


def _factor(d: Derivation, nodes: tuple[Value, Value], formula: Expression | None, number: float) -> Factor:
    above, below = nodes
    return Factor(d.names[id(above)], d.names[id(below)], _if_short(formula), number)


def _if_short(f: Expression | None) -> Expression | None:
    return None if f is None or len(text(f)) > _MOST_CHARACTERS_OF_A_FACTOR else f


def _width(formulas: Sequence[Expression | None]) -> int:
    """Return how many characters the slopes and formulas of a path take as text; any number above _WIDE is too many."""
    width = 0
    for f in map(_if_short, formulas):
        width += _SLOPE + (len("∂y/∂x") if f is None else len(text(f)) + (2 if len(f.terms or ()) > 1 else 0))
        if width > _WIDE:
            break
    return width


def _whole(d: Derivation) -> Expression | None:
    """Return dy/dx as one formula, if it is to be shown: one factor alone stands in its path already."""
    if d.formula is None or (d.count == 1 and len(d.paths[0].factors) < 2):
        return None
    f = d.formula.expression
    return f if f.has_names and len(text(f, spaced=True)) <= _MOST_CHARACTERS else None


def _how_many(number: int) -> str:
    """Return a number of paths; of one with very many digits the order of magnitude."""
    return str(number) if number < 10**_MOST_DIGITS else f"about 10^{math.floor(math.log10(number))}"


def _note(d: Derivation) -> str:
    """Return how many paths are not shown, and what share those that are shown have; "" if all are shown."""
    shown = len(d.paths[:SHOWN])
    if d.count <= shown:
        return ""
    share = d.coverage * _share_of_shown([abs(path.product) for path in d.paths], shown)
    return f"and {_how_many(d.count - shown)} more; those above hold {share:.1%} of the sum of magnitudes"


def _share_of_shown(products: list[float], shown: int) -> float:
    """Return the share of the first products in the sum of all; of those that are inf or nan, if there are any."""
    largest = products[0]
    if not math.isfinite(largest):
        infinite = sum(not math.isfinite(product) for product in products)
        return min(shown, infinite) / infinite
    if largest == 0.0:
        return 1.0
    relative = [product / largest for product in products]
    return total(relative[:shown]) / total(relative)


def _nodes_to_define(d: Derivation) -> list[Value]:
    """Return the nodes between the ends of the paths that are shown, and those that were named for a formula."""
    between = {id(node): node for path in d.paths[:SHOWN] for node in path.nodes[1:-1]}
    return list((between | {id(v): v for v in d.formulas.defined if id(v) != id(d.y)}).values())


def _definition(d: Derivation, node: Value) -> Definition:
    operands = [d.names.get(id(v), v.data) if isinstance(v, Value) else v for v in node.operands]
    return Definition(d.names[id(node)], node.primitive, tuple(operands), node.data)
