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

_NEGATIVE: Final = TABLE["negative"]
_ABS: Final = TABLE["abs"]


Operator = Callable[[Any, object], Any]


def _operators(row: Primitive) -> tuple[Operator, Operator]:
    """Return the operator of a row, and the one for when this is its right operand."""
    apply, symbol = row.apply, row.symbol

    def operate(self: Operators, other: object) -> Any:
        kind = type(other)
        if kind is float or kind is type(self):
            result = self.__apply_primitive__(row, (self, other))
            return apply((self, other)) if result is NotImplemented else result  # it belongs to a newer transform
        if is_operand(other):
            return apply((self, other))
        c = number(other)
        return stranger(other, symbol) if c is None else self.__apply_primitive__(row, (self, c))

    def reflected(self: Operators, other: object) -> Any:
        if type(other) is float:
            return self.__apply_primitive__(row, (other, self))
        if is_operand(other):
            return apply((other, self))
        c = number(other)
        return stranger(other, symbol) if c is None else self.__apply_primitive__(row, (c, self))

    return operate, reflected


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

    __add__, __radd__ = _operators(TABLE["add"])
    __sub__, __rsub__ = _operators(TABLE["subtract"])
    __mul__, __rmul__ = _operators(TABLE["multiply"])
    __truediv__, __rtruediv__ = _operators(TABLE["divide"])
    __pow__, __rpow__ = _operators(TABLE["power"])

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
