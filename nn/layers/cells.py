"""Recurrent cells: one step of a plain RNN, an LSTM and a GRU. The equations stand in `nn.layers.gates`.

What all of them take: `x` is one input, a list of `input_size` numbers or Values, or a batch, a list of those. The
state that is handed in has the form of the state that comes out; without one it is 0. Of a batch, what comes out is a
list over the examples; for an LSTM two of them.
"""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError
from nn.init import Initialiser
from nn.inputs.module_inputs import check_numbers, inputs_of
from nn.inputs.nesting import is_batch
from nn.inputs.seeds import Seed, source_of
from nn.layers.gates import GRUEquations, LSTMEquations, PlainEquations, Recurrent, State, bare, columns_of


class Cell(Recurrent):
    """The base of cells."""

    def forward(self, x: Any, state: Any = None) -> Any:
        """Return the state after one step: h', or (h', c') for an LSTM.

        Args:
            x: one input or a batch.
            state: the state before, in the same form; None is 0.
        """
        if is_batch(x):
            return bare(columns_of([self._one(*example) for example in self.examples(x, state)]))
        return bare(self._one(x, self.parts_of(state)))

    def _one(self, x: Any, parts: list[Any], place: str = "") -> State:
        inputs = inputs_of(self, x, self.input_size, place)
        state = tuple(
            self.zero_vector() if part is None else self.state_vector(part, name)
            for name, part in zip("hc", parts, strict=False)
        )
        try:
            return self.step(self.weights(""), inputs, state)
        except NotAScalarError:
            check_numbers(self, inputs, place)
            raise


class RNNCell(PlainEquations, Cell):
    """One step of a plain recurrent network: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Called with (x, h) it returns h', a list of `hidden_size` Values; for a batch see the top of `nn.layers.cells`.

    Args:
        input_size: how many numbers an input has.
        hidden_size: how many units there are.
        bias: whether there are `bias_ih` and `bias_hh`; they start at 0.
        nonlinearity: what takes the place of tanh, such as "relu"; as `activation` of `nn.Neuron`.
        init: how the weights start, as for `nn.Neuron`.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, or a name is not known.
        ShapeError: from the call, x or h has the wrong width.

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
        self.set_sizes(input_size, hidden_size, bias)
        self.set_nonlinearity(nonlinearity)
        self.add_weights("", self.input_size, init, source_of(seed), None)


class LSTMCell(LSTMEquations, Cell):
    """One step of a long short-term memory: gates keep, write and read a cell c.

    i, f, o = sigmoid(W x + b + W' h + b'), each with weights of its own, and g = tanh(...) likewise; then
    c' = f c + i g and h' = o tanh(c'). Called with (x, (h, c)) it returns (h', c'); for a batch see the top of
    `nn.layers.cells`.

    Args:
        input_size: how many numbers an input has.
        hidden_size: how many units there are.
        bias: whether there are `bias_ih` and `bias_hh`; they start at 0, but for the next argument.
        forget_bias: what the forget gate's `bias_ih` starts at. At 0 the gate starts half open, and what a cell
            holds is halved at each step; at 1 it keeps 0.73 of it, at 5 0.993.
        init: how each gate's weights start, as for `nn.Neuron`.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, a name is not known, or there is a `forget_bias` and no bias.
        ShapeError: from the call, x, h or c has the wrong width.

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
        self.set_sizes(input_size, hidden_size, bias)
        self.add_weights("", self.input_size, init, source_of(seed), ("forget_bias", forget_bias))


class GRUCell(GRUEquations, Cell):
    """One step of a gated recurrent unit: a gate z says how much of the state is kept.

    r, z = sigmoid(W x + b + W' h + b'), each with weights of its own, n = tanh(W x + b + r (W' h + b')), and
    h' = (1 - z) n + z h. Called with (x, h) it returns h'; for a batch see the top of `nn.layers.cells`.

    Args:
        input_size: how many numbers an input has.
        hidden_size: how many units there are.
        bias: whether there are `bias_ih` and `bias_hh`; they start at 0, but for the next argument.
        update_bias: what the `bias_ih` of the gate z starts at: above 0, the unit starts by keeping its state.
        init: how each gate's weights start, as for `nn.Neuron`.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, a name is not known, or there is an `update_bias` and no bias.
        ShapeError: from the call, x or h has the wrong width.

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
        self.set_sizes(input_size, hidden_size, bias)
        self.add_weights("", self.input_size, init, source_of(seed), ("update_bias", update_bias))
