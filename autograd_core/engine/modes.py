"""What else happens when a node is recorded: nothing, unless a mode such as `no_grad()` is on.

Modes belong to a thread or an asyncio task, so that one's `no_grad()` leaves another's graph alone. To look them up
is slow, so a node first asks one counter whether there are any at all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from autograd_core.errors import ArgumentError

if TYPE_CHECKING:
    from autograd_core.engine.value import Node, Value

F = TypeVar("F", bound=Callable[..., Any])


class Visitor(Protocol):
    """Sees each product of the chain rule as it is added to a parent's gradient."""

    def __call__(
        self, node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float
    ) -> None:
        """`after` is the parent's gradient once local_derivative * upstream was added to `before`."""


class Mode(Protocol):
    """Something that sees, and may change, every node that its thread or task records.

    One that has a method `swept` and is counted in SWEEPS is shown each backward pass when it is over: see the
    function of that name. One that has a method `carried` is shown what forward mode computes, which records no nodes:
    the row, its operands, and the `Lifted` result.
    """

    def recorded(self, node: Node) -> None:
        """Called with a new node, complete but for its label."""

    def watcher(self) -> Visitor | None:
        """Return what is to see each product of a reverse sweep, or None."""


class _Active:
    """How many modes are on, over all threads and tasks."""

    def __init__(self) -> None:
        self.count: int = 0


class Entry:
    """One use of a mode. It is closed where it ends, which need not be the thread or the task where it began."""

    def __init__(self, mode: Mode, counter: _Active) -> None:
        self.mode = mode
        self.counter = counter
        self.open: bool = True


ACTIVE: Final = _Active()
SWEEPS: Final = _Active()
"""Of the modes that see only backward passes, by `swept`, how many are on: nodes need not ask for them."""

_lock: Final = threading.Lock()
_entries: Final[ContextVar[tuple[Entry, ...]]] = ContextVar("autograd_core modes", default=())


def modes() -> list[Mode]:
    """Return the modes of this thread or task, the outermost first."""
    return [entry.mode for entry in _entries.get() if entry.open]


def enter(mode: Mode, counter: _Active = ACTIVE) -> Entry:
    """Turn a mode on for this thread or task; `leave` takes what this returns. `counter` is where it is counted."""
    entry = Entry(mode, counter)
    _entries.set((*[other for other in _entries.get() if other.open], entry))
    with _lock:
        counter.count += 1
    return entry


def leave(entry: Entry) -> None:
    """Turn off what `enter` turned on."""
    entry.open = False
    _entries.set(tuple([other for other in _entries.get() if other.open]))
    with _lock:
        entry.counter.count -= 1


def watcher() -> Visitor | None:
    """Return what the innermost mode that watches sweeps wants to see them with, or None."""
    for mode in reversed(modes()):
        found = mode.watcher()
        if found is not None:
            return found
    return None


def swept(order: list[Value], leaves: list[Value], held: list[tuple[float, bool]]) -> None:
    """Show a backward pass that is over to the modes that want to see it.

    Args:
        order: the nodes, each after its parents.
        leaves: those of them that are leaves.
        held: for each leaf, the gradient before the pass, and whether a pass had reached it.
    """
    for mode in modes():
        see = getattr(mode, "swept", None)
        if see is not None:
            see(order, leaves, held)


def recorded(node: Node) -> None:
    """Show a new node to each mode; `no_grad` comes last, since it leaves little to see."""
    cut = False
    for entry in _entries.get():  # not modes(): this runs once for each node
        if entry.open:
            mode = entry.mode
            if isinstance(mode, no_grad):
                cut = mode.cuts
            else:
                mode.recorded(node)
    if cut:
        node._cut()


def is_off() -> bool:
    """Return whether nothing is recorded here, since the innermost mode of the two is a `no_grad()`."""
    off = False
    for mode in modes():
        if isinstance(mode, no_grad):
            off = mode.cuts
    return off


def no_arguments(name: str, arguments: tuple[object, ...]) -> None:
    """Refuse `@no_grad` without brackets, which would take the function for an argument."""
    if arguments:
        raise ArgumentError(f"{name}() takes no arguments: write `with {name}():`, or @{name}() above a function")


def runs_in_its_call(name: str, function: Callable[..., Any]) -> None:
    """Refuse to decorate a function whose body runs after its call: the mode would be over by then."""
    if isgeneratorfunction(function) or iscoroutinefunction(function) or isasyncgenfunction(function):
        raise ArgumentError(
            f"@{name}() cannot decorate {function.__qualname__}(), whose body runs after the call: "
            f"write `with {name}():` inside"
        )


class no_grad(ContextDecorator):
    """Within it, in this thread or task, results have no parents: nothing is recorded and no memory is held.

    Works as a context manager and as a decorator.

    >>> from autograd_core import Value, no_grad
    >>> w = Value(3.0)
    >>> with no_grad():
    ...     y = w * 2.0
    >>> y.data, y.parents
    (6.0, ())
    """

    def __init__(self, *arguments: object) -> None:
        no_arguments(type(self).__name__, arguments)
        self._entered: list[Entry] = []
        self.cuts: bool = True

    def __call__(self, function: F) -> F:
        """Decorate a function that runs in its call."""
        runs_in_its_call(type(self).__name__, function)
        return super().__call__(function)

    def _recreate_cm(self) -> no_grad:
        return no_grad()  # each call of a decorated function has a use of its own

    def __enter__(self) -> no_grad:
        self._entered.append(enter(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        leave(self._entered.pop())

    def recorded(self, node: Node) -> None:
        """Cut the node off its operands, which makes it a leaf."""
        node._cut()

    def watcher(self) -> Visitor | None:
        """Watch no sweep."""
        return None


class enable_grad(no_grad):
    """Within it, in this thread or task, results are recorded even where a `no_grad()` around it is on.

    What differentiates a function needs its graph, wherever it is called.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> with no_grad(), enable_grad():
    ...     y = w * 2.0
    >>> len(y.parents)
    1
    """

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self.cuts = False

    def _recreate_cm(self) -> enable_grad:
        return enable_grad()
