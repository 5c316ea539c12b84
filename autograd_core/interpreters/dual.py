"""Dual numbers: forward mode. A number and how fast it moves go through the computation together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from autograd_core.engine.modes import ACTIVE
from autograd_core.interpreters.lifted import Lifted
from autograd_core.rules.gates import FlowGate, joined, passed
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import TABLE, divide, reciprocal


class Dual(Lifted):
    """A number and its tangent: x + t ε with ε² = 0, where ε belongs to one transform only.

    Every row of the table acts by the chain rule: the result's tangent is the sum over the operands of partial
    times tangent. No graph is kept, so memory does not grow with the length of the computation.

    Args:
        level: which transform it belongs to; see `autograd_core.interpreters.lifted`.
        primal: the number: a float, a Value or something of a lower level.
        tangent: the derivative of the number along the direction that the transform asks for; None if it does not
            move.
        gate: whether the tangent counts; see `autograd_core.rules.gates`.
    """

    __slots__ = ("_primal", "gate", "tangent")

    def __init__(self, level: int, primal: Any, tangent: Any, gate: FlowGate | None = None) -> None:
        self.level = level
        self._primal = primal
        self.tangent = tangent
        self.gate = gate

    @property
    def primal(self) -> Any:
        """See `Lifted.primal`."""
        return self._primal

    def parts(self) -> Sequence[Any]:
        """Return the number and its tangent."""
        return (self._primal, self.tangent)

    def with_parts(self, parts: Sequence[Any]) -> Dual:
        """See `Lifted.with_parts`."""
        return Dual(self.level, *parts)

    @property
    def moves(self) -> bool:
        """See `Lifted.moves`."""
        return self.tangent is not None

    def applied(self, primitive: Primitive, operands: tuple[Any, ...], active: list[bool]) -> Any:
        """See `Lifted.applied`."""
        primals = tuple([x._primal if a else x for x, a in zip(operands, active, strict=True)])
        result = primitive.apply(primals)
        tangent: Any = None
        whole: FlowGate | None = None
        step = object()
        for k, (x, partial) in enumerate(zip(operands, primitive.linearize(primals, result, active), strict=True)):
            if partial is not None:
                moved, gate = passed(primitive, k, partial, x.tangent, x.gate, step)
                tangent, whole = (moved, gate) if tangent is None else (tangent + moved, joined(whole, gate))
        return Dual(self.level, result, tangent, whole)

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """See `Lifted.__apply_primitive__`; arithmetic and rows of one operand take a short way."""
        if ACTIVE.count or self.gate is not None:
            return super().__apply_primitive__(primitive, operands)
        rule = _ARITHMETIC.get(primitive)
        if rule is not None:
            a, b = operands
            level = self.level
            if type(b) is float:
                if self.tangent is not None:
                    return Dual(level, *rule(self._primal, b, self.tangent, None))
            elif type(a) is float:
                if self.tangent is not None:
                    return Dual(level, *rule(a, self._primal, None, self.tangent))
            elif type(a) is Dual and type(b) is Dual and a.level == b.level and a.gate is b.gate is None:
                return Dual(level, *rule(a._primal, b._primal, a.tangent, b.tangent))
        elif len(operands) == 1:
            result = primitive.apply((self._primal,))
            if self.tangent is None:
                return Dual(self.level, result, None)
            (partial,) = primitive.linearize((self._primal,), result, (True,))
            return Dual(self.level, result, None if partial is None else primitive.pull(partial, self.tangent))
        return super().__apply_primitive__(primitive, operands)

    def __repr__(self) -> str:
        return f"Dual({self._primal!r}, tangent={self.tangent!r})"


# Arithmetic by the product rule and its like, without asking the table for partials: (number, tangent) of the result.
# A tangent of None is 0 because nothing moves; see `Lifted.parts`.


def _sum(a: Any, b: Any, da: Any, db: Any) -> tuple[Any, Any]:
    return a + b, db if da is None else da if db is None else da + db


def _difference(a: Any, b: Any, da: Any, db: Any) -> tuple[Any, Any]:
    if db is None:
        return a - b, da
    return a - b, -1.0 * db if da is None else da + -1.0 * db


def _product(a: Any, b: Any, da: Any, db: Any) -> tuple[Any, Any]:
    if da is None:
        return a * b, None if db is None else a * db
    return a * b, b * da if db is None else b * da + a * db


def _quotient(a: Any, b: Any, da: Any, db: Any) -> tuple[Any, Any]:
    y = divide(a, b)
    by_a = None if da is None else reciprocal(b) * da
    if db is None:
        return y, by_a
    by_b = -divide(y, b) * db
    return y, by_b if by_a is None else by_a + by_b


_ARITHMETIC: Final[dict[Primitive, Callable[..., tuple[Any, Any]]]] = {
    TABLE["add"]: _sum,
    TABLE["subtract"]: _difference,
    TABLE["multiply"]: _product,
    TABLE["divide"]: _quotient,
}
