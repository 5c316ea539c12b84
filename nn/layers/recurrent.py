"""Recurrent networks over whole sequences: RNN, LSTM and GRU. The equations stand in `nn.layers.gates`.

What all of them take: `x` is a sequence, a list of inputs of `input_size` numbers or Values (bare numbers, where that
is 1), or a batch, a list of sequences, which may differ in length: what PyTorch calls batch_first, without padding.

They return (outputs, last), as PyTorch's do. `outputs` is a list of the last layer's h, one for each step. `last` is
the state after the last step: a list of h, one for each layer, or for an LSTM a pair of such lists, of h and of c. Of
a batch, each of these lists is a list over the examples: `outputs[i]` and `last[i]` belong to example i, for an LSTM
`last[0][i]` and `last[1][i]`. A state that is handed in has the form of `last`; without one it is 0.
"""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.init import Initialiser
from nn.inputs.module_inputs import Vector, check_vectors, vectors_of, where
from nn.inputs.nesting import depth_of
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.layers.gates import GRUEquations, LSTMEquations, PlainEquations, Recurrent, State, bare, columns_of


class Recurrence(Recurrent):
    """The base of modules that run over a sequence."""

    def forward(self, x: Any, state: Any = None) -> Any:
        """Return (outputs, last) for a sequence, or both as lists over a batch of them.

        Args:
            x: a sequence or a batch.
            state: the state before the first step, in the form of `last`; None is 0.
        """
        if depth_of(x) < 3:
            outputs, last = self._run(x, self.parts_of(state))
            return outputs, bare(last)
        results = [self._run(*example) for example in self.examples(x, state)]
        return [outputs for outputs, _ in results], bare(columns_of([last for _, last in results]))

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        layers = f", {self.num_layers} layers" if self.num_layers > 1 else ""
        return f"{super().extra_repr()}{layers}{', bidirectional' if self.bidirectional else ''}"

    def set_layers(
        self,
        num_layers: int,
        bidirectional: bool,
        init: str | Initialiser,
        seed: Seed,
        keep: tuple[str, float] | None = None,
    ) -> None:
        """Make the layers, each of which sees the outputs of the one before."""
        self.num_layers = size_of(num_layers, f"{type(self).__name__}(num_layers)")
        self.bidirectional = bool(bidirectional)
        source = source_of(seed)
        for layer in range(self.num_layers):
            directions = self._directions(layer)
            width = self.input_size if layer == 0 else self.hidden_size * len(directions)
            for suffix in directions:
                self.add_weights(suffix, width, init, source, keep)

    def _directions(self, layer: int) -> list[str]:
        """The suffixes of a layer's parameters: forwards, and backwards where it runs both ways."""
        return [f"_l{layer}", f"_l{layer}_reverse"][: 1 + self.bidirectional]

    def _run(self, x: Any, parts: list[Any], example: str = "") -> tuple[list[Vector], State]:
        """Run over one sequence: the outputs, and for each vector of a state those of all layers."""
        inputs = given = vectors_of(self, x, self.input_size, example)
        starts = iter(self._starts(parts))
        ends: list[State] = []
        try:
            for layer in range(self.num_layers):
                ways: list[list[Vector]] = []
                for suffix in self._directions(layer):
                    backwards = suffix.endswith("_reverse")
                    weights, state = self.weights(suffix), next(starts)
                    outputs: list[Vector] = []
                    for vector in reversed(inputs) if backwards else inputs:
                        state = self.step(weights, vector, state)
                        outputs.append(state[0])
                    ends.append(state)
                    ways.append(outputs[::-1] if backwards else outputs)
                inputs = ways[0] if len(ways) == 1 else [[*a, *b] for a, b in zip(*ways, strict=True)]
        except NotAScalarError:
            check_vectors(self, given, example)
            raise
        return inputs, tuple(list(part) for part in zip(*ends, strict=True))

    def _starts(self, parts: list[Any]) -> list[State]:
        """The state of each layer and direction before its first step."""
        count = self.num_layers * (1 + self.bidirectional)
        columns: list[list[Vector]] = []
        for name, part in zip("hc", parts, strict=False):
            if part is None:
                columns.append([self.zero_vector() for _ in range(count)])
                continue
            if not isinstance(part, list) or len(part) != count:
                raise ShapeError(
                    f"{where(self)}: {name} takes a list of {count} vectors, one for each layer"
                    f"{' and direction' if self.bidirectional else ''}, got {shortened(part)}"
                )
            columns.append([self.state_vector(vector, f"{name}[{k}]") for k, vector in enumerate(part)])
        return list(zip(*columns, strict=True))


class RNN(PlainEquations, Recurrence):
    """A plain recurrent network: at each step h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    What it takes and returns stands at the top of `nn.layers.recurrent`.

    Args:
        input_size: how many numbers an input has.
        hidden_size: how many units a layer has.
        num_layers: how many layers there are.
        nonlinearity: what takes the place of tanh, such as "relu"; as `activation` of `nn.Neuron`.
        bias: whether there are biases; they start at 0.
        bidirectional: whether each layer runs backwards too, with weights of its own. An output is then of width
            2 * hidden_size, and the states alternate: layer 0 forwards, layer 0 backwards, layer 1 forwards.
        init: how the weights start, as for `nn.Neuron`.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, or a name is not known; from the call, a sequence is empty.
        ShapeError: from the call, an input or a state has the wrong width; the message names the position.

    >>> rnn = RNN(2, 3, seed=0)
    >>> outputs, last = rnn([[1.0, 0.0], [0.0, 1.0]])
    >>> len(outputs), len(outputs[0]), outputs[1] == last[0]
    (2, 3, True)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: object = "tanh",
        bias: bool = True,
        *,
        bidirectional: bool = False,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        self.set_sizes(input_size, hidden_size, bias)
        self.set_nonlinearity(nonlinearity)
        self.set_layers(num_layers, bidirectional, init, seed)


class LSTM(LSTMEquations, Recurrence):
    """A long short-term memory; see `nn.LSTMCell` for its equations.

    What it takes and returns stands at the top of `nn.layers.recurrent`.

    Args:
        input_size, hidden_size, num_layers, bias, bidirectional, init, seed: as for `nn.RNN`.
        forget_bias: as for `nn.LSTMCell`.

    Raises:
        As `nn.RNN`, and DomainError for a `forget_bias` without a bias.

    >>> lstm = LSTM(1, 3, num_layers=2, forget_bias=1.0, seed=0)
    >>> lstm
    LSTM(1 -> 3, 2 layers; 168 parameters)
    >>> outputs, (h, c) = lstm([0.5, -0.5, 1.0])
    >>> len(outputs), len(h), len(c[1])
    (3, 2, 3)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        *,
        bidirectional: bool = False,
        forget_bias: float = 0.0,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        self.set_sizes(input_size, hidden_size, bias)
        self.set_layers(num_layers, bidirectional, init, seed, ("forget_bias", forget_bias))


class GRU(GRUEquations, Recurrence):
    """A network of gated recurrent units; see `nn.GRUCell` for its equations.

    What it takes and returns stands at the top of `nn.layers.recurrent`.

    Args:
        input_size, hidden_size, num_layers, bias, bidirectional, init, seed: as for `nn.RNN`.
        update_bias: as for `nn.GRUCell`.

    Raises:
        As `nn.RNN`, and DomainError for an `update_bias` without a bias.

    >>> outputs, last = GRU(2, 3, bidirectional=True, seed=0)([[1.0, 0.0], [0.0, 1.0]])
    >>> len(outputs[0]), len(last)
    (6, 2)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        *,
        bidirectional: bool = False,
        update_bias: float = 0.0,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        self.set_sizes(input_size, hidden_size, bias)
        self.set_layers(num_layers, bidirectional, init, seed, ("update_bias", update_bias))
