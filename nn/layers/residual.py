"""Residual: a connection around a block."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError, ShapeError
from nn.inputs.module_inputs import where
from nn.inputs.nesting import as_list
from nn.layers.sequential import Sequential, parts_of
from nn.module import Module


class Residual(Module):
    """x + block(x): a connection around a block, on which gradients pass it unchanged.

    Called with a number, a list or a batch; the block must return the shape that it is given.

    Args:
        modules: the block: one module or function, or several that follow one another.

    Raises:
        NotAScalarError: an argument cannot be called, or is the class of a module.
        ShapeError: from the call, the block returns another shape.

    Source: He et al. 2016, equation 1.

    >>> from nn import Tanh
    >>> Residual(Tanh())([0.0, 0.5])
    [0.0, 0.9621171572600098]
    """

    def __init__(self, *modules: Any) -> None:
        parts = parts_of(modules, "Residual()")
        if not parts:
            raise NotAScalarError("Residual() takes the block that it goes around, got nothing: pass a module")
        self.block = parts[0] if len(parts) == 1 else Sequential(parts)

    def forward(self, x: Any) -> Any:
        """Return x plus what the block makes of it."""
        return self._sum(as_list(x), as_list(self.block(x)))

    def _sum(self, x: Any, y: Any) -> Any:
        if not isinstance(x, list) and not isinstance(y, list):
            return x + y
        if isinstance(x, list) and len(x) == 1 and not isinstance(y, list) and not isinstance(as_list(x[0]), list):
            return [x[0] + y]  # a layer of one neuron returns one Value, not a list of it
        if not isinstance(x, list) or not isinstance(y, list) or len(x) != len(y):
            sizes = [f"a list of {len(z)}" if isinstance(z, list) else "one number" for z in (x, y)]
            raise ShapeError(
                f"{where(self)} adds a block's output to its input, so both need one shape; got {sizes[0]} as input "
                f"and {sizes[1]} as output: give the block as many outputs as inputs"
            )
        return [self._sum(as_list(a), as_list(b)) for a, b in zip(x, y, strict=True)]
