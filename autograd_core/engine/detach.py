"""detach(): a number without what it was computed from."""

from __future__ import annotations

from typing import Any, overload

from autograd_core.engine.modes import is_recording
from autograd_core.engine.value import Value, apply
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float
from autograd_core.rules.table import TABLE


@overload
def detach(v: Value) -> Value: ...
@overload
def detach(v: float) -> float: ...
def detach(v: Any) -> Any:
    """Return a leaf with the data of `v`, cut off its graph; a float stays as it is. In forward mode, a float.

    >>> x = Value(2.0)
    >>> y = x * detach(x * x)
    >>> y.backward()
    >>> x.grad
    4.0
    """
    if isinstance(v, Value):
        return apply(TABLE["detached"], (v,)) if is_recording() else Value(v._data, v._label)
    return v.detached() if is_operand(v) else as_float(v, "detach()")
