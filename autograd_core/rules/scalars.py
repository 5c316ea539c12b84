"""Which objects count as one real number or as a count, and how errors write what was given instead."""

from __future__ import annotations

import numbers
import operator
from typing import Any, SupportsFloat, SupportsIndex

from autograd_core.errors import ArgumentError, DomainError, GradientLostError, NotAScalarError


def number(x: object) -> float | None:
    """Return `x` as a float, or None if it is not one real number.

    Floats, ints, bools, NumPy scalars and 0-d arrays, fractions and decimals count; strings,
    complex numbers, containers and objects that refuse `float()` do not.
    """
    if type(x) is float:
        return x
    if isinstance(x, (float, int)):
        try:
            return float(x)
        except OverflowError:
            return None  # an int beyond the range of a float
    if isinstance(x, (str, bytes, bytearray)) or getattr(x, "ndim", 0) != 0:
        return None
    if isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real):
        return None
    if hasattr(x, "__apply_primitive__") or not isinstance(x, (SupportsFloat, numbers.Integral)):
        return None
    try:
        return float(x)
    except (TypeError, ValueError, OverflowError):
        return None


def as_float(x: object, call: str) -> float:
    """Return `x` as a float, or raise an error that names the call and what it was given."""
    result = number(x)
    if result is None:
        raise NotAScalarError(f"{call} takes one real number (float, int or NumPy scalar), {complaint(x)}")
    return result


def as_constant(x: object, function: str) -> float:
    """Return `x`, an operand of `function` that is no Value, as a float, or raise an error."""
    result = number(x)
    if result is None:
        raise NotAScalarError(f"{function}() takes numbers and Values, {complaint(x, function)}")
    return result


def as_count(x: object, call: str, least: int = 0, most: int | None = None) -> int:
    """Return `x` as an int from `least` to `most`: an integer of Python or NumPy, and no bool.

    Raises:
        DomainError: it is something else; the message opens with `call`, such as `draw(max_nodes=...)`.
    """
    n = None
    if isinstance(x, SupportsIndex) and not isinstance(x, bool):
        try:
            n = operator.index(x)
        except TypeError:
            n = None  # an array that holds something else than one integer
    if n is None or n < least or (most is not None and n > most):
        limits = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise DomainError(f"{call} takes an int {limits}, got {shortened(x)}")
    return n


def as_flag(x: object, call: str) -> bool:
    """Return an option that is on or off as a bool.

    Raises:
        ArgumentError: it is neither true nor false, as an array is.
    """
    try:
        return bool(x)
    except (TypeError, ValueError):
        raise ArgumentError(f"{call} takes True or False, got {shortened(x)}") from None


def comparable(x: object) -> float | int | None:
    """Return what a Value's number can be compared with: a float, or an int beyond the range of floats."""
    c = number(x)
    return x if c is None and isinstance(x, int) else c


def complaint(x: object, function: str = "Value") -> str:
    """Say what was given instead of a number, and the remedy where there is one."""
    kind = type(x).__name__
    if hasattr(x, "__apply_primitive__"):
        return f"got a {kind}: pass v.data for its number, or v itself to keep its gradient"
    if x is None:
        return "got None: a function without a return statement gives None"
    if isinstance(x, str):
        return f"got the string {shortened(x)}: convert it with float() first"
    if isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real):
        return f"got the complex number {shortened(x)}: pass its real and imaginary parts separately"
    if isinstance(x, int) and number(x) is None:
        return "got an int too large for a float (beyond 1.8e308)"
    if hasattr(x, "__len__"):
        return f"got {kind} {shortened(x)}: take its elements one by one, as in [{function}(x) for x in data]"
    return f"got {kind} {shortened(x)}"


def stranger(other: object, symbol: str) -> Any:
    """Return NotImplemented, which leaves an operand of an unknown kind to its own operator.

    Raises:
        NotAScalarError: it has none that could help.
    """
    if other is None or isinstance(other, (str, bytes, complex, int, list, tuple, dict, set)):
        raise NotAScalarError(f"a Value {symbol} takes a number or a Value, {complaint(other)}")
    return NotImplemented


def refused(kind: str, x: object) -> GradientLostError:
    """Return the error for a conversion that would drop the gradient of `x` in silence."""
    return GradientLostError(
        f"{kind}() of {x!r} would lose its gradient (math.sin and arrays of floats call float() too): "
        "use autograd_core.sin and the like and arrays with dtype=object to keep it, or v.data for the plain number"
    )


def shortened(x: object, limit: int = 60) -> str:
    """Return repr(x), cut to `limit` characters."""
    try:
        text = repr(x)
    except Exception:  # an int of more than 4300 digits has none, nor has a list that holds one
        return f"<{type(x).__name__} without a repr>"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def counted(n: int, noun: str) -> str:
    """Return a count with its noun: 1 number, 2 numbers."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
