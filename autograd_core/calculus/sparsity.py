"""Sparse derivatives: how few sweeps give every entry of a Jacobian or a Hessian that is not 0.

Two columns of a Jacobian that have no row in common can share one forward sweep: it gives their sum, and each entry
is still found by its row. Choosing as few groups of columns as possible is graph colouring: a colour is a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograd_core.errors import MissingDependencyError


@dataclass(frozen=True)
class Compression:
    """The sweeps to take, and where in their results the entries of the matrix are.

    Attributes:
        mode: the direction of the sweeps, "forward" or "reverse".
        seeds: for each sweep, what it starts from: 1 for each input (forward) or output (reverse) that it covers, None
            for the others.
        entries: (row, column, sweep, place in its result) for each entry of the matrix that may differ from 0.
        shape: the shape of the matrix.
    """

    mode: Literal["forward", "reverse"]
    seeds: list[list[float | None]]
    entries: list[tuple[int, int, int, int]]
    shape: tuple[int, int]

    def matrix(self, swept: Sequence[Sequence[float]]) -> Any:
        """Return the matrix as SciPy's `csr_array`, from the results of the sweeps."""
        try:
            from scipy.sparse import csr_array
        except ImportError:
            raise MissingDependencyError(
                "a sparse Jacobian or Hessian is a matrix of SciPy's: pip install 'autograd-core[all]'"
            ) from None
        rows, columns = [row for row, _, _, _ in self.entries], [column for _, column, _, _ in self.entries]
        numbers = [swept[sweep][place] for _, _, sweep, place in self.entries]
        return csr_array((numbers, (rows, columns)), shape=self.shape, dtype=float)


def compress(pattern: Sequence[int], width: int, mode: str) -> Compression:
    """Return the sweeps for a Jacobian, in the mode that takes fewer of them.

    Args:
        pattern: for each row an integer; bit j is set if the entry in column j may differ from 0.
        width: the number of columns.
        mode: "auto", "forward" or "reverse".
    """
    columns = _transposed(pattern, width)
    by_column, by_row = _apart(columns), _apart(pattern)
    shape = (len(pattern), width)
    if mode == "forward" or (mode == "auto" and _count(by_column) <= _count(by_row)):
        entries = [(i, j, by_column[j], i) for i, row in enumerate(pattern) for j in _bits(row)]
        return Compression("forward", _seeds(by_column), entries, shape)
    entries = [(i, j, by_row[i], j) for i, row in enumerate(pattern) for j in _bits(row)]
    return Compression("reverse", _seeds(by_row), entries, shape)


def compress_symmetric(pattern: Sequence[int]) -> Compression:
    """Return the sweeps for a symmetric matrix.

    An entry that shares its row of a sweep with another column is read from its mirror image across the diagonal.

    Args:
        pattern: for each row an integer; bit j is set if the entry in column j may differ from 0.
    """
    size = len(pattern)
    both = [row | column for row, column in zip(pattern, _transposed(pattern, size), strict=True)]
    colours = _star_colours(both)
    entries = []
    for i, row in enumerate(both):
        sole: dict[int, int] = {}  # how many columns of this row have each colour
        for j in _bits(row):
            sole[colours[j]] = sole.get(colours[j], 0) + 1
        for j in _bits(row):
            alone = sole[colours[j]] == 1
            entries.append((i, j, colours[j], i) if alone else (i, j, colours[i], j))
    return Compression("forward", _seeds(colours), entries, (size, size))


def _apart(lines: Sequence[int]) -> list[int]:
    """Return a colour for each line, so that lines of one colour have no bit in common; -1 for a line without bits.

    Each line takes the first colour that is free for it.
    """
    used: list[int] = []  # the bits of the lines of each colour
    colours = []
    for line in lines:
        if not line:
            colours.append(-1)
            continue
        colour = next((c for c, bits in enumerate(used) if not bits & line), len(used))
        if colour == len(used):
            used.append(0)
        used[colour] |= line
        colours.append(colour)
    return colours


def _star_colours(pattern: Sequence[int]) -> list[int]:
    """Return a colour for each vertex: neighbours differ, and no path over four vertices has two colours only."""
    neighbours = [[j for j in _bits(row) if j != i] for i, row in enumerate(pattern)]
    colours = [-1] * len(pattern)
    around: list[dict[int, int]] = [{} for _ in pattern]  # how many neighbours of each vertex have each colour
    for v in sorted(range(len(pattern)), key=lambda v: -len(neighbours[v])):
        if not pattern[v]:
            continue  # an empty row needs no sweep, and keeps -1
        forbidden = set()
        for w in neighbours[v]:
            forbidden.add(colours[w])
            # For the path v - w - x: if x has another neighbour of the colour of w, v must differ from x.
            forbidden.update(colours[x] for x in neighbours[w] if colours[w] < 0 or around[x].get(colours[w], 0) > 1)
        colours[v] = next(c for c in range(len(pattern)) if c not in forbidden)
        for w in neighbours[v]:
            around[w][colours[v]] = around[w].get(colours[v], 0) + 1
    return colours


def _seeds(colours: Sequence[int]) -> list[list[float | None]]:
    return [[1.0 if c == colour else None for c in colours] for colour in range(_count(colours))]


def _count(colours: Sequence[int]) -> int:
    return max(colours, default=-1) + 1


def _transposed(rows: Sequence[int], width: int) -> list[int]:
    columns = [0] * width
    for i, row in enumerate(rows):
        for j in _bits(row):
            columns[j] |= 1 << i
    return columns


def _bits(mask: int) -> list[int]:
    """Return the positions of the set bits."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
