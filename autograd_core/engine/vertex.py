"""Vertex: what a node of the computation graph holds, and what it shows of itself.

A vertex knows its number, its gradient, and its edges: the vertices it was computed from, its parents, with the
derivative of its number with respect to each of them. It compares by its number. `value.py` gives it arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from autograd_core.engine.declared_methods import DeclaredMethods
from autograd_core.engine.edges import Deferred, Edges
from autograd_core.engine.modes import ACTIVE, READS, compared, data_read
from autograd_core.errors import ArgumentError, GraphError, NotAScalarError
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import as_float, comparable, shortened

if TYPE_CHECKING:
    from autograd_core.engine.value import Value


class _Family:
    """Whether all kinds of Value are defined: from then on, nobody may add one."""

    def __init__(self) -> None:
        self.complete: bool = False


FAMILY: Final = _Family()


class _Births:
    """How many leaves have been made. A leaf remembers its number, which tells later ones from earlier ones."""

    def __init__(self) -> None:
        self.count: int = 0


_births: Final = _Births()


def leaves_so_far() -> float:
    """Return the birth number of the last leaf that was made."""
    return float(_births.count)


def new_leaf() -> float:
    """Return the number of a leaf that is made now."""
    _births.count += 1
    return float(_births.count)


def is_younger(leaf: Vertex, than: float) -> bool:
    """Return whether a leaf was made after the one with that birth number."""
    return leaf._constant > than


class Vertex(DeclaredMethods):
    """The layout of a Value, without its operators. Do not instantiate it: make a `Value`."""

    # Two operands and the derivatives towards them have slots of their own: tuples would cost most of the speed, since
    # each is one more object for the garbage collector. Of two operands at most one is a constant: its slot is None,
    # and its number is in _constant. More operands, and those that a row does not depend on, are in _rest. A leaf has
    # no operands: it keeps its birth number in _constant. A slot of its own would cost 8 bytes a node: at the peak of
    # a backward pass over a chain a node takes 161 bytes, compiled, and would take 166 and more.
    __slots__ = (
        "_reached",  # whether a backward pass has set _grad; first, since beside the header it takes no further memory
        "_data",
        "_grad",
        "_mark",  # the last walk over the graph that met this node
        "_primitive",  # None for a leaf
        "_left",
        "_right",
        "_d_left",
        "_d_right",
        "_constant",
        "_rest",  # the edges that the slots cannot hold, or None
        "_origin",  # the part of a model that made it, or whose parameter it is
        "_site",  # the line of code that made it, while detect_anomaly() is on
        "_label",
    )

    def __init__(self, data: object, label: object = "") -> None:
        if not isinstance(label, str):
            raise ArgumentError(f"Value(data, label) takes one number and a string, got {shortened(label)} as label")
        self._reached: bool = False
        self._data: float = as_float(data, "Value()")
        self._grad: float = 0.0
        self._mark: int = 0
        self._primitive: Primitive | None = None
        self._left: Value | None = None
        self._right: Value | None = None
        self._d_left: float = 0.0
        self._d_right: float = 0.0
        self._constant: float = new_leaf()
        self._rest: Edges | None = None
        self._origin: str | None = None
        self._site: str | None = None
        self._label: str = str(label)

    @property
    def data(self) -> float:
        """The number. Leaves may be assigned; the data of a computed node follows from its parents."""
        if READS.count:
            data_read(self)
        return self._data

    @data.setter
    def data(self, data: object) -> None:
        if self._primitive is not None:
            raise GraphError(
                f"cannot assign .data of {self!r}: it was computed by {self._primitive.name}; "
                "assign the leaves it came from and compute it again, or make a leaf with detach()"
            )
        if READS.count:
            data_read(self)
        self._data = as_float(data, "Value.data")

    @property
    def grad(self) -> float:
        """The derivative of whatever `backward()` was called on with respect to this; 0.0 before any call."""
        return self._grad

    @grad.setter
    def grad(self, grad: object) -> None:
        if grad is None:
            raise NotAScalarError("Value.grad is a number, got None: assign 0.0 to forget the gradient")
        self._grad = as_float(grad, "Value.grad")
        self._reached = self._grad != 0.0  # to assign 0 is to forget

    @property
    def label(self) -> str:
        """A name for drawings and explanations."""
        return self._label

    @label.setter
    def label(self, label: object) -> None:
        if not isinstance(label, str):
            raise ArgumentError(f"Value.label takes a string, got {shortened(label)}")
        self._label = str(label)

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
        """The path of the part of a model that made this, or whose parameter it is; None if there is none."""
        return self._origin

    @origin.setter
    def origin(self, origin: object) -> None:
        if origin is not None and not isinstance(origin, str):
            raise ArgumentError(f"Value.origin takes a string or None, got {shortened(origin)}")
        self._origin = origin

    @property
    def operands(self) -> tuple[Any, ...]:
        """All operands of the operation in order, constants as floats; empty for a leaf."""
        if self._rest is not None:
            return self._rest.operands
        if self._primitive is None:
            return ()
        left = self._constant if self._left is None else self._left
        if self._primitive.arity == 1:
            return (left,)
        return (left, self._constant if self._right is None else self._right)

    @property
    def slopes(self) -> tuple[float | None, ...]:
        """The derivative of this with respect to each of its operands; None where no gradient flows."""
        rest = self._rest
        if rest is not None:
            return tuple(rest.call.derivatives(rest.place) if isinstance(rest, Deferred) else rest.slopes)
        if self._primitive is None:
            return ()
        left = None if self._left is None else self._d_left
        if self._primitive.arity == 1:
            return (left,)
        return (left, None if self._right is None else self._d_right)

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that the gradient flows to; one that is used twice stands twice."""
        rest = self._rest
        if rest is not None:
            return rest.operands if isinstance(rest, Deferred) else rest.parents()
        return tuple(parent for parent in (self._left, self._right) if parent is not None)

    @property
    def local_derivatives(self) -> tuple[float, ...]:
        """The derivative of this with respect to each of its parents."""
        return tuple([d for d in self.slopes if d is not None])

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The parents, by micrograd's name."""
        return self.parents

    @property
    def _op(self) -> str:
        """The operation, by micrograd's name."""
        return self.op

    # Comparisons look at data, and so does truth.

    def __eq__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared("==", self, other, self._data == c)
        return self._data == c

    def __ne__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared("!=", self, other, self._data != c)
        return self._data != c

    def __lt__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared("<", self, other, self._data < c)
        return self._data < c

    def __le__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared("<=", self, other, self._data <= c)
        return self._data <= c

    def __gt__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared(">", self, other, self._data > c)
        return self._data > c

    def __ge__(self, other: object) -> bool:
        c = other._data if isinstance(other, Vertex) else comparable(other)
        if c is None:
            return NotImplemented
        if ACTIVE.count:
            compared(">=", self, other, self._data >= c)
        return self._data >= c

    def __hash__(self) -> int:
        return id(self) >> 4

    def __bool__(self) -> bool:
        if ACTIVE.count:
            compared("!=", self, 0.0, self._data != 0.0)
        return self._data != 0.0

    def __repr__(self) -> str:
        label = f", label={self._label!r}" if self._label else ""
        return f"Value(data={self._data}, grad={self._grad}{label})"

    def _cut(self) -> None:
        """Forget the operands: this becomes a leaf."""
        self._primitive = None
        self._left = self._right = self._rest = None
        self._constant = new_leaf()

    def _settle(self, identity: Primitive) -> None:
        """Be a leaf no longer: this becomes the row `identity` of its own number, a constant."""
        if self._primitive is None:
            self._primitive = identity
            self._constant = self._data
