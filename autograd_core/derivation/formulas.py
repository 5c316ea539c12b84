"""What stands in a derivation beside the numbers: each local derivative as a formula, and the whole as one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from autograd_core.derivation.formula import Formula, atoms_of, of_atom, of_number
from autograd_core.derivation.terms import LONGEST, Atom, Names
from autograd_core.engine.value import Value
from autograd_core.errors import GradientLostError
from autograd_core.rules.rows import Primitive

_SHORT: Final = 4
_DEPTH: Final = 6
_MOST_NODES: Final = 1000
_MOST_COMPUTED: Final = 5000

Edge = tuple[Value, Value, float]
"""A node, one of its parents, and the local derivative that was recorded; parallel edges are one."""


@dataclass(frozen=True)
class Formulas:
    """The formulas of a derivation.

    Attributes:
        partials: for each edge, by the ids of node and parent, the local derivative; without those that are long.
        total: dy/dx, or None if it is long.
        defined: the nodes that were named for the formulas only.
    """

    partials: dict[tuple[int, int], Formula]
    total: Formula | None
    defined: tuple[Value, ...]


def write_formulas(
    y: Value,
    edges: Sequence[Edge],
    ways: Iterable[tuple[Value, list[tuple[Value, float]]]],
    total: float,
    names: dict[int, str],
    given: Mapping[int, str],
    others: Iterable[tuple[str, Value]],
    free: Iterator[str],
) -> Formulas:
    """Write the formulas of a derivation; nodes that they need a name for get one.

    Args:
        y: the result.
        edges: the edges to write a formula for.
        ways: each node between y and x, those above it first, with the nodes right above it.
        total: dy/dx.
        names: a name for each node of a path; nodes that need one are added.
        given: of these, the names that people gave.
        others: computed Values that have a name and may be what a formula comes to, such as p = sigmoid(z).
        free: names to give.
    """
    ways = list(islice(ways, _MOST_NODES + 1))
    nodes = {id(node): node for node, _, _ in edges}
    others = [*others, *((names[key], node) for key, node in nodes.items() if key in names)]
    unnamed: dict[int, Value] = {}
    for _ in range(2):  # the second time with a name for each node that the first time called for one
        by_path = _Notation(names, unnamed, others)
        by_people = _Notation(given, unnamed, others, names)
        partials = {
            (id(node), id(parent)): f
            for node, parent, d in edges
            if (f := by_path.partial(node, parent)).terms is not None and _same(f.number, d)
        }
        whole = _whole(by_people, y, ways)
        if whole is not None and not _same(whole.number, total):
            whole = None
        shown = [*partials.values(), *([whole] if whole is not None else [])]
        called_for = {atom.key for f in shown for atom in atoms_of(f)}
        defined = tuple(v for v in unnamed.values() if _key(v) in called_for)
        for v in defined:
            if id(v) not in names:
                names[id(v)] = next(free)
    return Formulas(partials, whole, defined)


def _same(a: float, b: float) -> bool:
    """Whether a formula gives the number that was recorded: not if a leaf was assigned since."""
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-300) or (a != a and b != b)


def _whole(notation: _Notation, y: Value, ways: list[tuple[Value, list[tuple[Value, float]]]]) -> Formula | None:
    """dy/dx by the chain rule, on formulas: the last of the ways is that to x."""
    if not 0 < len(ways) <= _MOST_NODES:
        return None
    adjoints: dict[int, Formula] = {id(y): of_number(1.0, notation.names)}
    found = adjoints[id(y)]
    for node, above in ways:
        if above:
            first, *rest = (_contribution(notation, v, node, adjoints[id(v)]) for v, _ in above)
            found = adjoints[id(node)] = sum(rest, start=first)
    return found if found.terms is not None else None


def _contribution(notation: _Notation, node: Value, parent: Value, adjoint: Formula) -> Formula:
    return adjoint if adjoint.terms is None else adjoint * notation.partial(node, parent)


def _key(v: Value) -> str:
    return f"value {id(v)}"


class _Notation:
    """Nodes as formulas: by their names; those without, by what they were computed from, if that is short."""

    def __init__(
        self,
        called: Mapping[int, str],
        unnamed: dict[int, Value],
        others: Iterable[tuple[str, Value]],
        otherwise: Mapping[int, str] | None = None,
    ) -> None:
        self.called, self.unnamed = called, unnamed
        self.otherwise = called if otherwise is None else otherwise
        self.names: Names = {}
        self._known: dict[int, Any] = {}
        self._tried: dict[tuple[int, int], Any] = {}
        others = [(name, v) for name, v in others if v.primitive is not None and len(v.operands) <= LONGEST]
        for written in (self._computed_at_once, self._by_operands):
            for name, v in others:
                self._register(name, v, written(v))

    def _computed_at_once(self, v: Value) -> Any:
        return self._computed(v, _DEPTH)

    def _by_operands(self, v: Value) -> Any:
        return None if v.primitive is None else v.primitive.apply(tuple([self.of(x) for x in v.operands]))

    def _register(self, name: str, v: Value, f: Any) -> None:
        """Let a function application be written by the name of the node that it is."""
        terms = f.terms if isinstance(f, Formula) else None
        if terms is not None and len(terms) == 1 and terms[0][0] == 1.0 and len(terms[0][1]) == 1:
            atom, power = terms[0][1][0]
            if power == 1 and atom.operands and not atom.is_sum:
                self.names.setdefault(atom.key, (_key(v), name))

    def partial(self, node: Value, parent: Value) -> Formula:
        """The derivative of a node with respect to one of its parents, by the table."""
        primitive, operands = node.primitive, node.operands
        if primitive is None:
            return of_number(0.0, self.names)
        try:
            found = primitive.linearize([self.of(v) for v in operands], self.of(node), [v is parent for v in operands])
        except GradientLostError:  # a user's rule that knows floats only has a number and no formula
            recorded = zip(node.parents, node.local_derivatives, strict=True)
            return Formula(None, math.fsum(d for v, d in recorded if v is parent), self.names)
        parts = [d if isinstance(d, Formula) else of_number(float(d), self.names) for d in found if d is not None]
        return sum(parts, start=of_number(0.0, self.names))

    def of(self, v: Any) -> Any:
        """An operand as a formula, or as a number."""
        if not isinstance(v, Value):
            return v
        if id(v) not in self._known:
            found = self._written(v, _DEPTH)
            if found is None or (isinstance(found, Formula) and found.size > _SHORT):
                self.unnamed.setdefault(id(v), v)
                found = self._symbol(v, self.otherwise.get(id(v), "?"))
            self._known[id(v)] = found
        return self._known[id(v)]

    def _written(self, v: Value, depth: int) -> Any:
        """A node by its name, or else by its operands; None if that is long."""
        named = self._named(v)
        return self._computed(v, depth) if named is None else named

    def _named(self, v: Value) -> Formula | None:
        name = self.called.get(id(v))
        return None if name is None else self._symbol(v, name)

    def _symbol(self, v: Value, name: str) -> Formula:
        return of_atom(Atom(_key(v), v.data, name=name), self.names)

    def _computed(self, v: Value, depth: int) -> Any:
        """A node by its operands, these by theirs and so on down to named ones; None if that is long."""
        if v.primitive is None:
            return v.data
        key = id(v), depth
        if key not in self._tried:
            self._tried[key] = None
            if depth > 0 and len(v.operands) <= LONGEST and len(self._tried) < _MOST_COMPUTED:
                self._tried[key] = self._applied(v.primitive, v.operands, depth)
        return self._tried[key]

    def _applied(self, primitive: Primitive, given: tuple[Any, ...], depth: int) -> Any:
        operands = []
        for x in given:
            operand = self._written(x, depth - 1) if isinstance(x, Value) else x
            if operand is None:
                return None
            operands.append(operand)
        found = primitive.apply(tuple(operands))
        return None if isinstance(found, Formula) and found.terms is None else found
