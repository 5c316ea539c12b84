"""NodeNames: what the nodes of a derivation are called."""

from __future__ import annotations

from itertools import count

from autograd_core.engine.value import Value


class NodeNames:
    """Names for nodes, by their ids: those that people gave, y and x for the two ends, and v1, v2, ... for others.

    Args:
        given: the names that people gave.
        y: the result; called y unless it or another node has a name that says otherwise.
        x: what it was computed from.

    Attributes:
        given: the names that people gave, with those of y and x.
        all: these, and the names that `add` gave.
    """

    def __init__(self, given: dict[int, str], y: Value, x: Value) -> None:
        self.given = dict(given)
        taken = set(given.values())
        for node, name in ((y, "y"), (x, "x")):
            if id(node) not in self.given and name not in taken:
                self.given[id(node)] = name
                taken.add(name)
        self.all = dict(self.given)
        self._free = (f"v{k}" for k in count(1) if f"v{k}" not in taken)

    def add(self, node: Value) -> None:
        """Give a node the next free name, if it has none."""
        if id(node) not in self.all:
            self.all[id(node)] = next(self._free)
