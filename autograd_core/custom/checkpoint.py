"""checkpoint(): trade time for memory. A call keeps what went into it, and is done again when its gradient is due."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.custom.recomputed_call import RecomputedCall, kept
from autograd_core.engine.mode import Mode
from autograd_core.engine.modes import enter, is_off, leave, modes
from autograd_core.engine.no_grad import no_grad
from autograd_core.engine.value import Node, Value
from autograd_core.interpreters.lifted import Lifted
from autograd_core.nesting.structures import flatten
from autograd_core.program.recorder import Recorder
from autograd_core.rules.scalars import as_count


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that computes the same as `f` and keeps no graph of it; also works as a decorator.

    The result is as differentiable as that of `f`, with the same numbers. A call keeps the Values that it used, in
    its arguments or from outside; on the way back it is done again, which takes the time of one more call. Calls
    nest. Only backward() and grad() save memory: a second derivative works on the whole graph, and forward mode
    keeps none anyway.

    Args:
        f: a function of any arguments that returns numbers, nested as you like. It must do the same each time: no
            random numbers without a seed, no counting of calls.

    Raises:
        NotAScalarError: on the call, the result holds something that is no number.
        GraphError: on the way back, `f` returned other numbers than before, or a leaf was assigned meanwhile.

    >>> from autograd_core import Value, checkpoint, sin
    >>> x = Value(0.5)
    >>> y = checkpoint(lambda x: sin(sin(x) * x))(x)
    >>> y.parents == (x,)
    True
    >>> y.backward()
    >>> round(x.grad, 12)
    0.891961520888
    """
    function = checked_function("checkpoint", f)

    @functools.wraps(function, updated=())
    def recomputing(*args: Any, **named: Any) -> Any:
        return _recorded(function, args, named)

    return recomputing


def checkpoint_loop(step: Callable[[Any], Any], state: Any, n: int) -> Any:
    """Return the state after `n` steps, state = step(state), keeping about the square root of n states.

    For its gradient the loop is done once more, in parts of about the square root of n steps: the memory that it
    takes grows as the square root of n, and the time is one and a half to two times that of a plain loop.

    Args:
        step: returns the next state; Values from outside get their gradients too.
        state: numbers, nested as you like.
        n: how many steps; 0 returns the state.

    Raises:
        DomainError: `n` is no int of at least 0.

    Source: Chen et al. 2016, Training deep nets with sublinear memory cost, section 3.

    >>> from autograd_core import checkpoint_loop, grad
    >>> def compound(rate):
    ...     return checkpoint_loop(lambda money: money * (1.0 + rate), 100.0, 30)
    >>> round(compound(0.05), 6), round(grad(compound)(0.05), 6)
    (432.194238, 12348.406786)
    """
    checked_function("checkpoint_loop", step)
    n = as_count(n, "checkpoint_loop(step, state, n): n")

    @functools.wraps(step, updated=())
    def steps(state: Any, count: int) -> Any:
        for _ in range(count):
            state = step(state)
        return state

    part = max(1, math.isqrt(n))
    for done in range(0, n, part):
        state = checkpoint(steps)(state, min(part, n - done))
    return state


class _Used(Mode):
    """A mode that notes which Values from outside go into what is computed."""

    def __init__(self) -> None:
        self.made: set[int] = set()
        self.outside: dict[int, Value] = {}

    def recorded(self, node: Node) -> None:
        """See `Mode.recorded`."""
        for x in node.operands:
            if isinstance(x, Value) and id(x) not in self.made:
                self.outside.setdefault(id(x), x)
        self.made.add(id(node))


def _recorded(f: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Call `f`, and record its outputs as the result of the whole call."""
    if is_off() or any(isinstance(mode, Recorder) for mode in modes()):
        return f(*args, **named)  # a recording wants every step
    arguments = tuple(kept(x) for x in args), {key: kept(x) for key, x in named.items()}
    used = _Used()
    entry = enter(used)
    try:
        with no_grad():
            result = f(*args, **named)
    finally:
        leave(entry)
    name = f"checkpoint({name_of(f)})"
    structure, numbers = flatten(result, f"{name}: the result")
    if any(isinstance(x, Lifted) for x in numbers):
        return f(*arguments[0], **arguments[1])  # forward mode keeps no graph: there is nothing to save
    computed = [x if isinstance(x, Value) and id(x) in used.made else None for x in numbers]
    call = RecomputedCall(f, arguments, tuple(used.outside.values()), computed)
    nodes = iter(call.nodes())
    return structure.build([x if c is None else next(nodes) for x, c in zip(numbers, computed, strict=True)])
