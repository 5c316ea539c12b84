"""evaluation: a block in which a model is in evaluation mode and nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograd_core.engine.no_grad import no_grad
from nn.module import Module


@contextmanager
def evaluation(model: object) -> Iterator[None]:
    """Put a model into evaluation mode and record nothing; afterwards each module has its own mode back."""
    modules = [module for _, module in model.named_modules()] if isinstance(model, Module) else []
    before = [module.training for module in modules]
    for module in modules:
        module.training = False
    try:
        with no_grad():
            yield
    finally:
        for module, training in zip(modules, before, strict=True):
            module.training = training
