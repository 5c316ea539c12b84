"""LayerNorm: each example brought to mean 0 and deviation 1, then scaled and shifted as is learnt."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.rules.table import sum as total
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.options import not_negative, size_of
from nn.layers.rms_norm import unit_size
from nn.origins import noting


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
        self.weight = [Value(1.0) for _ in range(self.normalized_shape)] if elementwise_affine else None
        self.bias = [Value(0.0) for _ in range(self.normalized_shape)] if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """Return one example normalised."""
        inputs = inputs_of(self, x, self.normalized_shape)
        mark = noting(self._path or "norm")
        mean = mark(mark(total(inputs)) / len(inputs))
        centred = [mark(element - mean) for element in inputs]
        return unit_size(centred, self.eps, self.weight, self.bias, mark)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.normalized_shape}"
