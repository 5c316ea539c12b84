"""Dual numbers: forward mode. A number and how fast it moves go through the computation together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from autograd_core.engine.modes import ACTIVE
from autograd_core.interpreters.lifted import Lifted
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import number
from autograd_core.rules.table import divide, reciprocal


class Dual(Lifted):
    """A number and its tangent: x + t ε with ε² = 0, where ε belongs to one transform only.

    Every row of the table acts by the chain rule: the result's tangent is the sum over the operands of partial
    times tangent. No graph is kept, so memory does not grow with the length of the computation.

    Args:
        level: which transform it belongs to; see `autograd_core.interpreters.lifted`.
        primal: the number: a float, a Value or something of a lower level.
        tangent: the derivative of the number along the direction that the transform asks for; None if it does not
            move.
    """

    __slots__ = ("_primal", "tangent")

    def __init__(self, level: int, primal: Any, tangent: Any) -> None:
        self.level = level
        self._primal = primal
        self.tangent = tangent

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
        for x, partial in zip(operands, primitive.linearize(primals, result, active), strict=True):
            if partial is not None:
                moved = x.tangent if type(partial) is float and partial == 1.0 else partial * x.tangent
                tangent = moved if tangent is None else tangent + moved
        return Dual(self.level, result, tangent)

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """See `Lifted.__apply_primitive__`; a row of one operand takes the short way."""
        if len(operands) > 1 or ACTIVE.count:
            return super().__apply_primitive__(primitive, operands)
        result = primitive.apply((self._primal,))
        if self.tangent is None:
            return Dual(self.level, result, None)
        (partial,) = primitive.linearize((self._primal,), result, (True,))
        return Dual(self.level, result, None if partial is None else partial * self.tangent)

    # Arithmetic of two numbers of one level, and with a plain number, written out for speed; the table has all else.

    def __add__(self, other: object) -> Any:
        if _beside(other, self):
            return Dual(self.level, self._primal + other._primal, _plus(self.tangent, other.tangent))
        c = _plain(other)
        return super().__add__(other) if c is None else Dual(self.level, self._primal + c, self.tangent)

    def __radd__(self, other: object) -> Any:
        c = _plain(other)
        return super().__radd__(other) if c is None else Dual(self.level, c + self._primal, self.tangent)

    def __sub__(self, other: object) -> Any:
        if _beside(other, self):
            return Dual(self.level, self._primal - other._primal, _plus(self.tangent, _times(-1.0, other.tangent)))
        c = _plain(other)
        return super().__sub__(other) if c is None else Dual(self.level, self._primal - c, self.tangent)

    def __rsub__(self, other: object) -> Any:
        c = _plain(other)
        return super().__rsub__(other) if c is None else Dual(self.level, c - self._primal, _times(-1.0, self.tangent))

    def __mul__(self, other: object) -> Any:
        if _beside(other, self):
            a, b = self._primal, other._primal
            return Dual(self.level, a * b, _plus(_times(b, self.tangent), _times(a, other.tangent)))
        c = _plain(other)
        return super().__mul__(other) if c is None else Dual(self.level, self._primal * c, _times(c, self.tangent))

    def __rmul__(self, other: object) -> Any:
        c = _plain(other)
        return super().__rmul__(other) if c is None else Dual(self.level, c * self._primal, _times(c, self.tangent))

    def __truediv__(self, other: object) -> Any:
        if _beside(other, self):
            b = other._primal
            y = divide(self._primal, b)
            moved = _times(reciprocal(b), self.tangent)
            return Dual(self.level, y, _plus(moved, _times(-divide(y, b), other.tangent)))
        c = _plain(other)
        if c is None:
            return super().__truediv__(other)
        return Dual(self.level, divide(self._primal, c), _times(reciprocal(c), self.tangent))

    def __rtruediv__(self, other: object) -> Any:
        c = _plain(other)
        if c is None:
            return super().__rtruediv__(other)
        y = divide(c, self._primal)
        return Dual(self.level, y, _times(-divide(y, self._primal), self.tangent))

    def __repr__(self) -> str:
        return f"Dual({self._primal!r}, tangent={self.tangent!r})"


def _beside(other: object, x: Dual) -> TypeGuard[Dual]:
    return type(other) is Dual and other.level == x.level and not ACTIVE.count


def _plain(x: object) -> float | None:
    if type(x) is float:
        return None if ACTIVE.count else x
    return number(x) if type(x) is int and not ACTIVE.count else None


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


def _times(partial: Any, tangent: Any) -> Any:
    return None if tangent is None else partial * tangent
