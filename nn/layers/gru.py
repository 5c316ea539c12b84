"""Gated recurrent units: GRUCell, GRU. What they are called with and return: see `nn.layers.recurrent`."""

from __future__ import annotations

from autograd_core.rules.table import sigmoid, tanh
from nn.init import Initialiser
from nn.inputs.module_inputs import Vector
from nn.inputs.seeds import Seed
from nn.layers.recurrent import Cell, Gate, Network, Recurrent, State, affine


class GRUEquations(Recurrent):
    """The equations, which `GRUCell` writes out. The gates are r, z, n, in this order."""

    gates = 3

    def next_state(self, gates: list[Gate], x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        (h,) = state
        r, z = [gate.sums(x, h) for gate in gates[:2]]
        r, z = [[sigmoid(s) for s in sums] for sums in (r, z)]
        of_input = affine(gates[2].weight_ih, gates[2].bias_ih, x)
        of_state = affine(gates[2].weight_hh, gates[2].bias_hh, h)
        n = [tanh(a + rj * b) for a, rj, b in zip(of_input, r, of_state, strict=True)]
        return ([nj + zj * (hj - nj) for nj, zj, hj in zip(n, z, h, strict=True)],)


class GRUCell(GRUEquations, Cell):
    """One step of a gated recurrent unit: a gate z says how much of the state is kept.

    r, z = sigmoid(W_ih x + b_ih + W_hh h + b_hh), each with rows of its own
    n = tanh(W_ih x + b_ih + r (W_hh h + b_hh)), with a third share of the rows
    h' = (1 - z) n + z h

    Args:
        input_size, hidden_size, bias, init, seed: as for `nn.RNNCell`.
        update_bias: what the `bias_ih` of the gate z starts at: above 0, the unit starts by keeping its state.

    Raises:
        As `nn.RNNCell`, and DomainError for an `update_bias` without a bias.

    Source: Cho et al. 2014, in the form of torch.nn.GRUCell.

    >>> GRUCell(2, 3, seed=0)
    GRUCell(2 -> 3; 63 parameters)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        update_bias: float = 0.0,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, init, seed)
        self.open_gate("update_bias", update_bias)


class GRU(GRUEquations, Network):
    """Gated recurrent units over sequences: at each step what `nn.GRUCell` does.

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
        super().__init__(input_size, hidden_size, num_layers, bias, bidirectional, init, seed)
        self.open_gate("update_bias", update_bias)
