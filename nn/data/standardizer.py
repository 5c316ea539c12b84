"""Standardizer: columns brought to mean 0 and deviation 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import counted
from nn.inputs.dataset import are_sequences
from nn.inputs.row_reader import Row, is_flat, kept, rows_of

CONSTANT: Final = 10 * 2.0**-52
"""A column whose deviation is at most this share of its mean does not vary but by rounding."""


class Standardizer:
    """Learns the mean and the deviation of each column, and takes them out: (x - mean) / deviation.

    As scikit-learn's StandardScaler: the deviation is that of the rows themselves (divided by n, not by n - 1), and
    a column that does not vary is only shifted. Fit it on the training data, and transform all data with it.

    Data are rows of numbers, as `fit` takes them, or bare numbers, such as targets; what is returned is a list of
    the same shape.

    Attributes:
        mean_: the mean of each column.
        scale_: its deviation, 1 for a column that does not vary.

    Raises:
        NotAScalarError, ShapeError, DomainError: the data are no table of finite numbers.
        ShapeError: from `transform` and `inverse_transform`, the data have another number of columns.
        DomainError: from these, nothing was fitted yet.

    >>> scaler = Standardizer().fit([[1.0, 10.0], [3.0, 30.0]])
    >>> scaler.mean_, scaler.scale_
    ([2.0, 20.0], [1.0, 10.0])
    >>> scaler.transform([[4.0, 40.0]])
    [[2.0, 2.0]]
    >>> scaler.inverse_transform([[2.0, 2.0]])
    [[4.0, 40.0]]
    >>> Standardizer().fit_transform([2.0, 4.0])
    [-1.0, 1.0]
    """

    mean_: list[float]
    scale_: list[float]

    def fit(self, X: Any) -> Standardizer:  # noqa: N803
        """Learn mean and deviation of each column of X, and return the standardizer."""
        columns = list(zip(*_table(kept(X), "Standardizer.fit()"), strict=True))
        means = [_mean(column) for column in columns]
        scales = [_deviation(column, mean) for column, mean in zip(columns, means, strict=True)]
        self.mean_, self.scale_ = (
            means,
            [1.0 if scale <= CONSTANT * abs(mean) else scale for scale, mean in zip(scales, means, strict=True)],
        )
        return self

    def transform(self, X: Any) -> Any:  # noqa: N803
        """Return X with mean and deviation taken out, column by column."""
        return self._moved(X, "Standardizer.transform()", lambda x, mean, scale: (x - mean) / scale)

    def inverse_transform(self, X: Any) -> Any:  # noqa: N803
        """Return X with mean and deviation put back: what `transform` was given."""
        return self._moved(X, "Standardizer.inverse_transform()", lambda x, mean, scale: x * scale + mean)

    def fit_transform(self, X: Any) -> Any:  # noqa: N803
        """Return `fit(X).transform(X)`."""
        data = kept(X)
        return self.fit(data).transform(data)

    def __repr__(self) -> str:
        return f"Standardizer({counted(len(self.mean_), 'column')})" if hasattr(self, "mean_") else "Standardizer()"

    def _moved(self, X: Any, call: str, move: Callable[[float, float, float], float]) -> Any:  # noqa: N803
        if not hasattr(self, "mean_"):
            raise DomainError(f"{call}: no mean and deviation are known; call fit() with the training data first")
        data = kept(X)
        rows = _table(data, call)
        if len(rows[0]) != len(self.mean_):
            raise ShapeError(
                f"{call}: X has {counted(len(rows[0]), 'column')}, and what was fitted had {len(self.mean_)}"
            )
        moved = [[move(*numbers) for numbers in zip(row, self.mean_, self.scale_, strict=True)] for row in rows]
        return [row[0] for row in moved] if is_flat(data, "X", call) else moved


def _table(data: Any, call: str) -> list[Row]:
    if are_sequences(data, "X", call):
        raise ShapeError(
            f"{call} takes a table, and X has sequences: fit it on the steps of all of them, "
            "scaler.fit([step for sequence in X for step in sequence]), and transform each by itself, "
            "[scaler.transform(sequence) for sequence in X]"
        )
    return rows_of(data, "X", call)


def _mean(column: tuple[float, ...]) -> float:
    return math.fsum(x / len(column) for x in column)  # divided first: a sum may lie beyond the floats


def _deviation(column: tuple[float, ...], mean: float) -> float:
    return math.hypot(*(x - mean for x in column)) / math.sqrt(len(column))
