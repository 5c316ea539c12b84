"""Value: a number that remembers how it was computed.

A leaf is a number that somebody chose. Every operation on Values makes a `Node`: its result, the Values it
came from (its parents) and the derivative of the result with respect to each of them, taken on the spot.
`backward()` needs nothing else.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, TypeAlias

from autograd_core.build import untrack
from autograd_core.engine import chain_rule
from autograd_core.engine.edges import Edges
from autograd_core.engine.modes import ACTIVE, recorded
from autograd_core.engine.vertex import FAMILY, Vertex
from autograd_core.errors import GraphError
from autograd_core.rules.ieee import divide, power, power_slope
from autograd_core.rules.kinds import Unary
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import as_constant, number, refused, stranger
from autograd_core.rules.table import TABLE

Result: TypeAlias = "Value | Any"
"""What an operator returns: a Value, or NotImplemented, which compiled code refuses to return as a Value."""


ADD: Final = TABLE["add"]
SUBTRACT: Final = TABLE["subtract"]
MULTIPLY: Final = TABLE["multiply"]
DIVIDE: Final = TABLE["divide"]
POWER: Final = TABLE["power"]
NEGATIVE: Final = TABLE["negative"]
DOT: Final = TABLE["dot"]


class Value(Vertex):
    """A number with a gradient: `Value(data, label="")`.

    Args:
        data: one real number: a float, an int or a NumPy scalar.
        label: a name for drawings and explanations.

    Raises:
        NotAScalarError: `data` is not one real number.

    >>> x = Value(3.0)
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)

    Comparisons, == included, compare data; a Value hashes by identity.
    """

    __slots__ = ()
    decline_alike: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        if FAMILY.complete:
            raise TypeError(f"{cls.__name__} cannot subclass Value; hold a Value in an attribute instead")

    def backward(self) -> None:
        """Compute the derivative of this with respect to every Value it came from, into their `.grad`.

        Leaves add it to the gradient they have; inner nodes keep that of the last call. The number that is
        differentiated has gradient 1.

        >>> a, b = Value(2.0), Value(-3.0)
        >>> (a * b + a).backward()
        >>> a.grad, b.grad
        (-2.0, 2.0)
        """
        chain_rule.backward(self)

    # Arithmetic: the rows add, subtract, multiply, divide, power and negative, written out for speed.

    def __add__(self, other: object) -> Result:
        if isinstance(other, Value):
            return Node(self._data + other._data, ADD, self, other, 1.0, 1.0)
        c = number(other)
        if c is None:
            return stranger(other, "+")
        return Node(self._data + c, ADD, self, None, 1.0, 0.0, c)

    def __radd__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return stranger(other, "+")
        return Node(c + self._data, ADD, None, self, 0.0, 1.0, c)

    def __sub__(self, other: object) -> Result:
        if isinstance(other, Value):
            return Node(self._data - other._data, SUBTRACT, self, other, 1.0, -1.0)
        c = number(other)
        if c is None:
            return stranger(other, "-")
        return Node(self._data - c, SUBTRACT, self, None, 1.0, 0.0, c)

    def __rsub__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return stranger(other, "-")
        return Node(c - self._data, SUBTRACT, None, self, 0.0, -1.0, c)

    def __mul__(self, other: object) -> Result:
        if isinstance(other, Value):
            return Node(self._data * other._data, MULTIPLY, self, other, other._data, self._data)
        c = number(other)
        if c is None:
            return stranger(other, "*")
        return Node(self._data * c, MULTIPLY, self, None, c, 0.0, c)

    def __rmul__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return stranger(other, "*")
        return Node(c * self._data, MULTIPLY, None, self, 0.0, c, c)

    def __truediv__(self, other: object) -> Result:
        if isinstance(other, Value):
            y = divide(self._data, other._data)
            slope = divide(1.0, other._data)
            return Node(y, DIVIDE, self, other, slope, -divide(y, other._data))
        c = number(other)
        if c is None:
            return stranger(other, "/")
        return Node(divide(self._data, c), DIVIDE, self, None, divide(1.0, c), 0.0, c)

    def __rtruediv__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return stranger(other, "/")
        y = divide(c, self._data)
        return Node(y, DIVIDE, None, self, 0.0, -divide(y, self._data), c)

    def __pow__(self, other: object) -> Result:
        if isinstance(other, Value):
            return apply(POWER, (self, other))
        c = number(other)
        if c is None:
            return stranger(other, "**")
        return Node(power(self._data, c), POWER, self, None, power_slope(self._data, c), 0.0, c)

    def __rpow__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return stranger(other, "**")
        return apply(POWER, (c, self))

    def __neg__(self) -> Value:
        return Node(-self._data, NEGATIVE, self, None, -1.0, 0.0)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return apply(TABLE["abs"], (self,))

    def conjugate(self) -> Value:
        """Return this itself: it is real. NumPy asks for it in np.var and np.vdot."""
        return self

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Result:
        """Record any row of the table; see `autograd_core.rules.rows`."""
        if isinstance(primitive, Unary):
            return _apply_unary(primitive, self)
        if primitive is DOT:
            return _apply_dot(operands)
        return apply(primitive, operands)

    # Conversions that would drop the gradient in silence refuse.

    def __float__(self) -> float:
        raise refused("float", self)

    def __int__(self) -> int:
        raise refused("int", self)

    def __round__(self, digits: object = None) -> float:
        raise refused("round", self)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    # Leaves copy and pickle; an inner node is nothing without its graph.

    def __reduce__(self) -> tuple[Any, ...]:
        if self._primitive is not None:
            raise GraphError(
                f"cannot copy or pickle {self!r}: it was computed by {self._primitive.name}, and its graph stays here; "
                "copy the leaves and compute again, or copy detach(v)"
            )
        return _leaf, (self._data, self._label, self._grad, self._reached)


class Node(Value):
    """A Value that was computed. Only operations make them."""

    __slots__ = ()

    def __init__(
        self,
        data: float,
        primitive: Primitive,
        left: Value | None,
        right: Value | None,
        d_left: float,
        d_right: float,
        constant: float = 0.0,
        rest: Edges | None = None,
    ) -> None:
        self._reached = False
        self._data = data
        self._grad = 0.0
        self._mark = 0
        self._primitive = primitive
        self._left = left
        self._right = right
        self._d_left = d_left
        self._d_right = d_right
        self._constant = constant
        self._rest = rest
        self._origin = None
        self._site = None
        self._label = ""
        if ACTIVE.count:
            recorded(self)


def apply(primitive: Primitive, operands: tuple[Any, ...]) -> Result:
    """Record a row applied to Values and numbers; an operand of another interpreter has the row instead."""
    active: list[bool] = []
    floats: list[float] = []
    for operand in operands:
        if isinstance(operand, Value):
            active.append(True)
            floats.append(operand._data)
        elif hasattr(operand, "__apply_primitive__"):
            return NotImplemented
        else:
            active.append(False)
            floats.append(as_constant(operand, primitive.name))
    data = primitive.evaluate(floats)
    partials = primitive.linearize(floats, data, active)
    if primitive.arity in (1, 2) and active.count(True) == sum([d is not None for d in partials]):
        left, d_left = (operands[0], partials[0]) if active[0] else (None, 0.0)
        if primitive.arity == 1:
            return Node(data, primitive, left, None, d_left, 0.0)
        right, d_right = (operands[1], partials[1]) if active[1] else (None, 0.0)
        return Node(data, primitive, left, right, d_left, d_right, floats[1] if active[0] else floats[0])
    remembered = tuple([v if a else x for v, a, x in zip(operands, active, floats, strict=True)])
    return Node(data, primitive, None, None, 0.0, 0.0, 0.0, Edges(remembered, partials))


# What `apply` does, written out for the two kinds of row that are hot in a network: activations and dot products.


def _apply_unary(row: Unary, x: Value) -> Value:
    partial = row.partials[0]
    if partial is None:
        return apply(row, (x,))
    y: float = row.value(x._data)
    return Node(y, row, x, None, partial(x._data, y), 0.0)


def _apply_dot(operands: tuple[Any, ...]) -> Result:
    half = len(operands) // 2
    numbers: list[Any] = []  # floats; typed as such, each would be boxed anew where it is stored
    for operand in operands:
        if isinstance(operand, Value):
            numbers.append(operand._data)
        elif type(operand) is float:
            numbers.append(operand)
        else:
            return apply(DOT, operands)  # an int or a NumPy scalar: to be remembered as a float
    slopes: list[float | None] = []
    data = 0.0
    for i, operand in enumerate(operands):
        other = numbers[i - half]  # of the pair, the other one: from -half on for the first half
        slopes.append(other if isinstance(operand, Value) else None)
    for i in range(half):
        x: float = numbers[i]
        y: float = numbers[half + i]
        data += x * y
    return Node(data, DOT, None, None, 0.0, 0.0, 0.0, Edges(operands, slopes))


def _leaf(data: float, label: str, grad: float, reached: bool) -> Value:
    leaf = Value(data, label)
    leaf._grad = grad
    leaf._reached = reached
    return leaf


untrack(Value, Node)
FAMILY.complete = True
for attribute in ("__name__", "__qualname__"):
    setattr(Node, attribute, "Value")  # what people see of a computed Value, in Python's own errors too
