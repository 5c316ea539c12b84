"""NumPy's functions on a Value that stands alone, by NumPy's protocol `__array_ufunc__`.

Importing this module gives the protocol's method to Value and to Operators, which know nothing of NumPy. Without it
NumPy would treat a Value as an array of objects. That works for most functions, but `np.arctan2(1.0, v)` would look
for a method of the float. Within an array NumPy does not use the protocol: it calls the elements' methods by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError, AutogradError
from autograd_core.interpreters.operators import Operators
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import number
from autograd_core.rules.table import TABLE

_ROWS: Final = {row.numpy_name: row for row in TABLE.values() if row.arity and row.name != "greater"}
"""The rows by NumPy's names for them. A comparison gives True or False, which the row does not."""


def call_ufunc(ufunc: Any, method: str, inputs: Sequence[Any], named: dict[str, Any]) -> Any:
    """Return what a function of NumPy gives for inputs of which at least one is a Value or lifted.

    Args:
        ufunc: the function, such as `np.arctan2`.
        method: `__call__`, or how else the function is used, such as `reduce`.
        inputs: its arguments by position.
        named: its arguments by name.

    Raises:
        ArgumentError: the function has no rule for Values, or its result is to go into a Value.
    """
    row = _ROWS.get(ufunc.__name__)
    if row is not None and (row.arity != len(inputs) or method != "__call__" or named):
        row = None
    if row is not None and all(is_operand(x) or number(x) is not None for x in inputs):
        return row.apply(tuple(inputs))

    import numpy as np  # it is NumPy that calls

    if any(is_operand(x) for x in named.get("out", ())):
        raise ArgumentError(f"np.{ufunc.__name__}(out=...) takes an array with dtype object, got a Value")
    arrays = [_without_dimensions(x) if is_operand(x) else x for x in inputs]
    if row is not None and row.example:  # arithmetic has operators, which are faster
        return np.frompyfunc(lambda *operands: row.apply(operands), row.arity, 1)(*arrays)
    try:
        result = getattr(ufunc, method)(*arrays, **named)
    except AutogradError:
        raise
    except (TypeError, AttributeError) as error:
        raise ArgumentError(
            f"np.{ufunc.__name__}() of a Value: {error}. Write it with operators and functions of autograd_core, or "
            "make it a primitive with partials of its own; for the number without its gradient pass v.data"
        ) from error
    return bool(result) if isinstance(result, np.bool_) else result  # a comparison of two numbers


def _without_dimensions(x: Any) -> Any:
    import numpy as np

    made = np.empty((), dtype=object)
    made[()] = x
    return made


def _array_ufunc(self: object, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
    """Answer a function of NumPy."""
    return call_ufunc(ufunc, method, inputs, named)


for kind in (Value, Operators):
    setattr(kind, "__array_ufunc__", _array_ufunc)  # noqa: B010  # a type checker knows of no such method
