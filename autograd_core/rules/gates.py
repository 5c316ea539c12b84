"""Gates: what flows through a row that selects, and what becomes of it further on.

An operand that was not chosen gets an adjoint of 0. Further down a slope may be inf there, and 0 times inf is nan. So
what came through an arm carries a gate, a number that is 0 where the arm was not chosen, and each product is
taken through it. Where all arms of a row come together again, one of them was chosen, and the gate is left behind.
The same holds for tangents in forward mode.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import where


class FlowGate(NamedTuple):
    """Whether what flows counts.

    Attributes:
        number: 0 where it does not.
        step: tells the row that selects from others; None once gates of several were joined.
        arms: which of its operands came together here.
        total: how many it selects from.
        above: the gate that the row itself was under.
    """

    number: Any
    step: object
    arms: frozenset[int]
    total: int
    above: FlowGate | None


def passed(
    primitive: Primitive, k: int, slope: Any, flow: Any, gate: FlowGate | None, step: object
) -> tuple[Any, FlowGate | None]:
    """Return what an adjoint or a tangent becomes along one edge, and its gate there.

    Args:
        primitive: the row.
        k: which operand the edge leads to.
        slope: the derivative towards it.
        flow: the adjoint of the result, or the tangent of the operand.
        gate: the gate that it is under.
        step: what tells this application of the row from others.
    """
    term = primitive.pull(slope, flow)
    if primitive.selects and type(slope) is not float:
        total = sum(partial is not None for partial in primitive.partials)
        number = slope if gate is None else where(gate.number, slope, 0.0)
        opened = FlowGate(number, step, frozenset((k,)), total, gate)
        return (term if gate is None else where(number, term, 0.0)), opened
    return (term if gate is None else where(gate.number, term, 0.0)), gate


def joined(a: FlowGate | None, b: FlowGate | None) -> FlowGate | None:
    """Return the gate of a sum of two flows: the sum counts where either of them does."""
    if a is None or b is None:
        return None
    if a.step is not None and a.step == b.step and a.above is b.above:
        arms = a.arms | b.arms
        if len(arms) == a.total:
            return a.above
        return a if arms == a.arms else FlowGate(where(a.number, 1.0, b.number), a.step, arms, a.total, a.above)
    return a if a.number is b.number else FlowGate(where(a.number, 1.0, b.number), None, frozenset(), 0, None)
