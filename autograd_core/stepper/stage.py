"""The player's graph: laid out by Graphviz as a drawing is, with room for what the steps will show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograd_core.drawing import cards, palette
from autograd_core.drawing.collapsing import Box, Collapsed, Link, Unit
from autograd_core.drawing.draw import empty_graph
from autograd_core.drawing.markup import count, figure
from autograd_core.drawing.picture import Picture
from autograd_core.engine.value import Value
from autograd_core.stepper import arithmetic
from autograd_core.stepper.svg import opened
from autograd_core.stepper.units import REST, Names, Units

_DIRECTION: Final = "LR"
_AS_WIDE_AS_NAN: Final = -100.0
_FEW: Final = 12
_A_NORM: Final = 0.0001234  # as wide as norms get, before they are known


class Stage(Picture):
    """A drawing without colours and gradients: a card leaves room for its gradient, and every edge has a number.

    Args:
        units: what is shown.
        names: the names of Values.
        gradients: by a Value's id, the gradients that its card will show one after the other. Values that no gradient
            reaches are left out.

    Attributes:
        edges: each edge, for JSON: where it comes from and goes to, and its description.
    """

    def __init__(self, units: Units, names: Names, gradients: Mapping[int, Sequence[float]]) -> None:
        super().__init__(empty_graph("svg", _DIRECTION, "player()"), _DIRECTION, names.given, gradients=True)
        self.lines = names
        self.to_come = gradients
        self.edges: list[dict[str, Any]] = []
        self._between: dict[tuple[str, str], list[int]] = {}
        self._places = {id(unit): i for i, unit in enumerate([*units.shown, REST])}
        roots = [units.y]
        if units.graph is not None:
            self.collapsed(roots, units.graph, units.most)
        elif units.excerpt is not None:
            self.plain(roots, units.excerpt, units.most)

    def picture(self) -> str:
        """Return the SVG.

        Raises:
            MissingDependencyError: there is no program that lays graphs out.
        """
        return opened(self.graph.pipe(format="svg"))

    def place(self, unit: Unit) -> int:
        """Return the number of a unit. REST has the last one."""
        return self._places[id(unit)]

    def between(self, tail: Unit, head: Unit) -> list[int]:
        """Return the numbers of the edges between two units along which gradient flows."""
        if head is REST:
            return []
        to = self.ids[id(head)]
        return self._between.get((f"{to}_more" if tail is REST else self.ids[id(tail)], to), [])

    # The parts of a picture: Picture calls these.

    def _value(self, v: Value, is_result: bool) -> None:
        rows = [("data", v.data)]
        reached = self.to_come.get(id(v))
        if reached is not None:
            shown = [x if math.isfinite(x) else _AS_WIDE_AS_NAN for x in reached]
            rows.append(("grad", max(shown, key=lambda x: len(figure(x)), default=0.0)))
        _, slot_count = cards.slots(v.operands)
        name = self.names.get(id(v), "")
        table = cards.card(
            name, v.op, rows, fill=palette.PAPER, side=self.enter, slot_count=slot_count, thick=is_result
        )
        state = ("result " if is_result else "") + ("" if reached is not None else "still")
        self.graph.node(self.ids[id(v)], table, **{"class": state})

    def _box(self, box: Box) -> None:
        norm = _A_NORM if box.parameters else None
        table = cards.box(box.name, box.values, box.parameters, norm, fill=palette.PAPER)
        self.graph.node(self.ids[id(box)], table, **{"class": "box" if box.parameters else "box still"})

    def _operands(self, v: Value, reached: int, graph: Collapsed | None) -> None:
        few = len(v.operands) <= _FEW  # the lines of arithmetic name all of them
        super()._operands(v, len(v.operands) if few else reached, graph)

    def _edge(self, tail: str, v: Value, port: str, derivative: float | None) -> None:
        if derivative is None or id(v) not in self.to_come:  # nor does it where no gradient comes to v
            self._arrow(tail, v, port, style="dashed", about="no gradient flows here")
            return
        label = cards.chip(derivative, palette.LINE)
        self._arrow(tail, v, port, label=label, derivative=arithmetic.number(derivative))

    def _link(self, link: Link, port: str = "") -> None:
        tail = self.ids[id(link.tail)]
        edges = count(link.edges, "edge")
        if link.flows:
            self._arrow(tail, link.head, port, about=edges, flows="yes")
        else:
            self._arrow(tail, link.head, port, style="dashed", about=f"{edges}, no gradient flows here")

    def _arrow(self, tail: str, head: Unit, port: str, **attributes: str) -> None:
        derivative, about = attributes.pop("derivative", ""), attributes.pop("about", "")
        flows = bool(derivative or attributes.pop("flows", ""))
        to = self.ids[id(head)]
        number = len(self.edges)
        edge: dict[str, Any] = {"tail": tail, "head": to}
        if attributes.get("style") == "dotted":
            edge["about"] = "goes on with nodes that are not shown"
            flows = True
        elif derivative:
            edge["derivative"] = derivative
        elif about:
            edge["about"] = about
        self.edges.append(edge)
        if flows:
            self._between.setdefault((tail, to), []).append(number)
        super()._arrow(tail, head, port, id=f"e{number}", **attributes)

    def _legend(self, hidden: int, most: int) -> None:
        """Draw no legend: the page has one."""
