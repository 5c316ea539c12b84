"""detect_anomaly(): an error at the line of code where the first nan or inf comes up."""

from __future__ import annotations

import linecache
import math
from collections.abc import Sequence
from types import FrameType
from typing import Any

from autograd_core.engine.mode import Visitor
from autograd_core.engine.mode_context import ModeContext
from autograd_core.engine.value import Node, Value
from autograd_core.errors import AnomalyError
from autograd_core.interop.ipython import cell_of
from autograd_core.interpreters.lifted import Lifted
from autograd_core.naming import names_of
from autograd_core.rules.rows import Primitive, is_operand
from autograd_core.users_code import caller


class detect_anomaly(ModeContext):
    """Raise an `AnomalyError` at the first nan or inf: `with detect_anomaly():`, or a decorator.

    It looks at values, at gradients in a backward pass, and at the derivatives that forward mode (`jvp`, `derivative`,
    `taylor`) computes along with values.

    The error names the primitive, its inputs by label or variable, and the line of your code that computed the node. A
    value raises it at that line. For gradients, each node that is made within remembers its line. A backward pass that
    is stopped leaves the gradients of leaves as they were. It holds for one thread or task. Outside of it nothing is
    checked, which costs no time.

    >>> from autograd_core import Value, log
    >>> x = Value(0.0, "x")
    >>> try:
    ...     with detect_anomaly():
    ...         y = log(x)
    ... except AnomalyError as error:
    ...     print(str(error).splitlines()[0])
    log gave -inf, from x = 0.0
    """

    def recorded(self, node: Node) -> None:
        """Note where the node was made, and raise if its number is not finite."""
        frame = caller()
        node._site = _place(frame)
        if not math.isfinite(node.data):
            names = names_of([x for x in node.operands if isinstance(x, Value)], frame)
            what = f"{_operation(node)} gave {node.data}, from {_inputs(node, names)}"
            raise AnomalyError(f"{what}\n  at {node._site}{_remedy(node.operands)}")

    def carried(self, primitive: Primitive, operands: Sequence[Any], result: Lifted) -> None:
        """Raise if a value of forward mode, or one of the derivatives that go with it, is not finite."""
        for k, part in enumerate(result.parts()):
            if part is not None and not math.isfinite(_data(part)):
                name = primitive.name
                what = f"{name} gave" if k == 0 else f"the derivative of order {k} of {name} is"
                given = ", ".join(map(repr, operands))
                raise AnomalyError(
                    f"forward mode: {what} {_data(part)}, from {given}\n  at {_place(caller())}{_remedy(operands)}"
                )

    def watcher(self) -> Visitor | None:
        """Check every product of a reverse sweep."""
        return _watch


def _watch(node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float) -> None:
    if math.isfinite(after):
        return
    contribution = local_derivative * upstream
    names = names_of([node, *(x for x in node.operands if isinstance(x, Value))], caller())
    whose = names.get(id(parent), "its operand")
    if not math.isfinite(local_derivative):
        what = f"the local derivative of {_operation(node)} with respect to {whose} is {local_derivative}"
    elif not math.isfinite(contribution):
        what = f"{_operation(node)} passes {local_derivative!r} * {upstream!r} = {contribution} back to {whose}"
    else:
        what = (
            f"the gradient of {whose} left the range of floats: {before!r} + {local_derivative * upstream!r} = {after}"
        )
    site = node._site or "a line that ran before detect_anomaly() was on"
    raise AnomalyError(f"backward: {what}\n  computed from {_inputs(node, names)}\n  at {site}")


def _operation(node: Value) -> str:
    name = "" if node.primitive is None else node.primitive.name
    return f"{name} (of {node.origin})" if node.origin else name


def _inputs(node: Value, names: dict[int, str], most: int = 8) -> str:
    """Return up to `most` operands with names and numbers, those that are not finite first."""
    shown = [_input(x, names) for x in sorted(node.operands, key=lambda x: math.isfinite(_data(x)))]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more


def _input(x: Any, names: dict[int, str]) -> str:
    if not isinstance(x, Value):
        return repr(x)
    unnamed = "a leaf" if x.primitive is None else f"the result of {x.primitive.name}"
    return f"{names.get(id(x), unnamed)} = {x.data!r}"


def _data(x: Any) -> float:
    return float(x.data if is_operand(x) else x)


def _remedy(operands: Sequence[Any]) -> str:
    if any(not math.isfinite(_data(x)) for x in operands):
        return "\n  an input was not finite already: look where that came from"
    return ""


def _place(frame: FrameType | None) -> str:
    """Return a line of code: its file, its number and its text."""
    if frame is None:
        return "an unknown line"
    name, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(name, line, frame.f_globals).strip()
    cell = cell_of(name)
    return (f"{cell}, line {line}" if cell else f"{name}:{line}") + (f"\n    {text}" if text else "")
