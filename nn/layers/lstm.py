"""A long short-term memory: LSTMCell, LSTM. What they are called with and return: see `nn.layers.recurrent`."""

from __future__ import annotations

from autograd_core.rules.table import sigmoid, tanh
from nn.init import Initialiser
from nn.inputs.module_inputs import Vector
from nn.inputs.seeds import Seed
from nn.layers.recurrent import Cell, Gate, Network, Recurrent, State


class LSTMEquations(Recurrent):
    """The equations, which `LSTMCell` writes out. The gates are i, f, g, o, in this order."""

    gates = 4
    states = 2

    def next_state(self, gates: list[Gate], x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        h, c = state
        i, f, g, o = [gate.sums(x, h) for gate in gates]
        i, f, o = [[sigmoid(s) for s in sums] for sums in (i, f, o)]
        g = [tanh(s) for s in g]
        c = [fj * cj + ij * gj for fj, cj, ij, gj in zip(f, c, i, g, strict=True)]
        return [oj * tanh(cj) for oj, cj in zip(o, c, strict=True)], c


class LSTMCell(LSTMEquations, Cell):
    """One step of a long short-term memory: gates keep, write and read a cell c.

    i, f, o = sigmoid(W_ih x + b_ih + W_hh h + b_hh), each with rows of its own, and g = tanh(...) likewise
    c' = f c + i g
    h' = o tanh(c')

    Args:
        input_size, hidden_size, bias, init, seed: as for `nn.RNNCell`.
        forget_bias: what the forget gate's `bias_ih` starts at. At 0 the gate starts half open, and what a cell
            holds is halved at each step; at 1 it keeps 0.73 of it, at 5 0.993.

    Raises:
        As `nn.RNNCell`, and DomainError for a `forget_bias` without a bias.

    Source: Hochreiter and Schmidhuber 1997; the forget gate, Gers et al. 2000; its bias, Jozefowicz et al. 2015.

    >>> cell = LSTMCell(2, 3, forget_bias=1.0, seed=0)
    >>> h, c = cell([1.0, -1.0])
    >>> h, c = cell([0.5, 0.5], (h, c))
    >>> len(h), len(c)
    (3, 3)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        forget_bias: float = 0.0,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, init, seed)
        self.open_gate("forget_bias", forget_bias)


class LSTM(LSTMEquations, Network):
    """A long short-term memory over sequences: at each step what `nn.LSTMCell` does.

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
        super().__init__(input_size, hidden_size, num_layers, bias, bidirectional, init, seed)
        self.open_gate("forget_bias", forget_bias)
