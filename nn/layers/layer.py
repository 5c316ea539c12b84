"""Layer: neurons side by side, as micrograd has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd_core.errors import ShapeError
from autograd_core.rules.scalars import shortened
from nn.init import Initialiser, draw
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.nesting import listed
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.layers.activations import activation_name, resolve_activation
from nn.layers.neuron import Neuron


class Layer(ByExample):
    """Neurons side by side, each of which sees all inputs.

    Called with a list of `nin` numbers or Values it returns a list of `nout` Values; one Value if `nout` is 1.

    Args:
        nin: how many inputs it has.
        nout: how many neurons, so how many outputs.
        nonlin, activation, init, seed: as for `Neuron`.

    Raises:
        DomainError: a size is below 1, or the activation or initialiser is not known.

    >>> layer = Layer(3, 2, activation="tanh", seed=0)
    >>> layer
    Layer(3 -> 2, tanh; 8 parameters)
    >>> len(layer([1.0, 2.0, 3.0]))
    2
    """

    _whole: ClassVar[bool] = True
    _gathers: ClassVar[bool] = True

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        *,
        activation: object = "relu",
        init: str | Initialiser = "uniform",
        seed: Seed = None,
    ) -> None:
        width, height = size_of(nin, "Layer(nin)"), size_of(nout, "Layer(nout)")
        function = resolve_activation(activation if nonlin else None)
        rows = draw(init, height, width, source_of(seed))
        self.neurons = [Neuron.from_weights(row, activation=function) for row in rows]

    @classmethod
    def from_weights(
        cls, w: Iterable[Iterable[float]], b: Iterable[float] | None = None, *, activation: object = "relu"
    ) -> Layer:
        """Return a layer that starts with the given weights, one row a neuron, and biases (0 without).

        >>> Layer.from_weights([[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5], activation=None)([1.0, 1.0])[1].data
        6.5
        """
        rows = [
            listed(row, f"Layer.from_weights(w), row {i},") for i, row in enumerate(listed(w, "Layer.from_weights(w)"))
        ]
        biases = [0.0] * len(rows) if b is None else listed(b, "Layer.from_weights(b)")
        if not rows or len({len(row) for row in rows}) > 1 or len(biases) != len(rows):
            raise ShapeError(
                "Layer.from_weights(w, b) takes one row of weights and one bias for each neuron, got rows of "
                f"{shortened([len(row) for row in rows])} weights and {len(biases)} biases"
            )
        function = resolve_activation(activation)
        layer = cls.__new__(cls)
        layer.neurons = [
            Neuron.from_weights(row, bias, activation=function) for row, bias in zip(rows, biases, strict=True)
        ]
        return layer

    def forward(self, x: Any) -> Any:
        """Return the outputs for one example."""
        inputs = inputs_of(self, x, len(self.neurons[0].w))
        outputs = [neuron.fire(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def own_state(self) -> dict[str, Any]:
        """Return weight and bias, one row a neuron, as those of `Linear` and of PyTorch."""
        return {"weight": [neuron.w for neuron in self.neurons], "bias": [neuron.b for neuron in self.neurons]}

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        first = self.neurons[0]
        return f"{len(first.w)} -> {len(self.neurons)}, {activation_name(first.activation)}"
