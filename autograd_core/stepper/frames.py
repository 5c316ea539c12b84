"""The frames of the player: a line of arithmetic, and what it changes.

If all Values are shown one by one, each step is a frame. If boxes stand for many Values, all products between two units
are one frame, which comes where the last of them does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from autograd_core.drawing.collapsing import Box, Unit
from autograd_core.drawing.markup import count, figure
from autograd_core.engine.value import Value
from autograd_core.rules.ieee import total
from autograd_core.stepper import arithmetic
from autograd_core.stepper.colours import Scale
from autograd_core.stepper.quiet_pass import QuietPass
from autograd_core.stepper.stage import Stage
from autograd_core.stepper.steps import Step
from autograd_core.stepper.units import REST, Names, Units, is_parameter

Frame = dict[str, Any]
"""One frame, for JSON: numbers are text, as they are shown."""


class Frames:
    """Makes the frames of one pass.

    Args:
        record: the steps of the pass.
        units: what is shown as one thing.
        names: the names of Values.
        stage: the drawing, which knows the edges.
        scale: the colours of numbers.
    """

    def __init__(self, record: QuietPass, units: Units, names: Names, stage: Stage, scale: Scale) -> None:
        self.record = record
        self.units = units
        self.names = names
        self.stage = stage
        self.scale = scale
        self.result = names.of(units.y)
        self._sums: dict[int, float] = {}
        self._parameters: dict[int, dict[int, float]] = {}  # by the box's id, the gradients of its parameters
        self._edges_used: Counter[tuple[int, int]] = Counter()

    def all(self) -> Iterator[Frame]:
        """Yield all frames in order: the start, the forward steps, dy/dy = 1, the backward steps."""
        yield {"kind": "start", "line": "", "change": ""}
        yield from self._forward()
        yield self._seed(self.units.y)
        yield from self._backward()

    def _seed(self, y: Value) -> Frame:
        """Return the frame where the backward pass starts: dy/dy = 1."""
        self._sums[id(y)] = 1.0
        frame = {"kind": "seed", "to": self.stage.place(self.units.of(y)), "line": f"{self._gradient_of(y)} = 1.0"}
        return {**frame, "change": "", **({"after": "1.0", **self._grad(y, 1.0)} if self.units.of(y) is y else {})}

    # Forward.

    def _forward(self) -> Iterator[Frame]:
        left = Counter(id(self.units.of(v)) for v in self.record.forward)
        for v in self.record.forward:
            unit = self.units.of(v)
            left[id(unit)] -= 1
            if isinstance(unit, Value):
                yield self._frame("forward", unit, arithmetic.computed(v, self.names.of))
            elif not left[id(unit)]:
                yield self._frame("forward", unit, f"{unit.name}: {count(self._size(unit), 'node')} computed")

    def _frame(self, kind: str, unit: Unit, line: str) -> Frame:
        return {"kind": kind, "node": self.stage.place(unit), "line": line, "change": ""}

    def _size(self, box: Box) -> int:
        return self.units.hidden if box is REST else box.values

    # Backward.

    def _backward(self) -> Iterator[Frame]:
        groups = list(self._groups())
        last = {id(self._ends(group[0])[1]): k for k, group in enumerate(groups)}
        true = {id(step.parent): step.after for step in self.record.products}
        for k, group in enumerate(groups):
            head, tail = self._ends(group[0])
            if isinstance(head, Value) and isinstance(tail, Value):
                frame = self._product(group[0], tail)
            else:
                frame = self._products(group, head, tail, true if last[id(tail)] == k else {})
            yield frame

    def _ends(self, step: Step) -> tuple[Unit, Unit]:
        assert step.parent is not None
        return self.units.of(step.node), self.units.of(step.parent)

    def _groups(self) -> Iterator[list[Step]]:
        """Yield the products that share a frame, ordered by the last of each."""
        ends = [self._ends(step) for step in self.record.products]
        left = Counter((id(head), id(tail)) for head, tail in ends)
        held: dict[tuple[int, int], list[Step]] = {}
        for step, (head, tail) in zip(self.record.products, ends, strict=True):
            if isinstance(head, Value) and isinstance(tail, Value):
                yield [step]
                continue
            key = (id(head), id(tail))
            held.setdefault(key, []).append(step)
            left[key] -= 1
            if not left[key]:
                yield held.pop(key)

    def _product(self, step: Step, parent: Value) -> Frame:
        """Return the frame of one product, between two Values that are both shown."""
        before = self._sums.get(id(parent), 0.0)
        after = self._sums[id(parent)] = before + step.contribution
        node, target = self.names.of(step.node), self._gradient_of(parent)
        term = f"∂{node}/∂{self.names.of(parent)} · {self._gradient_of(step.node)}"
        numbers = arithmetic.product(step.local_derivative, step.upstream, step.contribution)
        return {
            "kind": "backward",
            "from": self.stage.place(step.node),
            "edge": self._edge(step.node, parent),
            "line": f"{target} += {term} = {numbers}",
            "term": term,
            "numbers": numbers,
            "flow": self.scale.of_gradient(step.contribution),
            **self._to(parent, before, after),
        }

    def _products(self, group: list[Step], head: Unit, tail: Unit, true: dict[int, float]) -> Frame:
        """Return the frame of all products between two units; `true` holds the gradients after the last, by id."""
        contributions = [step.contribution for step in group]
        start, end = self._name(head), self._name(tail)
        one = group[0] if len(group) == 1 else None
        products = count(len(group), "product")
        if isinstance(tail, Value):
            amount = total(contributions)
            before = self._sums.get(id(tail), 0.0)
            self._sums[id(tail)] = after = true.get(id(tail), before + amount)
            told = {"line": f"{self._gradient_of(tail)} += {products} from {start} = {arithmetic.number(amount)}"}
            told |= {"numbers": arithmetic.number(amount), **self._to(tail, before, after)}
        else:
            numbers = f"norm {arithmetic.number(math.hypot(*contributions))}"
            if one is not None:
                numbers = arithmetic.product(one.local_derivative, one.upstream, one.contribution)
            line = f"{start} → {end}: {products}, {numbers}"
            if tail is head:
                line, numbers = f"inside {end}: {products}", ""
            told = {"line": line, "numbers": numbers, **self._into(tail, group)}
        flow = self.scale.of_flow(contributions) if one is None else self.scale.of_gradient(one.contribution)
        return {
            "kind": "backward",
            "from": self.stage.place(head),
            "edge": None if head is tail else self._edge(head, tail),
            "term": f"{products} {'inside' if head is tail else f'from {start}'}",
            "flow": flow,
            **told,
        }

    def _edge(self, head: Unit, tail: Unit) -> int | None:
        """Return the number of an edge between two units; parallel edges take turns."""
        edges = self.stage.between(tail, head)
        used = self._edges_used[id(head), id(tail)]
        self._edges_used[id(head), id(tail)] += 1
        return edges[min(used, len(edges) - 1)] if edges else None

    def _to(self, parent: Value, before: float, after: float) -> Frame:
        change = f"{self._gradient_of(parent)}: {arithmetic.number(before)} → {arithmetic.number(after)}"
        told = {"before": arithmetic.number(before), "after": arithmetic.number(after), **self._grad(parent, after)}
        return {"to": self.stage.place(parent), **told, "change": change}

    def _grad(self, v: Value, grad: float) -> Frame:
        """Return how a gradient is shown: in short on the card, with all its digits, and in colour."""
        return {"grad": figure(grad), "exact": repr(grad), "level": self.scale.of_gradient(grad)}

    def _into(self, box: Box, group: list[Step]) -> Frame:
        """Return how products change the norm of the gradients of a box's parameters."""
        grads = self._parameters.setdefault(id(box), {})
        before = math.hypot(*grads.values())
        place = {"to": self.stage.place(box), "change": ""}
        for step in group:
            if step.parent is not None and is_parameter(step.parent):
                grads[id(step.parent)] = step.after
        if not grads or box is REST:
            return place
        after = math.hypot(*grads.values())
        change = f"‖∂{self.result}/∂parameters‖: {arithmetic.number(before)} → {arithmetic.number(after)}"
        told = {"before": arithmetic.number(before), "after": arithmetic.number(after), "change": change}
        return {**place, **told, "grad": figure(after), "exact": repr(after), "level": self.scale.of_norm(after)}

    def _gradient_of(self, v: Value) -> str:
        return f"∂{self.result}/∂{self.names.of(v)}"

    def _name(self, unit: Unit) -> str:
        return self.names.of(unit) if isinstance(unit, Value) else unit.name
