"""What lies between y and x: the edges that lead from one to the other, and the chain rule over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value

T = TypeVar("T")

Edge = tuple[Value, Value, float]
"""A node, one of its parents, and the local derivative between them; parallel edges are one, with their sum."""


def edges_between(y: Value, x: Value) -> list[tuple[Value, list[Edge]]]:
    """Return the nodes from y down to x, x last and each after its children, with their edges that lead to x.

    It is empty if y was not computed from x.
    """
    order = topological_order(y)
    edges: dict[int, list[Edge]] = {id(x): []}
    for node in order:
        if node is not x and (found := _edges_to(edges, node)):
            edges[id(node)] = found
    if id(y) not in edges:
        return []
    nodes = [node for node in reversed(order) if node is not x and id(node) in edges]
    return [(node, edges[id(node)]) for node in (*nodes, x)]


def _edges_to(reached: dict[int, list[Edge]], node: Value) -> list[Edge]:
    """Return the edges from a node to those of its parents that are among `reached`."""
    found: dict[int, Edge] = {}
    for parent, d in zip(node.parents, node.local_derivatives, strict=True):
        key = id(parent)
        if key in reached:
            found[key] = (node, parent, found[key][2] + d if key in found else d)
    return list(found.values())


def sum_over_paths(between: list[tuple[Value, list[Edge]]], seed: T, pull: Callable[[T, Edge], T]) -> T:
    """Return what reaches x by all paths from y, added up where paths meet: the reverse sweep of the chain rule.

    Args:
        between: what `edges_between` returned; not empty.
        seed: what y starts with.
        pull: what an edge makes of the sum at its node: times the local derivative for derivatives, the same for
            counting paths.
    """
    sums = {id(between[0][0]): seed}
    for node, edges in between:
        found = sums.pop(id(node))  # not kept: the numbers of paths of a deep graph have thousands of digits
        for edge in edges:
            key, term = id(edge[1]), pull(found, edge)
            sums[key] = sums[key] + term if key in sums else term  # type: ignore[operator]
    return found
