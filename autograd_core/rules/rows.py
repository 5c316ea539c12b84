"""What a primitive is: one row of the table of differentiation rules.

A row knows its value on floats and its partials, and nothing of graphs. Called on floats it computes; called
on an object that bears the hook `__apply_primitive__` it defers to that object, which records, differentiates
or compiles as it likes. So every interpreter (`Value` is one) shares the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograd_core.errors import ArgumentError
from autograd_core.rules.scalars import as_constant

if TYPE_CHECKING:
    pass

Partial = Callable[..., Any]
"""A partial derivative: called with the operands and the result, all floats or all as the interpreter has them."""


class Differentiable(Protocol):
    """An object that primitives defer to."""

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """Apply `primitive` to `operands`, of which this object is one; NotImplemented passes to the next.

        A class may set `decline_alike = True`: where one of its objects passes, all do, and the others are not asked.
        """


D = TypeVar("D", bound=Differentiable)


def is_operand(x: object) -> bool:
    """Return whether `x` is an object that primitives defer to: a Value, a dual number, or another interpreter's."""
    return hasattr(type(x), "__apply_primitive__")


class Primitive:
    """One row: a name, a value on floats, the partials, and how it is written.

    Attributes:
        name: the public name, `exp`.
        key: what tells rows apart: the name in the table; a user's own row has a key of its own, whatever its name.
        symbol: how a drawing shows it, `+` or `exp`.
        latex: a format string with the operands as {0}, {1}, ...; {args} for any number of them.
        value: the function on floats; it follows IEEE 754 and never raises.
        numpy_name: the name of NumPy's function for it, where that differs.
        pull: what an adjoint gives to an operand, called with the slope towards it and the adjoint: their product. A
            row that selects one of its operands has a function of its own, see `autograd_core.rules.table`.
        selects: whether the row selects: a partial of 0 then means that nothing flows, not even a nan.
        is_method: whether Values and other operands have a method for it: `x.exp()`, under NumPy's name too.
        parameters: what its arguments are called, as in `x alpha`.
        arity: how many operands it takes; 0 for any number.
        example: arguments and the result to 12 decimals, `1.0 -> 2.718281828459`; it becomes a doctest.
        cost: of the value, in additions and multiplications: a number, or for a row over a sequence a function of how
            many operands there are; None where nobody has counted them.
    """

    arity = 0
    parameters = ""
    partials: Any
    """Functions of the operands and the result: one for each operand, or one for all of a sequence."""

    def __init__(
        self,
        name: str,
        value: Callable[..., float],
        *,
        symbol: str = "",
        latex: str = "",
        numpy_name: str = "",
        parameters: str = "",
        doc: str = "",
        example: str = "",
        cost: int | Callable[[int], int] | None = None,
        is_method: bool = False,
        pull: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self.name = self.key = self.__name__ = self.__qualname__ = name
        self.value = value
        self.symbol = symbol or name
        self.latex = latex or rf"\operatorname{{{{{name}}}}}({{args}})".replace("_", r"\_")
        self.numpy_name = numpy_name or name
        self.example = example
        self.cost = cost
        self.is_method = is_method
        self.pull = _product if pull is None else pull
        self.selects = pull is not None
        names = (parameters or self.parameters).split()
        self.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])
        self.__doc__ = doc + _as_doctest(name, example)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> Any:
        return self.name  # each row is one of a kind: a copy or a pickle is the row of that name in its module

    def evaluate(self, operands: Sequence[float]) -> float:
        """Return the value at `operands`, all floats."""
        raise NotImplementedError

    def linearize(self, operands: Sequence[Any], result: Any, active: Sequence[bool]) -> list[Any]:
        """Return the partial for each operand that is active, None for the others.

        Operands and result are floats for numbers, or differentiable objects, which gives differentiable
        partials. A None for an active operand means that there is no edge: its gradient is exactly 0,
        whatever comes from above.
        """
        raise NotImplementedError

    def apply(self, operands: tuple[Any, ...]) -> Any:
        """Compute on floats, or defer to the first operand that bears the hook."""
        declined: type | None = None
        for operand in operands:
            kind = type(operand)
            if kind is float or kind is declined:
                continue
            hook = getattr(kind, "__apply_primitive__", None)
            if hook is not None:
                result = hook(operand, self, operands)
                if result is not NotImplemented:
                    return result
                declined = kind if getattr(kind, "decline_alike", False) else None
        return self.evaluate([x if type(x) is float else as_constant(x, self.name) for x in operands])

    def bound(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return the arguments of a call in order, or say what the call takes."""
        try:
            found = self.__signature__.bind(*arguments, **named)
        except TypeError as error:
            raise ArgumentError(f"{self.name}() is called as {self.name}{self.__signature__}: {error}") from None
        found.apply_defaults()
        return found.args


def _product(slope: Any, adjoint: Any) -> Any:
    return adjoint if type(slope) is float and slope == 1.0 else slope * adjoint


def _as_doctest(name: str, example: str) -> str:
    """Write out an example. It is rounded, since C libraries differ in the last digit."""
    if not example:
        return ""
    arguments, _, result = example.partition(" -> ")
    return f"\n\n>>> from autograd_core import {name}\n>>> round({name}({arguments}), 12)\n{result}\n"
