"""A plain recurrent network: RNNCell, RNN. What they are called with and return: see `nn.layers.recurrent`."""

from __future__ import annotations

from nn.init import Initialiser
from nn.inputs.module_inputs import Vector
from nn.inputs.seeds import Seed
from nn.layers.activations import Activation, activation_name, resolve_activation
from nn.layers.recurrent import Cell, Gate, Network, Recurrent, State


class RNNEquations(Recurrent):
    """The equation, which `RNNCell` writes out. Source: Elman 1990."""

    gates = 1
    nonlinearity: Activation | None

    def next_state(self, gates: list[Gate], x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        sums = gates[0].sums(x, state[0])
        return ([self.nonlinearity(s) for s in sums] if self.nonlinearity is not None else sums,)

    def set_nonlinearity(self, nonlinearity: object) -> None:
        """Keep what takes the place of tanh."""
        self.nonlinearity = resolve_activation(nonlinearity, f"{type(self).__name__}(nonlinearity)")

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{super().extra_repr()}, {activation_name(self.nonlinearity)}"


class RNNCell(RNNEquations, Cell):
    """One step of a plain recurrent network: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Args:
        input_size: how many numbers an input has.
        hidden_size: how many units there are.
        bias: whether there are `bias_ih` and `bias_hh`.
        nonlinearity: what takes the place of tanh, such as "relu"; as `activation` of `nn.Neuron`.
        init: how each gate's weights start, as for `nn.Neuron`.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, or a name is not known.
        ShapeError: from the call, x or the state has the wrong width.

    >>> cell = RNNCell(2, 3, seed=0)
    >>> cell
    RNNCell(2 -> 3, tanh; 21 parameters)
    >>> h = cell([1.0, -1.0])
    >>> len(cell([0.5, 0.5], h))
    3
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: object = "tanh",
        *,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, init, seed)
        self.set_nonlinearity(nonlinearity)


class RNN(RNNEquations, Network):
    """A plain recurrent network over sequences: at each step what `nn.RNNCell` does.

    Args:
        input_size, hidden_size, nonlinearity, bias, init, seed: as for `nn.RNNCell`.
        num_layers: how many layers there are.
        bidirectional: whether each layer runs backwards too, with weights of its own. An output is then of width
            2 * hidden_size, and the states alternate: layer 0 forwards, layer 0 backwards, layer 1 forwards.

    Raises:
        As `nn.RNNCell`, and DomainError from the call for an empty sequence; messages name the position.

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
        super().__init__(input_size, hidden_size, num_layers, bias, bidirectional, init, seed)
        self.set_nonlinearity(nonlinearity)
