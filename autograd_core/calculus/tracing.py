"""Tracing: how a transform calls the function that it differentiates.

The numbers in the arguments become Values of the transform's own, also where they are Values already or lifted:
so an inner derivative is never taken for an outer one, whatever the function closes over.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from autograd_core.calculus.linearization import Linearization
from autograd_core.calculus.structures import Structure, flatten, is_object_array
from autograd_core.engine import chain_rule
from autograd_core.engine.graph import LOCK, leaves_below
from autograd_core.engine.modes import is_off
from autograd_core.engine.no_grad import enable_grad
from autograd_core.engine.value import Value
from autograd_core.engine.vertex import leaves_so_far
from autograd_core.errors import ArgumentError, GraphError, NotAScalarError
from autograd_core.interpreters.lifted import Lifted, is_over
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number, shortened
from autograd_core.rules.table import identity

Argnums = int | Sequence[int]
"""Which arguments to differentiate by: one position, or several, which gives a tuple."""


class Trace:
    """One call of a function, with Values of its own in the place of the numbers to differentiate by.

    Attributes:
        inputs: those Values, one for each number.
        structure: how the numbers were nested.
        result: what the function returned.
    """

    def __init__(
        self,
        transform: str,
        f: Callable[..., Any],
        argnums: Argnums,
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        self.name = f"{transform}({name_of(f)})"
        self.inputs: list[Value] = []
        self.starts_here = True  # none of the inputs stands for a Value from outside
        self.structure, numbers = taken(self.name, argnums, args)
        with recording():
            arguments = replaced(argnums, args, self.structure, [self._traced(x) for x in numbers])
            self._since = leaves_so_far()
            self.result = f(*arguments, **named)

    def _traced(self, x: Any) -> Any:
        """Return a Value of this trace in the place of a number, a Value or the innermost part of what is lifted."""
        if isinstance(x, Lifted):
            first, *rest = x.parts()
            return x.with_parts([self._traced(first), *rest])
        self.starts_here = self.starts_here and not isinstance(x, Value)
        # Not the leaf itself: that could be assigned, or copied and its gradient lost in silence.
        fresh: Value = identity(x if isinstance(x, Value) else Value(x))
        self.inputs.append(fresh)
        return fresh

    def is_closed(self, ys: Sequence[Any]) -> bool:
        """Return whether no Value among `ys` depends on anything from outside the call: its derivatives are numbers.

        Values that the function made for itself are constants.
        """
        return self._are_own(leaves_below([y for y in ys if isinstance(y, Value)], stops=self.inputs))

    def _are_own(self, leaves: Sequence[Value]) -> bool:
        return self.starts_here and all(leaf._birth > self._since for leaf in leaves)

    def scalar(self, remedy: str) -> Any:
        """Return the result, which must be one number.

        Raises:
            NotAScalarError: it is something else.
        """
        return scalar(self.result, self.name, remedy)

    def value(self, y: Any) -> Any:
        """Return `y`: as a float where it depends on nothing but the inputs."""
        if isinstance(y, Lifted):
            parts = checked_open(y, self.name).parts()
            return as_outside(y.with_parts([self.value(part) for part in parts]))
        if not isinstance(y, Value):
            return y
        return y.data if self.is_closed([y]) else as_outside(y)

    def values(self, ys: Sequence[Any]) -> list[Any]:
        """Return the value of each: the graph that they share is walked over once, if all are closed."""
        closed = self.is_closed(ys)
        return [y.data if closed and isinstance(y, Value) else self.value(y) for y in ys]

    def pull(self, y: Any) -> list[Any]:
        """Return the gradient of `y`: as floats where it depends on nothing but the inputs."""
        if isinstance(y, Lifted):
            parts = checked_open(y, self.name).parts()
            rows = [[None] * len(self.inputs) if part is None else self.pull(part) for part in parts]
            return [as_outside(y.with_parts(column)) for column in zip(*rows, strict=True)]
        if not isinstance(y, Value):
            return [0.0] * len(self.inputs)
        leaves = leaves_below([y], stops=self.inputs)
        if self._are_own(leaves):
            return self._swept(y, leaves)
        with recording():
            slopes = Linearization([y], self.inputs, stop=True).pull([1.0])
        return [as_outside(slope) for slope in slopes]

    def _swept(self, y: Value, leaves: Sequence[Value]) -> list[float]:
        """Return the gradient by a reverse sweep, which uses `.grad`; the leaves get theirs back."""
        with LOCK:
            held = [(leaf._grad, leaf._reached) for leaf in leaves]
            for x in self.inputs:
                x._grad = 0.0
            chain_rule.backward(y)
            for leaf, (gradient, reached) in zip(leaves, held, strict=True):
                leaf._grad, leaf._reached = gradient, reached
            return [x._grad for x in self.inputs]


def recording() -> AbstractContextManager[object]:
    """Return a context in which nodes are recorded, also within `no_grad()`."""
    return enable_grad() if is_off() else nullcontext()


def as_outside(x: Any) -> Any:
    """Return a result of a transform as it is where the transform was called: within `no_grad()`, a constant."""
    return identity(x) if is_off() else x


def scalar(result: Any, name: str, remedy: str) -> Any:
    """Return the result of a function, which must be one number: a float, a Value or something lifted."""
    found = one_number(result)
    if found is None:
        if result is None or isinstance(result, (str, bytes, complex)):
            remedy = ""  # it is about several numbers
        raise NotAScalarError(
            f"{name} takes a function that returns one number; it returned {described(result)}{remedy}"
        )
    return found


def one_number(x: Any) -> Any:
    """Return a number as a float, a Value and what is lifted as it is, and None for anything else."""
    if is_object_array(x) and x.ndim == 0:
        x = x.item()  # an array without dimensions around one Value
    return x if is_operand(x) else number(x)


def outputs_of(result: Any, name: str) -> tuple[Structure, list[Any]]:
    """Return the structure of the result of a function, and the numbers in it.

    Raises:
        NotAScalarError: it is None, or something in it is no number.
    """
    if result is None:
        raise NotAScalarError(f"{name} takes a function that returns numbers; it returned {described(result)}")
    return flatten(result, f"{name}: the result")


def described(x: Any) -> str:
    """Say what stands where one number should."""
    return complaint(x).removeprefix("got ").split(": take its elements")[0]


def checked_open(y: Lifted, name: str) -> Lifted:
    """Return `y`, which would be taken for a constant if the transform that it belongs to were over.

    Raises:
        GraphError: it is.
    """
    if is_over(y):
        raise GraphError(
            f"{name}: the result holds a number from within another transform, which is over: {shortened(y)}. "
            "Let that transform return the number, instead of keeping it in a variable"
        )
    return y


def taken(name: str, argnums: Argnums, args: tuple[Any, ...]) -> tuple[Structure, list[Any]]:
    """Return the structure and the numbers of the arguments to differentiate by."""
    positions = _positions(name, argnums, args)
    try:
        parts = [flatten(args[i], f"{name}: argument {i}") for i in positions]
    except NotAScalarError as error:
        raise NotAScalarError(f"{error}; what is no number goes into an argument of its own") from None
    numbers = [x for _, found in parts for x in found]
    if isinstance(argnums, int):
        return parts[0][0], numbers
    return Structure(tuple, [structure for structure, _ in parts]), numbers


def replaced(argnums: Argnums, args: tuple[Any, ...], structure: Structure, numbers: Sequence[Any]) -> list[Any]:
    """Return the arguments with other numbers in the place of those that `taken` took."""
    built = structure.build(numbers)
    arguments = list(args)
    for i, argument in zip(*([argnums], [built]) if isinstance(argnums, int) else (argnums, built), strict=True):
        arguments[i] = argument
    return arguments


def _positions(name: str, argnums: Argnums, args: tuple[Any, ...]) -> list[int]:
    positions = [argnums] if isinstance(argnums, int) else list(argnums)
    for i in positions:
        if not -len(args) <= i < len(args):
            raise ArgumentError(
                f"{name} differentiates by the argument at position {i} (argnums={argnums!r}), and was called with "
                f"{len(args)} by position: pass it by position, not by name"
            )
    if len({i % len(args) for i in positions}) < len(positions):
        raise ArgumentError(f"{name} differentiates by each argument once, got argnums={argnums!r} for {len(args)}")
    return positions


def checked_function(transform: str, f: Any) -> Callable[..., Any]:
    """Return `f`, which must be a function: `grad(f)(x)` is easily written as `grad(f(x))`."""
    if not callable(f):
        raise ArgumentError(
            f"{transform}(f) takes a function, got {type(f).__name__} {shortened(f)}: pass f itself, not f(x)"
        )
    return f  # type: ignore[no-any-return]


def checked_argnums(transform: str, argnums: Any) -> Argnums:
    """Return `argnums`, which must be an int or ints, each once."""
    positions = [argnums] if isinstance(argnums, int) else argnums
    if (
        isinstance(argnums, bool)
        or not isinstance(positions, (list, tuple))
        or not positions
        or not all(type(i) is int for i in positions)
        or len(set(positions)) < len(positions)
    ):
        raise ArgumentError(
            f"{transform}(f, argnums) takes the position of an argument, or a tuple of different ones, got "
            f"{shortened(argnums)}"
        )
    return argnums if isinstance(argnums, int) else tuple(positions)


def name_of(f: Any) -> str:
    """Return how errors name a function."""
    return str(getattr(f, "__name__", type(f).__name__))


def like(f: Callable[..., Any], transform: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that names a function after the one it was made of: `grad(f)`."""

    def decorate(made: Callable[..., Any]) -> Callable[..., Any]:
        functools.update_wrapper(made, f, assigned=("__module__", "__doc__"), updated=())
        made.__name__ = made.__qualname__ = f"{transform}({name_of(f)})"
        return made

    return decorate
