"""Notation: the nodes of a graph as formulas, by their names or by what they were computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from autograd_core.derivation.expression import LONGEST, Atom, Expression, Names
from autograd_core.derivation.formula import Formula
from autograd_core.engine.value import Value
from autograd_core.errors import GradientLostError
from autograd_core.rules.rows import Primitive

_SHORT: Final = 4
"""The size up to which a node without a name is written by its operands; a longer one is given a name."""

_DEPTH: Final = 6
_MOST_COMPUTED: Final = 5000


class Notation:
    """How nodes are written in formulas.

    Args:
        called: the names that are used, by the ids of the nodes.
        unnamed: nodes without a name that are too long to be written out are added here.
        others: computed Values that have a name and may be what a formula comes to, such as p = sigmoid(z).
        otherwise: where to look up what those in `unnamed` are called; by default in `called`.
    """

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
        for written in (self._by_named_nodes, self._by_operands):
            for name, v in others:
                self._register(name, v, written(v))

    def number(self, x: float) -> Formula:
        """Return a constant as a formula."""
        return Formula.of_number(x, self.names)

    def partial(self, node: Value, parent: Value) -> Formula:
        """Return the derivative of a node with respect to one of its parents, by the table."""
        primitive, operands = node.primitive, node.operands
        if primitive is None:
            return self.number(0.0)
        try:
            found = primitive.linearize([self.of(v) for v in operands], self.of(node), [v is parent for v in operands])
        except GradientLostError:  # a user's rule that takes floats only gives a number and no formula
            recorded = zip(node.parents, node.local_derivatives, strict=True)
            return Formula(Expression(None, math.fsum(d for v, d in recorded if v is parent), self.names))
        parts = [d if isinstance(d, Formula) else self.number(float(d)) for d in found if d is not None]
        return sum(parts, start=self.number(0.0))

    def of(self, v: Any) -> Any:
        """Return an operand as a formula, or as a number."""
        if not isinstance(v, Value):
            return v
        if id(v) not in self._known:
            found = self._written(v, _DEPTH)
            if found is None or (isinstance(found, Formula) and found.expression.size > _SHORT):
                self.unnamed.setdefault(id(v), v)
                found = self._symbol(v, self.otherwise.get(id(v), "?"))
            self._known[id(v)] = found
        return self._known[id(v)]

    def _register(self, name: str, v: Value, f: Any) -> None:
        """Let a function application be written by the name of the node that it is."""
        terms = f.expression.terms if isinstance(f, Formula) else None
        if terms is not None and len(terms) == 1 and terms[0][0] == 1.0 and len(terms[0][1]) == 1:
            atom, power = terms[0][1][0]
            if power == 1 and atom.operands and not atom.is_sum:
                self.names.setdefault(atom.key, (key_of(v), name))

    def _by_named_nodes(self, v: Value) -> Any:
        return self._computed(v, _DEPTH)

    def _by_operands(self, v: Value) -> Any:
        return None if v.primitive is None else v.primitive.apply(tuple([self.of(x) for x in v.operands]))

    def _written(self, v: Value, depth: int) -> Any:
        """Return a node by its name, or else by its operands; None if that is too long."""
        name = self.called.get(id(v))
        return self._computed(v, depth) if name is None else self._symbol(v, name)

    def _symbol(self, v: Value, name: str) -> Formula:
        return Formula.of_atom(Atom(key_of(v), v.data, name=name), self.names)

    def _computed(self, v: Value, depth: int) -> Any:
        """Return a node by its operands, these by theirs and so on down to named ones; None if that is too long."""
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
        return None if isinstance(found, Formula) and not found.is_kept else found


def key_of(v: Value) -> str:
    """Return the key of the atom that stands for a node."""
    return f"value {id(v)}"
