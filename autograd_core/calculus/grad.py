"""Functions of functions: gradients, Jacobians and Hessians of any Python function of numbers.

A function to differentiate is written with + - * / ** and the functions of this package. Its arguments may be
floats, lists, tuples, dicts, dataclasses and NumPy arrays, nested; a derivative has their structure. Transforms
nest, `grad(grad(f))`, and leave every `.grad` alone. A result that depends on Values from outside the function is
a Value, so that it can be differentiated by them; else it is a float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd_core.calculus.linearization import Linearization
from autograd_core.calculus.structures import is_nothing, matching
from autograd_core.calculus.tracing import (
    Argnums,
    Trace,
    checked_argnums,
    checked_function,
    like,
    outputs_of,
    recording,
)
from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import dot

_NO_GRAPH = "and forward mode keeps no graph: in a function that jvp() and the like may call, use grad(f)"
_ONE_NUMBER = "; for several outputs use jacobian(f)"


def gradients(y: Value | float, xs: Iterable[Value]) -> list[Value]:
    """Return dy/dx for each x as a Value that can be differentiated again, and touch no `.grad`.

    The partials of the table are evaluated once more, on Values, so the result is a graph of its own.

    Args:
        y: what to differentiate.
        xs: what to differentiate by: leaves or inner nodes. One that y does not depend on gets 0.

    Raises:
        NotAScalarError: something given is no Value.
        GraphError: a leaf was assigned since the graph was recorded.

    >>> x = Value(2.0)
    >>> (slope,) = gradients(x**3, [x])
    >>> (curvature,) = gradients(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    targets = _targets(xs)
    if isinstance(y, Lifted):
        raise NotAScalarError(f"gradients(y, xs) takes a Value with its graph, {_NO_GRAPH}")
    if not isinstance(y, Value):
        as_float(y, "gradients(y, xs): y")
        return [Value(0.0) for _ in targets]
    found = Linearization([y], targets).pull([1.0])
    return [slope if isinstance(slope, Value) else Value(slope) for slope in found]


def grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Return a function that computes the gradient of `f`, which returns one number: reverse mode.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.

    Returns:
        A function of the same arguments. Its result has the structure of the argument; for several positions it
        is a tuple.

    Raises:
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
    """Return `grad(f, argnums)`, whose errors are those of the transform that is made of it."""
    function, positions = checked_function(transform, f), checked_argnums(transform, argnums)

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
    function, positions = checked_function("value_and_grad", f), checked_argnums("value_and_grad", argnums)

    @like(f, "value_and_grad")
    def both(*args: Any, **named: Any) -> tuple[Any, Any]:
        trace = Trace("value_and_grad", function, positions, args, named)
        y = trace.scalar(_ONE_NUMBER)
        return trace.value(y), trace.structure.build(trace.pull(y))

    return both


def vjp(f: Callable[[Any], Any], x: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return f(x), and a function that multiplies a row vector with the Jacobian of `f` at `x`: reverse mode.

    Args:
        f: a function of one argument; its result may be nested too.
        x: where to differentiate.

    Returns:
        The result, and a function that takes one number for each number in the result, nested in the same way,
        and returns the products in the structure of `x`.

    Raises:
        ShapeError: the row vector has another length than the result.

    >>> value, pull = vjp(lambda p: [p[0] * p[1], p[0] + p[1]], [3.0, 5.0])
    >>> value, pull([1.0, 10.0])
    ([15.0, 8.0], [15.0, 13.0])
    """
    trace = Trace("vjp", checked_function("vjp", f), 0, (x,), {})
    outputs, ys = outputs_of(trace.result, trace.name)

    def pull(cotangent: Any) -> Any:
        weights = matching(outputs, cotangent, f"{trace.name}: the row vector")
        weighted = [(weight, y) for weight, y in zip(weights, ys, strict=True) if not is_nothing(weight)]
        with recording():
            y = dot([weight for weight, _ in weighted], [y for _, y in weighted])
        return trace.structure.build(trace.pull(y))

    return outputs.build(trace.values(ys)), pull


def _targets(xs: Iterable[Value]) -> list[Value]:
    if isinstance(xs, Value):
        raise NotAScalarError("gradients(y, xs) takes a sequence of Values, got one Value; pass [x]")
    if not isinstance(xs, Iterable):
        raise NotAScalarError(f"gradients(y, xs) takes a sequence of Values, got {shortened(xs)} as xs; pass [x]")
    targets = list(xs)
    for x in targets:
        if isinstance(x, Lifted):
            raise NotAScalarError(f"gradients(y, xs) differentiates by Values, {_NO_GRAPH}")
        if not isinstance(x, Value):
            raise NotAScalarError(
                f"gradients(y, xs) differentiates by Values, got {type(x).__name__} {shortened(x)} among xs; "
                "make it a Value before y is computed from it"
            )
    return targets
