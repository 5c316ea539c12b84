"""The decision boundary of a model of two inputs: its outputs over the plane, and the examples in it."""

from __future__ import annotations

import math
import time
from contextvars import Context
from typing import Any, Final

from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError
from autograd_core.rules.scalars import as_float, counted
from autograd_core.rules.table import TABLE
from nn.evaluation import evaluation

_SHOWN: Final = 400
"""At most so many examples are drawn."""

_MARGIN: Final = 0.08
_FIRST: Final = 8


class Boundary:
    """A grid of `resolution` by `resolution` cells around the examples, with the model's output in each.

    Args:
        model: is called with a row of two numbers.
        rows: the examples.
        labels: a label for each.
        resolution: the number of cells in each direction.
        threshold: the output between the two classes, for a model of one output; None to find it out.
    """

    def __init__(
        self, model: Any, rows: list[list[float]], labels: list[float], resolution: int, threshold: float | None
    ) -> None:
        self.model, self.resolution, self.threshold = model, resolution, threshold
        self.x, self.y = (_range([row[k] for row in rows]) for k in range(2))
        step = max(1, math.ceil(len(rows) / _SHOWN))
        self.labels = sorted(set(labels))
        self.points = list(zip(rows, labels, strict=True))[::step]
        self.left_out = len(rows) - len(self.points)
        self._seconds = math.nan  # what one call of the model takes

    @classmethod
    def of(cls, model: Any, X: Any, y: Any, resolution: int, threshold: float | None) -> Boundary | None:  # noqa: N803
        """Return the boundary of a model among examples; None if they are sequences, or have other than two columns.

        Raises:
            ArgumentError: there are not as many labels as rows.
        """
        given = [_listed(row) for row in _listed(X)]
        if any(isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) for row in given[:1] for x in row):
            return None
        rows = [[as_float(x, "live(X)") for x in row] for row in given]
        labels = [0.0] * len(rows) if y is None else [as_float(_single(label), "live(y)") for label in _listed(y)]
        if len(labels) != len(rows):
            got = f"{counted(len(rows), 'row')} and {counted(len(labels), 'label')}"
            raise ArgumentError(f"live(model, X, y) takes a label for each row, got {got}")
        if not rows or any(len(row) != 2 for row in rows):
            return None
        return cls(model, rows, labels, resolution, threshold)

    def plane(self, seconds: float = math.inf) -> dict[str, Any]:
        """Return the class of each cell, by the output in its middle, row by row from the lowest, and the examples.

        `cells` holds the number of the class: that of the largest output, or of one output 1 above the threshold and 0
        below. `leads` holds by how much it is ahead, None where the output is nan. There are fewer cells if all would
        take more than `seconds`.
        """
        n = self._resolution_within(seconds)
        start = time.perf_counter()
        with evaluation(self.model):
            if self.threshold is None:
                self.threshold = self._found(self.points[0][0])
            outputs = [self.model([_middle(self.x, i, n), _middle(self.y, j, n)]) for j in range(n) for i in range(n)]
        self._seconds = (time.perf_counter() - start) / n**2
        said = [self._said([_number(x) for x in _listed(out)]) for out in outputs]
        classes = self._classes(len(_listed(outputs[0])))
        return {
            "x": list(self.x),
            "y": list(self.y),
            "resolution": n,
            "cells": [label for label, _ in said],
            "leads": [lead for _, lead in said],
            "points": [[*row, classes.index(label)] for row, label in self.points],
            "classes": [f"{label:g}" for label in classes],
            "leftOut": self.left_out,
        }

    def _classes(self, outputs: int) -> list[float]:
        """Return the labels in order; for a model with an output for each class, the numbers of all classes."""
        every = [float(k) for k in range(outputs)]
        return every if outputs > 1 and set(self.labels) <= set(every) else self.labels

    def _said(self, outputs: list[float]) -> tuple[int, float | None]:
        """Return the class that the outputs stand for, and by how much it is ahead."""
        if len(outputs) == 1:
            lead = outputs[0] - (self.threshold or 0.0)
            return int(lead > 0.0), _rounded(abs(lead))
        label = max(range(len(outputs)), key=outputs.__getitem__)
        return label, _rounded(outputs[label] - max(outputs[:label] + outputs[label + 1 :]))

    def _resolution_within(self, seconds: float) -> int:
        if math.isinf(seconds):
            return self.resolution
        if math.isnan(self._seconds):
            return min(self.resolution, _FIRST)  # how slow the model is shows after the first call
        return min(self.resolution, max(_FIRST, math.isqrt(int(seconds / max(self._seconds, 1e-9)))))

    def _found(self, row: list[float]) -> float:
        """Return 0.5 for a model whose last operation is a sigmoid, else 0."""
        output = Context().run(self.model, row)  # a new context has no modes, so the operation is recorded
        out = _listed(output)[0]
        return 0.5 if isinstance(out, Value) and out.primitive is TABLE["sigmoid"] else 0.0


def _range(xs: list[float]) -> tuple[float, float]:
    low, high = min(xs), max(xs)
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _middle(ends: tuple[float, float], i: int, count: int) -> float:
    return ends[0] + (i + 0.5) / count * (ends[1] - ends[0])


def _listed(xs: Any) -> list[Any]:
    """Rows or a row as a list: lists, arrays, frames and their columns."""
    if hasattr(xs, "to_numpy"):
        xs = xs.to_numpy()
    found = xs.tolist() if hasattr(xs, "tolist") else xs
    if isinstance(found, (str, bytes, Value)) or not hasattr(found, "__iter__"):
        return [found]
    return list(found)


def _single(label: Any) -> Any:
    """A label; of a row with a number for each class, the class of the largest."""
    found = _listed(label)
    return found[0] if len(found) == 1 else max(range(len(found)), key=found.__getitem__)


def _number(x: Any) -> float:
    return x.data if isinstance(x, Value) else float(x)


def _rounded(x: float) -> float | None:
    return float(f"{x:.4g}") if math.isfinite(x) else None
