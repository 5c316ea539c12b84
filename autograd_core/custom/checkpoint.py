"""checkpoint(): trade time for memory. A call keeps what went into it, and is done again when its gradient is due."""

from __future__ import annotations

import copy
import functools
import math
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.tracing import recording
from autograd_core.engine.chain_rule import sweep
from autograd_core.engine.edges import Deferred
from autograd_core.engine.graph import topological_order
from autograd_core.engine.mode import Mode, Visitor
from autograd_core.engine.modes import enter, is_off, leave, modes, watcher
from autograd_core.engine.no_grad import enable_grad, no_grad
from autograd_core.engine.value import Node, Value
from autograd_core.errors import GradientLostError, GraphError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.nesting.structures import flatten
from autograd_core.program.linear_map import LinearMap
from autograd_core.program.read import linearized
from autograd_core.program.recorder import Recorder
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import as_count, shortened


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
    arguments = tuple(_kept(x) for x in args), {key: _kept(x) for key, x in named.items()}
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
    call = _Call(f, arguments, tuple(used.outside.values()), computed)
    nodes = iter(call.nodes())
    return structure.build([x if c is None else next(nodes) for x, c in zip(numbers, computed, strict=True)])


def _kept(x: Any) -> Any:
    """An argument as it is now, though the caller, or f itself, may put something else into it."""
    return copy.copy(x) if isinstance(x, (list, dict)) or type(x).__name__ == "ndarray" else x


class _Call:
    """One call of a function: all that is needed to do it again.

    Args:
        f: the function.
        arguments: by position and by name.
        operands: the Values from outside that it depends on.
        computed: for each number that it returned the Value, without a graph, or None if it was no result.

    Attributes:
        results: the numbers that it computed.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        arguments: tuple[tuple[Any, ...], dict[str, Any]],
        operands: tuple[Value, ...],
        computed: Sequence[Value | None],
    ) -> None:
        self.f, self.arguments, self.operands, self.computed = f, arguments, operands, computed
        self.name = f"checkpoint({name_of(f)})"
        self.data = array("d", [x.data for x in operands])
        self.results = array("d", [y.data for y in computed if y is not None])
        self.waiting: dict[int, Value] = {}  # the outputs that a sweep has come to, until it comes to the first
        self.line: LinearMap | None = None
        self.served: set[int] = set()

    def nodes(self) -> list[Node]:
        """Return a node for each output; they hold this, and it does not hold them."""
        found: list[Node] = []
        for place, y in enumerate(self.results):
            edges = Deferred(self.operands, found[0] if found else None, self, place)
            found.append(Node(y, _Row(self, place), None, None, 0.0, 0.0, 0.0, edges))
        return found

    def again(self) -> list[Value]:
        """Return the outputs with their graph, which ends at the operands.

        Raises:
            GraphError: they are not what they were.
        """
        args, named = self.arguments
        with recording():
            result = self.f(*[_kept(x) for x in args], **{key: _kept(x) for key, x in named.items()})
        _, numbers = flatten(result, f"{self.name}: the result")
        pairs = [(x, y) for x, y in zip(numbers, self.computed, strict=False) if y is not None]
        found = [x for x, y in pairs if isinstance(x, Value) and x is not y]  # not what f kept from the first time
        if array("d", [x.data for x in found]).tobytes() != self.results.tobytes():
            raise GraphError(
                f"{self.name}: done again for its gradient, it returned {shortened([x.data for x in found])} where it "
                f"had returned {shortened(list(self.results))}. Either a leaf was assigned since: compute "
                "the loss anew; or the function is not the same each time: give it a seed, and keep no state in it"
            )
        return found

    def pull(self, node: Value, place: int, visit: Visitor | None) -> None:
        """See `autograd_core.engine.vertex.Deferred`."""
        self.waiting[place] = node
        if place > 0:
            return
        waiting, self.waiting = self.waiting, {}
        if visit is not None and visit is not watcher():
            self._pull_along_edges(waiting, visit)
            return
        outputs = self.again()
        for k, output in waiting.items():
            outputs[k]._grad += output._grad
        sweep(topological_order(*[outputs[k] for k in waiting], stops=self.operands), visit)

    def _pull_along_edges(self, waiting: dict[int, Value], visit: Visitor) -> None:
        """The same, for one who wants to see the products along the edges that the graph has."""
        for k, output in waiting.items():
            for operand, derivative in zip(self.operands, self.derivatives(k), strict=True):
                before = operand._grad
                operand._grad = before + derivative * output._grad
                visit(output, operand, derivative, output._grad, before, operand._grad)

    def forget(self) -> None:
        """See `autograd_core.engine.vertex.Deferred`."""
        self.waiting = {}

    def derivatives(self, place: int) -> list[float]:
        """See `autograd_core.engine.vertex.Deferred`."""
        line = linearized([self.again()[place]], self.operands, stop=True, differentiable=False)
        return line.pull([1.0])

    def slopes(self, place: int) -> list[Any]:
        """Return the derivatives of an output as Values. What is done again serves each output once."""
        current = array("d", [x.data for x in self.operands]).tobytes() == self.data.tobytes()
        with enable_grad():
            if self.line is None or place in self.served or not current:
                self.line, self.served = linearized(self.again(), self.operands, stop=True), set()
            line = self.line
            self.served.add(place)
            if len(self.served) == len(self.results):
                self.line = None
            return line.pull([1.0 if k == place else None for k in range(len(self.results))])

    def value(self, place: int, *operands: float) -> float:
        """Return an output as a number."""
        if self.at_itself(operands):
            return self.results[place]
        return self.again()[place].data  # a leaf was assigned: this raises, unless it makes no difference

    def at_itself(self, operands: Sequence[Any]) -> bool:
        """Whether these are the numbers that the call was made with."""
        return all(type(x) is float for x in operands) and array("d", operands).tobytes() == self.data.tobytes()


class _Row(Primitive):
    """The row of one output of one call. It holds where the call was made only: f sees Values from outside."""

    def __init__(self, call: _Call, place: int) -> None:
        several = len(call.results) > 1
        name = f"{call.name}[{place}]" if several else call.name
        latex = r"\operatorname{{checkpoint}}({args})"
        super().__init__(name, functools.partial(call.value, place), symbol="checkpoint", latex=latex)
        self.key = f"{self.name} of {id(call)}"
        self.call, self.place = call, place

    def evaluate(self, operands: Sequence[float]) -> float:
        """See `Primitive.evaluate`."""
        return self.call.value(self.place, *operands)

    def linearize(self, operands: Sequence[Any], result: Any, active: Sequence[bool]) -> list[Any]:
        """See `Primitive.linearize`."""
        call = self.call
        if call.at_itself(operands):
            found: list[Any] = call.derivatives(self.place)
        elif all(x is y for x, y in zip(operands, call.operands, strict=True)):
            found = call.slopes(self.place)
        else:
            raise GradientLostError(
                f"{self.name} cannot be done again with others in the place of the Values that it was called with: "
                "leave checkpoint() out here"
            )
        return [d if wanted else None for d, wanted in zip(found, active, strict=True)]

    def __reduce__(self) -> Any:
        raise GraphError(f"cannot copy or pickle {self!r}: it belongs to one call, whose Values stay here")
