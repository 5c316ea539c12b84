"""BatchNorm: each feature brought to mean 0 and deviation 1 over a batch, then scaled and shifted as is learnt."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.interpreters.lifted import innermost
from autograd_core.interpreters.symbol import Symbol, number_of
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import dot, reciprocal, sqrt
from autograd_core.rules.table import sum as total
from nn.inputs.module_inputs import check_numbers, inputs_of, where
from nn.inputs.nesting import as_list, is_batch
from nn.inputs.options import not_negative, size_of
from nn.module import Module
from nn.origins import noting


class BatchNorm(Module):
    """Normalise each feature over a batch: (x - mean) / sqrt(variance + eps) * weight + bias.

    In training the mean and the (biased) variance are those of the batch, and running averages of them are kept,
    of the unbiased variance. In evaluation the running averages serve, and one example will do. As PyTorch's
    BatchNorm1d.

    The averages are plain numbers. Under a transform such as `jvp` or `hessian`, each call of the module updates them,
    as it does outside; call `eval()` first to leave them alone. `record` leaves them alone where the batch
    depends on the arguments of the recorded function: a replay would not move them either.

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
        self.weight = [Value(1.0) for _ in range(self.num_features)] if affine else None
        self.bias = [Value(0.0) for _ in range(self.num_features)] if affine else None
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

    def _by_batch(self, j: int, column: tuple[Any, ...]) -> tuple[list[Any], Any, Any]:
        """Feature j normalised by its own mean and variance, and these."""
        mark = self._mark(j)
        mean = mark(mark(total(column)) / len(column))
        centred = [x - mean for x in column]
        variance = mark(mark(dot(centred, centred)) / len(column))
        scale = mark(reciprocal(mark(sqrt(mark(variance + self.eps)))))
        if self.weight is not None:
            scale = mark(scale * self.weight[j])
        return self._scaled(j, [mark(x) for x in centred], scale), mean, variance

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
        return noting(f"{self._path}.outputs.{j}" if self._path else f"outputs.{j}")

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

    def _track(self, means: tuple[Any, ...], variances: tuple[Any, ...], n: int) -> None:
        """Move the running averages towards this batch, unless it is being recorded."""
        if not self.training or self.running_mean is None or self.running_var is None:
            return
        if any(isinstance(innermost(mean), Symbol) for mean in means):
            return
        means, variances = tuple(map(number_of, means)), tuple(map(number_of, variances))
        self.num_batches_tracked = (self.num_batches_tracked or 0) + 1
        share = 1.0 / self.num_batches_tracked if self.momentum is None else self.momentum
        for running, new in ((self.running_mean, means), (self.running_var, [v * n / (n - 1) for v in variances])):
            running[:] = [(1.0 - share) * old + share * x for old, x in zip(running, new, strict=True)]
