"""A derivation as people read it: as text in a terminal, as LaTeX in a notebook."""

from __future__ import annotations

import math
import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formula_text import applied, latex, latex_name, latex_number, short, text, upright
from autograd_core.engine.value import Value
from autograd_core.rules.ieee import total

if TYPE_CHECKING:
    from autograd_core.derivation.explain import Derivation

T = TypeVar("T")

SHOWN: Final = 8
"""How many paths are written out."""

_DEFINED: Final = 12
_LONG: Final = 10
_COUNTED: Final = 10**15
_DOT: Final = r"\cdot"
_SPACE: Final = r"\,"
_NEW_ROW: Final = " \\\\\n& \\qquad"
_WIDE: Final = 70  # characters, of a path's slopes and formulas in one row
_READABLE: Final = 120
_READABLE_FACTOR: Final = 40


def as_text(d: Derivation) -> str:
    """Return the derivation as lines of text."""
    y, x = d.names[id(d.y)], d.names[id(d.x)]
    if not d.count:
        return f"∂{y}/∂{x} = 0: {y} was not computed from {x}"
    lines = [f"∂{y}/∂{x} = {short(d.total)}{_summary(d)}:"]
    for path in d.paths[:SHOWN]:
        names = [d.names[id(node)] for node in path.nodes]
        slopes = [f"∂{a}/∂{b}" for a, b in pairwise(names)]
        parts = [" · ".join(_shortened(slopes)) or f"∂{y}/∂{x}"]
        if any(f is not None and f.has_names for f in d.symbols(path)):
            formulas = [_factor(f, slope) for f, slope in zip(d.symbols(path), slopes, strict=True)]
            parts.append(" · ".join(_shortened(formulas)))
        if len(path.factors) > 1:
            parts.append(" · ".join(_shortened(list(map(short, path.factors)))))
        lines.append(f"  {' = '.join([*parts, short(path.product)])}")
    lines += [f"  {note}" for note in _left_out(d)]
    if (f := _whole(d)) is not None:
        lines.append(f"  in all: {f} = {text(f, numbers=True, spaced=True)} = {short(d.total)}")
    lines += [f"{'with' if k == 0 else '    '} {line}" for k, line in enumerate(_definitions(d))]
    return "\n".join(lines)


def _factor(f: Formula | None, slope: str) -> str:
    """A local derivative as a formula, in brackets if it is a sum; or as it is named, if the formula is long."""
    if f is None or len(written := text(f)) > _READABLE_FACTOR:
        return slope
    return f"({written})" if len(f.terms or ()) > 1 else written


def _whole(d: Derivation) -> Formula | None:
    """dy/dx as one formula, if it is to be shown: one factor alone stands there already."""
    f = d.formula
    if f is None or not f.has_names or (d.count == 1 and len(d.paths[0].factors) < 2):
        return None
    return f if len(str(f)) <= _READABLE else None


def shortened_to_read(factors: list[T], *middle: T) -> list[T]:
    """Return a product without the middle that nobody reads; with `middle` in its place."""
    return factors if len(factors) <= _LONG else [*factors[: _LONG - 3], *middle, *factors[-2:]]


def _shortened(factors: list[str]) -> list[str]:
    return shortened_to_read(factors, "...")


def _how_many(number: int) -> str:
    """A number of paths; of one with more digits than anybody reads, the order of magnitude."""
    return str(number) if number < _COUNTED else f"about 10^{math.floor(math.log10(number))}"


def _summary(d: Derivation) -> str:
    return "" if d.count == 1 else f", the sum over {_how_many(d.count)} paths"


def _left_out(d: Derivation) -> list[str]:
    """How many paths are not shown, and what share those that are shown have."""
    shown = len(d.paths[:SHOWN])
    if d.count <= shown:
        return []
    products = [abs(path.product) for path in d.paths]
    largest = products[0]
    share = d.coverage
    if not math.isfinite(largest):
        infinite = sum(not math.isfinite(product) for product in products)
        share *= min(shown, infinite) / infinite
    elif largest > 0.0:
        relative = [product / largest for product in products]
        share *= total(relative[:shown]) / total(relative)
    return [f"and {_how_many(d.count - shown)} more; those above hold {share:.1%} of the sum of magnitudes"]


def _defined(d: Derivation) -> dict[int, Value]:
    """What stands between the ends and was computed, or was named for a formula."""
    between = {id(node): node for path in d.paths[:SHOWN] for node in path.nodes[1:-1]}
    return between | {id(v): v for v in d.formulas.defined if id(v) != id(d.y)}


def _definitions(d: Derivation) -> list[str]:
    """What the nodes between the ends are, in terms of their operands."""
    between = _defined(d)
    lines = []
    for key, node in islice(between.items(), _DEFINED):
        operands = [d.names.get(id(v), short(v.data)) if isinstance(v, Value) else short(v) for v in node.operands]
        lines.append(f"{d.names[key]} = {written(node, operands)} = {short(node.data)}")
    if len(between) > _DEFINED:
        lines.append(f"and {len(between) - _DEFINED} more")
    return lines


def written(node: Value, operands: list[str], *, times: str = "*") -> str:
    """Return the operation that made a node, as an expression in its operands."""
    if node.op == "neg":
        return f"-{operands[0]}"
    if node.primitive is not None and node.primitive.arity == 2 and not node.op.isalnum():
        return f"{operands[0]} {times if node.op == '*' else node.op} {operands[1]}"
    name = "" if node.primitive is None else node.primitive.name
    return f"{name}({', '.join(operands if len(operands) <= 6 else [*operands[:5], '...'])})"


# LaTeX.


def as_latex(d: Derivation) -> str:
    """Return the derivation as one aligned formula between dollar signs."""
    y, x = latex_name(d.names[id(d.y)]), latex_name(d.names[id(d.x)])
    whole = rf"\frac{{\partial {y}}}{{\partial {x}}}"
    if not d.count:
        return f"${whole} = 0$"
    summary = _words(_summary(d)) if d.count > 1 else ""
    rows = [rf"{whole} &= {latex_number(d.total)}{summary} \\"]
    sign = "=" if d.count == 1 else "+"
    for path in d.paths[:SHOWN]:
        names = [latex_name(d.names[id(node)]) for node in path.nodes]
        slopes = [rf"\frac{{\partial {a}}}{{\partial {b}}}" for a, b in pairwise(names)]
        product = rf"= {latex_number(path.product)} \\"
        formulas: list[str] = []
        if any(f is not None and f.has_names for f in d.symbols(path)):
            formulas = [_latex_factor(f, slope) for f, slope in zip(d.symbols(path), slopes, strict=True)]
        if d.count == 1 and len(slopes) < 2:  # the row above has its slope and its number
            rows += [f"&= {formulas[0]} {product}"] if formulas else []
            continue
        rows.append(f"&{sign} {_latex_product(slopes, _SPACE) or '1'}")
        if formulas:
            width = 4 * len(slopes) + sum(len(_factor(f, "∂y/∂x")) for f in d.symbols(path))
            rows[-1] += (_NEW_ROW if width > _WIDE else "") + f" = {_latex_product(formulas, _DOT)}" + _NEW_ROW
        if len(path.factors) > 1:
            rows[-1] += f" = {_latex_product([_in_brackets(latex_number(f), f < 0) for f in path.factors], _DOT)}"
        rows[-1] += f" {product}"
    rows += [rf"& {_words(note)} \\" for note in _left_out(d)]
    if (f := _whole(d)) is not None:
        rows.append(rf"&= {latex(f)} \\" + "\n" + rf"&= {latex(f, numbers=True)} = {latex_number(d.total)} \\")
    for k, v in enumerate(islice(_defined(d).values(), _DEFINED)):
        lead = r"\text{with } " if k == 0 else ""
        rows.append(rf"& {lead}{latex_name(d.names[id(v)])} = {_latex_written(d, v)} = {latex_number(v.data)} \\")
    return "$$\n\\begin{aligned}\n" + "\n".join(rows) + "\n\\end{aligned}\n$$"


def _latex_product(factors: list[str], dot: str) -> str:
    return f" {dot} ".join(_shortened(factors)).replace(f"{dot} ... {dot}", r"\cdots")


def _latex_factor(f: Formula | None, slope: str) -> str:
    if f is None or len(text(f)) > _READABLE_FACTOR:
        return slope
    written = latex(f)
    return _in_brackets(written, len(f.terms or ()) > 1 or written.startswith("-"))


def _in_brackets(written: str, wanted: bool) -> str:
    return rf"\left({written}\right)" if wanted else written


def _latex_written(d: Derivation, node: Value) -> str:
    """What a node is, in terms of its operands."""
    operands = []
    for v in islice(node.operands, _LONG):
        number = v.data if isinstance(v, Value) else v
        name = d.names.get(id(v)) if isinstance(v, Value) else None
        written = latex_number(number) if name is None else latex_name(name)
        operands.append((written, _in_brackets(written, written.startswith("-"))))
    if len(node.operands) > _LONG:
        operands.append((r"\cdots", r"\cdots"))
    return applied("" if node.primitive is None else node.primitive.latex, operands)


def _words(words: str) -> str:
    """Words amid formulas; a power of ten among them is a formula again."""
    pieces = re.split(r"10\^(\d+)", words)
    return "".join(f"10^{{{piece}}}" if i % 2 else upright(piece) for i, piece in enumerate(pieces))
