"""StepLR: a learning rate that falls by steps."""

from __future__ import annotations

from autograd_core.rules.ieee import power
from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class StepLR(Schedule):
    """Multiplies the rate by gamma every `step_size` epochs.

    Args:
        optimizer: the optimiser.
        step_size: how many epochs pass between two changes.
        gamma: the factor.

    Raises:
        DomainError: `step_size` is no int of at least 1, or gamma is negative.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = StepLR(SGD([Value(1.0)], lr=0.8), step_size=2, gamma=0.5)
    >>> [schedule.lr_at(epoch) for epoch in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        super().__init__(optimizer)
        self.step_size, self.gamma = self._count("step_size", step_size), self._not_negative("gamma", gamma)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        return self.base_lrs[group] * power(self.gamma, epoch // self.step_size)
