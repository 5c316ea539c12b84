"""A call that is done again when its gradient is due: what `checkpoint` puts in the place of a graph."""

from __future__ import annotations

import copy
import functools
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.calculus.functions import name_of
from autograd_core.calculus.tracing import recording
from autograd_core.engine.chain_rule import sweep
from autograd_core.engine.edges import Deferred
from autograd_core.engine.graph import topological_order
from autograd_core.engine.mode import Visitor
from autograd_core.engine.modes import watcher
from autograd_core.engine.no_grad import enable_grad
from autograd_core.engine.value import Node, Value
from autograd_core.errors import GradientLostError, GraphError
from autograd_core.nesting.structures import flatten
from autograd_core.program.linear_map import LinearMap
from autograd_core.program.read import linearized
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import shortened


def kept(x: Any) -> Any:
    """Return an argument as it is now, though the caller, or f itself, may put something else into it."""
    return copy.copy(x) if isinstance(x, (list, dict)) or type(x).__name__ == "ndarray" else x


class RecomputedCall:
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
            found.append(Node(y, _OutputRow(self, place), None, None, 0.0, 0.0, 0.0, edges))
        return found

    def again(self) -> list[Value]:
        """Return the outputs with their graph, which ends at the operands.

        Raises:
            GraphError: they are not what they were.
        """
        args, named = self.arguments
        with recording():
            result = self.f(*[kept(x) for x in args], **{key: kept(x) for key, x in named.items()})
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


class _OutputRow(Primitive):
    """The row of one output of one call. It holds where the call was made only: f sees Values from outside."""

    def __init__(self, call: RecomputedCall, place: int) -> None:
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
