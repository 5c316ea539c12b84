"""LinearMap systems of numbers of any kind: floats, Values, or whatever an interpreter puts in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autograd_core.rules.table import divide

_SINGULAR: Final = 1e-13

Matrix = Sequence[Sequence[Any]]


def pivots(matrix: Sequence[Sequence[float]]) -> list[int] | None:
    """Return the order of rows for Gaussian elimination without small pivots; None if the matrix is singular.

    Rows count by their largest element, as in scaled partial pivoting.

    >>> pivots([[0.0, 2.0], [3.0, 1.0]])
    [1, 0]
    >>> pivots([[1.0, 2.0], [2.0, 4.0]]) is None
    True
    """
    rows = [list(row) for row in matrix]
    scales = [max(abs(x) for x in row) for row in rows]
    left, order = list(range(len(rows))), []
    for column in range(len(rows)):
        best = max(left, key=lambda i: abs(rows[i][column]) / scales[i] if scales[i] else 0.0)
        pivot = rows[best][column]
        if not abs(pivot) > _SINGULAR * scales[best]:  # nan is singular too
            return None
        left.remove(best)
        order.append(best)
        for i in left:
            factor = rows[i][column] / pivot
            rows[i] = [x - factor * p for x, p in zip(rows[i], rows[best], strict=True)]
    return order


def solve(matrix: Matrix, right: Sequence[Any], order: Sequence[int]) -> list[Any]:
    """Return x with matrix x = right; `order` comes from `pivots`.

    >>> solve([[0.0, 2.0], [3.0, 1.0]], [4.0, 5.0], [1, 0])
    [1.0, 2.0]
    """
    return [x for (x,) in solve_columns(matrix, [[x] for x in right], order)]


def solve_columns(matrix: Matrix, right: Matrix, order: Sequence[int]) -> list[list[Any]]:
    """Return the matrix X with matrix X = right, whose columns share one elimination.

    >>> solve_columns([[0.0, 2.0], [3.0, 1.0]], [[4.0, 2.0], [5.0, 4.0]], [1, 0])
    [[1.0, 1.0], [2.0, 1.0]]
    """
    rows = [[*matrix[i], *right[i]] for i in order]
    n, width = len(rows), len(rows[0])
    for k in range(n):
        for i in range(k + 1, n):
            if not _is_zero(rows[i][k]):
                factor = divide(rows[i][k], rows[k][k])
                for j in range(k + 1, width):
                    rows[i][j] = _less(rows[i][j], factor, rows[k][j])
    found: list[list[Any]] = [[] for _ in rows]
    for k in reversed(range(n)):
        for column in range(width - n):
            rest = rows[k][n + column]
            for j in range(k + 1, n):
                rest = _less(rest, rows[k][j], found[j][column])
            found[k].append(0.0 if _is_zero(rest) else divide(rest, rows[k][k]))
    return found


def _is_zero(x: Any) -> bool:
    return type(x) is float and x == 0.0


def _less(x: Any, a: Any, b: Any) -> Any:
    """x - a b."""
    return x if _is_zero(a) or _is_zero(b) else x - a * b
