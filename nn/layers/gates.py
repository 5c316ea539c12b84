"""The equations of recurrent networks: one step of a plain RNN, of an LSTM and of a GRU.

Each stands here once, and serves the cell, which takes one step, and the module that runs over a sequence. Names,
shapes and the order of the gates are PyTorch's: a matrix has one block of `hidden_size` rows for each gate.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import dot, sigmoid, tanh
from nn.init import Initialiser, draw
from nn.inputs.module_inputs import Vector, where
from nn.inputs.nesting import as_list
from nn.inputs.options import size_of
from nn.inputs.seeds import Source
from nn.layers.activations import Activation, activation_name, resolve_activation
from nn.module import Module

State = tuple[Vector, ...]
"""What a step hands on to the next: (h,), or (h, c) for an LSTM. h is the output too."""


class Weights(NamedTuple):
    """The parameters of one step, and the path of the units that it computes."""

    weight_ih: list[list[Value]]
    weight_hh: list[list[Value]]
    bias_ih: list[Value] | None
    bias_hh: list[Value] | None
    path: str


class Recurrent(Module):
    """The base of cells and sequence modules. Subclasses give the equations as `next_state`.

    Attributes:
        gates: how many blocks of rows the weights have.
        states: how many vectors a state has.
    """

    gates: ClassVar[int]
    states: ClassVar[int] = 1
    _whole: ClassVar[bool] = True

    def next_state(self, weights: Weights, x: Vector, state: State) -> State:
        """Return the state after one step: the equations."""
        raise NotImplementedError

    def step(self, weights: Weights, x: Vector, state: State) -> State:
        """Return the state after one step, whose Values know which unit they belong to."""
        after = self.next_state(weights, x, state)
        for j, unit in enumerate(after[0]):
            if isinstance(unit, Value):
                unit.origin = f"{weights.path}{j}"
        return after

    def set_sizes(self, input_size: Any, hidden_size: Any, bias: bool) -> None:
        """Check the sizes and keep them."""
        name = type(self).__name__
        self.input_size = size_of(input_size, f"{name}(input_size)")
        self.hidden_size = size_of(hidden_size, f"{name}(hidden_size)")
        self.bias = bool(bias)

    def add_weights(
        self, suffix: str, width: int, init: str | Initialiser, source: Source, keep: tuple[str, float] | None
    ) -> None:
        """Draw the weights for inputs of a width, as attributes whose names end in the suffix.

        Args:
            suffix: such as "_l0_reverse"; empty for a cell.
            width: how many inputs a step takes.
            init: how each gate's block of rows starts.
            source: what draws the numbers.
            keep: the name and the value of the bias of the gate that keeps the state, the second one.
        """
        rows = self.hidden_size
        for name, columns in (("weight_ih", width), ("weight_hh", rows)):
            blocks = [draw(init, rows, columns, source) for _ in range(self.gates)]
            setattr(self, name + suffix, [[Value(w) for w in row] for block in blocks for row in block])
        kept = 0.0 if keep is None else as_float(keep[1], f"{type(self).__name__}({keep[0]})")
        if keep is not None and kept != 0.0 and not self.bias:
            raise DomainError(
                f"{type(self).__name__}({keep[0]}={kept:g}) needs a bias to put it in, got bias=False: leave one out"
            )
        start = [kept if self.gates > 1 and k // rows == 1 else 0.0 for k in range(self.gates * rows)]
        setattr(self, f"bias_ih{suffix}", [Value(b) for b in start] if self.bias else None)
        setattr(self, f"bias_hh{suffix}", [Value(0.0) for _ in start] if self.bias else None)

    def weights(self, suffix: str) -> Weights:
        """Return the parameters whose names end in the suffix."""
        weight_ih, weight_hh = getattr(self, f"weight_ih{suffix}"), getattr(self, f"weight_hh{suffix}")
        bias_ih, bias_hh = getattr(self, f"bias_ih{suffix}"), getattr(self, f"bias_hh{suffix}")
        units = f"{suffix.removeprefix('_')}.units." if suffix else "units."
        return Weights(weight_ih, weight_hh, bias_ih, bias_hh, f"{self.path}.{units}" if self.path else units)

    def zero_vector(self) -> Vector:
        """Return the state before the first step."""
        return [0.0] * self.hidden_size

    def state_vector(self, given: Any, name: str) -> Vector:
        """Return a vector of a state that was handed in.

        Raises:
            NotAScalarError: it is no list.
            ShapeError: it has other than `hidden_size` numbers.
        """
        vector = as_list(given)
        if not isinstance(vector, list):
            raise NotAScalarError(
                f"{where(self)}: {name} takes a list of {self.hidden_size} numbers, got {shortened(given)}"
            )
        if len(vector) != self.hidden_size:
            raise ShapeError(
                f"{where(self)}: {name} takes {self.hidden_size} numbers, one for each unit, got {len(vector)}"
            )
        return vector

    def parts_of(self, state: Any) -> list[Any]:
        """Return the vectors of a state that was handed in, or what holds them; None stands for 0."""
        if state is None:
            return [None] * self.states
        if self.states == 1:
            return [as_list(state)]
        if not isinstance(state, (list, tuple)) or len(state) != self.states:
            raise ShapeError(f"{where(self)} takes a pair (h, c) as state, got {shortened(state)}")
        return [as_list(part) for part in state]

    def examples(self, batch: Any, state: Any) -> list[tuple[Any, list[Any], str]]:
        """Return each example of a batch with its part of the state, and how errors name it."""
        rows, parts = as_list(batch), self.parts_of(state)
        for name, part in zip("hc", parts, strict=False):
            if part is not None and (not isinstance(part, list) or len(part) != len(rows)):
                found = len(part) if isinstance(part, list) else shortened(part)
                raise ShapeError(f"{where(self)}: {name} takes one state for each of {len(rows)} examples, got {found}")
        return [
            (row, [None if part is None else part[i] for part in parts], f" of example {i}")
            for i, row in enumerate(rows)
        ]

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.input_size} -> {self.hidden_size}{'' if self.bias else ', no bias'}"


def bare(state: Any) -> Any:
    """Return a state as callers see it: h alone, or the pair (h, c)."""
    return state[0] if len(state) == 1 else state


def columns_of(states: list[Any]) -> Any:
    """Return the states of a batch as lists over its examples, one for each vector of a state."""
    return tuple(list(column) for column in zip(*states, strict=True))


class PlainEquations(Recurrent):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh). Source: Elman 1990."""

    gates: ClassVar[int] = 1
    nonlinearity: Activation | None

    def next_state(self, weights: Weights, x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        sums = _sums(weights, x, state[0])
        return ([self.nonlinearity(s) for s in sums] if self.nonlinearity is not None else sums,)

    def set_nonlinearity(self, nonlinearity: object) -> None:
        """Keep what takes the place of tanh."""
        self.nonlinearity = resolve_activation(nonlinearity, f"{type(self).__name__}(nonlinearity)")

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{super().extra_repr()}, {activation_name(self.nonlinearity)}"


class LSTMEquations(Recurrent):
    """A cell c that is kept, written and read through gates. Source: Gers et al. 2000.

    i = sigmoid(W_ii x + b_ii + W_hi h + b_hi), and so the gates f and o; g likewise with tanh.
    c' = f c + i g
    h' = o tanh(c')
    """

    gates: ClassVar[int] = 4
    states: ClassVar[int] = 2

    def next_state(self, weights: Weights, x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        h, c = state
        n = self.hidden_size
        sums = _sums(weights, x, h)
        i, f, o = ([sigmoid(s) for s in sums[k * n : (k + 1) * n]] for k in (0, 1, 3))
        g = [tanh(s) for s in sums[2 * n : 3 * n]]
        c = [f[j] * c[j] + i[j] * g[j] for j in range(n)]
        return [o[j] * tanh(c[j]) for j in range(n)], c


class GRUEquations(Recurrent):
    """A state that is partly kept and partly replaced, as a gate says. Source: Cho et al. 2014, as PyTorch writes it.

    r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), and so the gate z.
    n = tanh(W_in x + b_in + r (W_hn h + b_hn))
    h' = (1 - z) n + z h
    """

    gates: ClassVar[int] = 3

    def next_state(self, weights: Weights, x: Vector, state: State) -> State:
        """See `Recurrent.next_state`."""
        (h,) = state
        m = self.hidden_size
        sums = _sums(_rows(weights, 0, 2 * m), x, h)
        r, z = ([sigmoid(s) for s in sums[k * m : (k + 1) * m]] for k in (0, 1))
        last = _rows(weights, 2 * m, 3 * m)
        from_input = _affine(last.weight_ih, last.bias_ih, x)
        from_state = _affine(last.weight_hh, last.bias_hh, h)
        n = [tanh(from_input[j] + r[j] * from_state[j]) for j in range(m)]
        return ([n[j] + z[j] * (h[j] - n[j]) for j in range(m)],)


def _sums(weights: Weights, x: Vector, h: Vector) -> Vector:
    """W_ih x + b_ih + W_hh h + b_hh, with one dot product a row."""
    inputs = [*x, *h]
    sums = [dot([*a, *b], inputs) for a, b in zip(weights.weight_ih, weights.weight_hh, strict=True)]
    if weights.bias_ih is None or weights.bias_hh is None:
        return sums
    return [s + (a + b) for s, a, b in zip(sums, weights.bias_ih, weights.bias_hh, strict=True)]


def _affine(weight: list[list[Value]], bias: list[Value] | None, x: Vector) -> Vector:
    """W x + b."""
    products = [dot(row, x) for row in weight]
    return products if bias is None else [p + b for p, b in zip(products, bias, strict=True)]


def _rows(weights: Weights, start: int, end: int) -> Weights:
    """The parameters of some gates alone."""
    ih, hh, b_ih, b_hh, path = weights
    cut = slice(start, end)
    return Weights(ih[cut], hh[cut], None if b_ih is None else b_ih[cut], None if b_hh is None else b_hh[cut], path)
