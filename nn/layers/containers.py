"""Containers: modules made of modules, one after the other or around one another."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.inputs.module_inputs import where
from nn.inputs.nesting import as_list
from nn.module import Module


class Sequential(Module):
    """Modules one after the other, each fed with the output of the one before.

    Args:
        modules: modules, or a list of them. Any function serves as one too.

    Raises:
        NotAScalarError: an argument cannot be called, or is the class of a module.

    >>> from nn import Linear, Tanh
    >>> model = Sequential(Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1))
    >>> model
    Sequential(13 parameters)
      modules.0: Linear(2 -> 3; 9 parameters)
      modules.1: Tanh()
      modules.2: Linear(3 -> 1; 4 parameters)
    >>> round(model([1.0, 2.0]).data, 4)
    -0.6946
    >>> len(model[:2]([1.0, 2.0]))
    3
    """

    def __init__(self, *modules: Any) -> None:
        self.modules = _parts_of(modules, "Sequential()")

    def forward(self, x: Any) -> Any:
        """Return the output of the last module."""
        rest = list(reversed(self.modules))
        while rest:
            module = rest.pop()
            if type(module) is Sequential:
                rest.extend(reversed(module.modules))  # in one loop: nested ones may be deeper than Python's stack
            else:
                x = module(x)
        return x

    def __len__(self) -> int:
        return len(self.modules)

    def __getitem__(self, i: int | slice) -> Any:
        return Sequential(self.modules[i]) if isinstance(i, slice) else self.modules[i]


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
        parts = _parts_of(modules, "Residual()")
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


def _parts_of(modules: tuple[Any, ...], call: str) -> list[Any]:
    """Modules and functions that were given one by one, or as one list."""
    parts = list(modules[0]) if len(modules) == 1 and isinstance(modules[0], (list, tuple)) else list(modules)
    for i, part in enumerate(parts):
        a_class = isinstance(part, type) and issubclass(part, Module)
        if a_class or not callable(part):
            remedy = f": make one first, with brackets: {part.__name__}()" if a_class else ""
            raise NotAScalarError(f"{call} takes modules and functions, got {shortened(part)} at place {i}{remedy}")
    return parts
