"""explain(): why dy/dx is what it is, the chain rule written out path by path."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Final

from autograd_core.derivation.between import Edge
from autograd_core.derivation.derivation import Derivation
from autograd_core.derivation.derivation_formulas import write_formulas
from autograd_core.derivation.derivation_rows import SHOWN, without_middle
from autograd_core.derivation.node_names import NodeNames
from autograd_core.derivation.paths import Path, PathSearch
from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.naming import named_values, names_of
from autograd_core.rules.ieee import total
from autograd_core.rules.scalars import as_count, complaint
from autograd_core.users_code import caller

_MOST_PATHS: Final = 1000
_MOST_STEPS: Final = 1_000_000
_OPERANDS_OF_OPERANDS: Final = 4
_MOST_MENTIONED: Final = 1000


def explain(y: Value, x: Value, *, max_paths: int | None = None) -> Derivation:
    """Return the chain rule for dy/dx written out: each path from y to x, its factors, its product, and the sum.

    The factors are the local derivatives that were recorded; beside them stand their formulas, from the table of rules.
    Paths are listed by the sizes of their products, the largest first, and inf and nan before all others. They are
    found in this order, without going through all paths.

    Args:
        y: the result.
        x: what it was computed from: a leaf or an inner node. If y does not depend on it, total and count are 0.
        max_paths: how many paths to list at most. By default 1000, and in deep graphs fewer: no more once the listed
            paths have a million steps together.

    Raises:
        NotAScalarError: y or x is not a Value.
        DomainError: `max_paths` is neither None nor an int of at least 1.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> print(explain(a * b + a, a))
    ∂y/∂a = -2, the sum over 2 paths:
      ∂y/∂v1 · ∂v1/∂a = 1 · b = 1 · -3 = -3
      ∂y/∂a = 1
      in all: 1 + b = 1 + (-3) = -2
    with v1 = a * b = -6
    """
    for name, v in (("y", y), ("x", x)):
        if not isinstance(v, Value):
            raise NotAScalarError(f"explain(y, x): {name} must be a Value, {complaint(v)}")
    if max_paths is not None:
        max_paths = min(as_count(max_paths, "explain(max_paths=...)", 1), sys.maxsize)
    search = PathSearch(y, x)
    found = search.paths()
    paths = tuple(islice(found, max_paths) if max_paths is not None else _first(found))
    coverage = 1.0 if len(paths) == search.count else _coverage(paths, found, search)
    names = NodeNames(names_of(_mentioned(paths, y, x), caller()), y, x)
    for path in paths:
        for node in path.nodes:
            names.add(node)
    others = named_values(caller()) if paths else []
    formulas = write_formulas(_edges(paths), search.between, search.total, names, others)
    return Derivation(paths, search.total, search.count, coverage, names.all, formulas, y, x)


def _first(paths: Iterator[Path]) -> Iterator[Path]:
    """Yield as many paths as are listed by default."""
    steps = 0
    for path in islice(paths, _MOST_PATHS):
        yield path
        steps += len(path.factors)
        if steps >= _MOST_STEPS:
            return


def _coverage(paths: tuple[Path, ...], others: Iterator[Path], search: PathSearch) -> float:
    """Return the share of the listed paths, where they are not all."""
    in_number = len(paths) / search.count
    if not math.isfinite(paths[0].product):
        # Beside an infinite product a finite one counts as nothing, and infinite ones differ only in their number.
        return in_number if not math.isfinite(next(others).product) else 1.0
    for scale in (1.0, 2.0**-600):  # the second for a sum of finite products that is too large for a float
        whole = search.magnitude(scale)
        if math.isfinite(whole):
            return min(1.0, total([abs(path.product) * scale for path in paths]) / whole) if whole else 1.0
    return in_number


def _mentioned(paths: Iterable[Path], y: Value, x: Value) -> list[Value]:
    """Return what the text may name: the nodes of the paths, their operands, and some of what those come from."""
    nodes = {id(node): node for path in paths for node in (y, x, *path.nodes)} or {id(v): v for v in (y, x)}
    level = nodes
    for _ in range(_OPERANDS_OF_OPERANDS):
        level = {id(v): v for node in level.values() for v in node.operands if isinstance(v, Value)}
        nodes = level | nodes
        if len(nodes) > _MOST_MENTIONED:
            break
    return list(nodes.values())


def _edges(paths: tuple[Path, ...]) -> list[Edge]:
    """Return the edges of the paths that the text shows, each once."""
    edges: dict[tuple[int, int], Edge] = {}
    for path in paths[:SHOWN]:
        for step in without_middle(list(zip(pairwise(path.nodes), path.factors, strict=True))):
            if step is not None:
                (node, parent), d = step
                edges[id(node), id(parent)] = (node, parent, d)
    return list(edges.values())
