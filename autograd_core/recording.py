"""What else happens when a node is recorded: nothing, unless a mode such as `no_grad()` is on.

Modes belong to a thread, so that one thread's `no_grad()` leaves another's graph alone. Looking up a
thread's modes is slow, so a node first asks one counter whether any thread has any.
"""

from __future__ import annotations

import threading
from contextlib import ContextDecorator
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from autograd_core.value import Node, Value


class Visitor(Protocol):
    """Sees each product of the chain rule as it is added to a parent's gradient."""

    def __call__(
        self, node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float
    ) -> None:
        """`after` is the parent's gradient once local_derivative * upstream was added to `before`."""


class Mode(Protocol):
    """Something that sees, and may change, every node that its thread records."""

    def recorded(self, node: Node) -> None:
        """Called with a new node, complete but for its label."""

    def watcher(self) -> Visitor | None:
        """Return what is to see each product of a reverse sweep, or None."""


class _Active:
    """How many modes are on, over all threads."""

    def __init__(self) -> None:
        self.count: int = 0


ACTIVE: Final = _Active()
_lock: Final = threading.Lock()
_thread: Final = threading.local()


def modes() -> list[Mode]:
    """Return this thread's modes, the outermost first."""
    found: list[Mode] | None = getattr(_thread, "modes", None)
    if found is None:
        found = []
        _thread.modes = found
    return found


def enter(mode: Mode) -> None:
    """Turn a mode on for this thread."""
    modes().append(mode)
    with _lock:
        ACTIVE.count += 1


def leave() -> None:
    """Turn this thread's innermost mode off."""
    modes().pop()
    with _lock:
        ACTIVE.count -= 1


def watcher() -> Visitor | None:
    """Return what this thread's innermost mode that watches sweeps wants to see them with, or None."""
    for mode in reversed(modes()):
        found = mode.watcher()
        if found is not None:
            return found
    return None


def recorded(node: Node) -> None:
    """Show a new node to each mode of this thread."""
    for mode in modes():
        mode.recorded(node)


class no_grad(ContextDecorator):
    """Within it, in this thread, results have no parents: nothing is recorded and no memory is held.

    Works as a context manager and as a decorator.

    >>> from autograd_core import Value, no_grad
    >>> w = Value(3.0)
    >>> with no_grad():
    ...     y = w * 2.0
    >>> y.data, y.parents
    (6.0, ())
    """

    def __enter__(self) -> no_grad:
        enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        leave()

    def recorded(self, node: Node) -> None:
        """Cut the node off its operands, which makes it a leaf."""
        node._cut()

    def watcher(self) -> Visitor | None:
        """Watch no sweep."""
        return None
