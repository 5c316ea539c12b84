"""The function that a transform is given: whether it is one, what errors call it, and how its derivative is named."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd_core.errors import ArgumentError
from autograd_core.rules.scalars import shortened


def checked_function(transform: str, f: Any) -> Callable[..., Any]:
    """Return `f`.

    Raises:
        ArgumentError: it is no function, as where `grad(f(x))` was written for `grad(f)(x)`.
    """
    if not callable(f):
        raise ArgumentError(
            f"{transform}(f) takes a function, got {type(f).__name__} {shortened(f)}: pass f itself, not f(x)"
        )
    return f  # type: ignore[no-any-return]


def name_of(f: Any) -> str:
    """Return what errors call a function."""
    return str(getattr(f, "__name__", type(f).__name__))


def like(f: Callable[..., Any], transform: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that names a function after the transform and the function that it came from: `grad(f)`."""

    def decorate(made: Callable[..., Any]) -> Callable[..., Any]:
        functools.update_wrapper(made, f, assigned=("__module__", "__doc__"), updated=())
        made.__name__ = made.__qualname__ = f"{transform}({name_of(f)})"
        return made

    return decorate
