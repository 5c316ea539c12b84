"""gradient_warnings(): a warning where a gradient is probably not what was meant."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any, ClassVar

from autograd_core.engine.mode_context import ModeContext
from autograd_core.engine.modes import SWEEPS, modes
from autograd_core.engine.value import Value
from autograd_core.engine.vertex import Vertex
from autograd_core.errors import DeadUnitWarning, GradientWarning, StaleGradientWarning, UnreachedGradientWarning
from autograd_core.naming import names_of
from autograd_core.rules.kinds import Unary, WithDefault
from autograd_core.users_code import caller

_NAMED = 5


class gradient_warnings(ModeContext):
    """Warn of gradients that are probably not what you expect: `with gradient_warnings():`, or a decorator.

    - `UnreachedGradientWarning`: a gradient is read before a backward pass has reached its Value.
    - `StaleGradientWarning`: the gradient of a leaf was computed with other data than the leaf has now, and it is read,
      or `backward()` adds to it. Or `backward()` goes through a graph that was recorded before the leaf was assigned.
    - `DeadUnitWarning`: the activation of a neuron passes no gradient, for any example of a backward pass.

    All are `GradientWarning`s, so `warnings.filterwarnings` can turn them off or into errors. Each names the Value
    and the remedy, and points at the line of your code, once for each line. It holds for one thread or task. Outside of
    it nothing is checked, which costs no time.

    >>> import warnings
    >>> from autograd_core import Value
    >>> x = Value(3.0, "x")
    >>> with warnings.catch_warnings(record=True) as caught, gradient_warnings():
    ...     warnings.simplefilter("always")
    ...     slope = x.grad
    >>> print(str(caught[0].message).partition(":")[0])
    the gradient of x is read before any backward pass has reached it
    """

    counter = SWEEPS

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._passed: dict[int, tuple[Value, float]] = {}  # the leaves that passes reached, and their data then
        self._told: set[tuple[object, ...]] = set()

    def __enter__(self) -> gradient_warnings:
        super().__enter__()
        _Reads.watch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _Reads.leave()
        super().__exit__(kind, error, trace)

    def read(self, v: Value, reader: FrameType) -> None:
        """Look at a Value whose gradient is read by the code of that frame."""
        data = self._passed.get(id(v), (v, v._data))[1]
        if not v._reached:
            if id(v) not in self._passed:  # else it was set to 0 since
                self._tell(
                    UnreachedGradientWarning,
                    lambda name: (
                        f"the gradient of {name} is read before any backward pass has reached it: it is 0.0 until "
                        f"backward() is called on a result that was computed from {name}"
                    ),
                    v,
                )
        elif data != v._data and reader is caller():  # a library may look at older gradients, for a history
            self._tell(
                StaleGradientWarning,
                lambda name: (
                    f"the gradient of {name} is stale: it was computed at {name} = {data}, which is {v._data} now; "
                    "compute the result again and call backward() on it, or read the gradient before you assign"
                ),
                v,
            )

    def swept(self, order: Sequence[Value], leaves: Sequence[Value], held: Sequence[tuple[float, bool]]) -> None:
        """Look at the nodes of a backward pass that is over, and what gradients the leaves held before."""
        for leaf, (before, reached) in zip(leaves, held, strict=True):
            data = self._passed.get(id(leaf), (leaf, leaf._data))[1]
            if reached and before != 0.0 and data != leaf._data:
                self._tell_of_sum(leaf, data)
            self._passed[id(leaf)] = (leaf, leaf._data)
        self._tell_of_old_graphs(order, leaves)
        self._tell_of_dead_units(order)

    def _tell_of_sum(self, leaf: Value, data: float) -> None:
        self._tell(
            StaleGradientWarning,
            lambda name: (
                f"backward() added to a stale gradient: that of {name} was computed at {name} = {data}, which is "
                f"{leaf._data} now; set gradients to 0 before each pass, by zero_grad() or {name}.grad = 0"
            ),
            leaf,
        )

    def _tell_of_old_graphs(self, order: Sequence[Value], leaves: Sequence[Value]) -> None:
        """Compute again what each leaf went into, first and last: it gives something else if the leaf has changed."""
        for nodes in (order, order[::-1]):
            unseen = {id(leaf) for leaf in leaves}
            for node in nodes:
                if not unseen:
                    break
                given = [x for x in node.parents if id(x) in unseen]
                if given and node.primitive is not None:
                    unseen -= {id(x) for x in given}
                    data = node.primitive.evaluate([x._data if isinstance(x, Value) else x for x in node.operands])
                    if data != node._data and data == data:
                        self._tell_of_old_graph(given)

    def _tell_of_old_graph(self, changed: list[Value]) -> None:
        self._tell(
            StaleGradientWarning,
            lambda name: (
                f"the gradient of {name} is stale: {name} was assigned after the graph was recorded, and backward() "
                "uses its data of that time; compute the result again before you call it"
            ),
            *changed,
        )

    def _tell_of_dead_units(self, order: Sequence[Value]) -> None:
        alive: dict[tuple[str, str], int] = {}  # the examples that each unit had, and 0 once it passes something
        for node in order:
            row = node._primitive
            below = node._left if isinstance(row, (Unary, WithDefault)) and node._right is None else None
            if row is not None and below is not None and (unit := node._origin or below._origin):
                key = unit, row.name
                alive[key] = 0 if node._d_left != 0.0 or alive.get(key) == 0 else alive.get(key, 0) + 1
        dead = {unit: count for (unit, _), count in alive.items() if count > 1}
        new = [unit for unit in dead if ("dead", unit) not in self._told]
        if new:
            self._told |= {("dead", unit) for unit in new}
            units = ", ".join(new[:_NAMED]) + (f" and {len(new) - _NAMED} more" if len(new) > _NAMED else "")
            which = "unit is" if len(new) == 1 else "units are"
            message = (
                f"{len(new)} {which} dead for all {dead[new[0]]} examples of a backward pass: {units}. The slope of "
                "the activation is 0 there, so nothing below learns; try a smaller learning rate, another "
                "initialisation, data of mean 0 and deviation 1, or leaky_relu"
            )
            _warn(DeadUnitWarning, message, caller())

    def _tell(self, category: type[GradientWarning], message: Any, *values: Value) -> None:
        """Warn at the user's line, once for each line and kind."""
        frame = caller()
        place = (category, None if frame is None else (frame.f_code.co_filename, frame.f_lineno))
        if place not in self._told:
            self._told.add(place)
            names = names_of(values, frame)
            _warn(category, message(" or ".join(names.get(id(v), "a Value") for v in values[:_NAMED])), frame)


def _warn(category: type[GradientWarning], message: str, frame: FrameType | None) -> None:
    if frame is None:
        warnings.warn(message, category, stacklevel=2)
        return
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    name = frame.f_globals.get("__name__", "<unknown>")
    warnings.warn_explicit(message, category, frame.f_code.co_filename, frame.f_lineno, name, registry)


class _Reads:
    """Reports reads of `Value.grad`, which is another property while any `gradient_warnings()` is on.

    Otherwise it is the plain one, so that reading a gradient costs no more time.
    """

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _watching: ClassVar[int] = 0

    @classmethod
    def watch(cls) -> None:
        with cls._lock:
            cls._watching += 1
            if cls._watching == 1:
                plain: Any = vars(Vertex)["grad"]
                setattr(Value, "grad", property(_read, plain.__set__, doc=plain.__doc__))  # noqa: B010

    @classmethod
    def leave(cls) -> None:
        with cls._lock:
            cls._watching -= 1
            if cls._watching == 0:
                delattr(Value, "grad")


def _read(v: Value) -> float:
    for mode in modes():
        if isinstance(mode, gradient_warnings):
            mode.read(v, sys._getframe(1))
    return v._grad
