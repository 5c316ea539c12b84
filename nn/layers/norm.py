"""Normalisation: numbers brought to mean 0 and deviation 1 between layers, by batch or by example.

Each then has a scale and a shift that are trained: `weight`, which starts at 1, and `bias`, which starts at 0.
Gradients flow through the statistics too.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import dot, reciprocal, sqrt
from autograd_core.rules.table import sum as total
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import check_numbers, inputs_of, where
from nn.inputs.nesting import as_list, is_batch
from nn.inputs.options import not_negative, size_of
from nn.module import Module


class BatchNorm(Module):
    """Normalise each feature over a batch: (x - mean) / sqrt(variance + eps) * weight + bias.

    In training the mean and the (biased) variance are those of the batch, and running averages of them are kept,
    of the unbiased variance. In evaluation the running averages serve, and one example will do. As PyTorch's
    BatchNorm1d.

    Called with a batch, a list of n lists of `num_features` numbers or Values, it returns the same shape. For one
    feature, a list of n bare numbers is a batch too.

    Args:
        num_features: how many numbers an example has.
        eps: what is added to the variance, so that a feature that does not vary does no harm.
        momentum: how much of the new batch goes into the running averages; None averages over all batches alike.
        affine: whether there are `weight` and `bias`.
        track_running_stats: whether running averages are kept; without them the batch serves in evaluation too.

    Raises:
        DomainError: `num_features` is below 1, `eps` is negative or `momentum` lies outside [0, 1]; from the
            call, a batch has fewer than two examples where its own statistics are to serve.
        ShapeError: from the call, an example has other than `num_features` numbers.

    Source: Ioffe and Szegedy 2015, algorithm 1.

    >>> norm = BatchNorm(2)
    >>> [[round(x.data, 3) for x in row] for row in norm([[1.0, 10.0], [3.0, 30.0]])]
    [[-1.0, -1.0], [1.0, 1.0]]
    >>> norm.running_mean
    [0.2, 2.0]
    """

    buffers: ClassVar[tuple[str, ...]] = ("running_mean", "running_var", "num_batches_tracked")
    needs_batch: ClassVar[bool] = True
    _whole: ClassVar[bool] = True

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        self.num_features = size_of(num_features, "BatchNorm(num_features)")
        self.eps = not_negative(eps, "BatchNorm(eps)")
        self.momentum = None if momentum is None else as_float(momentum, "BatchNorm(momentum)")
        if self.momentum is not None and not 0.0 <= self.momentum <= 1.0:
            raise DomainError(f"BatchNorm(momentum) takes a number from 0 to 1 or None, got {shortened(momentum)}")
        self.weight = _values(1.0, self.num_features) if affine else None
        self.bias = _values(0.0, self.num_features) if affine else None
        self.running_mean = [0.0] * self.num_features if track_running_stats else None
        self.running_var = [1.0] * self.num_features if track_running_stats else None
        self.num_batches_tracked = 0 if track_running_stats else None

    def forward(self, x: Any) -> Any:
        """Return the batch normalised, in the shape that it came in."""
        x = as_list(x)
        if is_batch(x):
            rows = [inputs_of(self, row, self.num_features, f" in example {i}") for i, row in enumerate(x)]
            return self._normalised(rows)
        if self.num_features == 1 and isinstance(x, list):
            return [row[0] for row in self._normalised([[example] for example in x])]
        (row,) = self._normalised([inputs_of(self, x, self.num_features)])
        return row if isinstance(x, list) else row[0]

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.num_features}"

    def _normalised(self, rows: list[list[Any]]) -> list[list[Any]]:
        columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
        try:
            if self.training or self.running_mean is None or self.running_var is None:
                self._check_size(len(rows))
                outputs, means, variances = zip(*map(self._by_batch, range(self.num_features), columns), strict=True)
                self._track(means, variances, len(rows))
            else:
                known = self.running_mean, self.running_var
                outputs = tuple(map(self._by_averages, range(self.num_features), columns, *known))
        except (NotAScalarError, TypeError):
            for i, row in enumerate(rows):
                check_numbers(self, row, f" in example {i}")
            raise
        return [list(row) for row in zip(*outputs, strict=True)]

    def _by_batch(self, j: int, column: tuple[Any, ...]) -> tuple[list[Any], float, float]:
        """Feature j normalised by its own mean and variance, and these."""
        mark = self._mark(j)
        mean = mark(mark(total(column)) / len(column))
        centred = [x - mean for x in column]
        variance = mark(mark(dot(centred, centred)) / len(column))
        scale = mark(reciprocal(mark(sqrt(mark(variance + self.eps)))))
        if self.weight is not None:
            scale = mark(scale * self.weight[j])
        return self._scaled(j, [mark(x) for x in centred], scale), _number(mean), _number(variance)

    def _by_averages(self, j: int, column: tuple[Any, ...], mean: float, variance: float) -> list[Any]:
        """Feature j normalised by a mean and a variance that are known."""
        mark, scale = self._mark(j), reciprocal(math.sqrt(variance + self.eps))
        unit = [mark(mark(x - mean) * scale) for x in column]
        return unit if self.weight is None else self._scaled(j, unit, self.weight[j])

    def _scaled(self, j: int, xs: list[Any], scale: Any) -> list[Any]:
        mark = self._mark(j)
        outputs = [mark(x * scale) for x in xs]
        return outputs if self.bias is None else [mark(y + self.bias[j]) for y in outputs]

    def _mark(self, j: int) -> Callable[[Any], Any]:
        return _marker(f"{self._path}.outputs.{j}" if self._path else f"outputs.{j}")

    def _check_size(self, n: int) -> None:
        if n < 2:
            reason = "in training" if self.training else "without running statistics"
            tracked = self.running_mean is not None
            remedy = "model.eval() to predict" if tracked else "track_running_stats=True and model.eval()"
            raise DomainError(
                f"{where(self)} {reason} takes a batch of at least 2 examples, got {n or 'none'}: a mean and a "
                "variance of one number say nothing. Call the model with a whole batch, let no batch have one example, "
                f"or use {remedy}"
            )

    def _track(self, means: tuple[float, ...], variances: tuple[float, ...], n: int) -> None:
        """Move the running averages towards this batch."""
        if not self.training or self.running_mean is None or self.running_var is None:
            return
        self.num_batches_tracked = (self.num_batches_tracked or 0) + 1
        share = 1.0 / self.num_batches_tracked if self.momentum is None else self.momentum
        for running, new in ((self.running_mean, means), (self.running_var, [v * n / (n - 1) for v in variances])):
            running[:] = [(1.0 - share) * old + share * x for old, x in zip(running, new, strict=True)]


class LayerNorm(ByExample):
    """Normalise each example over its features: (x - mean) / sqrt(variance + eps) * weight + bias.

    Called with one example, a list of numbers or Values, it returns a list of the same length; a batch it maps over.

    Args:
        normalized_shape: how many numbers an example has.
        eps: what is added to the variance, so that equal numbers do no harm.
        elementwise_affine: whether there are `weight` and `bias`.
        bias: whether there is a `bias` beside the weight.

    Raises:
        DomainError: `normalized_shape` is below 1 or `eps` is negative.
        ShapeError: from the call, an example has other than `normalized_shape` numbers.

    Source: Ba et al. 2016.

    >>> [round(x.data, 3) for x in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self, normalized_shape: int, eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True
    ) -> None:
        self.normalized_shape = size_of(normalized_shape, "LayerNorm(normalized_shape)")
        self.eps = not_negative(eps, "LayerNorm(eps)")
        self.weight = _values(1.0, self.normalized_shape) if elementwise_affine else None
        self.bias = _values(0.0, self.normalized_shape) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """Return one example normalised."""
        inputs = inputs_of(self, x, self.normalized_shape)
        mark = _marker(self._path)
        mean = mark(mark(total(inputs)) / len(inputs))
        centred = [mark(element - mean) for element in inputs]
        return _unit_size(self, centred, self.bias)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.normalized_shape}"


class RMSNorm(ByExample):
    """Divide each example by its root mean square: x / sqrt(mean(x**2) + eps) * weight.

    Called with one example, a list of numbers or Values, it returns a list of the same length; a batch it maps over.

    Args:
        normalized_shape: how many numbers an example has.
        eps: what is added to the mean square; None is the distance from 1 to the next float, as in PyTorch.
        elementwise_affine: whether there is a `weight`.

    Raises:
        DomainError: `normalized_shape` is below 1 or `eps` is negative.
        ShapeError: from the call, an example has other than `normalized_shape` numbers.

    Source: Zhang and Sennrich 2019, equation 4.

    >>> [round(x.data, 3) for x in RMSNorm(2)([1.0, 7.0])]
    [0.2, 1.4]
    """

    _whole: ClassVar[bool] = True

    def __init__(self, normalized_shape: int, eps: float | None = None, elementwise_affine: bool = True) -> None:
        self.normalized_shape = size_of(normalized_shape, "RMSNorm(normalized_shape)")
        self.eps = sys.float_info.epsilon if eps is None else not_negative(eps, "RMSNorm(eps)")
        self.weight = _values(1.0, self.normalized_shape) if elementwise_affine else None

    def forward(self, x: Any) -> Any:
        """Return one example normalised."""
        return _unit_size(self, inputs_of(self, x, self.normalized_shape), None)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.normalized_shape}"


def _unit_size(module: LayerNorm | RMSNorm, xs: list[Any], bias: list[Value] | None) -> list[Any]:
    """Numbers divided by their root mean square, scaled and shifted."""
    mark = _marker(module.path)
    mean_square = mark(mark(dot(xs, xs)) / len(xs))
    scale = mark(reciprocal(mark(sqrt(mark(mean_square + module.eps)))))
    outputs = [mark(x * scale) for x in xs]
    if module.weight is not None:
        outputs = [mark(y * w) for y, w in zip(outputs, module.weight, strict=True)]
    if bias is not None:
        outputs = [mark(y + b) for y, b in zip(outputs, bias, strict=True)]
    return outputs


def _marker(path: str) -> Callable[[Any], Any]:
    """Return what notes on a result of a module which module it was, so that a drawing can show that as one box."""
    origin = path or "norm"

    def mark(result: Any) -> Any:
        if isinstance(result, Value):
            result.origin = origin
        return result

    return mark


def _values(start: float, n: int) -> list[Value]:
    return [Value(start) for _ in range(n)]


def _number(x: Any) -> float:
    return x.data if isinstance(x, Value) else float(x)
