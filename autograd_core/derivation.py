"""explain(): why dy/dx is what it is, the chain rule written out path by path."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise
from typing import Any

from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.graph import topological_order
from autograd_core.naming import caller, names_of
from autograd_core.scalars import complaint, shortened
from autograd_core.value import Value


@dataclass(frozen=True)
class Path:
    """One way from y to x: `nodes`, y first, and for each step from a node to its parent the local derivative.

    Parallel edges are one step: for `x * x` the factor is x + x.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    product: float


@dataclass(frozen=True)
class Derivation:
    """What `explain(y, x)` found; as text in a terminal, as LaTeX in a notebook.

    Attributes:
        paths: the paths from y to x, those with the largest products first; not all, if they are too many.
        total: dy/dx, the sum of the products over all paths.
        count: how many paths there are.
        coverage: the share of the listed paths in the sum of all products' magnitudes, from 0 to 1.
        names: a name for each node, by id.
    """

    paths: tuple[Path, ...]
    total: float
    count: int
    coverage: float
    names: dict[int, str]
    y: Value
    x: Value

    def __str__(self) -> str:
        return _text(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return _latex(self)


def explain(y: Value, x: Value, *, max_paths: int = 1000) -> Derivation:
    """Return the chain rule for dy/dx written out: each path from y to x, its factors, its product, and the sum.

    The factors are the local derivatives that were recorded. The paths that matter most come first; they are
    found one by one, without going through all.

    Args:
        y: the result.
        x: what it was computed from: a leaf or an inner node. If y does not depend on it, total and count are 0.
        max_paths: how many paths to list at most.

    Raises:
        NotAScalarError: y or x is not a Value.
        DomainError: `max_paths` is below 1.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> print(explain(a * b + a, a))
    ∂y/∂a = -2, the sum over 2 paths:
      ∂y/∂v1 · ∂v1/∂a = 1 · -3 = -3
      ∂y/∂a = 1
    with v1 = a * b = -6
    """
    for name, v in (("y", y), ("x", x)):
        if not isinstance(v, Value):
            raise NotAScalarError(f"explain(y, x): {name} must be a Value, {complaint(v)}")
    if isinstance(max_paths, bool) or not isinstance(max_paths, int) or max_paths < 1:
        raise DomainError(f"explain(max_paths=...) takes a whole number of at least 1, got {shortened(max_paths)}")
    below = _Below(y, x)
    paths = tuple(islice(below.paths(y), max_paths))
    listed, magnitude = math.fsum(abs(path.product) for path in paths), below.magnitude.get(id(y), 0.0)
    number = below.count.get(id(y), 0)
    coverage = 1.0 if len(paths) == number or not magnitude > 0.0 else min(1.0, listed / magnitude)
    names = _all_names(paths, y, x, names_of(_mentioned(paths, y, x), caller()))
    return Derivation(paths, below.total.get(id(y), 0.0), number, coverage, names, y, x)


_Way = tuple[Value, float, Any] | None
"""How a search came to a node: from which node, by which factor, and how it came there."""


class _Below:
    """For each node between y and x, what there is to know of the paths from it down to x."""

    def __init__(self, y: Value, x: Value) -> None:
        self.x = x
        self.steps: dict[int, list[tuple[Value, float]]] = {}
        self.count, self.total = {id(x): 1}, {id(x): 1.0}
        self.magnitude, self.largest = {id(x): 1.0}, {id(x): 1.0}
        for node in topological_order(y):
            if node is x:
                continue
            merged: dict[int, tuple[Value, float]] = {}
            for parent, d in zip(node.parents, node.local_derivatives, strict=True):
                if id(parent) in self.count:
                    merged[id(parent)] = (parent, merged[id(parent)][1] + d if id(parent) in merged else d)
            if not merged:
                continue
            key, steps = id(node), list(merged.values())
            self.steps[key] = steps
            self.count[key] = sum(self.count[id(p)] for p, _ in steps)
            self.total[key] = sum(d * self.total[id(p)] for p, d in steps)
            self.magnitude[key] = sum(abs(d) * self.magnitude[id(p)] for p, d in steps)
            self.largest[key] = max(_size(d * self.largest[id(p)]) for p, d in steps)

    def paths(self, y: Value) -> Iterator[Path]:
        """Yield the paths from y to x, largest product first: a best-first search whose bound is exact."""
        if id(y) not in self.count:
            return
        tie = count()
        heap: list[tuple[float, int, Value, float, _Way]] = [(-self.largest[id(y)], next(tie), y, 1.0, None)]
        while heap:
            _, _, node, product, way = heapq.heappop(heap)
            if node is self.x:
                yield _path(node, way, product)
                continue
            for parent, d in self.steps[id(node)]:
                bound = _size(product * d * self.largest[id(parent)])
                heapq.heappush(heap, (-bound, next(tie), parent, product * d, (node, d, way)))


def _size(x: float) -> float:
    """The magnitude for comparing; nan counts as inf, since a path that gives nan is the one to look at."""
    return math.inf if x != x else abs(x)


def _path(x: Value, way: _Way, product: float) -> Path:
    nodes, factors = [x], []
    while way is not None:
        node, factor, way = way
        nodes.append(node)
        factors.append(factor)
    return Path(tuple(reversed(nodes)), tuple(reversed(factors)), product)


# Names: those that people gave, y and x for the ends, and v1, v2, ... for what is between, from y down.


def _mentioned(paths: Iterable[Path], y: Value, x: Value) -> list[Value]:
    """All that the text may name: the nodes of the paths, and the operands of those."""
    nodes = {id(node): node for path in paths for node in (y, x, *path.nodes)} or {id(v): v for v in (y, x)}
    operands = {id(v): v for node in nodes.values() for v in node.operands if isinstance(v, Value)}
    return list((nodes | operands).values())


def _all_names(paths: Iterable[Path], y: Value, x: Value, given: dict[int, str]) -> dict[int, str]:
    names = dict(given)
    taken = set(names.values())
    for node, name in ((y, "y"), (x, "x")):
        if id(node) not in names and name not in taken:
            names[id(node)] = name
            taken.add(name)
    free = (f"v{k}" for k in count(1) if f"v{k}" not in taken)
    for path in paths:
        for node in path.nodes:
            if id(node) not in names:
                names[id(node)] = next(free)
    return names


# As text and as LaTeX.

_SHOWN = 8
_DEFINED = 12
_LONG = 10


def _number(x: float) -> str:
    return f"{x:.4g}"


def _text(d: Derivation) -> str:
    y, x = d.names[id(d.y)], d.names[id(d.x)]
    if not d.count:
        return f"∂{y}/∂{x} = 0: {y} was not computed from {x}"
    lines = [f"∂{y}/∂{x} = {_number(d.total)}{_summary(d)}:"]
    for path in d.paths[:_SHOWN]:
        names = [d.names[id(node)] for node in path.nodes]
        symbols = " · ".join(_shortened([f"∂{a}/∂{b}" for a, b in pairwise(names)])) or f"∂{y}/∂{x}"
        numbers = f"{' · '.join(_shortened(list(map(_number, path.factors))))} = " if len(path.factors) > 1 else ""
        lines.append(f"  {symbols} = {numbers}{_number(path.product)}")
    lines += [f"  {note}" for note in _left_out(d)]
    lines += [f"{'with' if k == 0 else '    '} {line}" for k, line in enumerate(_definitions(d))]
    return "\n".join(lines)


def _shortened(factors: list[str]) -> list[str]:
    """A long product, with its middle left out."""
    return factors if len(factors) <= _LONG else [*factors[: _LONG - 3], "...", *factors[-2:]]


def _summary(d: Derivation) -> str:
    return "" if d.count == 1 else f", the sum over {d.count} paths"


def _left_out(d: Derivation) -> list[str]:
    """How many paths are not shown, and what share those that are shown have."""
    if d.count <= _SHOWN:
        return []
    listed = math.fsum(abs(path.product) for path in d.paths)
    shown = math.fsum(abs(path.product) for path in d.paths[:_SHOWN])
    share = d.coverage * shown / listed if 0.0 < listed < math.inf else d.coverage
    return [f"and {d.count - _SHOWN} more; those above hold {share:.1%} of the sum of magnitudes"]


def _definitions(d: Derivation) -> list[str]:
    """What the nodes between the ends are, in terms of their operands."""
    between = {id(node): node for path in d.paths[:_SHOWN] for node in path.nodes[1:-1]}
    lines = []
    for key, node in islice(between.items(), _DEFINED):
        operands = [d.names.get(id(v), _number(v.data)) if isinstance(v, Value) else _number(v) for v in node.operands]
        lines.append(f"{d.names[key]} = {_written(node, operands)} = {_number(node.data)}")
    if len(between) > _DEFINED:
        lines.append(f"and {len(between) - _DEFINED} more")
    return lines


def _written(node: Value, operands: list[str]) -> str:
    if node.op == "neg":
        return f"-{operands[0]}"
    if node.primitive is not None and node.primitive.arity == 2 and not node.op.isalnum():
        return f"{operands[0]} {node.op} {operands[1]}"
    name = "" if node.primitive is None else node.primitive.name
    return f"{name}({', '.join(operands if len(operands) <= 6 else [*operands[:5], '...'])})"


def _latex(d: Derivation) -> str:
    y, x = _symbol(d.names[id(d.y)]), _symbol(d.names[id(d.x)])
    whole = rf"\frac{{\partial {y}}}{{\partial {x}}}"
    if not d.count:
        return f"${whole} = 0$"
    rows = []
    for path in d.paths[:_SHOWN]:
        names = [_symbol(d.names[id(node)]) for node in path.nodes]
        fractions = [rf"\frac{{\partial {a}}}{{\partial {b}}}" for a, b in pairwise(names)]
        symbols = " ".join(_shortened(fractions)).replace("...", r"\cdots") or "1"
        factors = [f"({_tex(f)})" if f < 0 else _tex(f) for f in path.factors]
        numbers = r" \cdot ".join(_shortened(factors)).replace("...", r"\cdots")
        rows.append(
            rf"&+ {symbols} && = {numbers} = {_tex(path.product)} \\"
            if len(path.factors) > 1
            else rf"&+ {symbols} && = {_tex(path.product)} \\"
        )
    notes = [rf"& \text{{{note}}} \\".replace("%", r"\%") for note in _left_out(d)]
    summary = rf"\text{{{_summary(d)}}}" if d.count > 1 else ""
    head = rf"{whole} &= {_tex(d.total)}{summary} \\"
    return "$$\n\\begin{aligned}\n" + "\n".join([head, *rows, *notes]) + "\n\\end{aligned}\n$$"


def _tex(x: float) -> str:
    mantissa, _, exponent = _number(x).partition("e")
    names = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\text{nan}"}
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else names.get(mantissa, mantissa)


def _symbol(name: str) -> str:
    """A name as LaTeX has it: W5 with an index, a word upright, anything else as it is written."""
    if match := re.fullmatch(r"([A-Za-z])_?(\d*)", name):
        return f"{match[1]}_{{{match[2]}}}" if match[2] else match[1]
    return r"\text{" + re.sub(r"([#$%&_{}])", r"\\\1", name.replace("\\", r"\textbackslash ")) + "}"
