"""Observers: which modules of a model a monitor watches, and how it is told of their outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.engine.value import Value
from nn.module import OBSERVERS, Module

Observer = Callable[[Any], None]


def observe(module: Module, observer: Observer) -> None:
    """Call `observer` with each output of a module until `forget`; the caller keeps the module alive until then."""
    OBSERVERS[id(module)] = (*OBSERVERS.get(id(module), ()), observer)


def forget(place: int, observer: Observer) -> None:
    """Stop calling `observer` with the outputs of the module whose id is `place`."""
    left = tuple(other for other in OBSERVERS.get(place, ()) if other is not observer)
    if left:
        OBSERVERS[place] = left
    else:
        OBSERVERS.pop(place, None)


def watched_of(model: Module, parameters: dict[str, list[Value]]) -> list[tuple[str, Module]]:
    """Return the modules to observe: those that hold parameters, and those without parts."""
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
