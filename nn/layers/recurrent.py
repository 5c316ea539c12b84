"""What recurrent cells and networks share: parameters, states, batches, layers and directions.

The equations stand in rnn.py, lstm.py and gru.py. Names, shapes and the order of the gates are PyTorch's: a matrix has
one block of `hidden_size` rows for each gate. Biases start at 0.

A **cell** takes one step. It is called with (x, state) and returns the next state: h, or the pair (h, c) of an LSTM.
x is a list of `input_size` numbers or Values.

A **network** runs over a sequence, a list of such x (of bare numbers, where `input_size` is 1). It is called with
(sequence, state) and returns (outputs, last): h of the last layer at each step, and the state after the last step.
That is a list of h, one for each layer and direction, or for an LSTM a pair of such lists.

Both take a batch too, a list of what they take; its sequences may differ in length. Each list in what they return is
then a list over the examples. A state that is handed in has the form of the one that is returned; without one it is 0.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import as_float, counted, shortened
from autograd_core.rules.table import dot
from nn.init import Initialiser, draw
from nn.inputs.module_inputs import Vector, check_numbers, check_vectors, inputs_of, vectors_of, where
from nn.inputs.nesting import as_list, depth_of
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, Source, source_of
from nn.module import Module
from nn.origins import note_origin

State = tuple[Vector, ...]
"""(h,), or (h, c) for an LSTM; h is the output too."""


class Gate(NamedTuple):
    """The rows of the parameters that one gate has, one for each unit; `weight` has both weights side by side."""

    weight_ih: list[list[Value]]
    weight_hh: list[list[Value]]
    bias_ih: list[Value] | None
    bias_hh: list[Value] | None
    weight: list[list[Value]]

    def sums(self, x: Vector, h: Vector) -> Vector:
        """Return W_ih x + b_ih + W_hh h + b_hh, with one dot product a unit."""
        inputs = [*x, *h]
        sums = [dot(row, inputs) for row in self.weight]
        if self.bias_ih is None or self.bias_hh is None:
            return sums
        return [s + (a + b) for s, a, b in zip(sums, self.bias_ih, self.bias_hh, strict=True)]


class Recurrent(Module):
    """The base of cells and networks. Subclasses give the equations as `next_state`.

    Attributes:
        gates: how many gates there are.
        states: how many vectors a state has.
    """

    gates: ClassVar[int]
    states: ClassVar[int] = 1
    _whole: ClassVar[bool] = True

    def __init__(self, input_size: Any, hidden_size: Any, bias: bool) -> None:
        name = type(self).__name__
        self.input_size = size_of(input_size, f"{name}(input_size)")
        self.hidden_size = size_of(hidden_size, f"{name}(hidden_size)")
        self.bias = bool(bias)

    def next_state(self, gates: list[Gate], x: Vector, state: State) -> State:
        """Return the state after one step: the equations."""
        raise NotImplementedError

    def open_gate(self, name: str, start: Any) -> None:
        """Let the biases of the second gate, which keeps the state, start at a number: the option `name`."""
        found = as_float(start, f"{type(self).__name__}({name})")
        if found and not self.bias:
            raise DomainError(
                f"{type(self).__name__}({name}={found:g}) needs a bias to put it in, got bias=False: leave one out"
            )
        for attribute, biases in vars(self).items():
            if attribute.startswith("bias_ih") and biases is not None:
                for b in biases[self.hidden_size : 2 * self.hidden_size]:
                    b.data = found

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.input_size} -> {self.hidden_size}{'' if self.bias else ', no bias'}"

    def _add_parameters(self, suffix: str, width: int, init: str | Initialiser, source: Source) -> None:
        """Draw weights for inputs of a width, gate by gate, as attributes whose names end in the suffix."""
        for name, columns in (("weight_ih", width), ("weight_hh", self.hidden_size)):
            blocks = [draw(init, self.hidden_size, columns, source) for _ in range(self.gates)]
            setattr(self, name + suffix, [[Value(w) for w in row] for block in blocks for row in block])
        for name in ("bias_ih", "bias_hh"):
            biases = [Value(0.0) for _ in range(self.gates * self.hidden_size)] if self.bias else None
            setattr(self, name + suffix, biases)

    def _gates(self, suffix: str) -> list[Gate]:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        gates = []
        for k in range(self.gates):
            block = slice(k * self.hidden_size, (k + 1) * self.hidden_size)
            parameters = [getattr(self, name + suffix) for name in names]
            weight_ih, weight_hh, bias_ih, bias_hh = [rows and rows[block] for rows in parameters]
            weight = [[*a, *b] for a, b in zip(weight_ih, weight_hh, strict=True)]
            gates.append(Gate(weight_ih, weight_hh, bias_ih, bias_hh, weight))
        return gates

    def _steps(self, suffix: str, inputs: list[Vector], state: State) -> tuple[list[Vector], State]:
        """Take a step for each input: h after each of them, and the state after the last."""
        gates = self._gates(suffix)
        units = ".".join(part for part in (self.path, suffix.removeprefix("_"), "units") if part)
        outputs = []
        for x in inputs:
            state = self.next_state(gates, x, state)
            for j, unit in enumerate(state[0]):
                note_origin(unit, f"{units}.{j}")
            outputs.append(state[0])
        return outputs, state

    def _parts(self, state: Any) -> list[Any]:
        """The vectors of a state, or what holds them; None stands for 0."""
        if state is None:
            return [None] * self.states
        if self.states == 1:
            return [as_list(state)]
        if not isinstance(state, (list, tuple)) or len(state) != self.states:
            raise ShapeError(f"{where(self)} takes a pair (h, c) as state, got {shortened(state)}")
        return [as_list(part) for part in state]

    def _vector(self, given: Any, name: str) -> Vector:
        """One vector of a state that was handed in."""
        if given is None:
            return [0.0] * self.hidden_size
        vector = as_list(given)
        if not isinstance(vector, list):
            raise NotAScalarError(
                f"{where(self)}: {name} takes a list of {counted(self.hidden_size, 'number')}, got {shortened(given)}"
            )
        if len(vector) != self.hidden_size:
            raise ShapeError(
                f"{where(self)}: {name} takes {counted(self.hidden_size, 'number')}, one for each unit, got "
                f"{len(vector)}"
            )
        return vector

    def _examples(self, batch: Any, state: Any) -> list[tuple[Any, list[Any], str]]:
        """Each example of a batch with its part of the state, and how errors name it."""
        rows, parts = as_list(batch), self._parts(state)
        for name, part in zip("hc", parts, strict=False):
            if part is not None and (not isinstance(part, list) or len(part) != len(rows)):
                found = len(part) if isinstance(part, list) else shortened(part)
                raise ShapeError(
                    f"{where(self)}: {name} takes one state for each of {counted(len(rows), 'example')}, got {found}"
                )
        return [(row, [part and part[i] for part in parts], f" of example {i}") for i, row in enumerate(rows)]


class Cell(Recurrent):
    """The base of cells."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool, init: str | Initialiser, seed: Seed) -> None:
        super().__init__(input_size, hidden_size, bias)
        self._add_parameters("", self.input_size, init, source_of(seed))

    def forward(self, x: Any, state: Any = None) -> Any:
        """Return the state after one step, for one input or for each of a batch."""
        if depth_of(x) > 1:
            return _bare(_columns([self._step(*example) for example in self._examples(x, state)]))
        return _bare(self._step(x, self._parts(state)))

    def _step(self, x: Any, parts: list[Any], place: str = "") -> State:
        inputs = inputs_of(self, x, self.input_size, place)
        state = tuple(self._vector(part, name) for name, part in zip("hc", parts, strict=False))
        try:
            return self._steps("", [inputs], state)[1]
        except NotAScalarError:
            check_numbers(self, inputs, place)
            raise


class Network(Recurrent):
    """The base of networks: layers, each of which sees the outputs of the one before, in one direction or in both."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        bidirectional: bool,
        init: str | Initialiser,
        seed: Seed,
    ) -> None:
        super().__init__(input_size, hidden_size, bias)
        self.num_layers = size_of(num_layers, f"{type(self).__name__}(num_layers)")
        self.bidirectional = bool(bidirectional)
        source = source_of(seed)
        for layer in range(self.num_layers):
            directions = self._directions(layer)
            width = self.input_size if layer == 0 else self.hidden_size * len(directions)
            for suffix in directions:
                self._add_parameters(suffix, width, init, source)

    def forward(self, x: Any, state: Any = None) -> Any:
        """Return (outputs, last) for a sequence, or both as lists over a batch of them."""
        if depth_of(x) < 3:
            outputs, last = self._run(x, self._parts(state))
            return outputs, _bare(last)
        results = [self._run(*example) for example in self._examples(x, state)]
        return [outputs for outputs, _ in results], _bare(_columns([last for _, last in results]))

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        layers = f", {self.num_layers} layers" if self.num_layers > 1 else ""
        return f"{super().extra_repr()}{layers}{', bidirectional' if self.bidirectional else ''}"

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
                ways = []
                for suffix, turn in zip(self._directions(layer), (1, -1), strict=False):
                    outputs, state = self._steps(suffix, inputs[::turn], next(starts))
                    ways.append(outputs[::turn])
                    ends.append(state)
                inputs = ways[0] if len(ways) == 1 else [[*a, *b] for a, b in zip(*ways, strict=True)]
        except NotAScalarError:
            check_vectors(self, given, example)
            raise
        return inputs, _columns(ends)

    def _starts(self, parts: list[Any]) -> list[State]:
        """The state of each layer and direction before its first step."""
        count = self.num_layers * (1 + self.bidirectional)
        columns = []
        for name, part in zip("hc", parts, strict=False):
            vectors = [None] * count if part is None else part
            if not isinstance(vectors, list) or len(vectors) != count:
                raise ShapeError(
                    f"{where(self)}: {name} takes a list of {counted(count, 'vector')}, one for each layer"
                    f"{' and direction' if self.bidirectional else ''}, got {shortened(part)}"
                )
            columns.append([self._vector(vector, f"{name}[{k}]") for k, vector in enumerate(vectors)])
        return list(zip(*columns, strict=True))


def _bare(state: Any) -> Any:
    """A state as callers see it: h alone, or the pair (h, c)."""
    return state[0] if len(state) == 1 else state


def _columns(states: list[Any]) -> Any:
    """Several states as one, whose vectors are lists over them."""
    return tuple(list(column) for column in zip(*states, strict=True))


def affine(weight: list[list[Value]], bias: list[Value] | None, x: Vector) -> Vector:
    """Return W x + b."""
    products = [dot(row, x) for row in weight]
    return products if bias is None else [p + b for p, b in zip(products, bias, strict=True)]
