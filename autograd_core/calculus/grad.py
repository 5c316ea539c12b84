"""grad() and value_and_grad(): the gradient of a function that returns one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from autograd_core.calculus.argnums import Argnums, checked_argnums
from autograd_core.calculus.functions import checked_function, like
from autograd_core.calculus.tracing import Trace

_ONE_NUMBER: Final = "; for several outputs use jacobian(f)"


def grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the gradient of `f`, which returns one number: reverse mode.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Returns:
        A function of the same arguments. Its result has the structure of the argument; for several positions it
        is a tuple.

    Raises:
        ArgumentError: `f` is no function, or `argnums` no position; on the call, there is no argument there.
        NotAScalarError: on the call, `f` returns something else than one number, or an argument holds something
            that is no number.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(lambda p: p["a"] * p["b"] ** 2)({"a": 2.0, "b": 3.0})
    {'a': 9.0, 'b': 12.0}
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    return gradient_for("grad", f, argnums)


def gradient_for(transform: str, f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return `grad(f, argnums)` as a part of another transform, whose name its errors give."""
    function, positions = checked_function(transform, f), checked_argnums(f"{transform}(f, argnums)", argnums)

    @like(f, transform)
    def gradient(*args: Any, **named: Any) -> Any:
        trace = Trace(transform, function, positions, args, named)
        return trace.structure.build(trace.pull(trace.scalar(_ONE_NUMBER)))

    return gradient


def value_and_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., tuple[Any, Any]]:
    """Return a function that computes the value of `f` and its gradient, with one evaluation.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)

    Args, errors: see `grad`.
    """
    function, positions = checked_function("value_and_grad", f), checked_argnums("value_and_grad(f, argnums)", argnums)

    @like(f, "value_and_grad")
    def both(*args: Any, **named: Any) -> tuple[Any, Any]:
        trace = Trace("value_and_grad", function, positions, args, named)
        y = trace.scalar(_ONE_NUMBER)
        return trace.value(y), trace.structure.build(trace.pull(y))

    return both
