"""Linear: a matrix times a vector, and a bias."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.rules.table import dot
from nn.init import Initialiser, draw
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of


class Linear(ByExample):
    """A linear map: output j is `dot(weight[j], x) + bias[j]`. As PyTorch's, but for the bias, which starts at 0.

    Called with a list of `in_features` numbers or Values it returns a list of `out_features` Values; one Value if
    `out_features` is 1.

    Args:
        in_features: how many inputs it has.
        out_features: how many outputs.
        bias: whether there is a bias.
        init: as for `Neuron`; "fan_in" is uniform in [-1/sqrt(in_features), 1/sqrt(in_features)], as in PyTorch.
        seed: as for `Neuron`.

    Raises:
        DomainError: a size is below 1, or the initialiser is not known.

    >>> Linear(3, 2, bias=False, seed=0)
    Linear(3 -> 2, no bias; 6 parameters)
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        self.in_features = size_of(in_features, "Linear(in_features)")
        self.out_features = size_of(out_features, "Linear(out_features)")
        rows = draw(init, self.out_features, self.in_features, source_of(seed))
        self.weight = [[Value(w) for w in row] for row in rows]
        self.bias = [Value(0.0) for _ in rows] if bias else None

    def forward(self, x: Any) -> Any:
        """Return the outputs for one example."""
        inputs = inputs_of(self, x, self.in_features)
        stem = f"{self._path}.outputs" if self._path else "outputs"
        outputs = []
        for j, row in enumerate(self.weight):
            where = f"{stem}.{j}"
            y = dot(row, inputs)
            y.origin = where
            if self.bias is not None:
                y = y + self.bias[j]
                y.origin = where
            outputs.append(y)
        return outputs[0] if len(outputs) == 1 else outputs

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.in_features} -> {self.out_features}{'' if self.bias is not None else ', no bias'}"
