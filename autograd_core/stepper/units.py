"""What the player shows as one thing: a Value, a box that holds many, or all that is left out.

Up to a number of nodes, Values are shown one by one. Beyond it, neurons or layers become boxes, as in drawings. If
these are still too many, only those nearest to the result are shown, and all others count as one.
"""

from __future__ import annotations

from itertools import count
from types import FrameType
from typing import Final
from unicodedata import bidirectional

from autograd_core.drawing.collapsing import Box, Collapsed, Unit, collapsed
from autograd_core.drawing.excerpt import Excerpt, nearest, ordered
from autograd_core.drawing.markup import count as counted
from autograd_core.drawing.markup import shown
from autograd_core.engine.value import Value
from autograd_core.naming import module_path, names_of

_TURNING: Final = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "PDF", "PDI"})

REST: Final = Box("nodes not shown")
"""Stands for all Values that are not shown."""


class Units:
    """The units of a graph.

    Args:
        y: the result.
        forward: all Values that take part in the steps, in order.
        most: the largest number of units that are shown.
        collapse: whether to make boxes in any case.

    Attributes:
        excerpt: what is drawn if Values are shown one by one, else None.
        graph: the graph of boxes, else None.
        shown: what is drawn, each before what is computed from it.
        hidden: how many Values are not shown.
        crowded: whether there are too many Values to show them one by one.
    """

    def __init__(self, y: Value, forward: list[Value], most: int, collapse: bool) -> None:
        self.y = y
        self.most = most
        self.count = len(forward)
        self.constants = sum(not isinstance(x, Value) for v in forward for x in v.operands)
        self.excerpt: Excerpt | None = None if collapse else nearest([y], most)
        self.graph: Collapsed | None = None
        self.shown: list[Unit]
        self.hidden = 0
        self.crowded = False
        if self.excerpt is not None and not self.excerpt.hidden:
            self.shown = list(self.excerpt.values)
        else:
            self.crowded = self.excerpt is not None
            self.excerpt = None
            self.graph = collapsed([y], ordered([y]), most)
            self.shown, self.hidden = self.graph.nearest([y], most)
        self._shown = {id(unit) for unit in self.shown}

    @property
    def values(self) -> list[Value]:
        """The Values that are shown one by one."""
        return [unit for unit in self.shown if isinstance(unit, Value)]

    @property
    def boxes(self) -> list[Box]:
        """The boxes that are drawn."""
        return [unit for unit in self.shown if isinstance(unit, Box)]

    def of(self, v: Value) -> Unit:
        """Return the unit that a Value is shown as."""
        unit = v if self.graph is None else self.graph.unit(v)
        return unit if id(unit) in self._shown else REST

    def notice(self) -> str:
        """Return a sentence about what is not shown one by one; "" if all is."""
        said = []
        if self.boxes:
            said.append("one box is a neuron or a layer, and one step tells all its products")
        if self.hidden:
            be = "is" if self.hidden == 1 else "are"
            said.append(f"{counted(self.hidden, 'node')} far from the result {be} not shown")
        if not said:
            return ""
        many = counted(self.count, "node")
        if self.crowded:
            constants = "" if self.count > self.most else f" and {counted(self.constants, 'constant')}"
            many += f"{constants} are more than {self.most:,}"
        return f"{many}: {'; '.join(said)}."


class Names:
    """The names of Values in lines of arithmetic: their own, else y for the result and v1, v2, ... for others.

    Args:
        units: what is shown.
        forward: all Values in the order in which they are computed, which is that of v1, v2, ...
        frame: the frame whose variables name them.
    """

    def __init__(self, units: Units, forward: list[Value], frame: FrameType | None) -> None:
        shown_ones = {id(v): v for v in [*units.values, units.y]}
        values = list({**{id(v): v for v in forward if id(v) in shown_ones}, **shown_ones}.values())
        found = names_of(values, frame)
        taken = {*found.values()}
        if id(units.y) not in found and "y" not in taken:
            found[id(units.y)] = "y"
        free = (f"v{k}" for k in count(1) if f"v{k}" not in taken)
        self.given = found | {id(v): next(free) for v in values if id(v) not in found}
        self._lines = {key: _on_one_line(name) for key, name in self.given.items()}

    def of(self, v: Value) -> str:
        """Return a Value's name on one line; "" if it is not shown."""
        return self._lines.get(id(v), "")


def is_parameter(v: Value) -> bool:
    """Whether a Value is a parameter of a model, whose gradient counts in the norm that a box shows."""
    return v.is_leaf and module_path(v) is not None


def parameter_name(v: Value) -> str:
    """Return what a parameter in a box is called."""
    return _on_one_line(v.label or module_path(v) or "parameter")


def _on_one_line(name: str) -> str:
    """Return a name on one line; one that is written from right to left is isolated, to turn nothing around it."""
    line = " ".join(shown(name))
    turns = any(bidirectional(character) in _TURNING for character in line)
    return f"\u2068{line}\u2069" if turns else line
