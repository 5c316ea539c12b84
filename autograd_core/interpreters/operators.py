"""Operators: the arithmetic, comparisons and methods of every interpreter of the table, written once.

An interpreter is a class whose objects stand in the place of numbers: a dual number, a power series, a formula.
It says what a row of the table does to it, in `__apply_primitive__`, and how it compares, in `_compare`. All else
follows from the rows. `Value` alone writes its arithmetic out, for speed, and is tested against the rows.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, ClassVar, Final, Self

from autograd_core.rules.kinds import Binary, Unary
from autograd_core.rules.rows import Primitive, is_operand
from autograd_core.rules.scalars import number, refused, stranger
from autograd_core.rules.table import TABLE

RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}
"""The comparisons by their signs."""

_ADD: Final = TABLE["add"]
_SUBTRACT: Final = TABLE["subtract"]
_MULTIPLY: Final = TABLE["multiply"]
_DIVIDE: Final = TABLE["divide"]
_POWER: Final = TABLE["power"]
_NEGATIVE: Final = TABLE["negative"]
_ABS: Final = TABLE["abs"]


class Operators:
    """What Python's operators do on an interpreter's objects: they apply rows of the table."""

    __slots__ = ()
    __hash__: ClassVar[Any] = object.__hash__  # == compares numbers; a hash tells objects apart, as on Values

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """Apply a row to operands of which this is one; NotImplemented leaves it to the next of them."""
        raise NotImplementedError

    def detached(self) -> Any:
        """Return the number, cut off what it was computed from; see `autograd_core.detach`."""
        raise NotImplementedError

    def _compare(self, relation: str, other: object) -> bool:
        """Return whether the relation, one of RELATIONS, holds between this and `other`."""
        raise NotImplementedError

    def __add__(self, other: object) -> Any:
        c = _operand(other, _ADD)
        return c if c is NotImplemented else _ADD.apply((self, c))

    def __radd__(self, other: object) -> Any:
        c = _operand(other, _ADD)
        return c if c is NotImplemented else _ADD.apply((c, self))

    def __sub__(self, other: object) -> Any:
        c = _operand(other, _SUBTRACT)
        return c if c is NotImplemented else _SUBTRACT.apply((self, c))

    def __rsub__(self, other: object) -> Any:
        c = _operand(other, _SUBTRACT)
        return c if c is NotImplemented else _SUBTRACT.apply((c, self))

    def __mul__(self, other: object) -> Any:
        c = _operand(other, _MULTIPLY)
        return c if c is NotImplemented else _MULTIPLY.apply((self, c))

    def __rmul__(self, other: object) -> Any:
        c = _operand(other, _MULTIPLY)
        return c if c is NotImplemented else _MULTIPLY.apply((c, self))

    def __truediv__(self, other: object) -> Any:
        c = _operand(other, _DIVIDE)
        return c if c is NotImplemented else _DIVIDE.apply((self, c))

    def __rtruediv__(self, other: object) -> Any:
        c = _operand(other, _DIVIDE)
        return c if c is NotImplemented else _DIVIDE.apply((c, self))

    def __pow__(self, other: object) -> Any:
        c = _operand(other, _POWER)
        return c if c is NotImplemented else _POWER.apply((self, c))

    def __rpow__(self, other: object) -> Any:
        c = _operand(other, _POWER)
        return c if c is NotImplemented else _POWER.apply((c, self))

    def __neg__(self) -> Any:
        return _NEGATIVE.apply((self,))

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return _ABS.apply((self,))

    def conjugate(self) -> Self:
        """Return this itself; see `Value.conjugate`."""
        return self

    def __eq__(self, other: object) -> bool:
        return self._compare("==", other)

    def __ne__(self, other: object) -> bool:
        return self._compare("!=", other)

    def __lt__(self, other: object) -> bool:
        return self._compare("<", other)

    def __le__(self, other: object) -> bool:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> bool:
        return self._compare(">", other)

    def __ge__(self, other: object) -> bool:
        return self._compare(">=", other)

    def __bool__(self) -> bool:
        return self._compare("!=", 0.0)

    # Conversions that would drop the derivative in silence refuse.

    def __float__(self) -> float:
        raise refused("float", self)

    def __int__(self) -> int:
        raise refused("int", self)

    def __round__(self, digits: object = None) -> float:
        raise refused("round", self)


def _operand(x: object, row: Primitive) -> Any:
    """Return what an operator was given as an operand of a row; NotImplemented leaves it to the operator of `x`."""
    if type(x) is float or is_operand(x):
        return x
    c = number(x)
    return stranger(x, row.symbol) if c is None else c


def _method(row: Unary | Binary) -> Any:
    def method(self: Operators, *others: Any, **named: Any) -> Any:
        return row(self, *others, **named)

    method.__name__, method.__doc__ = row.name, row.__doc__
    return method


def _add_methods() -> None:
    """Give Operators a method for each public row of one or two operands, under NumPy's name too."""
    for row in TABLE.values():
        if row.is_method and isinstance(row, (Unary, Binary)):
            for name in {row.name, row.numpy_name}:
                setattr(Operators, name, _method(row))


_add_methods()
