"""Walking the graph. Nothing here knows a rule, and nothing recurses, so any depth will do."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


class _Walks:
    """Counts the walks over graphs. A walk marks the nodes it meets with its own two numbers."""

    def __init__(self) -> None:
        self.count: int = 0


_walks: Final = _Walks()

LOCK: Final = threading.RLock()
"""Held while marks or gradients are in use, so that two threads may share leaves."""


def topological_order(*roots: Value, stops: Sequence[Value] = (), operands: bool = False) -> list[Value]:
    """Return the roots and all that they were computed from, each once, every node after its parents.

    The walk does not go into `stops` or beyond them. With `operands` it goes along all operands, those too that no
    gradient flows to.

    Depth first, on a stack of its own. A node is marked `entered` when its parents are put above it on the
    stack, and `done` when it is on top again: then all its parents are in the order, and it follows them.

    >>> from autograd_core import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> [node.data for node in topological_order(a * b + a)]
    [2.0, 3.0, 6.0, 8.0]
    """
    order: list[Value] = []
    stack: list[Value] = list(roots[::-1])
    with LOCK:
        _walks.count += 1
        entered = 2 * _walks.count
        done = entered + 1
        for stop in stops:
            stop._mark = done
        while stack:
            node = stack[-1]
            mark = node._mark
            if mark >= entered:
                stack.pop()
                if mark == entered:
                    node._mark = done
                    order.append(node)
                continue
            node._mark = entered
            rest = node._rest
            if rest is not None:
                if operands:
                    stack.extend([x for x in rest.operands[::-1] if hasattr(x, "_mark")])
                else:
                    stack.extend(rest.parents()[::-1])
            right = node._right
            if right is not None and right._mark < entered:
                stack.append(right)
            left = node._left
            if left is not None and left._mark < entered:
                stack.append(left)
    return order


def leaves_below(roots: Sequence[Value], stops: Sequence[Value], operands: bool = False) -> list[Value]:
    """Return the leaves that `roots` were computed from, or are; the walk does not go into `stops` or beyond them.

    >>> from autograd_core import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> [leaf.data for leaf in leaves_below([a * b * Value(4.0)], [a])]
    [3.0, 4.0]
    """
    return [node for node in topological_order(*roots, stops=stops, operands=operands) if node._primitive is None]
