"""ModeContext: a mode that a `with` statement or a decorator turns on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import TracebackType
from typing import Any, Self, TypeVar

from autograd_core.engine.mode import Mode
from autograd_core.engine.modes import ACTIVE, Count, ModeInUse, enter, leave
from autograd_core.errors import ArgumentError

F = TypeVar("F", bound=Callable[..., Any])


class ModeContext(Mode, ContextDecorator):
    """A mode that `with` turns on, or a decorator for as long as a function runs. Subclasses take no arguments."""

    counter: Count = ACTIVE

    def __init__(self, *arguments: object) -> None:
        if arguments:  # `@no_grad` without brackets would take the function for an argument
            name = type(self).__name__
            raise ArgumentError(f"{name}() takes no arguments: write `with {name}():`, or @{name}() above a function")
        self._entered: list[ModeInUse] = []

    def __call__(self, function: F) -> F:
        """Decorate a function that runs in its call."""
        if isgeneratorfunction(function) or iscoroutinefunction(function) or isasyncgenfunction(function):
            name = type(self).__name__
            raise ArgumentError(
                f"@{name}() cannot decorate {function.__qualname__}(), whose body runs after the call: "
                f"write `with {name}():` inside"
            )
        return super().__call__(function)

    def _recreate_cm(self) -> Self:
        return type(self)()  # each call of a decorated function has a use of its own

    def __enter__(self) -> Self:
        self._entered.append(enter(self, self.counter))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        leave(self._entered.pop())
