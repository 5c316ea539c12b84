"""What a gradient costs beside its function, in elementary operations: counted, not timed.

The unit is one addition, subtraction, multiplication, comparison or change of sign. Each row of the table says what
its value costs. The cost of a partial follows from the table: partials are written with rows, and `Counted` is one more
interpreter of rows, which adds up their costs. The reverse sweep then multiplies and adds once for each edge.

The cheap gradient principle: a function and its gradient together cost at most five times the function alone,
however many inputs it has. Source: Baur and Strassen 1983; Griewank and Walther 2008, section 4.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError
from autograd_core.interpreters.operators import RELATIONS, Operators
from autograd_core.rules.rows import Primitive


class Cost(NamedTuple):
    """Elementary operations of a function, and of the function with its gradient."""

    function: int
    gradient: int

    @property
    def ratio(self) -> float:
        """How many times the function the gradient costs, the function included."""
        return self.gradient / self.function


def operations(order: Iterable[Value]) -> Cost:
    """Return what the values of these nodes cost, and what they cost with a reverse sweep over them.

    >>> from autograd_core import Value
    >>> from autograd_core.engine.graph import topological_order
    >>> a, b = Value(2.0), Value(3.0)
    >>> operations(topological_order(a * b + a))
    Cost(function=2, gradient=10)
    """
    function = gradient = 0
    for node in order:
        if node.primitive is not None:
            value = cost_of_value(node.primitive, len(node.operands))
            function += value
            gradient += value + cost_of_partials(node) + 2 * len(node.parents)
    return Cost(function, gradient)


def cost_of_value(row: Primitive, count: int) -> int:
    """Return what the value of a row costs with `count` operands.

    Raises:
        ArgumentError: the row does not say what it costs.
    """
    if row.cost is None:
        raise ArgumentError(f"the primitive {row.name} does not say what its value costs; give its row a cost=")
    return row.cost if isinstance(row.cost, int) else max(0, row.cost(count))


def cost_of_partials(node: Value) -> int:
    """Return what the partials of a node cost towards its parents, as they are written in the table."""
    row = node.primitive
    assert row is not None
    counter = Counter()
    active = [isinstance(x, Value) for x in node.operands]
    operands = [Counted(x.data, counter) if isinstance(x, Value) else x for x in node.operands]
    row.linearize(operands, Counted(node.data, counter), active)
    return counter.total


class Counter:
    """Adds up costs."""

    def __init__(self) -> None:
        self.total = 0


class Counted(Operators):
    """A number whose operations are counted."""

    __slots__ = ("counter", "number")

    def __init__(self, number: float, counter: Counter) -> None:
        self.number = number
        self.counter = counter

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Counted:
        """Count what the row costs; see `autograd_core.rules.rows`."""
        self.counter.total += cost_of_value(primitive, len(operands))
        return Counted(primitive.evaluate([_number(x) for x in operands]), self.counter)

    def _compare(self, relation: str, other: object) -> bool:
        return RELATIONS[relation](self.number, _number(other))


def _number(x: Any) -> float:
    return x.number if isinstance(x, Counted) else float(x)
