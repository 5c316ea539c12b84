"""Mode: what may watch a thread or an asyncio task compute, such as `no_grad()` and `detect_anomaly()`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from autograd_core.engine.value import Node, Value
    from autograd_core.rules.rows import Primitive


class Visitor(Protocol):
    """Sees each product of the chain rule as it is added to a parent's gradient."""

    def __call__(
        self, node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float
    ) -> None:
        """`after` is the parent's gradient once local_derivative * upstream was added to `before`."""


class Mode:
    """Something that is told what its thread or task does. By itself it looks at nothing: override what is of interest.

    Attributes:
        records: whether it records a function as a Program.
        cuts: for `no_grad()` and `enable_grad()`, whether a new node is cut off its operands; None for all else.
    """

    cuts: ClassVar[bool | None] = None
    records: ClassVar[bool] = False

    def recorded(self, node: Node) -> None:
        """Called with each new node, complete but for its label."""

    def carried(self, primitive: Primitive, operands: tuple[Any, ...], result: Any) -> None:
        """Called with what forward mode computes, which records no nodes: the row, its operands, the lifted result."""

    def compared(self, relation: str, left: Any, right: Any, outcome: bool) -> None:
        """Called when two numbers were compared, at least one of them a Value, and when a Value was taken for true."""

    def data_read(self, v: Any) -> None:
        """Called when the number of a Value is read or assigned by `.data`; such a mode is counted in `modes.READS`."""

    def watcher(self) -> Visitor | None:
        """Return what is to see each product of a reverse sweep, or None."""
        return None

    def swept(self, order: Sequence[Value], leaves: Sequence[Value], held: Sequence[tuple[float, bool]]) -> None:
        """Called when a backward pass is over; a mode that wants only this is counted in `modes.SWEEPS`.

        Args:
            order: the nodes, each after its parents.
            leaves: those of them that are leaves.
            held: for each leaf, the gradient before the pass, and whether a pass had reached it.
        """
