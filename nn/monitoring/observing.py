"""Observers: whose outputs are of interest, and who is told of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.engine.value import Value
from nn.module import OBSERVERS, Module

Observer = Callable[[Any], None]


def observe(module: Module, observer: Observer) -> None:
    """From now on call `observer` with each output of a module. Whoever asks keeps the module alive meanwhile."""
    OBSERVERS[id(module)] = (*OBSERVERS.get(id(module), ()), observer)


def forget(place: int, observer: Observer) -> None:
    """End what `observe` began, for the module with the id `place`."""
    left = tuple(other for other in OBSERVERS.get(place, ()) if other is not observer)
    if left:
        OBSERVERS[place] = left
    else:
        OBSERVERS.pop(place, None)


def watched_of(model: Module, parameters: dict[str, list[Value]]) -> list[tuple[str, Module]]:
    """Return the modules whose outputs are of interest: those that hold parameters, and those without parts."""
    found: list[tuple[str, Module]] = []
    whole: list[str] = []
    paths = [path for path, _ in model.named_modules()]
    for path, module in model.named_modules():
        name = path or type(model).__name__
        has_parts = any(other != path and (not path or other.startswith(f"{path}.")) for other in paths)
        inside = any(path.startswith(f"{above}.") or not above for above in whole)
        if name in parameters or not (has_parts or inside):
            found.append((name, module))
        if module._whole:
            whole.append(path)
    return found
