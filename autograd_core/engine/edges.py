"""Edges: the operands of a node that two slots cannot hold, each with the derivative towards it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


class Edges:
    """All operands of a node, such as the terms of a sum, and the derivative of the node towards each of them.

    `slopes[i]` is the derivative towards `operands[i]`. It is None where no gradient flows: the operand is a constant,
    or a Value that the row does not depend on there, such as the side that `where` did not choose.
    """

    __slots__ = ("operands", "slopes")

    def __init__(self, operands: tuple[Any, ...], slopes: list[float | None]) -> None:
        self.operands = operands
        self.slopes = slopes

    def parents(self) -> tuple[Value, ...]:
        """Return the operands that the gradient flows to."""
        if None not in self.slopes:
            return self.operands
        return tuple([x for x, d in zip(self.operands, self.slopes, strict=True) if d is not None])


class Deferred(Edges):
    """Edges whose derivatives are worked out when the reverse sweep comes to them, for all outputs of a call at once.

    `operands` are what the call depends on, all Values. The output in place 0 leads: the sweep goes on from it to the
    operands, and from the others to it, so that it comes to the leader last. `call` has the methods

    - `pull(node, place, visit)`: the sweep has come to that output; for place 0, pass on the gradients of all.
    - `forget()`: a sweep was stopped.
    - `derivatives(place)`: the derivative of that output with respect to each operand.
    """

    __slots__ = ("call", "place", "leader")

    def __init__(self, operands: tuple[Any, ...], leader: Value | None, call: Any, place: int) -> None:
        super().__init__(operands, [])
        self.leader = leader
        self.call = call
        self.place = place

    def parents(self) -> tuple[Value, ...]:
        """Return what a walk over the graph goes on to: the leader, or from the leader itself the operands."""
        return self.operands if self.leader is None else (self.leader,)
