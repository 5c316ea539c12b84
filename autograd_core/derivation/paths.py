"""The paths from a result to what it was computed from, those that matter most first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value
from autograd_core.rules.ieee import total


@dataclass(frozen=True)
class Path:
    """One way from y to x: `nodes`, y first, and for each step from a node to its parent the local derivative.

    Parallel edges are one step: for `x * x` the factor is x + x.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    product: float


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


class Ways:
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

    def between(self) -> list[tuple[Value, list[tuple[Value, float]]]]:
        """Each node from y to x, those above it first, with the nodes right above it and the factors from there."""
        return [(ways[0].node, self._above[key]) for key, ways in self._found.items()] if self.count else []

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
