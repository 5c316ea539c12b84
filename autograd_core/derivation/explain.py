"""explain(): why dy/dx is what it is, the chain rule written out path by path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise

from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formulas import Formulas, write_formulas
from autograd_core.derivation.paths import Path, Ways
from autograd_core.derivation.text import SHOWN, as_latex, as_text, shortened_to_read
from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.naming import caller, named_values, names_of
from autograd_core.rules.ieee import total
from autograd_core.rules.scalars import as_count, complaint

_PATHS = 1000
_STEPS = 1_000_000
_DEEP = 4
_MENTIONED = 1000


@dataclass(frozen=True)
class Derivation:
    """What `explain(y, x)` found; as text in a terminal, as LaTeX in a notebook.

    Attributes:
        paths: the paths from y to x, those with the largest products first; not all, if they are too many.
        total: dy/dx, the sum of the products over all paths.
        count: how many paths there are.
        coverage: the share of the listed paths in the sum of all products' magnitudes, from 0 to 1. Where more
            products are inf or nan than are listed, it is their share in number.
        names: a name for each node, by id.
        formulas: the local derivatives, and dy/dx, as formulas in these names.
    """

    paths: tuple[Path, ...]
    total: float
    count: int
    coverage: float
    names: dict[int, str]
    formulas: Formulas
    y: Value
    x: Value

    @property
    def formula(self) -> Formula | None:
        """dy/dx as one formula, such as `(p - y) · a`; None where it is too long to be read."""
        return self.formulas.total

    def symbols(self, path: Path) -> tuple[Formula | None, ...]:
        """Return the factors of a path as formulas, None for one that is long; for the paths that the text shows."""
        return tuple(self.formulas.partials.get((id(v), id(p))) for v, p in pairwise(path.nodes))

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return as_latex(self)


def explain(y: Value, x: Value, *, max_paths: int | None = None) -> Derivation:
    """Return the chain rule for dy/dx written out: each path from y to x, its factors, its product, and the sum.

    The factors are the local derivatives that were recorded, and stand beside the formulas that the table of rules
    gives for them. The paths that matter most come first, inf and nan before all; they are found one by one,
    without going through all.

    Args:
        y: the result.
        x: what it was computed from: a leaf or an inner node. If y does not depend on it, total and count are 0.
        max_paths: how many paths to list at most. By default 1000; fewer in deep graphs, as many as hold a
            million steps.

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
        max_paths = as_count(max_paths, "explain(max_paths=...)", 1)
    ways = Ways(y, x)
    found = ways.paths()
    paths = tuple(islice(found, max_paths) if max_paths is not None else _first(found))
    coverage = 1.0 if len(paths) == ways.count else _coverage(paths, found, ways)
    names, given, free = _all_names(paths, y, x, names_of(_mentioned(paths, y, x), caller()))
    formulas = write_formulas(
        y, _edges(paths), ways.between(), ways.total, names, given, named_values(caller()) if paths else [], free
    )
    return Derivation(paths, ways.total, ways.count, coverage, names, formulas, y, x)


def _first(paths: Iterator[Path]) -> Iterator[Path]:
    """As many paths as are listed unless someone asks for more."""
    steps = 0
    for path in islice(paths, _PATHS):
        yield path
        steps += len(path.factors)
        if steps >= _STEPS:
            return


def _coverage(paths: tuple[Path, ...], others: Iterator[Path], ways: Ways) -> float:
    """The share of the listed paths, where they are not all."""
    in_number = len(paths) / ways.count
    if not math.isfinite(paths[0].product):
        # Against these all that is finite counts for nothing, and among themselves they only differ in number.
        return in_number if not math.isfinite(next(others).product) else 1.0
    for scale in (1.0, 2.0**-600):  # the second for a sum of finite products that is too large for a float
        whole = ways.magnitude(scale)
        if math.isfinite(whole):
            return min(1.0, total([abs(path.product) * scale for path in paths]) / whole) if whole else 1.0
    return in_number


# Names: those that people gave, y and x for the ends, and v1, v2, ... for what is between, from y down.


def _mentioned(paths: Iterable[Path], y: Value, x: Value) -> list[Value]:
    """All that the text may name: the nodes of the paths, their operands, and some of what those come from."""
    nodes = {id(node): node for path in paths for node in (y, x, *path.nodes)} or {id(v): v for v in (y, x)}
    level = nodes
    for _ in range(_DEEP):
        level = {id(v): v for node in level.values() for v in node.operands if isinstance(v, Value)}
        nodes = level | nodes
        if len(nodes) > _MENTIONED:
            break
    return list(nodes.values())


def _all_names(
    paths: Iterable[Path], y: Value, x: Value, given: dict[int, str]
) -> tuple[dict[int, str], dict[int, str], Iterator[str]]:
    """A name for each node of the paths; those of them that people gave, y and x among these; and further ones."""
    given = dict(given)
    taken = set(given.values())
    for node, name in ((y, "y"), (x, "x")):
        if id(node) not in given and name not in taken:
            given[id(node)] = name
            taken.add(name)
    free = (f"v{k}" for k in count(1) if f"v{k}" not in taken)
    names = dict(given)
    for path in paths:
        for node in path.nodes:
            if id(node) not in names:
                names[id(node)] = next(free)
    return names, given, free


def _edges(paths: tuple[Path, ...]) -> list[tuple[Value, Value, float]]:
    """The edges of the paths that the text shows, each once."""
    edges = {
        (id(node), id(parent)): (node, parent, d)
        for path in paths[:SHOWN]
        for (node, parent), d in shortened_to_read(list(zip(pairwise(path.nodes), path.factors, strict=True)))
    }
    return list(edges.values())
