"""The reverse sweep: the chain rule, applied once along every edge of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_core.engine.edges import Deferred
from autograd_core.engine.graph import LOCK, topological_order
from autograd_core.engine.mode import Visitor
from autograd_core.engine.modes import ACTIVE, SWEEPS, swept, watcher

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


def sweep(order: list[Value], visit: Visitor | None = None) -> None:
    """Pass gradients from each node to its parents, last node first.

    `order` is a topological order. Walking it backwards, a node's gradient is complete when its turn comes,
    since all that was computed from it comes first. A parent reached by several edges adds up all of them.
    """
    for node in reversed(order):
        upstream = node._grad
        parent = node._left
        if parent is not None:
            before = parent._grad
            parent._grad = before + node._d_left * upstream
            if visit is not None:
                visit(node, parent, node._d_left, upstream, before, parent._grad)
        parent = node._right
        if parent is not None:
            before = parent._grad
            parent._grad = before + node._d_right * upstream
            if visit is not None:
                visit(node, parent, node._d_right, upstream, before, parent._grad)
        rest = node._rest
        if rest is not None:
            if isinstance(rest, Deferred):
                rest.call.pull(node, rest.place, visit)
                continue
            for operand, derivative in zip(rest.operands, rest.slopes, strict=True):
                if derivative is not None:
                    parent = operand
                    before = parent._grad
                    parent._grad = before + derivative * upstream
                    if visit is not None:
                        visit(node, parent, derivative, upstream, before, parent._grad)


def backward(root: Value, visit: Visitor | None = None) -> None:
    """Set d root / d node on every node below `root`; on leaves, add it to the gradient already there.

    The gradient of this call is summed by itself, from 0, and then added to the leaves once: two calls give
    exactly twice the gradient. Where it is stopped, by `visit` or by the user, leaves get their old gradients back.
    """
    watch = watcher() if ACTIVE.count else None
    if watch is not None:
        visit = watch if visit is None else _both(watch, visit)
    with LOCK:
        order = topological_order(root)
        leaves: list[Value] = []
        held: list[tuple[float, bool]] = []
        complete = False
        try:
            for node in order:
                if node._primitive is None:
                    held.append((node._grad, node._reached))
                    leaves.append(node)
                node._grad = 0.0
                node._reached = True
            root._grad = 1.0
            sweep(order, visit)
            complete = True
        finally:
            if not complete:
                for node in order:
                    if node._primitive is not None:
                        node._grad, node._reached = 0.0, False
                    if isinstance(node._rest, Deferred):
                        node._rest.call.forget()
            for leaf, (before, reached) in zip(leaves, held, strict=False):
                leaf._grad = before + leaf._grad if complete else before
                leaf._reached = complete or reached
    if SWEEPS.count:
        swept(order, leaves, held)


def _both(first: Visitor, second: Visitor) -> Visitor:
    def visit(
        node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float
    ) -> None:
        first(node, parent, local_derivative, upstream, before, after)
        second(node, parent, local_derivative, upstream, before, after)

    return visit
