"""gradient_norms: the parameters of a model layer by layer, and the norms of their gradients."""

from __future__ import annotations

import math

from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.rules.scalars import shortened
from nn.layers.neuron import Neuron
from nn.module import Module


def gradient_norms(model: Module) -> dict[str, float]:
    """Return the Euclidean norm of the gradient of each layer's parameters, by the layer's path.

    A layer is a module that holds parameters itself; neurons count as parts of theirs. Call it after
    `backward()`: before, all norms are 0.

    Raises:
        NotAScalarError: this is no nn.Module.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], seed=0)
    >>> model([1.0, -1.0]).backward()
    >>> list(gradient_norms(model))
    ['layers.0', 'layers.1']
    """
    layers = layers_of(model, "gradient_norms()")
    return {name: math.hypot(*(parameter.grad for parameter in layer)) for name, layer in layers.items()}


def layers_of(model: Module, call: str) -> dict[str, list[Value]]:
    """Return the parameters of each layer, by the layer's path; that of the model itself is its class's name."""
    if not isinstance(model, Module):
        raise NotAScalarError(
            f"{call} takes an nn.Module, such as nn.MLP(2, [16, 1]), got {shortened(model)}: its layers are found by "
            "their paths"
        )
    modules = dict(model.named_modules())
    layers: dict[str, list[Value]] = {}
    for path, parameter in model.named_parameters():
        holder = path
        while holder and (holder not in modules or isinstance(modules[holder], Neuron)):
            holder = holder.rpartition(".")[0]
        layers.setdefault(holder or type(model).__name__, []).append(parameter)
    return layers
