"""CosineAnnealingLR: a learning rate that falls along a half cosine."""

from __future__ import annotations

import math

from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class CosineAnnealingLR(Schedule):
    """Falls from the optimiser's rate to `eta_min` in `T_max` epochs along a half cosine, and rises again after.

    Args:
        optimizer: the optimiser.
        T_max: how many epochs the way down has.
        eta_min: the lowest rate.

    Raises:
        DomainError: `T_max` is no int of at least 1, or `eta_min` is negative.

    Source: Loshchilov and Hutter 2017, equation 5, without restarts.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = CosineAnnealingLR(SGD([Value(1.0)], lr=0.8), T_max=4)
    >>> [round(schedule.lr_at(epoch), 3) for epoch in range(5)]
    [0.8, 0.683, 0.4, 0.117, 0.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803
        super().__init__(optimizer)
        self.T_max, self.eta_min = self._count("T_max", T_max), self._not_negative("eta_min", eta_min)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        share = (1.0 + math.cos(math.pi * epoch / self.T_max)) / 2.0
        return self.eta_min + (self.base_lrs[group] - self.eta_min) * share
