"""Which modes are on: what else happens when a node is recorded or a gradient computed; mostly nothing.

Modes belong to a thread or an asyncio task, so that one's `no_grad()` leaves another's graph alone. To look them up
is slow, so a node first asks one counter whether there are any at all.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from autograd_core.engine.mode import Mode, Visitor

if TYPE_CHECKING:
    from autograd_core.engine.value import Node, Value
    from autograd_core.rules.rows import Primitive


class Count:
    """How many modes are on, over all threads and tasks."""

    def __init__(self) -> None:
        self.count: int = 0


class ModeInUse:
    """One use of a mode. It is closed where it ends, which need not be the thread or the task where it began."""

    def __init__(self, mode: Mode, counter: Count) -> None:
        self.mode = mode
        self.counter = counter
        self.open: bool = True


ACTIVE: Final = Count()
SWEEPS: Final = Count()
"""Of the modes that see only backward passes, by `swept`, how many are on: nodes need not ask for them."""
READS: Final = Count()
"""How many modes want to know when the number of a Value is read or assigned."""

_lock: Final = threading.Lock()
_entries: Final[ContextVar[tuple[ModeInUse, ...]]] = ContextVar("autograd_core modes", default=())


def modes() -> list[Mode]:
    """Return the modes of this thread or task, the outermost first."""
    return [entry.mode for entry in _entries.get() if entry.open]


def enter(mode: Mode, counter: Count = ACTIVE) -> ModeInUse:
    """Turn a mode on for this thread or task; `leave` takes what this returns. `counter` is where it is counted."""
    entry = ModeInUse(mode, counter)
    _entries.set((*[other for other in _entries.get() if other.open], entry))
    with _lock:
        counter.count += 1
    return entry


def leave(entry: ModeInUse) -> None:
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
    """Show a backward pass that is over to the modes; see `Mode.swept`."""
    for mode in modes():
        mode.swept(order, leaves, held)


def carried(primitive: Primitive, operands: tuple[Any, ...], result: Any) -> None:
    """Show what forward mode computed to the modes; see `Mode.carried`."""
    for mode in modes():
        mode.carried(primitive, operands, result)


def data_read(v: Any) -> None:
    """Show to the modes that the number of a Value is read or assigned; see `Mode.data_read`."""
    for mode in modes():
        mode.data_read(v)


def is_recording() -> bool:
    """Return whether a function is being recorded here."""
    return READS.count > 0 and any(mode.records for mode in modes())


def compared(relation: str, left: Any, right: Any, outcome: bool) -> None:
    """Show a comparison to the modes; see `Mode.compared`."""
    for mode in modes():
        mode.compared(relation, left, right, outcome)


def recorded(node: Node) -> None:
    """Show a new node to each mode; then cut it off its operands, if the innermost mode that decides this says so."""
    cut = False
    for entry in _entries.get():  # not modes(): this runs once for each node
        if entry.open:
            mode = entry.mode
            if mode.cuts is None:
                mode.recorded(node)
            else:
                cut = mode.cuts
    if cut:
        node._cut()


def is_off() -> bool:
    """Return whether nothing is recorded here: of `no_grad()` and `enable_grad()`, the innermost is a `no_grad()`."""
    off = False
    for mode in modes():
        if mode.cuts is not None:
            off = mode.cuts
    return off
