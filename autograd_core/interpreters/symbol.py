"""Symbol: the interpreter that records. A number that is written down, with all that is done with it."""

from __future__ import annotations

from typing import Any, Final, Protocol

from autograd_core.engine.value import Value
from autograd_core.errors import GraphError
from autograd_core.interpreters.lifted import innermost
from autograd_core.interpreters.operators import RELATIONS, Operators
from autograd_core.rules.rows import Primitive, is_operand
from autograd_core.rules.scalars import comparable
from autograd_core.rules.table import detached

FROZEN: Final = (
    "cannot read .data while a function is recorded: the recording would keep this number at all other points. "
    "Compute with the number itself; compare it, which is recorded; or use detach() to stop its gradient"
)


class Log(Protocol):
    """What a Symbol writes to; see `autograd_core.program.recorder`."""

    level: int
    name: str
    open: bool
    strict: bool

    def apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        """Append a step, and return its result."""

    def note(self, relation: str, left: Any, right: Any, outcome: bool) -> None:
        """Note that the function takes a branch."""


class Symbol(Operators):
    """A number of a recording: the place where it stands, and what it is while the function is recorded.

    Each row that is applied to it becomes a step of the recording; a comparison, or its truth in an `if`, becomes a
    guard.

    Args:
        log: the recording that it belongs to.
        place: where it stands there.
        number: what it is at the point where the function is recorded.
    """

    __slots__ = ("label", "log", "number", "origin", "place")

    def __init__(self, log: Log, place: int, number: float) -> None:
        self.log, self.place, self.number = log, place, number

    @property
    def data(self) -> float:
        """The number, where the recording allows to read it; it stays the same when the program runs elsewhere.

        Raises:
            GraphError: the recording is strict, as that of `record` is.
        """
        if self.log.strict:
            raise GraphError(FROZEN)
        return self.number

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """Append a step, unless an operand belongs to a newer recording or is lifted: then that has the row."""
        for x in operands:
            if isinstance(x, Symbol):
                if x.log.level > self.log.level:
                    return NotImplemented
            elif not isinstance(x, Value) and is_operand(x):
                return NotImplemented
        self.check_open()
        return self.log.apply(primitive, operands)

    def check_open(self) -> None:
        """Raise GraphError if the recording that this belongs to is over."""
        if not self.log.open:
            raise GraphError(
                f"{self.log.name}: a number from within a recorded function was used when the recording was over: "
                "let the function return it, instead of keeping it in a variable"
            )

    def detached(self) -> Symbol:
        """See `Operators.detached`: the recording follows the number, and no gradient flows."""
        return self.log.apply(detached, (self,))

    def _compare(self, relation: str, other: object) -> bool:
        right = innermost(other)
        c = number_of(right) if is_operand(right) else comparable(right)
        outcome: bool = RELATIONS[relation](self.number, other if c is None else c)
        newest = right.log if isinstance(right, Symbol) and right.log.level > self.log.level else self.log
        newest.note(relation, self, right, outcome)
        return outcome

    def __copy__(self) -> Symbol:
        return self

    def __deepcopy__(self, memo: object) -> Symbol:
        return self

    def __reduce__(self) -> Any:
        raise GraphError(f"cannot pickle {self!r}: it belongs to the recording of a function")

    def __format__(self, spec: str) -> str:
        return format(self.number, spec) if spec else repr(self)

    def __repr__(self) -> str:
        return f"Symbol({self.number!r})"


def number_of(x: Any) -> Any:
    """Return the plain number of whatever stands in the place of one; anything else as it is."""
    x = innermost(x)
    return x.number if isinstance(x, Symbol) else x._data if isinstance(x, Value) else x
