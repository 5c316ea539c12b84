"""The formulas of a derivation: each local derivative as the table has it, and dy/dx as a whole."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from autograd_core.derivation.atoms import atoms_of
from autograd_core.derivation.between import Between, Edge
from autograd_core.derivation.formula import Formula
from autograd_core.derivation.node_names import NodeNames
from autograd_core.derivation.notation import Notation, key_of
from autograd_core.engine.value import Value

_MOST_NODES: Final = 1000


@dataclass(frozen=True)
class DerivationFormulas:
    """The formulas of a derivation.

    Attributes:
        partials: for each edge, by the ids of node and parent, the local derivative; without those that are too long.
        total: dy/dx, or None if it is too long.
        defined: the nodes that were given a name for the formulas only.
    """

    partials: dict[tuple[int, int], Formula]
    total: Formula | None
    defined: tuple[Value, ...]


def write_formulas(
    edges: Sequence[Edge],
    between: Between,
    total: float,
    names: NodeNames,
    others: Iterable[tuple[str, Value]],
) -> DerivationFormulas:
    """Write the formulas of a derivation; nodes that they need a name for get one.

    Local derivatives are written in all names, dy/dx in the names that people gave.

    Args:
        edges: the edges to write a formula for.
        between: all edges between y and x, as `Between` has them.
        total: dy/dx.
        names: the names of nodes; nodes that need one are added.
        others: computed Values that have a name and may be what a formula comes to, such as p = sigmoid(z).
    """
    nodes = {id(node): node for node, _, _ in edges}
    others = [*others, *((names.all[key], node) for key, node in nodes.items() if key in names.all)]
    unnamed: dict[int, Value] = {}
    for _ in range(2):  # the second time with a name for each node that the first time called for one
        in_all_names = Notation(names.all, unnamed, others)
        in_given_names = Notation(names.given, unnamed, others, names.all)
        partials = _partials(in_all_names, edges)
        whole = _whole(in_given_names, between, total)
        shown = [*partials.values(), *([whole] if whole is not None else [])]
        called_for = {atom.key for f in shown for atom in atoms_of(f.expression)}
        defined = tuple(v for v in unnamed.values() if key_of(v) in called_for)
        for v in defined:
            names.add(v)
    return DerivationFormulas(partials, whole, defined)


def _partials(notation: Notation, edges: Sequence[Edge]) -> dict[tuple[int, int], Formula]:
    found = {(id(node), id(parent)): (notation.partial(node, parent), d) for node, parent, d in edges}
    return {key: f for key, (f, d) in found.items() if f.is_kept and _same(f.number, d)}


def _whole(notation: Notation, between: Between, total: float) -> Formula | None:
    """Return dy/dx by the chain rule, on formulas; None if that is too long."""
    if not 0 < len(between.nodes) <= _MOST_NODES:
        return None

    def pull(adjoint: Formula, edge: Edge) -> Formula:
        return adjoint * notation.partial(edge[0], edge[1]) if adjoint.is_kept else adjoint

    found = between.sum_over_paths(notation.number(1.0), pull)
    return found if found.is_kept and _same(found.number, total) else None


def _same(a: float, b: float) -> bool:
    """Return whether a formula gives the number that was recorded: not if a leaf was assigned since."""
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-300) or (a != a and b != b)
