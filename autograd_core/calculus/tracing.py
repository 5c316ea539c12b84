"""Tracing: how a transform in reverse mode calls the function that it differentiates.

The function gets fresh Values in place of the numbers in its arguments, even where those are Values already or
lifted numbers. So an inner derivative is never taken for an outer one, whatever the function closes over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from autograd_core.calculus.argnums import Argnums, replaced, taken
from autograd_core.calculus.functions import name_of
from autograd_core.calculus.outputs import checked_open, scalar
from autograd_core.engine import chain_rule
from autograd_core.engine.graph import LOCK, leaves_below
from autograd_core.engine.modes import is_off, is_recording, modes
from autograd_core.engine.no_grad import enable_grad
from autograd_core.engine.value import Value
from autograd_core.engine.vertex import is_younger, leaves_so_far
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.symbol import Symbol
from autograd_core.program.read import linearized
from autograd_core.program.recorder import Recorder
from autograd_core.rules.rows import is_operand
from autograd_core.rules.table import identity


class Trace:
    """One call of a function, with fresh Values in place of the numbers to differentiate by.

    Attributes:
        inputs: those Values, one for each number; Symbols in place of the numbers of a recording.
        structure: how the numbers were nested.
        result: what the function returned.
    """

    def __init__(
        self,
        transform: str,
        f: Callable[..., Any],
        argnums: Argnums,
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        self.name = f"{transform}({name_of(f)})"
        self.inputs: list[Any] = []
        self.starts_here = True  # none of the inputs stands for a Value from outside
        self.structure, numbers = taken(self.name, argnums, args)
        with recording():
            arguments = replaced(argnums, args, self.structure, [self._traced(x) for x in numbers])
            self._since = leaves_so_far()
            self.result = f(*arguments, **named)

    def _traced(self, x: Any) -> Any:
        """Return a fresh Value for a number or a Value; of a lifted number, the innermost part is replaced by one."""
        if isinstance(x, Lifted):
            first, *rest = x.parts()
            return x.with_parts([self._traced(first), *rest])
        self.starts_here = self.starts_here and not is_operand(x)
        # Not the leaf itself: that could be assigned, or copied and its gradient lost in silence.
        fresh = identity(x if is_operand(x) else Value(x))
        self.inputs.append(fresh)
        return fresh

    def is_closed(self, ys: Sequence[Any]) -> bool:
        """Return whether no Value among `ys` depends on a Value from outside the call, so that derivatives are floats.

        Values that the function itself made count as constants.
        """
        if any(isinstance(y, Symbol) for y in ys):
            return False
        return self._are_own(self._leaves([y for y in ys if isinstance(y, Value)]))

    def _leaves(self, ys: Sequence[Value]) -> list[Value]:
        """The leaves that Values depend on. While a function is recorded, those too that no gradient leads to."""
        stops = [x for x in self.inputs if isinstance(x, Value)]
        return leaves_below(ys, stops, operands=is_recording())

    def _are_own(self, leaves: Sequence[Value]) -> bool:
        if not self.starts_here or not all(is_younger(leaf, self._since) for leaf in leaves):
            return False
        if is_recording():
            return not any(mode.knows(leaf) for mode in modes() if isinstance(mode, Recorder) for leaf in leaves)
        return True

    def scalar(self, remedy: str) -> Any:
        """Return the result, which must be one number.

        Raises:
            NotAScalarError: it is something else.
        """
        return scalar(self.result, self.name, remedy)

    def value(self, y: Any) -> Any:
        """Return `y`, as a float if it depends on nothing but the inputs."""
        if isinstance(y, Lifted):
            parts = checked_open(y, self.name).parts()
            return as_outside(y.with_parts([self.value(part) for part in parts]))
        if not isinstance(y, Value):
            return y
        return y._data if self.is_closed([y]) else as_outside(y)

    def values(self, ys: Sequence[Any]) -> list[Any]:
        """Return `value(y)` for each; if all are closed, one walk over the graph that they share finds that out."""
        closed = self.is_closed(ys)
        return [y._data if closed and isinstance(y, Value) else self.value(y) for y in ys]

    def pull(self, y: Any) -> list[Any]:
        """Return the gradient of `y`, as floats if it depends on nothing but the inputs."""
        if isinstance(y, Lifted):
            parts = checked_open(y, self.name).parts()
            rows = [[None] * len(self.inputs) if part is None else self.pull(part) for part in parts]
            return [as_outside(y.with_parts(column)) for column in zip(*rows, strict=True)]
        if not isinstance(y, (Value, Symbol)):
            return [0.0] * len(self.inputs)
        if isinstance(y, Value):
            leaves = self._leaves([y])
            if self._are_own(leaves):
                return self._swept(y, leaves)
        with recording():
            slopes = linearized([y], self.inputs, stop=True).pull([1.0])
        return [as_outside(slope) for slope in slopes]

    def _swept(self, y: Value, leaves: Sequence[Value]) -> list[float]:
        """Return the gradient by a reverse sweep, which writes to `.grad`; the leaves get their own gradients back."""
        with LOCK:
            held = [(leaf._grad, leaf._reached) for leaf in leaves]
            for x in self.inputs:
                x._grad = 0.0
            chain_rule.backward(y)
            for leaf, (gradient, reached) in zip(leaves, held, strict=True):
                leaf._grad, leaf._reached = gradient, reached
            return [x._grad for x in self.inputs]


def recording() -> AbstractContextManager[object]:
    """Return a context in which nodes are recorded, even within `no_grad()`."""
    return enable_grad() if is_off() else nullcontext()


def as_outside(x: Any) -> Any:
    """Return a result of a transform, without its graph if the transform was called within `no_grad()`."""
    return identity(x) if is_off() else x
