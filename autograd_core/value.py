"""Value: a number that remembers how it was computed.

A leaf is a number that somebody chose. Every operation on Values makes a `Node`: its result, the Values it
came from (its parents) and the derivative of the result with respect to each of them, taken on the spot.
`backward()` needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, NoReturn, TypeAlias

from autograd_core import chain_rule
from autograd_core.build import untrack
from autograd_core.errors import GradientLostError, GraphError, NotAScalarError
from autograd_core.ieee import divide, power
from autograd_core.primitive import Binary, Primitive, Unary, WithDefault
from autograd_core.primitives import TABLE, atan2, hypot
from autograd_core.recording import ACTIVE, recorded
from autograd_core.scalars import as_float, number, shortened

Method = Callable[["Value"], "Value"]
MethodOfTwo = Callable[..., "Value"]
Result: TypeAlias = "Value | Any"
"""What an operator returns: a Value, or NotImplemented, which compiled code refuses to return as a Value."""


ADD: Final = TABLE["add"]
SUBTRACT: Final = TABLE["subtract"]
MULTIPLY: Final = TABLE["multiply"]
DIVIDE: Final = TABLE["divide"]
POWER: Final = TABLE["power"]
NEGATIVE: Final = TABLE["negative"]


class Rest:
    """The edges of a node that two operand slots cannot hold, such as those of a sum over a sequence.

    `operands` are all of them, constants too. `parents` are those that the gradient flows to, and `partials`
    the local derivatives towards them.
    """

    __slots__ = ("operands", "parents", "partials")

    def __init__(self, operands: tuple[Any, ...], parents: tuple[Value, ...], partials: list[float]) -> None:
        self.operands = operands
        self.parents = parents
        self.partials = partials


class Value:
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

    # The layout. Two operands and two derivatives have slots of their own: tuples would cost most of the speed,
    # since each is one more object for the garbage collector. A constant operand is no parent: its slot is
    # None, and its number rests in the derivative slot beside it, which a constant does not need.
    __slots__ = (
        "_data",
        "_grad",
        "_reached",  # whether a backward pass has set _grad
        "_mark",  # the last walk over the graph that met this node
        "_primitive",  # None for a leaf
        "_left",
        "_right",
        "_d_left",
        "_d_right",
        "_rest",  # further edges, or None
        "_origin",  # where the node was made, if somebody noted it
        "_label",
    )

    def __init__(self, data: object, label: object = "") -> None:
        if type(label) is not str:
            raise NotAScalarError(f"Value(data, label) takes one number and a string, got {shortened(label)} as label")
        self._data: float = as_float(data, "Value()")
        self._grad: float = 0.0
        self._reached: bool = False
        self._mark: int = 0
        self._primitive: Primitive | None = None
        self._left: Value | None = None
        self._right: Value | None = None
        self._d_left: float = 0.0
        self._d_right: float = 0.0
        self._rest: Rest | None = None
        self._origin: str | None = None
        self._label: str = label

    def __init_subclass__(cls) -> None:
        if cls.__name__ != "Node":
            raise TypeError(f"{cls.__name__} cannot subclass Value; hold a Value in an attribute instead")

    # What a Value shows.

    @property
    def data(self) -> float:
        """The number. Leaves may be assigned; the data of a computed node follows from its parents."""
        return self._data

    @data.setter
    def data(self, data: object) -> None:
        if self._primitive is not None:
            raise GraphError(
                f"cannot assign .data of {self!r}: it was computed by {self._primitive.name}; "
                "assign the leaves it came from and compute it again, or make a leaf with detach()"
            )
        self._data = as_float(data, "Value.data")

    @property
    def grad(self) -> float:
        """The derivative of whatever `backward()` was called on with respect to this; 0.0 before any call."""
        return self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        self._grad = as_float(grad, "Value.grad")
        self._reached = self._grad != 0.0  # to assign 0 is to forget

    @property
    def label(self) -> str:
        """A name for drawings and explanations."""
        return self._label

    @label.setter
    def label(self, label: object) -> None:
        if type(label) is not str:
            raise NotAScalarError(f"Value.label takes a string, got {shortened(label)}")
        self._label = label

    @property
    def op(self) -> str:
        """The symbol of the operation that made this, such as `+` or `tanh`; empty for a leaf."""
        return "" if self._primitive is None else self._primitive.symbol

    @property
    def primitive(self) -> Primitive | None:
        """The row of the table that made this; None for a leaf."""
        return self._primitive

    @property
    def is_leaf(self) -> bool:
        """Whether this was given rather than computed."""
        return self._primitive is None

    @property
    def has_grad(self) -> bool:
        """Whether a backward pass has reached this."""
        return self._reached

    @property
    def origin(self) -> str | None:
        """Where this was made, if that was noted: the path of an nn module, or a line of code."""
        return self._origin

    @origin.setter
    def origin(self, origin: str | None) -> None:
        self._origin = origin

    @property
    def operands(self) -> tuple[Any, ...]:
        """All operands of the operation in order, constants as floats; empty for a leaf."""
        if self._rest is not None:
            return self._rest.operands
        if self._primitive is None:
            return ()
        left = self._d_left if self._left is None else self._left
        if self._primitive.arity == 1:
            return (left,)
        return (left, self._d_right if self._right is None else self._right)

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that the gradient flows to; one that is used twice stands twice."""
        if self._rest is not None:
            return self._rest.parents
        return tuple(parent for parent in (self._left, self._right) if parent is not None)

    @property
    def local_derivatives(self) -> tuple[float, ...]:
        """The derivative of this with respect to each of its parents."""
        if self._rest is not None:
            return tuple(self._rest.partials)
        left = () if self._left is None else (self._d_left,)
        right = () if self._right is None else (self._d_right,)
        return left + right

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The parents, by micrograd's name."""
        return self.parents

    @property
    def _op(self) -> str:
        """The operation, by micrograd's name."""
        return self.op

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
            return NotImplemented
        return Node(self._data + c, ADD, self, None, 1.0, c)

    def __radd__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(c + self._data, ADD, None, self, c, 1.0)

    def __sub__(self, other: object) -> Result:
        if isinstance(other, Value):
            return Node(self._data - other._data, SUBTRACT, self, other, 1.0, -1.0)
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(self._data - c, SUBTRACT, self, None, 1.0, c)

    def __rsub__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(c - self._data, SUBTRACT, None, self, c, -1.0)

    def __mul__(self, other: object) -> Result:
        if isinstance(other, Value):
            return Node(self._data * other._data, MULTIPLY, self, other, other._data, self._data)
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(self._data * c, MULTIPLY, self, None, c, c)

    def __rmul__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(c * self._data, MULTIPLY, None, self, c, c)

    def __truediv__(self, other: object) -> Result:
        if isinstance(other, Value):
            y = divide(self._data, other._data)
            slope = divide(1.0, other._data)
            return Node(y, DIVIDE, self, other, slope, -divide(y, other._data))
        c = number(other)
        if c is None:
            return NotImplemented
        return Node(divide(self._data, c), DIVIDE, self, None, divide(1.0, c), c)

    def __rtruediv__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return NotImplemented
        y = divide(c, self._data)
        return Node(y, DIVIDE, None, self, c, -divide(y, self._data))

    def __pow__(self, other: object) -> Result:
        if isinstance(other, Value):
            return apply(POWER, (self, other))
        c = number(other)
        if c is None:
            return NotImplemented
        slope = c * power(self._data, c - 1.0) if c != 0.0 else 0.0
        return Node(power(self._data, c), POWER, self, None, slope, c)

    def __rpow__(self, other: object) -> Result:
        c = number(other)
        if c is None:
            return NotImplemented
        return apply(POWER, (c, self))

    def __neg__(self) -> Value:
        return Node(-self._data, NEGATIVE, self, None, -1.0, 0.0)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return apply(TABLE["abs"], (self,))

    def __apply_primitive__(self, primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        """Record any row of the table; see `autograd_core.primitive`."""
        return apply(primitive, operands)

    # Comparisons look at data, and so does truth.

    def __eq__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data == c

    def __ne__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data != c

    def __lt__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data < c

    def __le__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data <= c

    def __gt__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data > c

    def __ge__(self, other: object) -> bool:
        c = other._data if isinstance(other, Value) else number(other)
        if c is None:
            return NotImplemented
        return self._data >= c

    def __hash__(self) -> int:
        return id(self) >> 4

    def __bool__(self) -> bool:
        return self._data != 0.0

    # Conversions that would drop the gradient in silence refuse.

    def __float__(self) -> float:
        self._refuse("float")

    def __int__(self) -> int:
        self._refuse("int")

    def _refuse(self, kind: str) -> NoReturn:
        raise GradientLostError(
            f"{kind}() of {self!r} would lose its gradient (math.sin and the like call float() too): "
            "use autograd_core.sin and the like to keep it, or v.data for the plain number"
        )

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = f", label={self._label!r}" if self._label else ""
        return f"Value(data={self._data}, grad={self._grad}{label})"

    # Leaves copy and pickle; an inner node is nothing without its graph.

    def __reduce__(self) -> tuple[Any, ...]:
        if self._primitive is not None:
            raise GraphError(
                f"cannot copy or pickle {self!r}: it was computed by {self._primitive.name}, and its graph stays here; "
                "copy the leaves and compute again, or copy detach(v)"
            )
        return _leaf, (self._data, self._label, self._grad, self._reached)

    def _cut(self) -> None:
        """Forget the operands: this becomes a leaf."""
        self._primitive = None
        self._left = self._right = self._rest = None
        self._d_left = self._d_right = 0.0

    # The methods that the table gives: see _add_methods().
    exp: ClassVar[Method]
    expm1: ClassVar[Method]
    log: ClassVar[Method]
    log1p: ClassVar[Method]
    log2: ClassVar[Method]
    log10: ClassVar[Method]
    sqrt: ClassVar[Method]
    cbrt: ClassVar[Method]
    square: ClassVar[Method]
    reciprocal: ClassVar[Method]
    sin: ClassVar[Method]
    cos: ClassVar[Method]
    tan: ClassVar[Method]
    asin: ClassVar[Method]
    acos: ClassVar[Method]
    atan: ClassVar[Method]
    sinh: ClassVar[Method]
    cosh: ClassVar[Method]
    tanh: ClassVar[Method]
    asinh: ClassVar[Method]
    acosh: ClassVar[Method]
    atanh: ClassVar[Method]
    sigmoid: ClassVar[Method]
    softplus: ClassVar[Method]
    relu: ClassVar[Method]
    gelu: ClassVar[Method]
    silu: ClassVar[Method]
    erf: ClassVar[Method]
    erfc: ClassVar[Method]
    lgamma: ClassVar[Method]
    abs: ClassVar[Method]
    sign: ClassVar[Method]
    leaky_relu: ClassVar[MethodOfTwo]
    elu: ClassVar[MethodOfTwo]
    atan2: ClassVar[MethodOfTwo]
    hypot: ClassVar[MethodOfTwo]


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
        rest: Rest | None = None,
    ) -> None:
        self._data = data
        self._grad = 0.0
        self._reached = False
        self._mark = 0
        self._primitive = primitive
        self._left = left
        self._right = right
        self._d_left = d_left
        self._d_right = d_right
        self._rest = rest
        self._origin = None
        self._label = ""
        if ACTIVE.count:
            recorded(self)


def apply(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
    """Record one application of a row: at least one operand is a Value, the others are numbers."""
    active = [isinstance(operand, Value) for operand in operands]
    floats: list[float] = []
    for operand in operands:
        floats.append(operand._data if isinstance(operand, Value) else as_float(operand, f"{primitive.name}()"))
    data = primitive.evaluate(floats)
    partials = primitive.linearize(floats, data, active)
    every_edge = all(d is not None for a, d in zip(active, partials, strict=True) if a)
    if primitive.arity in (1, 2) and every_edge:
        left, d_left = _slot(operands[0], floats[0], partials[0])
        right, d_right = _slot(operands[1], floats[1], partials[1]) if primitive.arity == 2 else (None, 0.0)
        return Node(data, primitive, left, right, d_left, d_right)
    edges = [(v, d) for v, d in zip(operands, partials, strict=True) if d is not None]
    remembered = tuple(v if a else x for v, a, x in zip(operands, active, floats, strict=True))
    rest = Rest(remembered, tuple(v for v, _ in edges), [d for _, d in edges])
    return Node(data, primitive, None, None, 0.0, 0.0, rest)


def _slot(operand: Any, data: float, partial: float | None) -> tuple[Value | None, float]:
    """What the two slots of an operand hold: a Value and its derivative, or None and the constant."""
    return (None, data) if partial is None else (operand, partial)


def detach(v: Any) -> Any:
    """Return a leaf with the data of `v`, cut off its graph; a float stays as it is.

    >>> x = Value(2.0)
    >>> y = x * detach(x * x)
    >>> y.backward()
    >>> x.grad
    4.0
    """
    return Value(v._data, v._label) if isinstance(v, Value) else as_float(v, "detach()")


def _leaf(data: float, label: str, grad: float, reached: bool) -> Value:
    leaf = Value(data, label)
    leaf._grad = grad
    leaf._reached = reached
    return leaf


def _unary_method(row: Unary) -> Method:
    """What `apply` does, for one operand: activations are hot."""
    value, partial = row.value, row.partials[0]

    def method(self: Value) -> Value:
        if partial is None:
            return apply(row, (self,))
        x = self._data
        y = value(x)
        return Node(y, row, self, None, partial(x, y), 0.0)

    return method


def _binary_method(row: Binary) -> MethodOfTwo:
    def method(self: Value, *other: Any) -> Value:
        result: Value = row(self, *other)
        return result

    return method


def _add_methods() -> None:
    """Give Value a method for each unary row, under NumPy's name too, since np.arcsin(v) calls v.arcsin()."""
    for row in TABLE.values():
        if isinstance(row, Unary):
            method: Any = _unary_method(row)
        elif isinstance(row, WithDefault) or row in (atan2, hypot):
            method = _binary_method(row)
        else:
            continue
        method.__name__, method.__qualname__, method.__doc__ = row.name, f"Value.{row.name}", row.__doc__
        for name in {row.name, row.numpy_name}:
            setattr(Value, name, method)


_add_methods()
untrack(Value, Node)
