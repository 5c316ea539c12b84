"""Which part of a graph a picture shows: the Values nearest to the result, and what leads to them.

A picture shows all operands, those too that no gradient flows to. Nothing here recurses or holds more of a
graph than ids, so a graph of any size can be asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value


class Operand(NamedTuple):
    """One operand of a node: a Value or a float, and the local derivative towards it if gradient flows there."""

    x: Any
    derivative: float | None


class Excerpt(NamedTuple):
    """A part of a graph.

    Attributes:
        values: the Values in it, operands before what is computed from them.
        hidden: how many Values of the graph are not in it.
        reached: by id, how many operands of a node were looked at: constants among these are in the excerpt.
    """

    values: list[Value]
    hidden: int
    reached: dict[int, int]


def operands_of(node: Value) -> list[Operand]:
    """Return the operands of a node in order, each with its local derivative.

    >>> [tuple(operand) for operand in operands_of(2.0 * Value(3.0))]
    [(2.0, None), (Value(data=3.0, grad=0.0), 2.0)]
    """
    return [Operand(x, d) for x, d in zip(node.operands, node.slopes, strict=True)]


def nearest(roots: list[Value], limit: int) -> Excerpt:
    """Return the `limit` nodes nearest to the roots, breadth first; a constant counts as a node too.

    >>> a, b = Value(2.0), Value(3.0)
    >>> excerpt = nearest([(a * b).exp()], 2)
    >>> [v.op for v in excerpt.values], excerpt.hidden
    (['*', 'exp'], 2)
    """
    reached: dict[int, int] = {}
    chosen: dict[int, Value] = {id(root): root for root in roots[:limit]}
    queue = deque(chosen.values())
    places = limit - len(chosen)
    while queue and places > 0:
        node = queue.popleft()
        for i, x in enumerate(node.operands):
            if places <= 0:
                break
            reached[id(node)] = i + 1
            if isinstance(x, Value):
                if id(x) in chosen:
                    continue
                chosen[id(x)] = x
                queue.append(x)
            places -= 1
    every = topological_order(*roots, operands=True)
    return Excerpt([v for v in every if id(v) in chosen], len(every) - len(chosen), reached)


def reachable(roots: Iterable[Value]) -> Iterator[Value]:
    """Yield the roots and all that they were computed from, each once, in no particular order."""
    stack = list({id(root): root for root in roots}.values())
    seen = {id(root) for root in stack}
    while stack:
        node = stack.pop()
        yield node
        rest = node._rest
        for x in (node._left, node._right) if rest is None else rest.operands:
            if isinstance(x, Value) and id(x) not in seen:
                seen.add(id(x))
                stack.append(x)


def ordered(roots: Iterable[Value]) -> list[Value]:
    """Return the roots and all that they were computed from, each once, operands first."""
    return topological_order(*roots, operands=True)
