"""Activations as modules, and what `activation=` may name.

A neuron applies a plain function to one Value; a module applies it to a Value, to each element of a list, or
to each example of a batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules import composites as functions
from autograd_core.rules import table as primitives
from autograd_core.rules.kinds import Unary, WithDefault
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import as_float, shortened
from nn.inputs.by_example import ByExample
from nn.inputs.nesting import UNORDERED
from nn.module import Module

Activation = Callable[[Any], Any]
"""What a neuron applies: a row of the table, a module or a function from a Value to a Value."""


class Elementwise(ByExample):
    """The base of activations that act on each number by itself. Subclasses name a `function` of the table."""

    function: ClassVar[Any]

    def forward(self, x: Any) -> Any:
        """Return the activation of a number or a Value, or the list of it for each element of a list."""
        return each(self, self.function, x)


class Identity(ByExample):
    """x itself.

    >>> Identity()(2.0)
    2.0
    """

    def forward(self, x: Any) -> Any:
        """Return x."""
        return x


class ReLU(Elementwise):
    """max(x, 0).

    >>> ReLU()([-1.0, 2.0])
    [0.0, 2.0]
    """

    function = primitives.relu


class Tanh(Elementwise):
    """tanh(x), between -1 and 1."""

    function = primitives.tanh


class Sigmoid(Elementwise):
    """1 / (1 + exp(-x)), between 0 and 1."""

    function = primitives.sigmoid


class GELU(Elementwise):
    """x * normal_cdf(x), exact. Source: Hendrycks and Gimpel 2016."""

    function = primitives.gelu


class SiLU(Elementwise):
    """x * sigmoid(x), also known as swish."""

    function = primitives.silu


class Softplus(Elementwise):
    """log(1 + exp(x)), a smooth relu."""

    function = primitives.softplus


class LeakyReLU(Elementwise):
    """x above 0, negative_slope * x below.

    >>> LeakyReLU(0.1)([-1.0, 2.0])
    [-0.1, 2.0]
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = as_float(negative_slope, "LeakyReLU(negative_slope)")

    def function(self, x: Any) -> Any:
        """Return the activation of one number or Value."""
        return primitives.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"negative_slope={self.negative_slope}"


class ELU(Elementwise):
    """x above 0, alpha * (exp(x) - 1) below. Source: Clevert et al. 2015."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = as_float(alpha, "ELU(alpha)")

    def function(self, x: Any) -> Any:
        """Return the activation of one number or Value."""
        return primitives.elu(x, self.alpha)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"alpha={self.alpha}"


class Softmax(ByExample):
    """exp(x) / sum(exp(x)) over the elements of a list: probabilities from logits.

    >>> Softmax()([0.0, 0.0])
    [0.5, 0.5]
    """

    def forward(self, x: Any) -> Any:
        """Return the list of probabilities for a list of logits."""
        return functions.softmax(x)


class LogSoftmax(ByExample):
    """log(softmax(x)), exact also where a probability is close to 1 or to 0."""

    def forward(self, x: Any) -> Any:
        """Return the list of log-probabilities for a list of logits."""
        return functions.log_softmax(x)


def each(module: Module, apply: Activation, x: Any) -> Any:
    """Return apply(x), or the list of it for each element of a list.

    Raises:
        NotAScalarError: x has no order.
    """
    if isinstance(x, UNORDERED):
        raise NotAScalarError(f"{type(module).__name__} takes a number, a Value or a list, got a {type(x).__name__}")
    return [apply(element) for element in x] if hasattr(x, "__iter__") else apply(x)


ACTIVATIONS: Final[dict[str, Activation | None]] = {
    "linear": None,
    "identity": None,
    "relu": primitives.relu,
    "tanh": primitives.tanh,
    "sigmoid": primitives.sigmoid,
    "leaky_relu": primitives.leaky_relu,
    "elu": primitives.elu,
    "gelu": primitives.gelu,
    "silu": primitives.silu,
    "softplus": primitives.softplus,
}
"""The names that `activation="..."` takes."""


def resolve_activation(activation: object, call: str = "activation") -> Activation | None:
    """Return what `activation=` stands for: a function from a Value to a Value, or None for none.

    Args:
        activation: a name such as "tanh", a function of autograd_core, a module or its class, a function, or None.
        call: how errors name the argument.

    Raises:
        DomainError: there is no such activation, or it does not act on one number.

    >>> resolve_activation("tanh")
    <primitive tanh>
    """
    if activation is None:
        return None
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return ACTIVATIONS[activation]
    if isinstance(activation, type) and issubclass(activation, Module):
        activation = activation()
    if _acts_on_a_layer(activation):
        raise DomainError(
            "a neuron's activation acts on one number, and softmax on a whole layer: leave the last layer linear and "
            "train with cross_entropy, which takes logits, or put nn.Softmax() behind the model with nn.Sequential"
        )
    if isinstance(activation, Identity):
        return None
    of_one = isinstance(activation, (Unary, WithDefault))
    if not callable(activation) or (isinstance(activation, Primitive) and not of_one):
        raise DomainError(
            f"{call} takes a name, a function of one Value, a module or None, got {shortened(activation)}; "
            f"the names are {', '.join(ACTIVATIONS)}"
        )
    return activation


def activation_name(activation: Activation | None) -> str:
    """Return how repr() shows an activation."""
    if activation is None:
        return "linear"
    if isinstance(activation, Module):
        return repr(activation).replace("()", "")
    return getattr(activation, "__name__", type(activation).__name__)


def _acts_on_a_layer(activation: object) -> bool:
    if isinstance(activation, str):
        return activation in ("softmax", "log_softmax")
    return isinstance(activation, (Softmax, LogSoftmax)) or activation in (functions.softmax, functions.log_softmax)
