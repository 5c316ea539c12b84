"""RMSNorm: each example divided by its root mean square, then scaled as is learnt."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.rules.table import dot, reciprocal, sqrt
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.options import not_negative, size_of
from nn.origins import noting


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
        self.weight = [Value(1.0) for _ in range(self.normalized_shape)] if elementwise_affine else None

    def forward(self, x: Any) -> Any:
        """Return one example normalised."""
        inputs = inputs_of(self, x, self.normalized_shape)
        return unit_size(inputs, self.eps, self.weight, None, noting(self._path or "norm"))

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.normalized_shape}"


def unit_size(
    xs: list[Any], eps: float, weight: list[Value] | None, bias: list[Value] | None, mark: Callable[[Any], Any]
) -> list[Any]:
    """Return numbers divided by their root mean square, scaled by a weight and shifted by a bias."""
    mean_square = mark(mark(dot(xs, xs)) / len(xs))
    scale = mark(reciprocal(mark(sqrt(mark(mean_square + eps)))))
    outputs = [mark(x * scale) for x in xs]
    if weight is not None:
        outputs = [mark(y * w) for y, w in zip(outputs, weight, strict=True)]
    if bias is not None:
        outputs = [mark(y + b) for y, b in zip(outputs, bias, strict=True)]
    return outputs
