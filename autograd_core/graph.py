"""Walking the graph. Nothing here knows a rule, and nothing recurses, so any depth will do."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from autograd_core.value import Value


class _Walks:
    """Counts the walks over graphs. A walk marks the nodes it meets with its own two numbers."""

    def __init__(self) -> None:
        self.count: int = 0


_walks: Final = _Walks()

LOCK: Final = threading.RLock()
"""Held while marks or gradients are in use, so that two threads may share leaves."""


def topological_order(root: Value) -> list[Value]:
    """Return `root` and all that it was computed from, each once, every node after its parents.

    Depth first, on a stack of its own. A node is marked `entered` when its parents are put above it on the
    stack, and `done` when it is on top again: then all its parents are in the order, and it follows them.

    >>> from autograd_core import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> [node.data for node in topological_order(a * b + a)]
    [2.0, 3.0, 6.0, 8.0]
    """
    order: list[Value] = []
    stack: list[Value] = [root]
    with LOCK:
        _walks.count += 1
        entered = 2 * _walks.count
        done = entered + 1
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
                stack.extend(rest.parents[::-1])
            right = node._right
            if right is not None and right._mark < entered:
                stack.append(right)
            left = node._left
            if left is not None and left._mark < entered:
                stack.append(left)
    return order
