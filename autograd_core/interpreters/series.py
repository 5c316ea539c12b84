"""Power series: a number and all its derivatives up to some order go through the computation together.

From y = f(x) with the table's partial g = f'(x, y) follows y' = g x', and so the coefficients of y one after the
other: k y_k is the sum over j of j x_j g_(k-j). The partial is itself written with rows of the table, so it is a
series too, needed to one order less, and its own partials to two orders less. Nothing else need be known of a
row. Source: the recurrences of Taylor arithmetic, Griewank and Walther 2008, chapter 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Final

from autograd_core.interpreters.lifted import Lifted
from autograd_core.rules.gates import FlowGate, joined, passed
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import divide, where


class Series(Lifted):
    """A truncated power series: coefficient k is the k-th derivative over k factorial.

    Args:
        level: which transform it belongs to; see `autograd_core.interpreters.lifted`.
        coefficients: the first one is the number; each a float, a Value or something of a lower level, or None.
    """

    __slots__ = ("coefficients", "gate", "task")

    def __init__(self, level: int, coefficients: list[Any], task: _Expansion | None = None) -> None:
        self.level = level
        self.coefficients = coefficients
        self.gate: FlowGate | None = None  # whether what comes after the first coefficient counts; see rules/gates.py
        self.task = task  # what still computes the coefficients, while they are not complete

    @property
    def primal(self) -> Any:
        """See `Lifted.primal`."""
        return self.coefficients[0]

    def parts(self) -> Sequence[Any]:
        """Return the coefficients."""
        return self.coefficients

    def with_parts(self, parts: Sequence[Any]) -> Series:
        """See `Lifted.with_parts`."""
        return Series(self.level, list(parts))

    @property
    def moves(self) -> bool:
        """See `Lifted.moves`."""
        return self.task is not None or any(c is not None for c in self.coefficients[1:])

    @property
    def is_complete(self) -> bool:
        """See `Lifted.is_complete`."""
        return self.task is None

    def applied(self, primitive: Primitive, operands: tuple[Any, ...], active: list[bool]) -> Any:
        """See `Lifted.applied`."""
        series = [x for x, a in zip(operands, active, strict=True) if a]
        for x in series:
            if x.task is not None:
                return x.task.series_of(primitive, operands, active)
        order = min(len(x.coefficients) for x in series) - 1
        recurrence = _RECURRENCES.get(primitive.key)
        if recurrence is not None:
            a, b = [x.coefficients if moves else [x] for x, moves in zip(operands, active, strict=True)]
            y = [primitive.apply((a[0], b[0]))]
            gate = _gate_of(series)
            for k in range(1, order + 1):
                y.append(_through(gate, recurrence(a, b, y, k)))
            result = Series(self.level, y)
            result.gate = gate
            return result
        return _Expansion(self.level).run(primitive, operands, active, order)

    def __repr__(self) -> str:
        return f"Series({self.coefficients!r})"


class _Term:
    """One application of a row, while the coefficients of its result `y` are worked out.

    Attributes:
        inputs: the coefficients of each operand; a constant has the first one only.
        slopes: the coefficients of each partial, with those of the operand that it belongs to, and the gate there.
    """

    def __init__(
        self,
        primitive: Primitive,
        operands: tuple[Any, ...],
        active: list[bool],
        level: int,
        order: int,
        task: _Expansion | None = None,
    ) -> None:
        self.primitive, self.operands, self.active, self.order = primitive, operands, active, order
        self.inputs = [x.coefficients if a else [x] for x, a in zip(operands, active, strict=True)]
        self.y = Series(level, [primitive.apply(tuple([x[0] for x in self.inputs]))], task)
        self.recurrence = _RECURRENCES.get(primitive.key)
        self.slopes: list[tuple[list[Any], list[Any], FlowGate | None]] = []
        if self.recurrence is not None:
            self.y.gate = _gate_of([x for x, a in zip(operands, active, strict=True) if a])

    def linearize(self) -> None:
        """Find the slopes, to one order less."""
        operands, y = self.operands, self.y
        if self.order == 1:  # they are wanted as numbers only
            operands, y = tuple([x[0] for x in self.inputs]), y.coefficients[0]
        first = True
        for k, slope in enumerate(self.primitive.linearize(operands, y, self.active)):
            if slope is not None:
                of_level = isinstance(slope, Series) and slope.level == self.y.level
                coefficients = slope.coefficients if of_level else [slope]
                if self.primitive.selects and type(coefficients[0]) is float and coefficients[0] == 0.0:
                    continue  # not chosen
                _, gate = passed(self.primitive, k, coefficients[0], 1.0, self.operands[k].gate, self)
                self.slopes.append((coefficients, self.inputs[k], gate))
                self.y.gate = gate if first else joined(self.y.gate, gate)
                first = False

    def extend(self, k: int) -> None:
        """Append coefficient k."""
        y = self.y.coefficients
        if self.recurrence is None:
            y.append(self._by_slopes(k))
        else:
            y.append(_through(self.y.gate, self.recurrence(*self.inputs, y, k)))

    def _by_slopes(self, k: int) -> Any:
        """Return coefficient k from the partials: k y_k is the sum of j x_j g_(k-j)."""
        total: Any = None
        for slope, x, gate in self.slopes:
            part: Any = None
            if len(slope) == 1 or self.primitive.selects:  # a share does not move
                if x[k] is not None:
                    part = self.primitive.pull(slope[0], x[k])
            else:
                for j in range(1, k + 1):
                    if x[j] is not None and slope[k - j] is not None:
                        part = _plus(part, (j / k) * x[j] * slope[k - j])
            total = _plus(total, _through(gate, part))
        return total


class _Expansion:
    """The expansion of one application of a row, with the terms for its partials and their partials.

    Terms are made breadth first: those of a partial need one order less than what they are the partial of. A
    term that comes up again is the same one, else their number would grow as a power of the order. Then all
    terms get their coefficients in step: coefficient k of each rests on coefficients below k of its partials.
    """

    def __init__(self, level: int) -> None:
        self.level = level
        self.terms: list[_Term] = []
        self.known: dict[tuple[Any, ...], Any] = {}
        self.order = 0

    def run(self, primitive: Primitive, operands: tuple[Any, ...], active: list[bool], order: int) -> Any:
        """Return the result of the row to the given order."""
        self.order = order
        # Operands that know of this expansion draw the rows of the partials into it.
        inside = {id(x): self._drawn_in(x) for x, a in zip(operands, active, strict=True) if a}
        result = self.series_of(primitive, tuple(inside.get(id(x), x) for x in operands), active)
        for term in self.terms:  # it grows meanwhile
            if term.order and term.recurrence is None:
                self.order = term.order - 1
                term.linearize()
        for k in range(1, order + 1):
            for term in self.terms:
                if term.order >= k:
                    term.extend(k)
        result.task = None
        self.terms, self.known = [], {}  # they refer to this, and this to them
        return result

    def _drawn_in(self, x: Series) -> Series:
        drawn = Series(self.level, x.coefficients, self)
        drawn.gate = x.gate
        return drawn

    def series_of(self, primitive: Primitive, operands: tuple[Any, ...], active: list[bool]) -> Any:
        """Return the result of a row within this expansion, so far with its first coefficient only."""
        key = (primitive.key, *(x.hex() if type(x) is float else id(x) for x in operands))
        if key not in self.known:
            term = _Term(primitive, operands, active, self.level, self.order, self)
            self.known[key] = term.y
            self.terms.append(term)
        return self.known[key]


# A coefficient of None is 0 because nothing moves; see `Lifted.parts`.


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


def _through(gate: FlowGate | None, coefficient: Any) -> Any:
    return coefficient if gate is None or coefficient is None else where(gate.number, coefficient, 0.0)


def _gate_of(operands: Sequence[Series]) -> FlowGate | None:
    first, *rest = [x.gate for x in operands]
    return reduce(joined, rest, first)


def _times(a: Any, b: Any) -> Any:
    return None if b is None else a * b


# Coefficient k of y, from the coefficients of the operands a and b, and those of y that are known. A constant has
# one coefficient.


def _sum(a: list[Any], b: list[Any], y: list[Any], k: int) -> Any:
    return b[k] if len(a) == 1 else a[k] if len(b) == 1 else _plus(a[k], b[k])


def _difference(a: list[Any], b: list[Any], y: list[Any], k: int) -> Any:
    if len(b) == 1 or b[k] is None:
        return a[k] if len(a) > 1 else None
    return -b[k] if len(a) == 1 or a[k] is None else a[k] - b[k]


def _product(a: list[Any], b: list[Any], y: list[Any], k: int) -> Any:
    if len(a) == 1 or len(b) == 1:
        return _times(a[0], b[k]) if len(a) == 1 else _times(b[0], a[k])
    total: Any = None
    for j in range(k + 1):
        if a[j] is not None and b[k - j] is not None:
            total = _plus(total, a[j] * b[k - j])
    return total


def _quotient(a: list[Any], b: list[Any], y: list[Any], k: int) -> Any:
    """Of a = y b, solved for y_k."""
    rest = a[k] if len(a) > 1 else None
    if len(b) > 1:
        for j in range(1, k + 1):
            if b[j] is not None and y[k - j] is not None:
                rest = -y[k - j] * b[j] if rest is None else rest - y[k - j] * b[j]
    return None if rest is None else divide(rest, b[0])


_RECURRENCES: Final[dict[str, Callable[..., Any]]] = {
    "add": _sum,
    "subtract": _difference,
    "multiply": _product,
    "divide": _quotient,
}
"""Arithmetic has recurrences of its own, which need no partials. They are what series are multiplied with."""
