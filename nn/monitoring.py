"""What the gradients of a model look like, layer by layer."""

from __future__ import annotations

import math

from autograd_core.errors import NotAScalarError
from autograd_core.scalars import shortened
from nn.layers import Neuron
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
    if not isinstance(model, Module):
        raise NotAScalarError(
            f"gradient_norms() takes an nn.Module, such as nn.MLP(2, [16, 1]), got {shortened(model)}: its layers are "
            "found by their paths"
        )
    modules = dict(model.named_modules())
    gradients: dict[str, list[float]] = {}
    for path, parameter in model.named_parameters():
        holder = path
        while holder and (holder not in modules or isinstance(modules[holder], Neuron)):
            holder = holder.rpartition(".")[0]
        gradients.setdefault(holder or type(model).__name__, []).append(parameter.grad)
    return {name: math.hypot(*numbers) for name, numbers in gradients.items()}
