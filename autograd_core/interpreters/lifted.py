"""Lifted: the base of the interpreters that carry more than a number through a computation.

`Value` records; a `Dual` carries a tangent, a `Series` the coefficients of a power series. They nest: each
transform gives what it makes a level of its own, and the newest level is always the outermost. So what one
transform perturbs is never taken for what another one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Final, Self

from autograd_core.engine.modes import ACTIVE, is_off, modes
from autograd_core.engine.value import Value, stranger
from autograd_core.rules.rows import Binary, Primitive, Unary
from autograd_core.rules.scalars import as_constant, number, refused
from autograd_core.rules.table import TABLE

_levels: Final = count(1)
_open: Final[set[int]] = set()


@contextmanager
def new_level() -> Iterator[int]:
    """Give a level above all that there are, which is open for as long as the transform calls its function."""
    level = next(_levels)
    _open.add(level)
    try:
        yield level
    finally:
        _open.remove(level)


def is_over(x: Lifted) -> bool:
    """Return whether the transform is over that `x` belongs to: no one asks for its derivatives any more."""
    return x.level not in _open


def is_operand(x: object) -> bool:
    """Return whether `x` is an object that a primitive defers to: a Value or something lifted."""
    return isinstance(x, (Value, Lifted))


class Lifted:
    """A number with something more, written as parts: the first is the number, or what stands for it.

    Subclasses say what their parts are and how a row of the table acts on them. Operators, methods and
    comparisons are those of Value.
    """

    __slots__ = ("label", "level", "origin")  # what is computed from Values may be given their names too
    __hash__ = object.__hash__

    level: int

    @property
    def primal(self) -> Any:
        """The number, or what stands for it at the level below."""
        return self.parts()[0]

    @property
    def data(self) -> float:
        """The number itself."""
        primal = self.primal
        return primal.data if is_operand(primal) else primal  # type: ignore[no-any-return]

    def parts(self) -> Sequence[Any]:
        """Return all that this is made of; each part may be a float, a Value or something of a lower level.

        A part of None is 0 because nothing moves, and stays 0 when a slope is inf: 0.0 would give nan.
        """
        raise NotImplementedError

    def with_parts(self, parts: Sequence[Any]) -> Self:
        """Return another one, of the same level, made of `parts`."""
        raise NotImplementedError

    @property
    def moves(self) -> bool:
        """Whether any part but the number may be other than 0."""
        raise NotImplementedError

    @property
    def is_complete(self) -> bool:
        """Whether all parts are known already."""
        return True

    def applied(self, primitive: Primitive, operands: tuple[Any, ...], active: list[bool]) -> Any:
        """Return the row's result. Constants are floats; `active` tells which operands are of this level and move."""
        raise NotImplementedError

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """See `autograd_core.rules.rows`. The operand of the highest level has the row; the others wait inside."""
        level = self.level
        off = ACTIVE.count > 0 and is_off()
        active = []
        checked = []
        for x in operands:
            moves = False
            if isinstance(x, Lifted):
                if x.level > level:
                    return NotImplemented
                if x.level == level:
                    moves = x.moves and not off
                    x = x if moves else x.primal
            elif type(x) is not float and not isinstance(x, Value):
                x = as_constant(x, primitive.name)
            active.append(moves)
            checked.append(x)
        if any(active):
            result = self.applied(primitive, tuple(checked), active)
        else:
            result = self.with_parts([primitive.apply(tuple(checked)), *[None] * (len(self.parts()) - 1)])
        if ACTIVE.count and result.is_complete:
            _show(primitive, operands, result)
        return result

    def __add__(self, other: object) -> Any:
        return _operate(TABLE["add"], self, other)

    def __radd__(self, other: object) -> Any:
        return _operate(TABLE["add"], other, self)

    def __sub__(self, other: object) -> Any:
        return _operate(TABLE["subtract"], self, other)

    def __rsub__(self, other: object) -> Any:
        return _operate(TABLE["subtract"], other, self)

    def __mul__(self, other: object) -> Any:
        return _operate(TABLE["multiply"], self, other)

    def __rmul__(self, other: object) -> Any:
        return _operate(TABLE["multiply"], other, self)

    def __truediv__(self, other: object) -> Any:
        return _operate(TABLE["divide"], self, other)

    def __rtruediv__(self, other: object) -> Any:
        return _operate(TABLE["divide"], other, self)

    def __pow__(self, other: object) -> Any:
        return _operate(TABLE["power"], self, other)

    def __rpow__(self, other: object) -> Any:
        return _operate(TABLE["power"], other, self)

    def __neg__(self) -> Any:
        return TABLE["negative"].apply((self,))

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return TABLE["abs"].apply((self,))

    def conjugate(self) -> Self:
        """Return this itself; see `Value.conjugate`."""
        return self

    # Comparisons look at the number, and so does truth.

    def __eq__(self, other: object) -> Any:
        return self.data == _compared(other)

    def __ne__(self, other: object) -> Any:
        return self.data != _compared(other)

    def __lt__(self, other: object) -> Any:
        return self.data < _compared(other)

    def __le__(self, other: object) -> Any:
        return self.data <= _compared(other)

    def __gt__(self, other: object) -> Any:
        return self.data > _compared(other)

    def __ge__(self, other: object) -> Any:
        return self.data >= _compared(other)

    def __bool__(self) -> bool:
        return self.data != 0.0

    def __float__(self) -> float:
        raise refused("float", self)

    def __int__(self) -> int:
        raise refused("int", self)

    def __round__(self, digits: object = None) -> float:
        raise refused("round", self)

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else repr(self)


def _show(primitive: Primitive, operands: tuple[Any, ...], result: Lifted) -> None:
    """Show what a row gave to the modes that want to see it; see `autograd_core.engine.modes.Mode`."""
    for mode in modes():
        see = getattr(mode, "carried", None)
        if see is not None:
            see(primitive, operands, result)


def _operate(row: Primitive, a: Any, b: Any) -> Any:
    return row.apply((a, b)) if _fits(a) and _fits(b) else stranger(b if is_operand(a) else a, row.symbol)


def _fits(x: Any) -> bool:
    return type(x) is float or is_operand(x) or number(x) is not None


def _compared(other: Any) -> Any:
    return other.data if is_operand(other) else other


def _add_methods() -> None:
    """Give Lifted the methods that Value has from the table."""
    for row in TABLE.values():
        if not row.example or not isinstance(row, (Unary, Binary)):
            continue
        for name in {row.name, row.numpy_name}:
            if hasattr(Value, name):
                setattr(Lifted, name, _method(row))


def _method(row: Unary | Binary) -> Any:
    def method(self: Lifted, *others: Any, **named: Any) -> Any:
        return row(self, *others, **named)

    method.__name__, method.__doc__ = row.name, row.__doc__
    return method


_add_methods()
