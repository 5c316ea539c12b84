"""Rows with several outputs: one computation that returns several numbers, as one row for each of them.

A graph is made of numbers, so each output is a row of its own. They share one evaluation on floats, and a partial
of one may use the results of all.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from itertools import count
from typing import Any, ClassVar, Final

from autograd_core.errors import GraphError
from autograd_core.rules.rows import Primitive

_serial: Final = count(1)


class Joint:
    """A computation with several outputs. Subclasses say what it gives and what its partials are.

    Args:
        name: how errors and drawings call it.
        outputs: how many numbers it returns.
        arity: how many operands it takes; 0 for any number.
        symbol, latex, doc: see `autograd_core.rules.rows.Primitive`; several outputs get their places as indices.

    A joint computation does not hold its rows: they hold it, and nodes hold them.
    """

    row_type: ClassVar[type[Output]]

    def __init__(
        self, name: str, outputs: int, arity: int, *, symbol: str = "", latex: str = "", doc: str = ""
    ) -> None:
        self.name, self.outputs, self.arity = name, outputs, arity
        self.key = f"{name}#{next(_serial)}"
        self._written = (symbol or name, latex, doc)
        self._last: tuple[bytes, Sequence[float]] = (b"", ())

    def row(self, place: int) -> Output:
        """Return the row of one output."""
        return self.row_type(self, place, *self._written)

    def evaluate(self, operands: Sequence[float]) -> Sequence[float]:
        """Return all outputs at `operands`, all floats."""
        raise NotImplementedError

    def linearize(self, output: int, operands: Sequence[Any], results: Sequence[Any], active: Sequence[bool]) -> Any:
        """Return the partials of one output; `results` are all outputs. See `Primitive.linearize`."""
        raise NotImplementedError

    def value(self, place: int, *operands: float) -> float:
        """Return one output at `operands`."""
        return self.evaluated(operands)[place]

    def forget(self) -> None:
        """Forget the last outputs: the next call is a new one, though its operands be the same."""
        self._last = (b"", ())

    def evaluated(self, operands: Sequence[float]) -> Sequence[float]:
        """Return all outputs; of several, those of the last operands are remembered, for the other rows to take."""
        if self.outputs == 1:
            return self.evaluate(operands)
        key = struct.pack(f"{len(operands)}d", *operands)  # bits: 0.0 is not -0.0, and nan is nan
        last, results = self._last
        if key != last or not results:
            results = self.evaluate(operands)
            self._last = (key, results)
        return results


class Output(Primitive):
    """The row for one output of a joint computation."""

    def __init__(self, joint: Joint, place: int, symbol: str, latex: str, doc: str) -> None:
        name = joint.name
        if joint.outputs > 1:
            name = f"{joint.name}[{place}]"
            written = latex or rf"\operatorname{{{{{joint.name}}}}}({{args}})".replace("_", r"\_")
            symbol, latex = f"{symbol}_{place}", rf"{{{{{written}}}}}_{{{{{place}}}}}"
        super().__init__(name, functools.partial(joint.value, place), symbol=symbol, latex=latex, doc=doc)
        self.key = f"{joint.key}[{place}]"
        self.joint, self.place, self.arity = joint, place, joint.arity

    def evaluate(self, operands: Sequence[float]) -> float:
        """See `Primitive.evaluate`."""
        return self.joint.evaluated(operands)[self.place]

    def linearize(self, operands: Sequence[Any], result: Any, active: Sequence[bool]) -> list[Any]:
        """See `Primitive.linearize`."""
        count = self.joint.outputs
        results = [result if k == self.place else self.joint.row(k).apply(tuple(operands)) for k in range(count)]
        found: list[Any] = self.joint.linearize(self.place, operands, results, active)
        return found

    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the row to floats, Values or both."""
        return self.apply(self.bound(operands, named))

    def __reduce__(self) -> Any:
        raise GraphError(f"cannot copy or pickle {self!r}: it belongs to one computation, whose graph stays here")


Joint.row_type = Output
