"""The methods of a Value that the table gives: `x.exp()`."""

from __future__ import annotations

from typing import Any

from autograd_core.engine.declared_methods import Method, MethodOfTwo
from autograd_core.engine.value import Node, Value, apply
from autograd_core.rules.kinds import Unary
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import TABLE


def _unary_method(row: Unary) -> Method:
    value, partial = row.value, row.partials[0]  # at hand in the closure: an activation is hot

    def method(self: Value) -> Value:
        if partial is None:
            return apply(row, (self,))
        y: float = value(self._data)
        return Node(y, row, self, None, partial(self._data, y), 0.0)

    return method


def _binary_method(row: Primitive) -> MethodOfTwo:
    def method(self: Value, *others: Any, **named: Any) -> Value:
        result: Value = row.apply(row.bound((self, *others), named))
        return result

    return method


def _add_methods() -> None:
    """Give Value the methods that the table says, under NumPy's names too, since np.arcsin(v) calls v.arcsin()."""
    for row in TABLE.values():
        if not row.is_method:
            continue
        method: Any = _unary_method(row) if isinstance(row, Unary) else _binary_method(row)
        method.__name__, method.__qualname__, method.__doc__ = row.name, f"Value.{row.name}", row.__doc__
        for name in {row.name, row.numpy_name}:
            setattr(Value, name, method)


_add_methods()
