"""explain(): why dy/dx is what it is, the chain rule written out path by path."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import NamedTuple

from autograd_core.derivation_text import as_latex, as_text
from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.graph import topological_order
from autograd_core.ieee import total
from autograd_core.naming import caller, names_of
from autograd_core.scalars import complaint, shortened
from autograd_core.value import Value

_PATHS = 1000
_STEPS = 1_000_000


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
        coverage: the share of the listed paths in the sum of all products' magnitudes, from 0 to 1. Where more
            products are inf or nan than are listed, it is their share in number.
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
        return as_text(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return as_latex(self)


def explain(y: Value, x: Value, *, max_paths: int | None = None) -> Derivation:
    """Return the chain rule for dy/dx written out: each path from y to x, its factors, its product, and the sum.

    The factors are the local derivatives that were recorded. The paths that matter most come first, inf and nan
    before all; they are found one by one, without going through all.

    Args:
        y: the result.
        x: what it was computed from: a leaf or an inner node. If y does not depend on it, total and count are 0.
        max_paths: how many paths to list at most. By default 1000; fewer in deep graphs, as many as hold a
            million steps.

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
    if max_paths is not None and (isinstance(max_paths, bool) or not isinstance(max_paths, int) or max_paths < 1):
        raise DomainError(f"explain(max_paths=...) takes a whole number of at least 1, got {shortened(max_paths)}")
    ways = _Ways(y, x)
    found = ways.paths()
    paths = tuple(islice(found, max_paths) if max_paths is not None else _first(found))
    coverage = 1.0 if len(paths) == ways.count else _coverage(paths, found, ways)
    names = _all_names(paths, y, x, names_of(_mentioned(paths, y, x), caller()))
    return Derivation(paths, ways.total, ways.count, coverage, names, y, x)


def _first(paths: Iterator[Path]) -> Iterator[Path]:
    """As many paths as are listed unless someone asks for more."""
    steps = 0
    for path in islice(paths, _PATHS):
        yield path
        steps += len(path.factors)
        if steps >= _STEPS:
            return


def _coverage(paths: tuple[Path, ...], others: Iterator[Path], ways: _Ways) -> float:
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


class _Way(NamedTuple):
    """A way from y down to a node: its product, and how it goes on from a way to a node above."""

    product: float
    node: Value
    factor: float
    before: _Way | None

    def path(self) -> Path:
        nodes, factors = [self.node], []
        way = self
        while way.before is not None:
            factors.append(way.factor)
            way = way.before
            nodes.append(way.node)
        return Path(tuple(reversed(nodes)), tuple(reversed(factors)), self.product)


_Candidate = tuple[float, bool, int, Value, float, int]
"""The next way to a node by one of the edges into it, in the order in which a heap is to yield them.

Minus its size; whether that is only a bound, since the way to the node above is not found yet; a number that
breaks ties; the node above, the factor, and which of the ways to the node above it continues.
"""


class _Ways:
    """The ways from y to the nodes between y and x, for each node those with the largest products first.

    The k-th best way to a node continues some way, the k-th best or a better one, to a node right above it. So
    each node merges the sorted ways of the nodes above, and asks them for one more only when it has used up what
    it knows (the recursive enumeration of Jimenez and Marzal, 1999). One more path costs each node at most one
    more way, however many products are equal: time grows with paths times depth, never with the number of paths
    there are. The order is exact, since multiplying by a factor never turns sizes around, rounding included.

    Source: V. M. Jimenez, A. Marzal, Computing the K shortest paths, Workshop on Algorithm Engineering 1999.
    """

    def __init__(self, y: Value, x: Value) -> None:
        self.x = x
        self.count, self.total = 0, 0.0
        self._above: dict[int, list[tuple[Value, float]]] = {id(y): []}
        self._found: dict[int, list[_Way]] = {}
        self._candidates: dict[int, list[_Candidate]] = {}
        self._tie = count()
        order = topological_order(y)
        steps = _steps(order, x)
        if y is not x and id(y) not in steps:
            return
        # A node's count is dropped when its parents have it: the counts of a deep graph have thousands of digits.
        counts, totals = {id(y): 1}, {id(y): 1.0}
        for node in reversed(order):
            key = id(node)
            if key not in self._above:
                continue
            number, gradient = counts.pop(key), totals.pop(key)
            self._found[key] = [self._best(node)]
            if node is x:
                self.count, self.total = number, gradient
                return
            for parent, d in steps[key]:
                below = id(parent)
                if below in self._above:
                    self._above[below].append((node, d))
                    counts[below] += number
                    totals[below] += d * gradient
                else:
                    self._above[below] = [(node, d)]
                    counts[below] = number
                    totals[below] = d * gradient

    def _best(self, node: Value) -> _Way:
        above = self._above[id(node)]
        if not above:
            return _Way(1.0, node, 1.0, None)
        ways = [(self._found[id(v)][0], d) for v, d in above]
        way, d = ways[0] if len(ways) == 1 else max(ways, key=lambda w: _size(w[0].product * w[1]))
        return _Way(way.product * d, node, d, way)

    def paths(self) -> Iterator[Path]:
        """Yield the paths from y to x, largest product first."""
        for rank in range(self.count):
            if rank > 0:
                self._find_another()
            yield self._found[id(self.x)][rank].path()

    def _find_another(self) -> None:
        """Find one more way to x, and to as many nodes above as it takes."""
        asked = [self.x]
        while asked:
            node = asked[-1]
            candidates = self._candidates_of(node)
            if not candidates:
                asked.pop()
                continue
            _, is_bound, _, above, d, rank = candidates[0]
            ways = self._found[id(above)]
            if not is_bound:
                way = ways[rank]
                product = way.product * d
                self._found[id(node)].append(_Way(product, node, d, way))
                heapq.heapreplace(candidates, (-_size(product), True, next(self._tie), above, d, rank + 1))
                asked.pop()
            elif rank < len(ways):
                size = _size(ways[rank].product * d)
                heapq.heapreplace(candidates, (-size, False, next(self._tie), above, d, rank))
            elif self._candidates_of(above):
                asked.append(above)
            else:
                heapq.heappop(candidates)

    def _candidates_of(self, node: Value) -> list[_Candidate]:
        """What the next way to a node may be; empty if there is none, or if y is the node."""
        key = id(node)
        if key not in self._candidates:
            best = self._found[key][0]
            self._candidates[key] = [
                (-_size(way.product * d), used, next(self._tie), above, d, int(used))
                for above, d in self._above[key]
                for way in [self._found[id(above)][0]]
                for used in [way is best.before]
            ]
            heapq.heapify(self._candidates[key])
        return self._candidates[key]

    def magnitude(self, scale: float) -> float:
        """The sum of the magnitudes of all products, times a scale."""
        sums: dict[int, float] = {}
        for key in self._found:  # each node after those above it
            above = self._above[key]
            sums[key] = total([sums[id(v)] * abs(d) for v, d in above]) if above else scale
        return sums[id(self.x)]


def _steps(order: list[Value], x: Value) -> dict[int, list[tuple[Value, float]]]:
    """For each node that was computed from x the edges that lead to x; parallel edges are one."""
    steps: dict[int, list[tuple[Value, float]]] = {}
    key = id(x)
    for node in order:
        merged: dict[int, tuple[Value, float]] = {}
        for parent, d in zip(node.parents, node.local_derivatives, strict=True):
            p = id(parent)
            if p == key or p in steps:
                merged[p] = (parent, merged[p][1] + d if p in merged else d)
        if merged and node is not x:
            steps[id(node)] = list(merged.values())
    return steps


def _size(x: float) -> float:
    """The magnitude for comparing; nan counts as inf, since a path that gives nan is the one to look at."""
    return math.inf if x != x else abs(x)


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
