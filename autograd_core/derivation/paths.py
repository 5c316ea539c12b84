"""The paths from a result to what it was computed from, those with the largest products first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from autograd_core.derivation.between import Between, Edge
from autograd_core.engine.value import Value


@dataclass(frozen=True)
class Path:
    """One path from y to x.

    Attributes:
        nodes: y first, x last.
        factors: for each step from a node to its parent the local derivative. Parallel edges are one step: for
            `x * x` the factor is x + x.
        product: the product of the factors.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    product: float


class _Beginning(NamedTuple):
    """The beginning of a path, from y down to a node, as one more step after the beginning of a shorter path."""

    product: float
    node: Value
    factor: float
    before: _Beginning | None

    def path(self) -> Path:
        nodes, factors = [self.node], []
        at = self
        while at.before is not None:
            factors.append(at.factor)
            at = at.before
            nodes.append(at.node)
        return Path(tuple(reversed(nodes)), tuple(reversed(factors)), self.product)


_Candidate = tuple[float, bool, int, Value, float, int]
"""What may be the next best way down to a node by one of its edges, in the order in which a heap yields them.

Minus the size of its product; whether that is only a bound, since the beginning that it continues is not found yet; a
number that breaks ties; the node above; the factor; and which of the beginnings at the node above it continues.
"""


class PathSearch:
    """Finds the paths from y to x in the order of the sizes of their products, without going through all of them.

    It keeps for each node between y and x the best beginnings of paths down to it. The k-th best one continues one
    of the k best beginnings at a node right above. So each node merges the sorted beginnings of the nodes above, and
    asks these for one more only when it has used up what they have found (the recursive enumeration of Jimenez and
    Marzal). One more path costs each node at most one more beginning, even where many products are equal: the time
    grows with paths listed times depth, and not with the number of paths that there are. The order is exact: of two
    products, the one of larger size stays the larger or becomes equal when both are multiplied by a factor and rounded.

    Source: V. M. Jimenez, A. Marzal, Computing the K shortest paths, Workshop on Algorithm Engineering 1999.

    Attributes:
        between: the edges that lead from y to x; see `edges_between`.
        count: how many paths there are.
        total: dy/dx.
    """

    def __init__(self, y: Value, x: Value) -> None:
        self.x = x
        self.between = Between(y, x)
        self.count, self.total = 0, 0.0
        self._above: dict[int, list[tuple[Value, float]]] = {id(node): [] for node, _ in self.between.nodes}
        self._found: dict[int, list[_Beginning]] = {}
        self._candidates: dict[int, list[_Candidate]] = {}
        self._tie = count()
        for node, edges in self.between.nodes:
            self._found[id(node)] = [self._best(node)]
            for _, parent, d in edges:
                self._above[id(parent)].append((node, d))
        if self.between.nodes:
            self.count = self.between.sum_over_paths(1, lambda number, edge: number)
            self.total = self.between.sum_over_paths(1.0, _times_slope)

    def magnitude(self, scale: float) -> float:
        """Return the sum of the magnitudes of all products, times a scale."""
        return self.between.sum_over_paths(scale, _times_size_of_slope)

    def paths(self) -> Iterator[Path]:
        """Yield the paths from y to x, largest product first."""
        for rank in range(self.count):
            if rank > 0:
                self._find_another()
            yield self._found[id(self.x)][rank].path()

    def _best(self, node: Value) -> _Beginning:
        above = self._above[id(node)]
        if not above:
            return _Beginning(1.0, node, 1.0, None)
        best = [(self._found[id(v)][0], d) for v, d in above]
        before, d = best[0] if len(best) == 1 else max(best, key=lambda b: _size(b[0].product * b[1]))
        return _Beginning(before.product * d, node, d, before)

    def _find_another(self) -> None:
        """Find one more path to x, and one more beginning at each node above that it takes."""
        asked = [self.x]
        while asked:
            node = asked[-1]
            candidates = self._candidates_of(node)
            if not candidates:
                asked.pop()
                continue
            _, is_bound, _, above, d, rank = candidates[0]
            found = self._found[id(above)]
            if not is_bound:
                before = found[rank]
                product = before.product * d
                self._found[id(node)].append(_Beginning(product, node, d, before))
                heapq.heapreplace(candidates, (-_size(product), True, next(self._tie), above, d, rank + 1))
                asked.pop()
            elif rank < len(found):
                size = _size(found[rank].product * d)
                heapq.heapreplace(candidates, (-size, False, next(self._tie), above, d, rank))
            elif self._candidates_of(above):
                asked.append(above)
            else:
                heapq.heappop(candidates)

    def _candidates_of(self, node: Value) -> list[_Candidate]:
        """Return what may come next at a node; empty if nothing is left, or if the node is y."""
        key = id(node)
        if key not in self._candidates:
            best = self._found[key][0]
            self._candidates[key] = [
                (-_size(before.product * d), used, next(self._tie), above, d, int(used))
                for above, d in self._above[key]
                for before in [self._found[id(above)][0]]
                for used in [before is best.before]
            ]
            heapq.heapify(self._candidates[key])
        return self._candidates[key]


def _times_slope(adjoint: float, edge: Edge) -> float:
    return edge[2] * adjoint


def _times_size_of_slope(adjoint: float, edge: Edge) -> float:
    return abs(edge[2]) * adjoint


def _size(x: float) -> float:
    """Return the magnitude for comparing; nan counts as inf, since a path that gives nan is the one to look at."""
    return math.inf if x != x else abs(x)
