"""Sequential: modules one after the other."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError
from autograd_core.rules.scalars import shortened
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
        self.modules = parts_of(modules, "Sequential()")

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


def parts_of(modules: tuple[Any, ...], call: str) -> list[Any]:
    """Return modules and functions that were given one by one, or as one list."""
    parts = list(modules[0]) if len(modules) == 1 and isinstance(modules[0], (list, tuple)) else list(modules)
    for i, part in enumerate(parts):
        a_class = isinstance(part, type) and issubclass(part, Module)
        if a_class or not callable(part):
            remedy = f": make one first, with brackets: {part.__name__}()" if a_class else ""
            raise NotAScalarError(f"{call} takes modules and functions, got {shortened(part)} at place {i}{remedy}")
    return parts
