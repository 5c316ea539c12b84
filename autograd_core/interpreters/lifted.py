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

from autograd_core.engine.modes import ACTIVE, carried, is_off, is_recording
from autograd_core.interpreters.operators import RELATIONS, Operators
from autograd_core.rules.rows import Primitive, is_operand
from autograd_core.rules.scalars import as_constant
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


class Lifted(Operators):
    """A number with something more, written as parts: the first is the number, or what stands for it.

    Subclasses say what their parts are and how a row of the table acts on them.
    """

    __slots__ = ("label", "level", "origin")  # what is computed from Values may be given their names too

    level: int

    @property
    def primal(self) -> Any:
        """The number, or what stands for it at the level below."""
        return self.parts()[0]

    @property
    def data(self) -> float:
        """The number itself."""
        found = innermost(self)
        return found.data if is_operand(found) else found  # type: ignore[no-any-return]

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
            elif type(x) is not float and not is_operand(x):
                x = as_constant(x, primitive.name)
            active.append(moves)
            checked.append(x)
        if any(active):
            result = self.applied(primitive, tuple(checked), active)
        else:
            result = self.with_parts([primitive.apply(tuple(checked)), *[None] * (len(self.parts()) - 1)])
        if ACTIVE.count and result.is_complete:
            carried(primitive, operands, result)
        return result

    def detached(self) -> Any:
        """See `Operators.detached`."""
        found = innermost(self)
        if isinstance(found, Operators) or (is_operand(found) and is_recording()):
            return TABLE["detached"].apply((found,))
        return found.data if is_operand(found) else found

    def _compare(self, relation: str, other: object) -> bool:
        """Compare the number, or what stands for it: at the lowest level a symbol may want to know."""
        return RELATIONS[relation](innermost(self), innermost(other))

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else repr(self)


def innermost(x: Any) -> Any:
    """Return the number that is lifted, or what stands for it at the lowest level."""
    while isinstance(x, Lifted):
        x = x.primal
    return x
