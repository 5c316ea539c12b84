"""ReduceLROnPlateau: a learning rate that falls where a quantity has stopped getting better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_float, shortened
from nn.inputs.options import one_of
from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class ReduceLROnPlateau(Schedule):
    """Multiplies the rate by `factor` when a quantity has stopped getting better.

    Args:
        optimizer: the optimiser.
        mode: "min" for a quantity that is to fall, such as a loss, "max" for one that is to rise.
        factor: what the rate is multiplied by, below 1.
        patience: how many epochs in a row may be no better; the next one lowers the rate.
        threshold: by how much a quantity must be better to count.
        threshold_mode: "rel" for a share of the best one, "abs" for a difference.
        cooldown: how many epochs after a change are not counted.
        min_lr: the rate does not fall below it; a list has one for each parameter group.
        eps: a change smaller than this is not made.

    Raises:
        DomainError: an option has no meaning.
        ShapeError: there is not one `min_lr` for each parameter group.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=0.8)
    >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (1.0, 0.5, 0.5, 0.5):
    ...     schedule.step(loss)
    >>> optimizer.lr
    0.4
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(optimizer)
        self.mode = one_of(mode, ("min", "max"), "ReduceLROnPlateau(mode)")
        self.factor = self._not_negative("factor", factor)
        if self.factor >= 1.0:
            raise DomainError(f"ReduceLROnPlateau(factor) takes a number below 1, got {shortened(factor)}")
        self.patience = self._count("patience", patience, at_least=0)
        self.threshold = self._not_negative("threshold", threshold)
        self.threshold_mode = one_of(threshold_mode, ("rel", "abs"), "ReduceLROnPlateau(threshold_mode)")
        self.cooldown = self._count("cooldown", cooldown, at_least=0)
        self.min_lrs = [self._not_negative("min_lr", rate) for rate in self._for_each_group("min_lr", min_lr)]
        self.eps = self._not_negative("eps", eps)
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_epochs = self.rest = 0

    def step(self, metrics: Any = None) -> None:
        """Take the quantity of one more epoch, and lower the rate of each parameter group if it is time.

        Raises:
            NotAScalarError: the quantity is no number.
        """
        quantity = as_float(metrics, "ReduceLROnPlateau.step(metrics)")
        self.last_epoch += 1
        if self._is_better(quantity):
            self.best, self.bad_epochs = quantity, 0
        else:
            self.bad_epochs += 1
        if self.rest > 0:
            self.rest, self.bad_epochs = self.rest - 1, 0
        if self.bad_epochs > self.patience:
            for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
                rate = max(group["lr"] * self.factor, least)
                if group["lr"] - rate > self.eps:
                    group["lr"] = rate
            self.rest, self.bad_epochs = self.cooldown, 0

    def _is_better(self, quantity: float) -> bool:
        relative = self.threshold_mode == "rel"
        if self.mode == "min":
            return quantity < (self.best * (1.0 - self.threshold) if relative else self.best - self.threshold)
        return quantity > (self.best * (1.0 + self.threshold) if relative else self.best + self.threshold)
