"""What lies between y and x: the edges that lead from one to the other, and the chain rule over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value
from autograd_core.program.linear_map import LinearMap
from autograd_core.program.read import read
from autograd_core.rules.gates import FlowGate
from autograd_core.rules.rows import Primitive

T = TypeVar("T")

Edge = tuple[Value, Value, float]
"""A node, one of its parents, and the local derivative between them; parallel edges are one, with their sum."""


class Between:
    """The part of a graph that leads from y to x.

    Attributes:
        nodes: the nodes from y down to x, x last and each after its children, with their edges that lead to x. It is
            empty if y was not computed from x.
    """

    def __init__(self, y: Value, x: Value) -> None:
        order = topological_order(y)
        self._edges: dict[int, list[Edge]] = {id(x): []}
        for node in order:
            if node is not x and (found := self._edges_of(node)):
                self._edges[id(node)] = found
        self.nodes: list[tuple[Value, list[Edge]]] = []
        if id(y) in self._edges:
            between = [node for node in reversed(order) if node is not x and id(node) in self._edges]
            self.nodes = [(node, self._edges[id(node)]) for node in (*between, x)]
            self._linear = self._linear_map(y, x)

    def _edges_of(self, node: Value) -> list[Edge]:
        """Return the edges from a node to those of its parents that are known to lead to x."""
        found: dict[int, Edge] = {}
        for parent, d in zip(node.parents, node.local_derivatives, strict=True):
            key = id(parent)
            if key in self._edges:
                found[key] = (node, parent, found[key][2] + d if key in found else d)
        return list(found.values())

    def _linear_map(self, y: Value, x: Value) -> LinearMap:
        """Return what takes the sums through the graph: an edge stands in the place of each slope."""
        program, numbers, places = read([y])

        def edges(step: int, active: Sequence[bool]) -> list[Edge | None]:
            node = numbers[program.given + step]
            left = {id(parent): (node, parent, d) for _, parent, d in self._edges.get(id(node), ())}
            return [left.pop(id(v), None) for v in node.operands]  # of parallel edges the first stands for all

        return LinearMap(program, edges, [places[id(x)]])

    def sum_over_paths(self, seed: T, pull: Callable[[T, Edge], T]) -> T:
        """Return what reaches x by all paths from y, added up where paths meet.

        Args:
            seed: what y starts with.
            pull: what an edge makes of the sum at its node: times the local derivative for derivatives, the same
                for counting paths.
        """

        def through(
            primitive: Primitive, k: int, edge: Edge, sum_above: T, gate: FlowGate | None, step: object
        ) -> tuple[T, None]:
            return pull(sum_above, edge), None

        found: T = self._linear.pull([seed], through)[0]
        return found
