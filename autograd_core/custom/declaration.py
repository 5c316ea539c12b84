"""What primitive() is given, checked before the first call: a function, its partials, how it is written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any

from autograd_core.errors import ArgumentError
from autograd_core.rules.scalars import shortened


def signature_of(function: Callable[..., Any], name: str) -> tuple[Signature, list[str], int]:
    """Return the function's signature, the names of its arguments, and their number: 0 for any."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"primitive(...): the arguments of {name} are not known, as of some functions written in C: "
            f"wrap it, as in `def {name}(x): return ...`"
        ) from None
    found = list(signature.parameters.values())
    if any(p.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD) for p in found) or not found:
        raise ArgumentError(
            f"primitive(...): {name}{signature} must take one or more numbers by position: what is fixed, or no "
            "number, goes into a closure"
        )
    if found[-1].kind is Parameter.VAR_POSITIONAL:
        return signature, [p.name for p in found[:-1]], 0
    return signature, [p.name for p in found], len(found)


def checked_partials(partials: Any, outputs: int, arity: int, name: str, parameters: Sequence[str]) -> Any:
    """Return the partials: one function for all, or for each output a list of one for each argument."""
    if callable(partials):
        _check_partial(partials, f"the function for the partials of {name}", arity)
        return partials
    if arity == 0:
        raise ArgumentError(
            f"primitive(partials): {name} takes any number of arguments: give one function that returns the list of "
            "all partials, called with the arguments and the result"
        )
    rows = partials if outputs > 1 else [partials]
    if not isinstance(rows, (tuple, list)) or len(rows) != outputs:
        raise ArgumentError(
            f"primitive(partials, outputs={outputs}) takes a tuple of partials for each output of {name}, "
            f"got {shortened(partials)}"
        )
    for k, row in enumerate(rows):
        whose = f"output {k} of {name}" if outputs > 1 else name
        if not isinstance(row, (tuple, list)) or not all(d is None or callable(d) for d in row):
            raise ArgumentError(
                f"primitive(partials) takes a tuple of functions, one for each argument of {whose}, "
                f"got {shortened(row)}"
            )
        if len(row) != arity:
            raise ArgumentError(
                f"primitive(partials): {whose} takes {arity} argument{'s' if arity > 1 else ''} "
                f"({', '.join(parameters)}) and was given {len(row)} partial{'s' if len(row) != 1 else ''}; "
                "give one for each, or None for an argument that no gradient flows to"
            )
        for d, parameter in zip(row, parameters, strict=True):
            if d is not None:
                _check_partial(d, f"the partial of {whose} with respect to {parameter}", arity)
    return [list(row) for row in rows]


def _check_partial(partial: Callable[..., Any], what: str, arity: int) -> None:
    """Raise unless it can be called with the arguments and the result."""
    try:
        signature = inspect.signature(partial)
    except (TypeError, ValueError):
        return  # written in C: the call will tell
    try:
        signature.bind(*[0.0] * ((arity or 1) + 1))
    except TypeError:
        raise ArgumentError(
            f"primitive(partials): {what} is called with {f'all {arity} arguments' if arity > 1 else 'the argument'} "
            f"and the result, and takes {signature}; write lambda {'x, ' if arity == 1 else '..., '}result: ..."
        ) from None


def check_latex(latex: str, arity: int, name: str) -> None:
    """Raise unless `latex` is a format string for that many operands."""
    try:
        latex.format(*["x"] * arity, args="x")
    except (IndexError, KeyError, ValueError) as error:
        raise ArgumentError(
            f"primitive(latex) of {name} is a format string with the arguments as {{0}}, {{1}}, ... and with the "
            f"braces of LaTeX doubled, got {latex!r} ({type(error).__name__}: {error})"
        ) from None
