"""Observers: who is told of the outputs of a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
