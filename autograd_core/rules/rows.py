"""What a primitive is: one row of the table of differentiation rules.

A row knows its value on floats and its partials, and nothing of graphs. Called on floats it computes; called
on an object that bears the hook `__apply_primitive__` it defers to that object, which records, differentiates
or compiles as it likes. So every interpreter (`Value` is one) shares the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from autograd_core.errors import ArgumentError, DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import as_constant

if TYPE_CHECKING:
    from autograd_core.engine.value import Value

Partial = Callable[..., Any]
"""A partial derivative: called with the operands and the result, all floats or all as the interpreter has them."""


class Differentiable(Protocol):
    """An object that primitives defer to."""

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        """Apply `primitive` to `operands`, of which this object is one; NotImplemented passes to the next."""


D = TypeVar("D", bound=Differentiable)


class Primitive:
    """One row: a name, a value on floats, the partials, and how it is written.

    Attributes:
        name: the public name, `exp`.
        key: what tells rows apart: the name in the table; a user's own row has a key of its own, whatever its name.
        symbol: how a drawing shows it, `+` or `exp`.
        latex: a format string with the operands as {0}, {1}, ...; {args} for any number of them.
        value: the function on floats; it follows IEEE 754 and never raises.
        numpy_name: the name of NumPy's function for it, where that differs.
        parameters: what its arguments are called, as in `x alpha`.
        arity: how many operands it takes; 0 for any number.
        example: arguments and the result to 12 decimals, `1.0 -> 2.718281828459`; it becomes a doctest.
        cost: of the value, in additions and multiplications: a number, or for a row over a sequence a function of how
            many operands there are; None where nobody has counted them.
    """

    arity = 0
    parameters = ""

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
    ) -> None:
        self.name = self.key = self.__name__ = self.__qualname__ = name
        self.value = value
        self.symbol = symbol or name
        self.latex = latex or rf"\operatorname{{{{{name}}}}}({{args}})".replace("_", r"\_")
        self.numpy_name = numpy_name or name
        self.example = example
        self.cost = cost
        names = (parameters or self.parameters).split()
        self.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])
        self.__doc__ = doc + _as_doctest(name, example)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> tuple[Callable[[str], Primitive], tuple[str]]:
        return _row_named, (self.name,)  # each row is one of a kind: a copy or a pickle is the row itself

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
        for operand in operands:
            if type(operand) is float:
                continue
            hook = getattr(type(operand), "__apply_primitive__", None)
            if hook is not None:
                result = hook(operand, self, operands)
                if result is not NotImplemented:
                    return result
        return self.evaluate([x if type(x) is float else as_constant(x, self.name) for x in operands])

    def bound(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return the arguments of a call in order, or say what the call takes."""
        try:
            found = self.__signature__.bind(*arguments, **named)
        except TypeError as error:
            raise ArgumentError(f"{self.name}() is called as {self.name}{self.__signature__}: {error}") from None
        found.apply_defaults()
        return found.args


class _Fixed(Primitive):
    """A row with a fixed number of operands and one partial for each."""

    def __init__(self, name: str, value: Callable[..., float], partials: tuple[Partial | None, ...], **rest: Any):
        super().__init__(name, value, **rest)
        self.partials = partials
        self.arity = len(partials)

    def evaluate(self, operands: Sequence[float]) -> float:
        """See `Primitive.evaluate`."""
        return self.value(*operands)

    def linearize(self, operands: Sequence[Any], result: Any, active: Sequence[bool]) -> list[Any]:
        """See `Primitive.linearize`."""
        return [
            partial(*operands, result) if wanted and partial is not None else None
            for partial, wanted in zip(self.partials, active, strict=True)
        ]


class Unary(_Fixed):
    """A row of one operand, called as `row(x)`; its partial is called as `partial(x, y)` with y the result."""

    parameters = "x"

    def __init__(self, name: str, value: Callable[[float], float], partial: Partial | None, **rest: Any) -> None:
        super().__init__(name, value, (partial,), **rest)

    @overload
    def __call__(self, x: float) -> float: ...
    @overload
    def __call__(self, x: D) -> D: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the row to a float or a Value."""
        if named or len(operands) != 1:
            operands = self.bound(operands, named)
        return self.value(*operands) if type(operands[0]) is float else self.apply(operands)


class Binary(_Fixed):
    """A row of two operands, called as `row(a, b)`; its partials are called with (a, b, y)."""

    parameters = "a b"

    @overload
    def __call__(self, a: float, b: float) -> float: ...
    @overload
    def __call__(self, a: D, b: float | D) -> D: ...
    @overload
    def __call__(self, a: float, b: D) -> D: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the row to floats, Values or both."""
        if named or len(operands) != 2:
            operands = self.bound(operands, named)
        a, b = operands
        return self.value(a, b) if type(a) is float and type(b) is float else self.apply(operands)


class WithDefault(Binary):
    """A row of two operands whose second one has a default: `elu(x)`, `elu(x, 0.5)`."""

    def __init__(
        self, name: str, value: Callable[..., float], partials: tuple[Partial, Partial], *, default: float, **rest: Any
    ) -> None:
        super().__init__(name, value, partials, **rest)
        self.default = default
        first, second = self.__signature__.parameters.values()
        self.__signature__ = Signature([first, second.replace(default=default)])

    @overload
    def __call__(self, x: float, parameter: float = ...) -> float: ...
    @overload
    def __call__(self, x: D, parameter: float | D = ...) -> D: ...
    @overload
    def __call__(self, x: float, parameter: D) -> D: ...
    @overload
    def __call__(self, x: float | D, **named: float | D) -> float | D: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the row; without the second operand, with its default."""
        return self.apply(self.bound(operands, named))


class _Sequence(Primitive):
    """A row over any number of operands; `partials(xs, y)` returns one partial for each of them."""

    def __init__(
        self,
        name: str,
        value: Callable[[Sequence[float]], float],
        partials: Callable[[Sequence[Any], Any], Sequence[Any]],
        *,
        least: int = 0,
        **rest: Any,
    ) -> None:
        super().__init__(name, value, **rest)
        self.partials = partials
        self.least = least

    def evaluate(self, operands: Sequence[float]) -> float:
        """See `Primitive.evaluate`."""
        return self.value(operands)

    def linearize(self, operands: Sequence[Any], result: Any, active: Sequence[bool]) -> list[Any]:
        """See `Primitive.linearize`."""
        return [d if wanted else None for d, wanted in zip(self.partials(operands, result), active, strict=True)]


class Nary(_Sequence):
    """A row over one sequence, called as `row(xs)`."""

    parameters = "xs"

    @overload
    def __call__(self, xs: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]  # floats are not Values
    @overload
    def __call__(self, xs: Iterable[Value | float]) -> Value: ...
    @overload
    def __call__(self, xs: Iterable[Any]) -> Any: ...
    def __call__(self, *sequences: Any, **named: Any) -> Any:
        """Apply the row to the elements of `xs`."""
        (xs,) = sequences if len(sequences) == 1 and not named else self.bound(sequences, named)
        operands = operands_of(xs, self.name)
        if len(operands) < self.least:
            raise DomainError(f"{self.name}() of an empty sequence has no value; pass at least one number or Value")
        return self.apply(operands)


class Pairing(_Sequence):
    """A row over two sequences of one length, called as `row(xs, ys)`; its operands are xs, then ys."""

    parameters = "xs ys"

    @overload
    def __call__(self, xs: Iterable[float], ys: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, xs: Iterable[Value | float], ys: Iterable[Value | float]) -> Value: ...
    @overload
    def __call__(self, xs: Iterable[Any], ys: Iterable[Any]) -> Any: ...
    def __call__(self, *sequences: Any, **named: Any) -> Any:
        """Apply the row to the elements of both."""
        xs, ys = sequences if len(sequences) == 2 and not named else self.bound(sequences, named)
        left, right = operands_of(xs, self.name), operands_of(ys, self.name)
        if len(left) != len(right):
            raise ShapeError(
                f"{self.name}(xs, ys) takes two sequences of one length, got {len(left)} and {len(right)} elements"
            )
        return self.apply(left + right)


class Choice(_Fixed):
    """A row of three operands, such as `where(condition, a, b)` and `clip(x, low, high)`."""

    @overload
    def __call__(self, a: float, b: float, c: float) -> float: ...
    @overload
    def __call__(self, a: D, b: D | float, c: D | float) -> D: ...
    @overload
    def __call__(self, a: float, b: D, c: D | float) -> D: ...
    @overload
    def __call__(self, a: float, b: float, c: D) -> D: ...
    @overload
    def __call__(self, *operands: Any, **named: Any) -> Any: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the row to floats, Values or both."""
        return self.apply(operands if len(operands) == 3 and not named else self.bound(operands, named))


def operands_of(xs: Any, name: str) -> tuple[Any, ...]:
    """Return the elements of a sequence argument, or say that it is none. A set has no order, a dict only keys."""
    if isinstance(xs, (list, tuple)):
        return tuple(xs)  # first, since abstract classes take as long to ask as a short product to compute
    if isinstance(xs, (str, bytes, Mapping, Set)) or not isinstance(xs, Iterable):
        raise NotAScalarError(
            f"{name}() takes a sequence of numbers and Values, got {type(xs).__name__}: pass a list, {name}([x, y])"
        )
    return tuple(xs)


def _as_doctest(name: str, example: str) -> str:
    """Write out an example. It is rounded, since C libraries differ in the last digit."""
    if not example:
        return ""
    arguments, _, result = example.partition(" -> ")
    return f"\n\n>>> from autograd_core import {name}\n>>> round({name}({arguments}), 12)\n{result}\n"


def _row_named(name: str) -> Primitive:
    from autograd_core.rules.table import TABLE  # the table is made of this module's classes

    return TABLE[name]
