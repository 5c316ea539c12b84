"""A picture put together: boxes and edges with their colours, and a legend that explains them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from autograd_core.drawing import cards, palette
from autograd_core.drawing.collapsing import Box, Collapsed, Link, Unit
from autograd_core.drawing.excerpt import Excerpt, operands_of
from autograd_core.drawing.markup import count, figure, tooltip
from autograd_core.engine.value import Value

SIDES: Final = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
"""Where edges leave and enter a box, by the direction of reading."""

_STEPS: Final = (-1.0, -0.25, 0.0, 0.25, 1.0)
_NORM_STEPS: Final = (0.0, 0.25, 1.0)
_EXPLANATION: Final = "on edges: local derivative; width and colour: what flows back"


class Picture:
    """Draws a graph into a `graphviz.Digraph`.

    Args:
        graph: the empty `graphviz.Digraph`.
        rankdir: the direction of reading.
        names: the names of Values, by id.
        gradients: whether to show gradients, local derivatives and colours.
    """

    def __init__(self, graph: Any, rankdir: str, names: dict[int, str], gradients: bool) -> None:
        self.graph = graph
        self.leave, self.enter = SIDES[rankdir]
        self.names = names
        self.gradients = gradients
        self.ids: dict[int, str] = {}
        self.stubs: set[str] = set()
        self.largest = 0.0
        self.largest_norm = 0.0
        self.largest_link = 0.0
        self.dashed = False  # whether there is anything that the legend must explain
        self.not_finite = False

    def plain(self, roots: list[Value], excerpt: Excerpt, most: int) -> None:
        """Draw one box for each Value."""
        self._measure(excerpt.values, [])
        self._nodes(roots, excerpt.values)
        for v in excerpt.values:
            self._operands(v, excerpt.reached.get(id(v), 0), None)
        self._legend(excerpt.hidden, most)

    def collapsed(self, roots: list[Value], graph: Collapsed, most: int) -> None:
        """Draw one box for each neuron or layer, and one for each Value outside of them."""
        units, hidden = graph.nearest(roots, most)
        values = [unit for unit in units if isinstance(unit, Value)]
        self._measure(values, [unit for unit in units if isinstance(unit, Box)])
        self.largest_link = _largest(link.passed() for link in graph.links.values())
        self._nodes(roots, units)
        places = most - len(units)
        for v in values:
            constants = sum(not isinstance(x, Value) for x in v.operands)
            places -= constants
            self._operands(v, len(v.operands) if places >= 0 else 0, graph)
        for link in graph.links.values():
            if isinstance(link.head, Box) and id(link.head) in self.ids:
                if id(link.tail) in self.ids:
                    self._link(link)
                else:
                    self._more(link.head)
        self._legend(hidden, most)

    def _measure(self, values: list[Value], boxes: list[Box]) -> None:
        """Find the largest gradients: colours are shares of these."""
        if self.gradients:
            self.largest = _largest(v.grad for v in values if v.has_grad)
            self.largest_norm = _largest(box.gradient_norm() or 0.0 for box in boxes)

    # Boxes.

    def _nodes(self, roots: list[Value], units: Sequence[Unit]) -> None:
        results = {id(root) for root in roots}
        for i, unit in enumerate(units):
            self.ids[id(unit)] = f"n{i}"
            if isinstance(unit, Box):
                self._box(unit)
            else:
                self._value(unit, id(unit) in results)

    def _value(self, v: Value, is_result: bool) -> None:
        name = self.names.get(id(v), "")
        rows = [("data", v.data)]
        fill = palette.PAPER
        if self.gradients and v.has_grad:
            rows.append(("grad", v.grad))
            fill = palette.fill(v.grad, self.largest)
        self._notice(*(x for _, x in rows))
        _, slot_count = cards.slots(v.operands)
        table = cards.card(name, v.op, rows, fill=fill, side=self.enter, slot_count=slot_count, thick=is_result)
        about = name.splitlines()
        about += [f"{word} {x!r}" for word, x in rows]
        about += [v.primitive.name] if v.primitive is not None else []
        self.graph.node(self.ids[id(v)], table, tooltip=tooltip(about))

    def _box(self, box: Box) -> None:
        norm = box.gradient_norm() if self.gradients else None
        fill = palette.PAPER if norm is None else palette.norm_fill(norm, self.largest_norm)
        self._notice(norm or 0.0)
        table = cards.box(box.name, box.values, box.parameters, norm, fill=fill)
        self.graph.node(self.ids[id(box)], table, tooltip=tooltip([box.name]))

    # Edges.

    def _operands(self, v: Value, reached: int, graph: Collapsed | None) -> None:
        """Draw the edges to a Value from its operands."""
        drawn: set[int] = set()
        cut: list[str] = []
        operands = operands_of(v)
        slots, _ = cards.slots([operand.x for operand in operands])
        for i, ((x, derivative), slot) in enumerate(zip(operands, slots, strict=True)):
            port = cards.port(slot)
            tail = graph.unit(x) if graph is not None and isinstance(x, Value) else x
            if isinstance(tail, Box) and graph is not None:
                link = graph.links[id(tail), id(v)]
                if id(tail) in self.ids and link.edges > 1:
                    if id(tail) not in drawn:
                        self._link(link, port)
                    drawn.add(id(tail))
                    continue
            if isinstance(x, Value):
                if id(tail) in self.ids:
                    self._edge(self.ids[id(tail)], v, port, derivative)
                else:
                    cut.append(port)
            elif i < reached:
                self._constant(v, port, i, x)
            else:
                cut.append(port)
        if cut:
            self._more(v, cut[0])

    def _edge(self, tail: str, v: Value, port: str, derivative: float | None) -> None:
        if derivative is None:
            self.dashed = True
            self._arrow(tail, v, port, style="dashed", tooltip="no gradient flows here")
            return
        if not self.gradients:
            self._arrow(tail, v, port)
            return
        about = [f"local derivative {derivative!r}"]
        self._notice(derivative)
        if v.has_grad:
            passed = derivative * v.grad
            self._notice(passed)
            colour, width = self._strength(passed)
            about.append(f"times gradient {v.grad!r} gives {passed!r}")
        else:
            colour, width = palette.LINE, 1.0
        label = cards.chip(derivative, colour)
        self._arrow(tail, v, port, label=label, color=colour, penwidth=f"{width:.3g}", tooltip=tooltip(about))

    def _link(self, link: Link, port: str = "") -> None:
        """Draw all edges between two units as one."""
        tail = self.ids[id(link.tail)]
        if not link.flows:
            self.dashed = True
            self._arrow(tail, link.head, port, style="dashed")
        elif link.reached and self.gradients:
            if link.edges == 1:
                colour, width = self._strength(link.passed())
            else:
                colour, width = palette.LINE, _width(link.passed(), self.largest_link)  # a norm has no sign
            self._arrow(tail, link.head, port, color=colour, penwidth=f"{width:.3g}", tooltip=count(link.edges, "edge"))
        else:
            self._arrow(tail, link.head, port, tooltip=count(link.edges, "edge"))

    def _constant(self, v: Value, port: str, i: int, x: float) -> None:
        name = f"{self.ids[id(v)]}_{i}"
        self._notice(x)
        self.graph.node(name, cards.constant(x), tooltip=tooltip([f"constant {x!r}"]))
        self._arrow(name, v, port, arrowsize="0.5", weight="1")

    def _more(self, unit: Unit, port: str = "") -> None:
        name = f"{self.ids[id(unit)]}_more"
        if name in self.stubs:
            return
        self.stubs.add(name)
        self.graph.node(name, cards.more(), tooltip="not shown")
        self._arrow(name, unit, port, style="dotted", weight="1")

    def _arrow(self, tail: str, head: Unit, port: str, **attributes: str) -> None:
        port = f"{port}:{self.enter}" if port else self.enter
        self.graph.edge(f"{tail}:{self.leave}", f"{self.ids[id(head)]}:{port}", **attributes)

    def _strength(self, passed: float) -> tuple[str, float]:
        largest = self.largest or self.largest_link
        return palette.line(passed, largest), _width(passed, largest)

    # The legend.

    def _notice(self, *numbers: float) -> None:
        self.not_finite = self.not_finite or not all(map(math.isfinite, numbers))

    def _legend(self, hidden: int, most: int) -> None:
        scales, notes = [], []
        if self.largest > 0.0:
            steps = [(step * self.largest, palette.fill(step, 1.0)) for step in _STEPS]
            scales.append(cards.scale("grad", steps))
            notes.append(cards.note(f"largest |grad| {figure(self.largest)} · {_EXPLANATION}"))
        if self.largest_norm > 0.0:
            steps = [(step * self.largest_norm, palette.norm_fill(step, 1.0)) for step in _NORM_STEPS]
            scales.append(cards.scale("‖grad‖", steps))
        if self.not_finite:
            scales.append(cards.scale("not finite", [(math.nan, palette.ALARM), (math.inf, palette.ALARM)]))
        if self.dashed:
            notes.append(cards.note("dashed: no gradient flows"))
        if hidden:
            notes.append(cards.note(f"{count(hidden, 'more node')} not shown (max_nodes={most})", bold=True))
        if scales or notes:
            self.graph.attr(label=cards.legend(scales, notes))


def _largest(numbers: Iterable[float]) -> float:
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)


def _width(passed: float, largest: float) -> float:
    return 1.0 + 1.6 * palette.strength(passed, largest)
