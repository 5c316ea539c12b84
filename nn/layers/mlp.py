"""MLP: a multilayer perceptron, called as micrograd's is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.init import Initialiser, draw
from nn.inputs.nesting import UNORDERED
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.layers.activations import resolve_activation
from nn.layers.layer import Layer
from nn.module import Module


class MLP(Module):
    """A multilayer perceptron: layers of neurons, each fed with the outputs of the one before.

    Called with a list of `nin` numbers or Values it returns a list of Values, or one Value if the last layer
    has one neuron. The hidden layers have the activation, the last one has none.

    Args:
        nin: how many inputs it has.
        nouts: how many neurons each layer has; the last number is the number of outputs.
        activation: that of the hidden layers, as for `Neuron`.
        output_activation: that of the last layer. Without one it returns logits or any real numbers.
        init, seed: as for `Neuron`; one seed serves all layers.

    Raises:
        DomainError: `nouts` is empty, a size is below 1, or the activation or initialiser is not known.

    >>> model = MLP(2, [16, 16, 1], activation="tanh", seed=0)
    >>> model
    MLP(2 -> 16 -> 16 -> 1; 337 parameters)
      layers.0: Layer(2 -> 16, tanh; 48 parameters)
      layers.1: Layer(16 -> 16, tanh; 272 parameters)
      layers.2: Layer(16 -> 1, linear; 17 parameters)
    >>> type(model([1.0, -1.0])).__name__
    'Value'
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: object = "relu",
        *,
        output_activation: object = None,
        init: str | Initialiser = "uniform",
        seed: Seed = None,
    ) -> None:
        if isinstance(nouts, (str, *UNORDERED)) or not isinstance(nouts, Iterable):
            raise DomainError(
                f"MLP(nin, nouts) takes a list of layer sizes, got {shortened(nouts)}: pass [16, 1] for 16 hidden "
                "neurons and 1 output"
            )
        sizes = [size_of(nin, "MLP(nin)"), *(size_of(nout, "MLP(nouts)") for nout in nouts)]
        if len(sizes) == 1:
            raise DomainError(
                "MLP(nin, nouts) takes at least one layer size, got an empty list: pass [1] for one output"
            )
        source = source_of(seed)
        hidden, last = resolve_activation(activation), resolve_activation(output_activation)
        rows_of = [draw(init, nout, nin, source) for nin, nout in pairwise(sizes)]
        self.layers = [
            Layer.from_weights(rows, activation=last if depth == len(rows_of) - 1 else hidden)
            for depth, rows in enumerate(rows_of)
        ]

    def forward(self, x: Any) -> Any:
        """Return the outputs for one example, or a list of them for a batch."""
        for layer in self.layers:
            x = layer(x)
        return x

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        sizes = [len(self.layers[0].neurons[0].w), *(len(layer.neurons) for layer in self.layers)]
        return " -> ".join(map(str, sizes))
