"""Neuron: a weighted sum through an activation, as micrograd has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float
from autograd_core.rules.table import dot
from nn.init import Initialiser, draw
from nn.inputs.by_example import ByExample
from nn.inputs.module_inputs import inputs_of
from nn.inputs.nesting import listed
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.layers.activations import Activation, activation_name, resolve_activation


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
        weights = [as_float(weight, "Neuron.from_weights(w)") for weight in listed(w, "Neuron.from_weights(w)")]
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
            if isinstance(y, Value) or is_operand(y):
                y.origin = where
        return y

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{len(self.w)} -> 1, {activation_name(self.activation)}"
