"""The kinds of rows: by how many operands a row takes, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from inspect import Signature
from typing import TYPE_CHECKING, Any, overload

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.rows import D, Partial, Primitive

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


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
        found = [
            partial(*operands, result) if wanted and partial is not None else None
            for partial, wanted in zip(self.partials, active, strict=True)
        ]
        return [None if type(d) is float and d == 0.0 else d for d in found] if self.selects else found


class Unary(_Fixed):
    """A row of one operand, called as `row(x)`; its partial is called as `partial(x, y)` with y the result."""

    parameters = "x"

    def __init__(self, name: str, value: Callable[[float], float], partial: Partial | None, **rest: Any) -> None:
        super().__init__(name, value, (partial,), is_method=bool(rest.get("example")), **rest)

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
        super().__init__(name, value, partials, is_method=True, **rest)
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
