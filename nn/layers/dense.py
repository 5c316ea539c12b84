"""Neurons, layers and networks of them, called as micrograd's are: Neuron, Layer, MLP; and Linear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import dot
from nn.init import Initialiser, draw
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.nesting import UNORDERED
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.layers.activations import Activation, activation_name, resolve_activation
from nn.module import Module


class Neuron(ByExample):
    """A weighted sum of its inputs and a bias, through an activation: `activation(dot(w, x) + b)`.

    Called with a list of `nin` numbers or Values it returns a Value. That Value and the sum below it bear the
    neuron's path as their `.origin`, so that a drawing can show a neuron as one box.

    Args:
        nin: how many inputs it has.
        nonlin: False leaves the activation out (micrograd's argument).
        activation: a name such as "tanh", a function such as `autograd_core.tanh`, a module, or None for none.
        init: how the weights start: the name of an initialiser in `nn.init`, or a function. The bias starts at 0.
        seed: an int for the same weights each time; None draws from Python's `random` module, as micrograd does.

    Raises:
        DomainError: `nin` is below 1, or the activation or initialiser is not known.

    >>> neuron = Neuron.from_weights([0.5, -0.25], b=0.1, activation="relu")
    >>> neuron([2.0, 1.0]).data
    0.85
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: object = "relu",
        init: str | Initialiser = "uniform",
        seed: Seed = None,
    ) -> None:
        width = size_of(nin, "Neuron(nin)")
        self._set(draw(init, 1, width, source_of(seed))[0], 0.0, resolve_activation(activation if nonlin else None))

    @classmethod
    def from_weights(cls, w: Iterable[float], b: float = 0.0, *, activation: object = "relu") -> Neuron:
        """Return a neuron that starts with the given weights and bias."""
        weights = [as_float(weight, "Neuron.from_weights(w)") for weight in _listed(w, "Neuron.from_weights(w)")]
        size_of(len(weights), "Neuron.from_weights(w)")
        neuron = cls.__new__(cls)
        neuron._set(weights, as_float(b, "Neuron.from_weights(b)"), resolve_activation(activation))
        return neuron

    def _set(self, weights: list[float], bias: float, activation: Activation | None) -> None:
        self.w = [Value(weight) for weight in weights]
        self.b = Value(bias)
        self.activation = activation

    @property
    def nonlin(self) -> bool:
        """Whether there is an activation, by micrograd's name."""
        return self.activation is not None

    def forward(self, x: Any) -> Any:
        """Return the output for one example, a list of as many numbers or Values as there are weights."""
        return self.fire(inputs_of(self, x, len(self.w)))

    def fire(self, inputs: list[Any]) -> Any:
        """Return the output for inputs that are known to be as many as the weights."""
        where = self._path or "neuron"
        total = dot(self.w, inputs)
        y = total + self.b
        for node in (total, y):
            node.origin = where
        if self.activation is not None:
            y = self.activation(y)
            if isinstance(y, Value):
                y.origin = where
        return y

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{len(self.w)} -> 1, {activation_name(self.activation)}"


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
            _listed(row, f"Layer.from_weights(w), row {i},")
            for i, row in enumerate(_listed(w, "Layer.from_weights(w)"))
        ]
        biases = [0.0] * len(rows) if b is None else _listed(b, "Layer.from_weights(b)")
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


class Linear(ByExample):
    """A linear map: output j is `dot(weight[j], x) + bias[j]`. As PyTorch's, but for the bias, which starts at 0.

    Called with a list of `nin` numbers or Values it returns a list of `nout` Values; one Value if `nout` is 1.

    Args:
        nin: how many inputs it has.
        nout: how many outputs.
        bias: whether there is a bias.
        init: as for `Neuron`; "fan_in" is uniform in [-1/sqrt(nin), 1/sqrt(nin)], as in PyTorch.
        seed: as for `Neuron`.

    Raises:
        DomainError: a size is below 1, or the initialiser is not known.

    >>> Linear(3, 2, bias=False, seed=0)
    Linear(3 -> 2, no bias; 6 parameters)
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self, nin: int, nout: int, bias: bool = True, *, init: str | Initialiser = "fan_in", seed: Seed = None
    ) -> None:
        width, height = size_of(nin, "Linear(nin)"), size_of(nout, "Linear(nout)")
        self.weight = [[Value(w) for w in row] for row in draw(init, height, width, source_of(seed))]
        self.bias = [Value(0.0) for _ in range(height)] if bias else None

    def forward(self, x: Any) -> Any:
        """Return the outputs for one example."""
        inputs = inputs_of(self, x, len(self.weight[0]))
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
        return f"{len(self.weight[0])} -> {len(self.weight)}{'' if self.bias is not None else ', no bias'}"


def _listed(numbers: Any, call: str) -> list[Any]:
    """Return a row, or rows, as a list."""
    if isinstance(numbers, (str, bytes, *UNORDERED)) or not hasattr(numbers, "__iter__"):
        raise NotAScalarError(f"{call} takes a list, got {shortened(numbers)}: pass one number for each input")
    return list(numbers)
